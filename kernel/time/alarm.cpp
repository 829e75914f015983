#include "kernel/time/alarm.hpp"

#include "kernel/cpu/clock.hpp"
#include "kernel/time/timer.hpp"

namespace kernel {

namespace {

constinit uint64_t alarm_at = UINT64_MAX; // of this processor: when the timer will fire

} // namespace

[[gnu::hot]] void set_alarm(uint64_t deadline)
{
    if (alarm_at <= deadline) return; // fires earlier, and is set again then
    alarm_at = deadline;
    timer_arm(deadline);
}

[[gnu::hot]] void set_alarm_for_timers()
{
    set_alarm(next_timer_deadline());
}

void alarm_has_fired()
{
    alarm_at = UINT64_MAX;
}

} // namespace kernel
