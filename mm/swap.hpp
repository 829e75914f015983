// Swap: all swap areas together. Slots by the run, from the area with the highest priority that has some; what
// /proc tells; swapon(2) and swapoff(2).
#pragma once

#include "lib/result.hpp"
#include "mm/swap_header.hpp"
#include "mm/swap_slot.hpp"

#include <array>
#include <optional>

namespace mm {

using lib::Errno;
using lib::Result;

struct SwapStatistics {
    uint64_t total = 0; // slots of all areas, in pages
    uint64_t free = 0;
    uint64_t cached = 0; // pages that are in memory and have a slot as well (SwapCached)
};
SwapStatistics swap_statistics();

// What /proc/swaps says about one area; nothing: no area has this number.
struct SwapAreaInformation {
    uint32_t size, in_use; // in pages
    int priority;
};
std::optional<SwapAreaInformation> swap_area_information(unsigned area);

// swapon(2): takes an area into use. Which number it gets: the other side of page_io must know by then where
// it is, so the number is asked for first. NotPermitted: MaxAreas are in use (swapon(2), EPERM). NoMemory. A
// negative `priority` means the next lower one than all before (-2, -3 …), as on Linux.
Result<unsigned> reserve_swap_area();
void release_swap_area(unsigned area);                                         // never added
Result<void> add_swap_area(unsigned area, const SwapHeader &header, int priority);

// swapoff(2): brings back every page that is there, and forgets the area. May sleep for a long time; others run
// meanwhile. NoMemory: not all could be brought back; the area is in use as before. Interrupted: the thread is dying.
Result<void> remove_swap_area(unsigned area);

} // namespace mm
