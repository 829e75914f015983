// /proc/pool, which Vitrine has when it was started with memory=pool.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace exhibit {

// A piece, or a hole.
struct Extent {
    std::uint64_t begin = 0, end = 0; // physical addresses
    std::size_t kib = 0;
    pid_t pid = 0;    // 0: a hole
    std::string name; // its program's

    bool is_hole() const { return pid == 0; }
};

// All of it at one moment.
struct PoolState {
    std::string fit;
    std::size_t kib = 0, free_kib = 0, holes = 0, largest_kib = 0;
    std::size_t refused = 0, refused_kib = 0; // how many programs so far, and what the last one wanted
    std::string refused_name;
    std::size_t waiting = 0, started = 0; // of the queue
    std::vector<Extent> extents;          // by rising address
};

// Nothing: there is no pool.
std::optional<PoolState> read_pool();

} // namespace exhibit
