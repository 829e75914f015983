#include "kernel/process/limits.hpp"

namespace kernel {

namespace {

constexpr uint64_t MiB = 1024 * 1024;
// Linux allows as many threads as fit into an eighth of memory with their stacks and the like (fork.c,
// set_max_threads), and a process half of them.
constexpr uint64_t ThreadCost = 16384;

} // namespace

// Linux's INIT_RLIMITS (include/asm-generic/resource.h).
ResourceLimits ResourceLimits::defaults(uint64_t ram)
{
    ResourceLimits limits;
    auto limit = [&](Resource resource) -> Limit & {
        return limits.limits_[static_cast<unsigned>(resource)];
    };
    uint64_t threads = ram / (8 * ThreadCost) / 2;
    limit(Resource::Stack).soft = 8 * MiB;
    limit(Resource::Core).soft = 0;
    limit(Resource::Processes) = {threads, threads};
    limit(Resource::OpenFiles) = {1024, 4096};
    limit(Resource::LockedMemory) = {8 * MiB, 8 * MiB};
    limit(Resource::PendingSignals) = {threads, threads};
    limit(Resource::MessageQueues) = {819200, 819200};
    limit(Resource::Nice) = {0, 0};
    limit(Resource::RealTimePriority) = {0, 0};
    return limits;
}

Result<void> ResourceLimits::set(Resource resource, Limit limit)
{
    if (limit.soft > limit.hard) return Errno::Invalid;
    if (resource == Resource::OpenFiles && limit.hard > MaxOpenFiles) return Errno::NotPermitted;
    limits_[static_cast<unsigned>(resource)] = limit;
    return {};
}

mm::MemoryLimits ResourceLimits::memory_limits() const
{
    return {.address_space = soft(Resource::AddressSpace),
            .data = soft(Resource::Data),
            .data_maximum = of(Resource::Data).hard,
            .stack = soft(Resource::Stack),
            .locked = soft(Resource::LockedMemory)};
}

} // namespace kernel
