// One sequence of requests, the same for every policy and at every run, and what a heap made of it.
#pragma once

#include "user/heap/free_list_heap.hpp"

#include <cstddef>

namespace heap {

struct Workload {
    std::size_t requests = 0;
    std::size_t refused = 0;
    double looked_at = 0;   // holes looked at, per request
    double utilisation = 0; // these two: averages over the states after each request
    double fragmentation = 0;
};

// Plays `requests` requests on an empty heap in a room of `bytes` bytes. There are some places for blocks;
// each request picks one of them at random, frees the block there, and allocates one of another size: three
// of four small (up to 1/64 of the room), the others up to 1/10 of it. What is refused leaves its place
// empty.
Workload play(Room &room, Policy policy, std::size_t bytes, std::size_t requests);

} // namespace heap
