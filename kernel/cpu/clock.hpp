// Time: the time-stamp counter as a clock, the local APIC's timer as an alarm.
#pragma once

#include <cstdint>

namespace kernel {

// Measures TSC and APIC timer against the PIT (10 ms). After init_local_apic().
void init_clock();

// How fast the time-stamp counter counts.
uint64_t clock_kilohertz();
// Nanoseconds since boot, never backwards. A few instructions.
uint64_t clock_nanoseconds();
// Nanoseconds since 1970-01-01 00:00 UTC: the battery clock at boot plus the above.
uint64_t wall_clock_nanoseconds();

// Lets timer_tick() (kernel/trap/trap.hpp) be called once, when clock_nanoseconds() has reached `deadline`
// (at once if it has). One alarm per processor: arming replaces. A far deadline may fire early, after at
// least a second: the owner looks at the clock and arms again.
void timer_arm(uint64_t deadline);
void timer_disarm();

} // namespace kernel
