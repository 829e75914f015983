// Physical memory before there is a frame allocator: who has what at boot.
//
// address_map takes page-granular "boot frames" from here; when it is done, what is left in free_ranges()
// goes to mm::FrameAllocator::add_free and each entry of used_ranges() to add_used. All ranges are page
// aligned and disjoint; together they are the RAM that the memory map calls usable, rounded inwards to pages.
#pragma once

#include "boot/boot_info.hpp"
#include "mm/frame.hpp"

#include <span>

namespace kernel {

inline constexpr const char *ImageName = "kernel image";
inline constexpr const char *ArchiveName = "archive";
inline constexpr const char *TablesName = "page tables";
inline constexpr const char *DescriptorsName = "frame descriptors";

struct UsedRange {
    boot::PhysRange range;
    mm::FrameKind kind;      // Reserved or Archive
    const char *description; // one of the names above, or another
};

// From the boot memory map: reserves page 0, the kernel image and the archive.
void init_boot_memory(const boot::BootInfo &info);

// `bytes` (a multiple of the page size) below 4 GiB, which the boot page tables map, at an address divisible
// by `alignment` (a power of two). Contents undefined. Refuses to start when there is none.
mm::PhysAddr take_boot_memory(uint64_t bytes, uint64_t alignment, const char *description);
// Part of a used range that is not needed any more becomes free.
void release_boot_memory(boot::PhysRange range);

std::span<const boot::PhysRange> free_ranges();
std::span<const UsedRange> used_ranges();
// How much of it is used as `description`.
uint64_t used_bytes(std::string_view description);

} // namespace kernel
