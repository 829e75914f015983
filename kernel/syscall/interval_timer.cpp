// alarm, getitimer, setitimer.
#include "kernel/process/process.hpp"
#include "kernel/signal/process_timers.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/user_time.hpp"
#include "kernel/trap/user_copy.hpp"

namespace kernel::syscalls {

namespace {

// struct itimerval.
struct UserSetting {
    UserTimeval period;
    UserTimeval value;

    static UserSetting of(const TimerSetting &setting)
    {
        return {UserTimeval::of(setting.period), UserTimeval::of(setting.value)};
    }
};

bool is_valid(const UserTimeval &time)
{
    return time.is_valid() && time.microseconds < 1'000'000;
}

Result<IntervalClock> clock_of(int which)
{
    if (which < 0 || which > static_cast<int>(IntervalClock::Profiling)) return Errno::Invalid;
    return static_cast<IntervalClock>(which);
}

} // namespace

// What was left is told in whole seconds, the nearest, but not 0.
uint32_t alarm(uint32_t seconds)
{
    auto before = set_interval_timer(current_process(), IntervalClock::Real,
                                     {.value = seconds * NanosecondsPerSecond, .period = 0});
    if (!before.ok() || before->value == 0) return 0;
    uint64_t rounded = (before->value + NanosecondsPerSecond / 2) / NanosecondsPerSecond;
    return static_cast<uint32_t>(std::max<uint64_t>(rounded, 1));
}

Result<void> getitimer(int which, VirtAddr setting)
{
    IntervalClock clock = TRY(clock_of(which));
    return write_user(setting, UserSetting::of(interval_timer(current_process(), clock)));
}

Result<void> setitimer(int which, VirtAddr setting, VirtAddr old_setting)
{
    UserSetting wanted; // without one, Linux turns the timer off
    if (setting != VirtAddr{}) wanted = TRY(read_user<UserSetting>(setting));
    if (!is_valid(wanted.value) || !is_valid(wanted.period)) return Errno::Invalid;
    IntervalClock clock = TRY(clock_of(which));
    TimerSetting before = TRY(set_interval_timer(
        current_process(), clock,
        {.value = wanted.value.to_nanoseconds(), .period = wanted.period.to_nanoseconds()}));
    if (old_setting != VirtAddr{}) return write_user(old_setting, UserSetting::of(before));
    return {};
}

} // namespace kernel::syscalls
