// Threads that sleep until a certain time, and the timer that ends their sleep. The scheduler's own: sleeping
// is done through wait_until() (wait_queue.hpp) and sleep_until() (clock.hpp). Interrupts are off.
#pragma once

#include "kernel/process/thread.hpp"

namespace kernel {

// `thread` is to be woken at thread.deadline at the latest; or no longer.
void add_sleeper(Thread &thread);
void remove_sleeper(Thread &thread);

// Wakes those whose time has come, and calls the timers that are due (timer.hpp).
void wake_due_sleepers(uint64_t now);

// Lets timer_tick() be called at `deadline`, or before; at the first sleeper's or timer's deadline. It may
// come without reason.
void set_alarm(uint64_t deadline);
void set_alarm_for_sleepers();
// timer_tick() has been called: no alarm is set any more.
void alarm_has_fired();

} // namespace kernel
