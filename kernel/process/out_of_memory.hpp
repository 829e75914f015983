// When memory and swap are full, and nothing in memory can be given up: one program has to end, so that the
// rest can go on.
//
// Which one: the one with the highest score, which is the pages that would be free afterwards: those in
// memory, those on swap, and the page tables, and so many thousandths of all memory and swap as
// /proc/PID/oom_score_adj says, which children inherit (Linux's oom_badness()). Of equals the younger. While
// a program is on its way out no other is chosen: it may be all that is needed.
#pragma once

#include "kernel/process/process.hpp"
#include "mm/fault.hpp"

namespace kernel {

// In pages.
struct MemoryHeld {
    uint64_t resident = 0;
    uint64_t swapped = 0;
    uint64_t tables = 0;
    uint64_t sum() const { return resident + swapped + tables; }
};
// Process::oom_score_adjustment. Never: it is not chosen, whatever it has.
struct OomAdjustment {
    static constexpr int Never = -1000, Most = 1000;
};
// In pages; of who may be chosen.
int64_t oom_score(const Process &process, const MemoryHeld &held);
// What the process has now; it is not ending.
MemoryHeld memory_held(const Process &process);

// The current program's `fault` found no memory. Ends a program, and sleeps until that has ended. True: the
// access may be tried again; false: it is the current one that ends, and the signal is on its way.
bool make_room_for(const mm::Fault &fault);

// A program's memory has been given back.
void memory_was_returned();

} // namespace kernel
