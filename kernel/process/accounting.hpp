// Who used how much processor time (getrusage(2), times(2), CPU-time clocks).
//
// The sum is exact: the clock is read at each switch. How it divides into user and system time is sampled, as
// Linux does by default: at each tick whoever is running is counted, and the sum is divided in that
// proportion. So a system call costs nothing for it.
#pragma once

#include "kernel/process/thread.hpp"

namespace kernel {

// The thread stops running: what it used up to `now` is counted.
void charge(Thread &thread, uint64_t now);

// The clock ticked while the thread, which belongs to a process, was running. Enforces RLIMIT_CPU.
void count_tick(Thread &thread);

} // namespace kernel
