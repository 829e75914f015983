// Reclaim: making frames free when there are too few.
//
// Three watermarks, in free frames. Below `low` a thread of the kernel is woken that frees frames until
// `high` are free (balance). Below `minimum` a program gets no frame any more: it frees some itself, or waits
// its turn (wait_for_memory). What is left then is for the kernel alone: page tables, its heap, what is
// needed to get memory free again.
#pragma once

#include "mm/fault.hpp"
#include "mm/replacement.hpp"

namespace mm {

struct Watermarks {
    uint64_t minimum = 0, low = 0, high = 0; // in frames
};

// Boot: from here on pages are given up when memory is short.
void init_reclaim(const Watermarks &watermarks, PolicyName policy);
// What suits a machine with so many frames.
Watermarks usual_watermarks(uint64_t frames);
Replacement &replacement();

// The reclaimer's thread: frees frames until `high` are free or no more can be. May sleep.
void balance();

// The current thread needs a frame and there is none for it. Frees some, or sleeps until it is its turn: of
// several the most urgent goes first (waiting::priority). Resolved: try again. NoMemory: there is nothing
// that could be freed. Interrupted: the thread is dying.
FaultResult wait_for_memory();

// Somebody's priority has changed (setpriority(2)).
void priorities_changed();
// Threads that wait for memory now.
unsigned memory_waiters();

} // namespace mm
