// Physical memory before there is a frame allocator: who has what at boot.
//
// address_map takes page-granular "boot frames" from here; when it is done, what is left in free_ranges() goes to
// mm::FrameAllocator::add_free and each entry of used_ranges() to add_used. All ranges are page aligned and disjoint;
// together they are the RAM that the memory map calls usable, rounded inwards to pages.
#pragma once

#include "boot/boot_info.hpp"
#include "mm/frame.hpp"

#include <span>

namespace kernel {

struct UsedRange {
    boot::PhysRange range;
    mm::FrameKind kind;      // Reserved or Archive
    const char *description; // "kernel image", "page tables", …
};

// From the boot memory map: reserves page 0, the kernel image and the archive.
void init_boot_memory(const boot::BootInfo &info);

// `bytes` (page aligned) of memory at an address divisible by `alignment`, below `limit`; never returned.
// Panics when there is none: the kernel cannot start without it.
mm::PhysAddr take_boot_memory(uint64_t bytes, uint64_t alignment, const char *description);

std::span<const boot::PhysRange> free_ranges();
std::span<const UsedRange> used_ranges();

} // namespace kernel
