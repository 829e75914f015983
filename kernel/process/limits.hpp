// Resource limits (getrlimit(2)): sixteen pairs of soft and hard values a process.
#pragma once

#include "lib/result.hpp"
#include "mm/address_space.hpp"

#include <array>
#include <cstdint>

namespace kernel {

using lib::Errno;
using lib::Result;

// Numbers of RLIMIT_… (include/uapi/asm-generic/resource.h).
enum class Resource : unsigned {
    Cpu = 0,
    FileSize = 1,
    Data = 2,
    Stack = 3,
    Core = 4,
    ResidentSet = 5,
    Processes = 6,
    OpenFiles = 7,
    LockedMemory = 8,
    AddressSpace = 9,
    Locks = 10,
    PendingSignals = 11,
    MessageQueues = 12,
    Nice = 13,
    RealTimePriority = 14,
    RealTimeTime = 15,
};
inline constexpr unsigned ResourceCount = 16;
inline constexpr uint64_t LimitInfinity = UINT64_MAX; // RLIM_INFINITY
// More open files than this nobody may ask for (Linux's fs.nr_open): EPERM even for root.
inline constexpr uint64_t MaxOpenFiles = 1048576;

struct Limit {
    uint64_t soft = LimitInfinity;
    uint64_t hard = LimitInfinity;
};

class ResourceLimits {
public:
    // What Linux gives its first process, on a machine with `ram` bytes of memory (two of the limits follow
    // from it).
    static ResourceLimits defaults(uint64_t ram);

    const Limit &of(Resource resource) const { return limits_[static_cast<unsigned>(resource)]; }
    uint64_t soft(Resource resource) const { return of(resource).soft; }

    // setrlimit(2) by root, who may raise hard limits. Invalid: soft above hard. NotPermitted: MaxOpenFiles.
    Result<void> set(Resource resource, Limit limit);

    // The part that memory needs to know. Process::set_limit keeps the address space's copy up to date.
    mm::MemoryLimits memory_limits() const;

private:
    std::array<Limit, ResourceCount> limits_;
};

} // namespace kernel
