// The disks that swap areas are on: the kernel's side of mm/page_io.hpp.
#pragma once

#include "kernel/device/block.hpp"

namespace kernel {

// From now on the area's pages are on this disk, slot n at byte n * 4096; its blocks are not larger than a
// page. The area's number is mm's (mm::reserve_swap_area) and has no disk yet.
void bind_swap_area(unsigned area, BlockDevice &disk);
// No transfer of the area is under way, and none will be submitted.
void unbind_swap_area(unsigned area);
// The area's disk; null: it has none.
BlockDevice *swap_disk(unsigned area);

} // namespace kernel
