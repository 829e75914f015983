#include "kernel/time/alarm.hpp"

#include "kernel/cpu/clock.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/time/timer.hpp"

namespace kernel {

namespace {

using Sleepers = lib::List<&Thread::sleeper_node>; // earliest deadline first

constinit lib::Guarded<Sleepers> sleepers;
constinit uint64_t alarm_at = NoDeadline; // of this processor: when the timer will fire

} // namespace

void add_sleeper(Thread &thread)
{
    auto held = sleepers.lock();
    for (Thread &other : *held) {
        if (other.deadline <= thread.deadline) continue;
        other.sleeper_node.insert_before(thread.sleeper_node);
        return;
    }
    held->push_back(thread);
}

[[gnu::hot]] void remove_sleeper(Thread &thread)
{
    auto held = sleepers.lock();
    Sleepers::remove(thread);
}

void wake_due_sleepers(uint64_t now)
{
    run_due_timers(now);
    auto held = sleepers.lock();
    while (Thread *first = held->front()) {
        if (first->deadline > now) return;
        Sleepers::remove(*first);
        wake(*first);
    }
}

[[gnu::hot]] void set_alarm(uint64_t deadline)
{
    if (alarm_at <= deadline) return; // fires earlier, and is set again then
    alarm_at = deadline;
    timer_arm(deadline);
}

[[gnu::hot]] void set_alarm_for_sleepers()
{
    set_alarm(next_timer_deadline());
    auto held = sleepers.lock();
    if (const Thread *first = held->front()) set_alarm(first->deadline);
}

void alarm_has_fired()
{
    alarm_at = NoDeadline;
}

} // namespace kernel
