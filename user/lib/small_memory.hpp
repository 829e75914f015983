// Little memory, however large the machine: one process locks the rest of it, which then stays where it is.
#pragma once

#include "user/lib/block.hpp"

#include <cstddef>
#include <sys/types.h>

namespace exhibit {

struct SmallMemory {
    const char *exhibit;  // its name
    std::size_t left_kib; // what programs are to have
    std::size_t times;    // how many times as much they will use together
};

// Locks (mlock(2)) what the machine has more than that, until this process ends, and says so. False: the
// machine is not one for this exhibit, for want of swap or because it is large and others would miss what is
// locked; it says so, and what to type. When memory cannot be locked it says why on standard error and ends
// the program with status 1.
bool leave_little_memory(Block &block, const SmallMemory &wanted);

// What there is for programs while `holder` has memory locked: MemTotal without that.
std::size_t memory_left_kib(pid_t holder);

} // namespace exhibit
