// nanosleep, clock_nanosleep.
#include "kernel/process/thread.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/clocks.hpp"
#include "kernel/syscall/user_time.hpp"
#include "kernel/time/clock.hpp"
#include "kernel/trap/user_copy.hpp"

namespace kernel::syscalls {

namespace {

constexpr uint32_t Absolute = 1; // TIMER_ABSTIME

Result<UserTimespec> read_time(VirtAddr from)
{
    auto time = TRY(read_user<UserTimespec>(from));
    if (!time.is_valid()) return Errno::Invalid;
    return time;
}

Result<int64_t> sleep_on(const CallRestart &restart);

// Interrupted, it goes on until the same time: by restart_syscall, if no handler runs.
Result<void> sleep_to(uint64_t deadline, VirtAddr remaining)
{
    if (sleep_until(deadline) == WaitResult::TimedOut) return {};
    uint64_t now = clock_nanoseconds();
    if (now >= deadline) return {};
    if (remaining != VirtAddr{}) TRY_VOID(write_user(remaining, UserTimespec::of(deadline - now)));
    current_thread().restart = {.again = sleep_on, .deadline = deadline, .address = remaining};
    return Errno::RestartBlock;
}

Result<int64_t> sleep_on(const CallRestart &restart)
{
    TRY_VOID(sleep_to(restart.deadline, restart.address));
    return int64_t{0};
}

} // namespace

Result<void> nanosleep(VirtAddr requested, VirtAddr remaining)
{
    UserTimespec time = TRY(read_time(requested));
    return sleep_to(clock_deadline(time.to_nanoseconds()), remaining);
}

Result<void> clock_nanosleep(int clock, uint32_t flags, VirtAddr requested, VirtAddr remaining)
{
    ClockSource source = TRY(clock_source(clock));
    switch (source) {
    case ClockSource::Raw:
    case ClockSource::WallCoarse:
    case ClockSource::MonotonicCoarse:
        return Errno::NotSupported;
    case ClockSource::ThreadTime:
        return clock < 0 ? Errno::Invalid : Errno::NotSupported;
    default:
        break;
    }
    UserTimespec time = TRY(read_time(requested));
    uint64_t nanoseconds = time.to_nanoseconds();
    // A process that sleeps uses no processor time: until a signal, this one never comes.
    if (source == ClockSource::ProcessTime) nanoseconds = UINT64_MAX;
    if (!(flags & Absolute)) return sleep_to(clock_deadline(nanoseconds), remaining);
    uint64_t deadline = source == ClockSource::Wall ? from_wall_clock(nanoseconds) : nanoseconds;
    return sleep_until(deadline) == WaitResult::TimedOut ? Result<void>{} : Errno::RestartNoHandler;
}

} // namespace kernel::syscalls
