// Slow and obvious page replacement, to compare mm/replacement and tools/policies with.
#pragma once

#include "tests/host/random.hpp"

#include <vector>

namespace host {

using References = std::vector<unsigned>; // page numbers, in the order in which they are used
using Victims = std::vector<unsigned>;    // page numbers, in the order in which they were given up

struct Outcome {
    Victims victims;
    std::vector<size_t> faults; // the positions of the references that were faults
    bool operator==(const Outcome &) const = default;
};

// Each with room for `capacity` pages.
Outcome fifo_oracle(const References &references, unsigned capacity);
Outcome clock_oracle(const References &references, unsigned capacity);
Outcome lru_oracle(const References &references, unsigned capacity);
// Those that sample: after every so many references; 0: at the first victim, and again whenever an eighth of
// the pages has been given up.
Outcome sampling_lru_oracle(const References &references, unsigned capacity, unsigned every);
Outcome aging_oracle(const References &references, unsigned capacity, unsigned every);
// Of pages that are never used again it gives up any.
Outcome optimal_oracle(const References &references, unsigned capacity);
// The fewest faults that any choice of victims leads to: all of them are tried. For short traces.
unsigned fewest_faults(const References &references, unsigned capacity);

// `length` references to pages below `pages`, with and without locality: all pages alike, or a working set
// that wanders.
References random_references(Random &random, unsigned pages, unsigned length);

// Pages 1 2 3 4 1 2 5 1 2 3 4 5: Belady, Nelson and Shedler, "An anomaly in space-time characteristics of
// certain programs running in a paging machine", CACM 12(6), 1969.
inline const References BeladyReferences{1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5};

} // namespace host
