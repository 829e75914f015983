// Room 4 of a page fault's life, for pages on a swap device: find the page in the swap cache, or begin to
// read it, with its neighbours.
#pragma once

#include "mm/fault.hpp"
#include "mm/swap_slot.hpp"

namespace mm {

class MemoryObject;

// The fault's entry holds a slot. Resolved: the page is mapped, and neighbours that came with it. Waits: it
// is on its way, or all transfers are under way (ArrivalWait). NoMemory. BusError: the device takes nothing.
FaultResult swapped_page(PageFault &fault);

// Neighbouring slots to be read, and which pages of which object are in them.
struct ReadIn {
    SwapSlot first;
    unsigned count = 1;
    MemoryObject *object = nullptr;
    uint64_t index = 0;
};
// Begins to read at least the first of them, as many as there are frames for. TryAgain: all transfers are
// under way. NoMemory: no frame for the first one. InputOutput: the device takes nothing.
Result<unsigned> begin_reading(const ReadIn &wanted);

// The most pages that may come in at once on this machine. Without read-ahead: one.
uint32_t read_ahead_limit();
void allow_read_ahead(bool allowed);

} // namespace mm
