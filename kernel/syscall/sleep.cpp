// nanosleep, clock_nanosleep.
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/clocks.hpp"
#include "kernel/syscall/user_time.hpp"
#include "kernel/time/clock.hpp"
#include "kernel/trap/user_copy.hpp"

namespace kernel::syscalls {

namespace {

constexpr uint32_t Absolute = 1; // TIMER_ABSTIME

uint64_t saturating_sum(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

Result<UserTimespec> read_time(VirtAddr from)
{
    auto time = TRY(read_user<UserTimespec>(from));
    if (!time.is_valid()) return Errno::Invalid;
    return time;
}

// The time on the clock of clock_nanoseconds() when the wall clock shows `nanoseconds`.
uint64_t from_wall_clock(uint64_t nanoseconds)
{
    uint64_t boot = wall_clock_nanoseconds() - clock_nanoseconds();
    return nanoseconds > boot ? nanoseconds - boot : 0;
}

Result<void> sleep_for(uint64_t nanoseconds, VirtAddr remaining)
{
    uint64_t deadline = saturating_sum(clock_nanoseconds(), nanoseconds);
    if (sleep_until(deadline) == WaitResult::TimedOut) return {};
    if (remaining != VirtAddr{}) {
        uint64_t now = clock_nanoseconds();
        TRY_VOID(write_user(remaining, UserTimespec::of(deadline > now ? deadline - now : 0)));
    }
    return Errno::Interrupted;
}

} // namespace

Result<void> nanosleep(VirtAddr requested, VirtAddr remaining)
{
    UserTimespec time = TRY(read_time(requested));
    return sleep_for(time.to_nanoseconds(), remaining);
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
    if (!(flags & Absolute)) return sleep_for(nanoseconds, remaining);
    uint64_t deadline = source == ClockSource::Wall ? from_wall_clock(nanoseconds) : nanoseconds;
    return sleep_until(deadline) == WaitResult::TimedOut ? Result<void>{} : Errno::Interrupted;
}

} // namespace kernel::syscalls
