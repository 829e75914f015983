// The timer of the processor, which ends sleeps and time slices. The scheduler's own: sleeping is done
// through wait_until() (wait_queue.hpp) and sleep_until() (clock.hpp). Interrupts are off.
#pragma once

#include <cstdint>

namespace kernel {

// Lets timer_tick() be called at `deadline`, or before; at the deadline of the first timer (timer.hpp). It
// may come without reason.
void set_alarm(uint64_t deadline);
void set_alarm_for_timers();
// timer_tick() has been called: no alarm is set any more.
void alarm_has_fired();

} // namespace kernel
