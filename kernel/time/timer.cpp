#include "kernel/time/timer.hpp"

#include "kernel/time/alarm.hpp"

namespace kernel {

namespace {

using Timers = lib::List<&Timer::node>; // earliest deadline first

constinit lib::Guarded<Timers> timers;

Timer *take_due(uint64_t now)
{
    auto held = timers.lock();
    Timer *first = held->front();
    if (first == nullptr || first->deadline > now) return nullptr;
    Timers::remove(*first);
    return first;
}

} // namespace

void start_timer(Timer &timer, uint64_t deadline)
{
    stop_timer(timer);
    timer.deadline = deadline;
    {
        auto held = timers.lock();
        lib::ListNode *place = nullptr;
        for (Timer &other : *held) {
            if (other.deadline <= deadline) continue;
            place = &other.node;
            break;
        }
        if (place != nullptr)
            place->insert_before(timer.node);
        else
            held->push_back(timer);
    }
    set_alarm(deadline);
}

void stop_timer(Timer &timer)
{
    auto held = timers.lock();
    Timers::remove(timer);
}

void run_due_timers(uint64_t now)
{
    while (Timer *timer = take_due(now)) timer->due(*timer);
}

uint64_t next_timer_deadline()
{
    auto held = timers.lock();
    const Timer *first = held->front();
    return first != nullptr ? first->deadline : NoDeadline;
}

} // namespace kernel
