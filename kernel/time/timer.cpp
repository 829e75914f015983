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
    uint64_t earliest = UINT64_MAX; // deadline

    void start(Timer &timer, uint64_t deadline)
    {
        timer.place = {deadline, ++started};
        timer.is_running = true;
        running.insert(timer);
        if (deadline < earliest) earliest = deadline;
    }
    void stop(Timer &timer)
    {
        if (!std::exchange(timer.is_running, false)) return;
        running.remove(timer);
        if (timer.place.deadline != earliest) return;
        const Timer *first = running.first();
        earliest = first != nullptr ? first->place.deadline : UINT64_MAX;
    }
};

constinit lib::Guarded<Timers> timers;

Timer *take_due(uint64_t now)
{
    auto held = timers.lock();
    if (held->earliest > now) return nullptr;
    Timer *first = held->running.first();
    if (first != nullptr) held->stop(*first);
    return first;
}

} // namespace

void start_timer(Timer &timer, uint64_t deadline)
{
    {
        auto held = timers.lock();
        held->stop(timer);
        held->start(timer, deadline);
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
    return timers.lock()->earliest;
}

} // namespace kernel
