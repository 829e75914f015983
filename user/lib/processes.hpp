// What /proc says about any process, and about the machine. A process can end at any time: then there is no
// answer.
#pragma once

#include <cstddef>
#include <string>
#include <sys/types.h>
#include <vector>

namespace exhibit {

// All that are there, by rising id.
std::vector<pid_t> processes();

// The program file it runs (exe); empty if it has ended or is somebody else's.
std::string program_of(pid_t pid);

// The name it bears (comm): the program's, or what the process set with prctl(PR_SET_NAME).
std::string name_of(pid_t pid);

// Address space and memory. VmRSS in status would be simpler, but Linux may be some pages behind there
// (proc.hpp): memory is the sum over smaps. Zeros for a process that has ended.
struct Footprint {
    std::size_t size_kib = 0;
    std::size_t resident_kib = 0;
};
Footprint footprint_of(pid_t pid);

// The same for several at a moment, the machine's free memory, and what this process, one of them, has.
struct Footprints {
    std::vector<Footprint> each;
    Footprint sum, own;
    std::size_t free_kib = 0;
};
Footprints footprints_of(const std::vector<pid_t> &pids);

// Of a process whose pages come and go: stat, and VmRSS, VmSwap and VmLck in status.
struct Paging {
    char state = 'X'; // R: runs, or could; D: waits for memory or a disk; X: has ended
    std::size_t minor_faults = 0, major_faults = 0;
    std::size_t locked_kib = 0;
    std::size_t frames = 0, slots = 0; // its pages in memory that are not locked, and those on swap
};
Paging paging_of(pid_t pid);

// A figure of /proc/meminfo ("MemTotal"), 0 if the kernel does not tell it.
std::size_t meminfo_kib(const char *name);

// A count of /proc/vmstat ("pgfault"), 0 if the kernel does not tell it.
std::size_t vmstat_count(const char *name);

// Pages that came from swap devices and went there since the machine was started (/proc/vmstat).
struct PagesMoved {
    std::size_t in = 0, out = 0;
};
PagesMoved pages_moved();

} // namespace exhibit
