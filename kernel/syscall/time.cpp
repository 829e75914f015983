// Reading clocks: clock_gettime, clock_getres, gettimeofday, time.
#include "kernel/syscall/clocks.hpp"

#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/user_time.hpp"
#include "kernel/time/clock.hpp"
#include "kernel/trap/user_copy.hpp"

namespace kernel {

namespace {

// Clocks of processes and threads are negative numbers: the complement of the pid, then three bits
// (include/linux/posix-timers.h).
constexpr int KindMask = 3;  // which time: 0 profiling, 1 user, 2 all; 3 is a file's clock
constexpr int ThreadBit = 4; // of one thread, not of the process
constexpr int FileClock = 3;

// Linux's "coarse" clocks are as exact as its tick (CONFIG_HZ=250). Ours are as exact as the others; the
// answer to clock_getres is Linux's, so that programs wait as long as they do there.
constexpr uint64_t CoarseResolution = 4'000'000;

} // namespace

Result<ClockSource> clock_source(int clock)
{
    switch (clock) {
    case 0: // CLOCK_REALTIME
    case 8: // CLOCK_REALTIME_ALARM
    case 11:
        return ClockSource::Wall; // CLOCK_TAI: no offset is set, as on a freshly booted Linux
    case 5:
        return ClockSource::WallCoarse; // CLOCK_REALTIME_COARSE
    case 1:                             // CLOCK_MONOTONIC
    case 7:                             // CLOCK_BOOTTIME
    case 9:
        return ClockSource::Monotonic; // CLOCK_BOOTTIME_ALARM
    case 4:
        return ClockSource::Raw; // CLOCK_MONOTONIC_RAW
    case 6:
        return ClockSource::MonotonicCoarse;
    case 2:
        return ClockSource::ProcessTime; // CLOCK_PROCESS_CPUTIME_ID
    case 3:
        return ClockSource::ThreadTime; // CLOCK_THREAD_CPUTIME_ID
    default:
        break;
    }
    if (clock >= 0 || (clock & KindMask) == FileClock) return Errno::Invalid;
    Pid pid = ~(clock >> 3);
    if (pid != 0 && !find_process(pid)) return Errno::Invalid;
    return clock & ThreadBit ? ClockSource::ThreadTime : ClockSource::ProcessTime;
}

namespace {

uint64_t read_clock(ClockSource source, int clock)
{
    switch (source) {
    case ClockSource::Wall:
    case ClockSource::WallCoarse:
        return wall_clock_nanoseconds();
    case ClockSource::Monotonic:
    case ClockSource::MonotonicCoarse:
    case ClockSource::Raw:
        return clock_nanoseconds();
    case ClockSource::ProcessTime:
    case ClockSource::ThreadTime:
        break;
    }
    CpuTimes times;
    Pid pid = clock < 0 ? ~(clock >> 3) : 0;
    if (pid != 0)
        times = cpu_times(*find_process(pid));
    else if (source == ClockSource::ThreadTime)
        times = cpu_times(current_thread());
    else
        times = cpu_times(current_process());
    return times.user + times.system;
}

// struct timezone.
struct UserZone {
    int32_t minutes_west = 0;
    int32_t daylight_saving = 0;
};

} // namespace

namespace syscalls {

Result<void> clock_gettime(int clock, VirtAddr time)
{
    ClockSource source = TRY(clock_source(clock));
    return write_user(time, UserTimespec::of(read_clock(source, clock)));
}

Result<void> clock_getres(int clock, VirtAddr resolution)
{
    ClockSource source = TRY(clock_source(clock));
    if (resolution == VirtAddr{}) return {};
    bool coarse = source == ClockSource::WallCoarse || source == ClockSource::MonotonicCoarse;
    return write_user(resolution, UserTimespec::of(coarse ? CoarseResolution : 1));
}

Result<void> gettimeofday(VirtAddr time, VirtAddr zone)
{
    if (time != VirtAddr{}) TRY_VOID(write_user(time, UserTimeval::of(wall_clock_nanoseconds())));
    if (zone != VirtAddr{}) return write_user(zone, UserZone{});
    return {};
}

Result<int64_t> time(VirtAddr seconds)
{
    auto now = static_cast<int64_t>(wall_clock_nanoseconds() / NanosecondsPerSecond);
    if (seconds != VirtAddr{}) TRY_VOID(write_user(seconds, now));
    return now;
}

} // namespace syscalls
} // namespace kernel
