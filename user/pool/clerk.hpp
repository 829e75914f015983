// The two runs of the exhibit "pool", each from the first program to the last.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace exhibit {

struct Job {
    std::string name;
    std::size_t mib = 0; // its table
};

struct Plan {
    std::vector<Job> together, queue;
    std::vector<std::string> leave;
};

// In the pool: tenants leave one after the other as planned, whoever waits comes if there is a hole for it,
// and after each step there is a picture. Ends the program with status 1 when a tenant finds a wrong byte.
void watch_pool(const Plan &plan);

// Under demand paging: all of them at the same time, those of the queue too. Then the figures of both runs.
void watch_paging(const Plan &plan);

} // namespace exhibit
