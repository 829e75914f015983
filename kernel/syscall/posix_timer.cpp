// timer_create, timer_settime, timer_gettime, timer_getoverrun, timer_delete.
#include "kernel/signal/posix_timer.hpp"

#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/clocks.hpp"
#include "kernel/syscall/user_time.hpp"
#include "kernel/trap/user_copy.hpp"

#include <array>

namespace kernel::syscalls {

namespace {

constexpr int BySignal = 0, ByNothing = 1, ByThread = 2, ToThread = 4; // SIGEV_…
constexpr int Absolute = 1;                                            // TIMER_ABSTIME

// struct sigevent.
struct UserEvent {
    uint64_t value;
    int32_t signal;
    int32_t notify;
    int32_t thread;
    std::array<int32_t, 11> padding;
};
static_assert(sizeof(UserEvent) == 64);

// struct itimerspec.
struct UserSetting {
    UserTimespec period;
    UserTimespec value;
};

// NotSupported: clocks that can be read, but wake nobody.
Result<PosixTimer::Clock> clock_of(int clock)
{
    switch (TRY(clock_source(clock))) {
    case ClockSource::Wall:
        return PosixTimer::Clock::Wall;
    case ClockSource::Monotonic:
        return PosixTimer::Clock::Monotonic;
    case ClockSource::ProcessTime:
    case ClockSource::ThreadTime: {
        int32_t pid = clock < 0 ? ~(clock >> 3) : 0; // a process has one thread; of others none is watched
        if (pid != 0 && pid != current_process().pid()) return Errno::NotSupported;
        return PosixTimer::Clock::Processor;
    }
    default:
        return Errno::NotSupported;
    }
}

Result<PosixTimer::Plan> plan_of(PosixTimer::Clock clock, const UserEvent &event)
{
    PosixTimer::Plan plan{.clock = clock, .value = event.value};
    switch (event.notify) {
    case ByNothing:
        plan.notify = PosixTimer::Notify::Nobody;
        return plan;
    case ToThread:
        if (event.thread != current_thread().tid) return Errno::Invalid;
        plan.notify = PosixTimer::Notify::Thread;
        break;
    case BySignal:
    case ByThread: // libc's affair: it makes a thread wait for the signal
        break;
    default:
        return Errno::Invalid;
    }
    if (!is_signal_number(event.signal)) return Errno::Invalid;
    plan.signal = static_cast<Signal>(event.signal);
    return plan;
}

Result<PosixTimer *> find(int32_t id)
{
    PosixTimer *timer = PosixTimer::find(current_process(), id);
    if (timer == nullptr) return Errno::Invalid;
    return timer;
}

UserSetting setting_of(PosixTimer &timer)
{
    return {UserTimespec::of(timer.period()), UserTimespec::of(timer.left())};
}

} // namespace

Result<void> timer_create(int clock, VirtAddr event, VirtAddr id)
{
    PosixTimer::Plan plan{.value_is_number = true};
    UserEvent wanted{};
    if (event != VirtAddr{}) wanted = TRY(read_user<UserEvent>(event));
    plan.clock = TRY(clock_of(clock));
    if (event != VirtAddr{}) plan = TRY(plan_of(plan.clock, wanted));
    int32_t number = TRY(PosixTimer::create(current_process(), plan))->id();
    if (Result<void> told = write_user(id, number); !told.ok()) {
        if (PosixTimer *timer = PosixTimer::find(current_process(), number)) timer->destroy();
        return told;
    }
    return {};
}

Result<void> timer_settime(int32_t id, int flags, VirtAddr setting, VirtAddr old_setting)
{
    if (setting == VirtAddr{}) return Errno::Invalid;
    auto wanted = TRY(read_user<UserSetting>(setting));
    if (!wanted.value.is_valid() || !wanted.period.is_valid()) return Errno::Invalid;
    PosixTimer *timer = TRY(find(id));
    UserSetting before = setting_of(*timer);
    timer->set(wanted.value.to_nanoseconds(), wanted.period.to_nanoseconds(), flags & Absolute);
    if (old_setting != VirtAddr{}) return write_user(old_setting, before);
    return {};
}

Result<void> timer_gettime(int32_t id, VirtAddr setting)
{
    return write_user(setting, setting_of(*TRY(find(id))));
}

Result<uint32_t> timer_getoverrun(int32_t id)
{
    return TRY(find(id))->overrun();
}

Result<void> timer_delete(int32_t id)
{
    TRY(find(id))->destroy();
    return {};
}

} // namespace kernel::syscalls
