// How physical memory is divided: given to mm/ at boot, reported, and compared when all programs have ended.
#pragma once

#include "mm/frame_allocator.hpp"

namespace kernel {

// Hands all RAM to the frame allocator. After init_address_map().
void init_frames();

// Gives back everything that is only kept for the next time, so that counts can be compared.
void drain_memory();

// Logs who has how much, and what the kernel keeps for itself.
void report_memory();

// Logs the frames that are free now and were in `before`; and by kind when they differ.
void report_returned_frames(const mm::FrameCounts &before);

} // namespace kernel
