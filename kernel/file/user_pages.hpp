// The frames behind the current program's memory, for a device that reads or writes them itself.
#pragma once

#include "kernel/device/block.hpp"

namespace kernel {

// The frame of the page that contains `address`, made present as by the program's own access, with one
// reference more, the caller's: it stays this frame's whatever the program does meanwhile. With
// `device_writes` the page may be written, is nobody else's copy, and counts as changed. BadAddress.
Result<mm::PhysAddr> hold_user_page(mm::VirtAddr address, bool device_writes);

// Gives the references back, of each frame that the pieces touch.
void release_pages(std::span<const BlockSegment> pieces);

} // namespace kernel
