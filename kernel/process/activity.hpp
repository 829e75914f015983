// How busy the machine is, as a whole: times by kind, switches, threads begun (/proc/stat), and how many
// threads wanted to run lately (/proc/loadavg).
#pragma once

#include <array>
#include <cstdint>

namespace kernel {

class Thread;

// Counted since boot; each where it happens.
struct ActivityCounts {
    uint64_t user_ticks = 0, nice_ticks = 0, system_ticks = 0; // whom the clock found running
    uint64_t switches = 0;                                     // from one thread to another
    uint64_t threads = 0;                                      // made for programs
};
extern ActivityCounts activity;

// In nanoseconds since boot. The sum is exact; how it divides is sampled, as for each thread
// (accounting.hpp). None of them ever goes backwards.
struct MachineTimes {
    uint64_t user = 0, nice = 0, system = 0, idle = 0;
};
MachineTimes machine_times();

// The number of runnable threads and of those that wait for a disk, averaged over 1, 5 and 15 minutes with
// weights that decay, in fractions of LoadOne (Linux: kernel/sched/loadavg.c).
inline constexpr unsigned LoadShift = 11;
inline constexpr uint64_t LoadOne = 1 << LoadShift;
using LoadAverages = std::array<uint64_t, 3>;
LoadAverages load_averages();
// The clock ticks, or somebody asks: takes the samples that are due, one in five seconds. Those that nobody
// took in time, the machine was idle.
void sample_load(uint64_t now);

} // namespace kernel
