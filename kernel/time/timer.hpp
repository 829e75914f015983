// Timers: functions that are called at a certain time, from the clock's interrupt. For whoever sleeps until a
// time there is sleep_until() (clock.hpp), which is a timer that wakes (Thread::sleep_timer).
#pragma once

#include "lib/intrusive_tree.hpp"

#include <compare>
#include <cstdint>

namespace kernel {

struct Timer {
    // Called once, with the timer stopped and no lock held; may start it again. Does not sleep.
    using Due = void (*)(Timer &);

    // Among all that run: the earliest deadline first, and of equal ones the one that was started first.
    struct Place {
        uint64_t deadline = 0; // on the clock of clock_nanoseconds()
        uint64_t number = 0;
        auto operator<=>(const Place &) const = default;
    };

    constexpr explicit Timer(Due due) : due(due) {}

    Due due;
    bool is_running = false;
    Place place; // while it runs
    lib::TreeLinks<Timer> links;
};

// Calls `timer.due` when clock_nanoseconds() has reached `deadline`, and not at the time meant before.
void start_timer(Timer &timer, uint64_t deadline);
void stop_timer(Timer &timer);

// --- For alarm.cpp

// Calls those whose time has come.
void run_due_timers(uint64_t now);
// When the next one is due; UINT64_MAX: none runs. Asked at each switch of threads.
uint64_t next_timer_deadline();

} // namespace kernel
