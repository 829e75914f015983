// Limits and what was used: getrlimit, setrlimit, prlimit64, getrusage, times.
#include "kernel/cpu/clock.hpp"
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/user_usage.hpp"
#include "kernel/trap/user_copy.hpp"

namespace kernel::syscalls {

namespace {

// struct rlimit is two numbers of 64 bits, as Limit is.
static_assert(sizeof(Limit) == 16);

constexpr int RusageSelf = 0, RusageChildren = -1, RusageThread = 1;

// struct tms, in ticks of 1/100 s.
struct UserTimes {
    int64_t user, system;
    int64_t children_user, children_system;
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
    if (!process) return Errno::NoProcess;
    if (!is_resource(resource)) return Errno::Invalid;
    Limit before = process->limits().of(static_cast<Resource>(resource));
    if (new_limit != VirtAddr{}) TRY_VOID(process->set_limit(static_cast<Resource>(resource), wanted));
    if (old_limit != VirtAddr{}) return write_user(old_limit, before);
    return {};
}

Result<void> getrusage(int who, VirtAddr usage)
{
    if (who != RusageSelf && who != RusageChildren && who != RusageThread) return Errno::Invalid;
    const Process &process = current_process();
    ResourceUsage used = who == RusageChildren ? process.children_usage() : process.usage();
    return write_user(usage, UserUsage::of(used));
}

Result<int64_t> times(VirtAddr buffer)
{
    if (buffer != VirtAddr{}) {
        CpuTimes own = cpu_times(current_process());
        CpuTimes children = current_process().children_usage().times;
        auto ticks = [](uint64_t nanoseconds) { return static_cast<int64_t>(nanoseconds / Tick); };
        TRY_VOID(write_user(buffer, UserTimes{.user = ticks(own.user),
                                              .system = ticks(own.system),
                                              .children_user = ticks(children.user),
                                              .children_system = ticks(children.system)}));
    }
    return static_cast<int64_t>(clock_nanoseconds() / Tick);
}

} // namespace kernel::syscalls
