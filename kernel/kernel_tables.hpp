// Writing the kernel's half of the page tables: for address_map.cpp and who adds to it later.
//
// The user half is mm/page_table's. The kernel's half has other pages (large, global, without descriptors),
// never loses a table at the upper two levels, and is written before there is a frame allocator.
#pragma once

#include "mm/address.hpp"

#include <cstdint>

namespace kernel {

namespace map {
inline constexpr uint64_t Present = 1 << 0;
inline constexpr uint64_t Writable = 1 << 1;
inline constexpr uint64_t WriteThrough = 1 << 3;
inline constexpr uint64_t CacheDisable = 1 << 4;
inline constexpr uint64_t Accessed = 1 << 5; // set at once: nobody asks, and the processor need not
inline constexpr uint64_t Dirty = 1 << 6;
inline constexpr uint64_t Large = 1 << 7;
inline constexpr uint64_t Global = 1 << 8;
inline constexpr uint64_t NoExecute = uint64_t{1} << 63;

inline constexpr uint64_t ReadOnlyData = Present | Accessed | Dirty | NoExecute;
inline constexpr uint64_t ReadWriteData = ReadOnlyData | Writable;
inline constexpr uint64_t Code = Present | Accessed;
inline constexpr uint64_t Device = ReadWriteData | WriteThrough | CacheDisable;
} // namespace map

inline constexpr uint64_t LargePage = uint64_t{2} << 20;
inline constexpr uint64_t GiantPage = uint64_t{1} << 30;

// The 512 entries of the table at `table`, through the direct map.
uint64_t *table_entries(mm::PhysAddr table);

// A zeroed table from boot memory.
mm::PhysAddr take_table();

// The next lower table below `entry`, made (from boot memory) when there is none.
mm::PhysAddr table_below(uint64_t &entry);

// Maps [begin, begin + bytes) to physical memory from `physical` on, all page aligned, with the largest pages
// that fit and are at most `largest`; tables come from boot memory. Global where the processor has that.
void map_kernel_range(mm::PhysAddr root, mm::VirtAddr begin, mm::PhysAddr physical, uint64_t bytes,
                      uint64_t flags, uint64_t largest);

} // namespace kernel
