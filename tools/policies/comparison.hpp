// The comparison: every policy with every frame count, as a table to read and as one for programs.
#pragma once

#include "tools/policies/arguments.hpp"
#include "tools/policies/trace.hpp"

#include <ostream>
#include <string>
#include <vector>

namespace policies {

struct Comparison {
    struct Column {
        std::string name;
        std::vector<double> faults; // by frame count; of Random a mean, so not always whole
    };
    std::vector<uint32_t> frames;
    std::vector<Column> columns;
    size_t references;
};

// Random is replayed with so many seeds, 1, 2, 3 …, and the mean is taken.
inline constexpr unsigned Seeds = 5;

Comparison compare(const Trace &trace, const Arguments &arguments);

// Faults, and in percent of the references.
void print_table(std::ostream &to, const Comparison &comparison);
// A line of names, then a line for each frame count: frames,references,… and the faults of each policy.
void print_csv(std::ostream &to, const Comparison &comparison);

} // namespace policies
