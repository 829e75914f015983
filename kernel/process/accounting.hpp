// Who used how much processor time (getrusage(2), times(2), CPU-time clocks).
//
// The sum is exact: the clock is read at each switch. How it divides into user and system time is sampled, as
// Linux does by default: at each tick whoever is running is counted, and the sum is divided in that
// proportion. So a system call costs nothing for it.
#pragma once

#include "kernel/process/thread.hpp"
#include "mm/address_space_types.hpp"

namespace kernel {

// getrusage(2).
struct ResourceUsage {
    CpuTimes times;
    uint64_t minor_faults = 0;
    uint64_t major_faults = 0;
    uint64_t resident_peak = 0; // pages; of several processes the largest
    uint64_t voluntary_switches = 0;
    uint64_t involuntary_switches = 0;

    void add(const ResourceUsage &other);
    // What an address space has counted.
    void add_memory(const mm::MemoryCounts &counts);
};

// Times and switches; memory is the process's.
ResourceUsage thread_usage(const Thread &thread);

// The thread stops running: what it used up to `now` is counted.
void charge(Thread &thread, uint64_t now);

// The clock ticked while the thread, which belongs to a process, was running. Enforces RLIMIT_CPU.
void count_tick(Thread &thread);

} // namespace kernel
