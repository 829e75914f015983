#include "kernel/time/timer.hpp"

#include "kernel/time/alarm.hpp"
#include "lib/spinlock.hpp"

#include <utility>

namespace kernel {

namespace {

// A tree, for a program may have as many as it has memory for, and the clock's interrupt starts some anew.
struct Timers {
    lib::Tree<&Timer::links, &Timer::place> running;
    uint64_t started = 0;

    void stop(Timer &timer)
    {
        if (std::exchange(timer.is_running, false)) running.remove(timer);
    }
};

constinit lib::Guarded<Timers> timers;

Timer *take_due(uint64_t now)
{
    auto held = timers.lock();
    Timer *first = held->running.first();
    if (first == nullptr || first->place.deadline > now) return nullptr;
    held->stop(*first);
    return first;
}

} // namespace

void start_timer(Timer &timer, uint64_t deadline)
{
    {
        auto held = timers.lock();
        held->stop(timer);
        timer.place = {deadline, ++held->started};
        timer.is_running = true;
        held->running.insert(timer);
    }
    set_alarm(deadline);
}

void stop_timer(Timer &timer)
{
    timers.lock()->stop(timer);
}

void run_due_timers(uint64_t now)
{
    while (Timer *timer = take_due(now)) timer->due(*timer);
}

[[gnu::hot]] uint64_t next_timer_deadline()
{
    const Timer *first = timers.lock()->running.first();
    return first != nullptr ? first->place.deadline : NoDeadline;
}

} // namespace kernel
