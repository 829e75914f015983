// Limits and what was used: getrlimit, setrlimit, prlimit64, getrusage, times.
#include "kernel/cpu/clock.hpp"
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/user_time.hpp"
#include "kernel/trap/user_copy.hpp"

namespace kernel::syscalls {

namespace {

// struct rlimit is two numbers of 64 bits, as Limit is.
static_assert(sizeof(Limit) == 16);

constexpr int RusageSelf = 0, RusageChildren = -1, RusageThread = 1;

// struct rusage. What Linux leaves at zero is zero here.
struct UserUsage {
    UserTimeval user, system;
    int64_t maximum_resident = 0; // KiB
    int64_t shared_text = 0, unshared_data = 0, unshared_stack = 0;
    int64_t minor_faults = 0, major_faults = 0;
    int64_t swaps = 0, blocks_in = 0, blocks_out = 0, messages_sent = 0, messages_received = 0, signals = 0;
    int64_t voluntary_switches = 0, involuntary_switches = 0;
};
static_assert(sizeof(UserUsage) == 144);

// struct tms, in ticks of 1/100 s.
struct UserTimes {
    int64_t user, system;
    int64_t children_user = 0, children_system = 0;
};
constexpr uint64_t Tick = 10'000'000; // ns

bool is_resource(uint32_t number)
{
    return number < ResourceCount;
}

} // namespace

Result<void> getrlimit(uint32_t resource, VirtAddr limit)
{
    if (!is_resource(resource)) return Errno::Invalid;
    return write_user(limit, current_process().limits().of(static_cast<Resource>(resource)));
}

Result<void> setrlimit(uint32_t resource, VirtAddr limit)
{
    auto wanted = TRY(read_user<Limit>(limit));
    if (!is_resource(resource)) return Errno::Invalid;
    return current_process().set_limit(static_cast<Resource>(resource), wanted);
}

Result<void> prlimit64(int32_t pid, uint32_t resource, VirtAddr new_limit, VirtAddr old_limit)
{
    Limit wanted;
    if (new_limit != VirtAddr{}) wanted = TRY(read_user<Limit>(new_limit));
    Process *process = pid == 0 ? &current_process() : find_process(pid);
    if (!process || process->has_ended()) return Errno::NoProcess;
    if (!is_resource(resource)) return Errno::Invalid;
    Limit before = process->limits().of(static_cast<Resource>(resource));
    if (new_limit != VirtAddr{}) TRY_VOID(process->set_limit(static_cast<Resource>(resource), wanted));
    if (old_limit != VirtAddr{}) return write_user(old_limit, before);
    return {};
}

Result<void> getrusage(int who, VirtAddr usage)
{
    if (who != RusageSelf && who != RusageChildren && who != RusageThread) return Errno::Invalid;
    UserUsage result{};
    if (who != RusageChildren) { // nobody has children yet
        Process &process = current_process();
        Thread &thread = current_thread();
        mm::MemoryCounts counts = process.space().counts();
        CpuTimes times = who == RusageThread ? cpu_times(thread) : cpu_times(process);
        uint64_t peak = counts.resident_peak > counts.resident() ? counts.resident_peak : counts.resident();
        result.user = UserTimeval::of(times.user);
        result.system = UserTimeval::of(times.system);
        result.maximum_resident = static_cast<int64_t>(peak << (mm::PageShift - 10));
        result.minor_faults = static_cast<int64_t>(counts.minor_faults);
        result.major_faults = static_cast<int64_t>(counts.major_faults);
        result.voluntary_switches = static_cast<int64_t>(thread.voluntary_switches);
        result.involuntary_switches = static_cast<int64_t>(thread.involuntary_switches);
    }
    return write_user(usage, result);
}

Result<int64_t> times(VirtAddr buffer)
{
    if (buffer != VirtAddr{}) {
        CpuTimes used = cpu_times(current_process());
        TRY_VOID(write_user(buffer, UserTimes{.user = static_cast<int64_t>(used.user / Tick),
                                              .system = static_cast<int64_t>(used.system / Tick)}));
    }
    return static_cast<int64_t>(clock_nanoseconds() / Tick);
}

} // namespace kernel::syscalls
