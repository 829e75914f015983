// Time as programs see it (clock_gettime(2), nanosleep(2)), on top of the processor's clock.
//
// clock_nanoseconds() (CLOCK_MONOTONIC, CLOCK_BOOTTIME) and wall_clock_nanoseconds() (CLOCK_REALTIME) are in
// kernel/cpu/clock.hpp; CPU-time clocks are cpu_times() in kernel/process/process.hpp.
#pragma once

#include "kernel/cpu/clock.hpp"
#include "kernel/process/wait_queue.hpp"

namespace kernel {

// The time on clock_nanoseconds()'s clock when so much more has passed; NoDeadline when that is past all
// time.
inline uint64_t clock_deadline(uint64_t nanoseconds)
{
    uint64_t now = clock_nanoseconds();
    return nanoseconds > NoDeadline - now ? NoDeadline : now + nanoseconds;
}

// The time on that clock when the wall clock shows `nanoseconds`; 0 for what was before the machine started.
inline uint64_t from_wall_clock(uint64_t nanoseconds)
{
    uint64_t boot = wall_clock_nanoseconds() - clock_nanoseconds();
    return nanoseconds > boot ? nanoseconds - boot : 0;
}

// Sleeps until clock_nanoseconds() has reached `deadline`: never shorter. TimedOut is the normal end,
// Interrupted means a signal came first.
WaitResult sleep_until(uint64_t deadline);

} // namespace kernel
