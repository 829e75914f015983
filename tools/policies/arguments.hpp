// What the replay was asked for on its command line.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace policies {

struct Arguments {
    std::string trace;
    // Frame counts from first to last, every step-th. 0: as the trace suggests (frame_counts).
    uint32_t first = 0, last = 0, step = 0;
    // Lru and Aging sample after so many references; 0 (`kernel`): as the kernel does. Without a word Lru
    // does after every reference, which is exact, and Aging as the kernel does.
    uint64_t sample_lru = 1, sample_aging = 0;
    uint32_t at_once = 1;         // pages given up when memory is full
    std::string csv, working_set; // files to write; empty: none
    uint64_t window = 0;          // of the working set, nanoseconds; 0: the usual one
};

inline constexpr uint32_t MostFrames = 1 << 20; // 4 GiB of memory

// A sentence for who typed it.
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Throws UsageError.
Arguments parse_arguments(const std::vector<std::string> &words);

// The frame counts to replay with: as asked, the last one always among them. When nothing was asked, from 1
// to as many as the trace has pages. Without a step, at most 40 counts, equally far apart.
std::vector<uint32_t> frame_counts(const Arguments &arguments, uint32_t pages);

} // namespace policies
