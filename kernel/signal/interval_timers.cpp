// setitimer(2): three timers that every process has. And what happens to all its timers when it ends.
#include "kernel/process/process.hpp"
#include "kernel/signal/process_timers.hpp"
#include "kernel/time/clock.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel {

namespace {

// What a program is told of a timer whose signal is on its way, but that has time left by definition.
constexpr uint64_t LeastLeft = 1000; // ns: a microsecond

void send_alarm(Timer &timer)
{
    Process &process = lib::element<&ProcessTimers::real_timer>(timer).process;
    send_signal(process, {.signal = Signal::Alarm, .code = signal_code::Kernel});
}

uint64_t processor_time(const Process &process, IntervalClock clock)
{
    CpuTimes times = cpu_times(process);
    return clock == IntervalClock::Virtual ? times.user : times.user + times.system;
}

Interval &interval_of(ProcessTimers &timers, IntervalClock clock)
{
    switch (clock) {
    case IntervalClock::Virtual:
        return timers.virtual_;
    case IntervalClock::Profiling:
        return timers.profiling;
    default:
        return timers.real;
    }
}

uint64_t now_on(const Process &process, IntervalClock clock)
{
    return clock == IntervalClock::Real ? clock_nanoseconds() : processor_time(process, clock);
}

void check(ProcessTimers &timers, IntervalClock clock, Signal signal)
{
    Interval &interval = interval_of(timers, clock);
    if (!interval.is_on()) return;
    uint64_t now = processor_time(timers.process, clock);
    if (!interval.is_due(now)) return;
    interval.advance(now);
    send_signal(timers.process, {.signal = signal, .code = signal_code::Kernel});
}

} // namespace

ProcessTimers::ProcessTimers(Process &process) : process(process), real_timer(send_alarm) {}

lib::Result<ProcessTimers *> timers_of(Process &process)
{
    if (process.timers == nullptr) process.timers = mm::create<ProcessTimers>(process);
    if (process.timers == nullptr) return Errno::NoMemory;
    return process.timers;
}

TimerSetting interval_timer(const Process &process, IntervalClock clock)
{
    if (process.timers == nullptr) return {};
    const Interval &interval = interval_of(*process.timers, clock);
    bool is_over = clock == IntervalClock::Real && !process.timers->real_timer.is_running;
    return {.value = is_over ? 0 : interval.left(now_on(process, clock), LeastLeft),
            .period = interval.period};
}

lib::Result<TimerSetting> set_interval_timer(Process &process, IntervalClock clock, TimerSetting setting)
{
    TimerSetting before = interval_timer(process, clock);
    if (process.timers == nullptr && setting.value == 0 && setting.period == 0) return before;
    ProcessTimers &timers = *TRY(timers_of(process));
    Interval &interval = interval_of(timers, clock);
    interval = {.deadline = 0, .period = setting.period};
    if (clock == IntervalClock::Real) {
        stop_timer(timers.real_timer);
        if (setting.value == 0) interval.period = 0; // the others keep it, as on Linux
    }
    if (setting.value == 0) return before;
    if (__builtin_add_overflow(now_on(process, clock), setting.value, &interval.deadline))
        interval.deadline = NoDeadline;
    if (clock == IntervalClock::Real) start_timer(timers.real_timer, interval.deadline);
    return before;
}

void check_processor_timers(ProcessTimers &timers)
{
    check(timers, IntervalClock::Virtual, Signal::VirtualAlarm);
    check(timers, IntervalClock::Profiling, Signal::Profiling);
    for (PosixTimer &timer : timers.posix) {
        if (timer.is_on_processor_time()) timer.check();
    }
}

void heed_timers(ProcessTimers &timers)
{
    if (!std::exchange(timers.has_ignored, false)) return;
    for (PosixTimer &timer : timers.posix) timer.heed();
}

void alarm_was_taken(ProcessTimers &timers)
{
    uint64_t now = clock_nanoseconds();
    if (timers.real_timer.is_running || !timers.real.is_due(now)) return; // somebody else has sent it
    timers.real.advance(now);
    if (timers.real.is_on()) start_timer(timers.real_timer, timers.real.deadline);
}

void forget_posix_timers(Process &process)
{
    if (process.timers == nullptr) return;
    while (PosixTimer *timer = process.timers->posix.front()) timer->destroy();
}

void end_timers(Process &process)
{
    if (process.timers == nullptr) return;
    forget_posix_timers(process);
    stop_timer(process.timers->real_timer);
    mm::destroy(std::exchange(process.timers, nullptr));
}

} // namespace kernel
