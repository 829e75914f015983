// Swap: all swap areas together. Slots by the run, from the area with the highest priority that has some;
// what /proc tells; swapon(2) and swapoff(2).
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
    uint64_t stuck = 0;  // of those: their slot could not be written
};
SwapStatistics swap_statistics();
// SwapStatistics::total, for who asks often.
extern uint64_t swap_pages_in_all;
inline uint64_t total_swap_pages()
{
    return swap_pages_in_all;
}

// What /proc/swaps says about one area; nothing: no area has this number.
struct SwapAreaInformation {
    uint32_t size, in_use; // in pages
    int priority;
};
std::optional<SwapAreaInformation> swap_area_information(unsigned area);

// ---- Slots, for the rooms of mm/ that move pages.

// A run of slots that are neighbours, at most `wanted`, each with one user; count 0: swap is full, or there
// is none.
struct SwapRun {
    SwapSlot first;
    unsigned count = 0;
};
SwapRun allocate_slots(unsigned wanted);
uint64_t free_slots();

// One user more. False: it has too many already.
bool share_slot(SwapSlot slot);
// One user less. When the swap cache is the last one left and nobody maps the page or moves it, the cache
// lets go too: slot and frame are free.
void release_slot(SwapSlot slot);
unsigned slot_users(SwapSlot slot);
// The device could not write it: bad as soon as nobody uses it.
void mark_slot_bad(SwapSlot slot);

// ---- swapon(2), swapoff(2)

// swapon(2): takes an area into use. Which number it gets: the other side of page_io must know by then where
// it is, so the number is asked for first. NotPermitted: MaxAreas are in use (swapon(2), EPERM). NoMemory. A
// negative `priority` means the next lower one than all before (-2, -3 …), as on Linux.
Result<unsigned> reserve_swap_area();
void release_swap_area(
    unsigned area); // one that was never added, or was removed and whose device is let go of
Result<void> add_swap_area(unsigned area, const SwapHeader &header, int priority);

// swapoff(2): brings back every page that is there, and forgets the area. May sleep for a long time; others
// run meanwhile. NoMemory: not all could be brought back; the area is in use as before. Interrupted: the
// thread is dying. InputOutput: a page could not be read; the area is in use as before. Busy: another thread
// is removing it.
Result<void> remove_swap_area(unsigned area);

// ---- For swap_off.cpp: an area that is being removed gets no more pages, and a copy that lies there counts
// for nothing.
bool begin_removal(unsigned area); // false: no such area, or begun already
void end_removal(unsigned area, bool removed);
bool is_being_removed(unsigned area);
// Rather than that a program is ended for want of memory, nothing is removed: swapoff(2) says ENOMEM. False:
// nothing was being removed.
bool abandon_removals();
// The first slot of the area, at or after `from`, that has users. Offset 0: there is none.
SwapSlot next_used_slot(unsigned area, uint32_t from);

// Host tests: forgets all areas without a word.
void reset_swap();
// Checks every area. Calls machine::fail.
void audit_swap();

} // namespace mm
