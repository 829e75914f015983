// struct rusage (getrusage(2), wait4(2)).
#pragma once

#include "kernel/process/accounting.hpp"
#include "kernel/syscall/user_time.hpp"

namespace kernel::syscalls {

// What Linux leaves at zero is zero here.
struct UserUsage {
    UserTimeval user, system;
    int64_t maximum_resident = 0; // KiB
    int64_t shared_text = 0, unshared_data = 0, unshared_stack = 0;
    int64_t minor_faults = 0, major_faults = 0;
    int64_t swaps = 0, blocks_in = 0, blocks_out = 0, messages_sent = 0, messages_received = 0, signals = 0;
    int64_t voluntary_switches = 0, involuntary_switches = 0;

    static UserUsage of(const ResourceUsage &usage)
    {
        UserUsage result{};
        result.user = UserTimeval::of(usage.times.user);
        result.system = UserTimeval::of(usage.times.system);
        result.maximum_resident = static_cast<int64_t>(usage.resident_peak << (mm::PageShift - 10));
        result.minor_faults = static_cast<int64_t>(usage.minor_faults);
        result.major_faults = static_cast<int64_t>(usage.major_faults);
        result.voluntary_switches = static_cast<int64_t>(usage.voluntary_switches);
        result.involuntary_switches = static_cast<int64_t>(usage.involuntary_switches);
        return result;
    }
};
static_assert(sizeof(UserUsage) == 144);

} // namespace kernel::syscalls
