// The seam between mm/ and the machine: the only functions that mm/ needs and does not have.
//
// Two implementations are linked, never both: kernel/machine.cpp with real hardware, and
// tests/host/machine.cpp with an array of bytes as physical memory, a simulated TLB per processor that
// catches a missing invalidation, and failures injected by countdown. Plain functions and two addresses, so
// that a debugger steps into plain code.
#pragma once

#include "mm/address.hpp"

#include <cstddef>
#include <cstdint>

namespace mm {
struct Frame;
class AddressSpace;
} // namespace mm

namespace mm::machine {

inline constexpr unsigned MaxProcessors = 8;

// Which processors: bit n is processor n.
using ProcessorSet = uint64_t;

// The index of the processor that executes this, below MaxProcessors.
unsigned current_processor();

// Where physical address 0 appears in the kernel's view of memory: every frame of RAM lies as far from here
// as its address says. And the descriptor of frame 0. Data, not functions, as every page fault needs them a
// dozen times.
extern std::byte *const window_base;
extern Frame *const frame_array_base;

// A window on physical memory: where the kernel can read and write the frame that begins at (or contains)
// `address`. Only for RAM. The pointer stays valid as long as the kernel runs.
inline void *window(PhysAddr address)
{
    return window_base + address.value();
}

// The inverse of window().
inline PhysAddr physical_address(const void *pointer)
{
    return PhysAddr{static_cast<uint64_t>(static_cast<const std::byte *>(pointer) - window_base)};
}

// Fills the 4 KiB frame at `frame` (page aligned) with zeros / with a copy of `from`.
void zero_frame(PhysAddr frame);
void copy_frame(PhysAddr to, PhysAddr from);

// The descriptors of all frames, indexed by frame number. Backed by memory that is all zeros at boot, for
// every aligned group of 1024 frames (the buddy system's largest block, 32 KiB of descriptors) that has a
// frame of RAM in it: a free block's buddy may lie in a hole, but never in another group.
inline Frame *frame_array()
{
    return frame_array_base;
}

// Makes processors in `active` forget the translation of one page, or of all user pages, in the address space
// whose top-level table is `root`; waits until they have. Nothing is done for processors where `root` is not
// loaded.
void invalidate_page(PhysAddr root, ProcessorSet active, VirtAddr page);
void invalidate_all(PhysAddr root, ProcessorSet active);

// Loads `root` as the top-level table of this processor.
void load_root(PhysAddr root);

// Copies the kernel's half (entries 256 to 511) into a new, zeroed top-level table.
void share_kernel_half(PhysAddr root);

// Stops everything: an invariant of mm/ is broken. `what` is a sentence. Never returns.
[[noreturn]] void fail(const char *what);

} // namespace mm::machine
