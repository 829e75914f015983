// Time as programs see it (clock_gettime(2), nanosleep(2)), on top of the processor's clock.
//
// clock_nanoseconds() (CLOCK_MONOTONIC, CLOCK_BOOTTIME) and wall_clock_nanoseconds() (CLOCK_REALTIME) are in
// kernel/cpu/clock.hpp; CPU-time clocks are cpu_times() in kernel/process/process.hpp.
#pragma once

#include "kernel/cpu/clock.hpp"
#include "kernel/process/wait_queue.hpp"

namespace kernel {

// Sleeps until clock_nanoseconds() has reached `deadline`: never shorter. TimedOut is the normal end,
// Interrupted means a signal came first.
WaitResult sleep_until(uint64_t deadline);

} // namespace kernel
