// The timers of a process that send it signals: the three of setitimer(2) (interval_timers.cpp), and those it
// makes with timer_create(2) (posix_timer.hpp).
//
// A timer that goes off again and again waits until its signal is about to be delivered before it is set
// anew: so it keeps step, counts what was missed, and cannot keep the processor from everybody else.
#pragma once

#include "kernel/signal/interval.hpp"
#include "kernel/signal/posix_timer.hpp"
#include "kernel/time/timer.hpp"

namespace kernel {

class Process;

enum class IntervalClock : uint8_t { Real, Virtual, Profiling }; // ITIMER_…

// Made when a process first asks for a timer.
struct ProcessTimers {
    explicit ProcessTimers(Process &process);
    void count_id() { next_id = next_id == INT32_MAX ? 0 : next_id + 1; }

    Process &process;
    Timer real_timer;
    Interval real;      // on clock_nanoseconds()
    Interval virtual_;  // on the process's user time
    Interval profiling; // on all of its processor time
    lib::List<&PosixTimer::node> posix;
    lib::Tree<&PosixTimer::links, &PosixTimer::number> by_number;
    int32_t next_id = 0;
    bool has_ignored = false; // one of `posix` may wait for somebody who heeds it
};

// What a timer is set to: from now on, in nanoseconds; `value` 0: off.
struct TimerSetting {
    uint64_t value = 0;
    uint64_t period = 0;
};

// getitimer(2), setitimer(2). NoMemory.
TimerSetting interval_timer(const Process &process, IntervalClock clock);
lib::Result<TimerSetting> set_interval_timer(Process &process, IntervalClock clock, TimerSetting setting);

// The process's timers, made when there are none yet. NoMemory.
lib::Result<ProcessTimers *> timers_of(Process &process);
// The clock ticked while the process was running: sends what is due on its processor time.
void check_processor_timers(ProcessTimers &timers);
// What the process ignores or blocks has changed: timers that went off for nobody go on.
void heed_timers(ProcessTimers &timers);
// SIGALRM is about to be delivered.
void alarm_was_taken(ProcessTimers &timers);
// The process ends: all are stopped and freed. Its queues of signals are empty.
void end_timers(Process &process);
// execve(2): those of timer_create are gone, those of setitimer stay.
void forget_posix_timers(Process &process);

} // namespace kernel
