// The working set: the pages that a program used in the last `window` of its time. (Denning, "The working set
// model for program behavior", CACM 11(5), 1968.) A page is in use from the time that its reference has to
// the next time that the trace says: a recording notes when an interval begins, and nothing of what is used
// again before it ends.
#pragma once

#include "tools/policies/trace.hpp"

#include <vector>

namespace policies {

struct WorkingSet {
    struct Point {
        uint64_t time;  // nanoseconds after the start
        uint32_t pages; // different ones that were in use in (time - window, time]
    };
    uint64_t window; // nanoseconds
    std::vector<Point> points;
};

// A twentieth of the time that the trace took, but no less than 1 ns.
uint64_t usual_window(const Trace &trace);

// Its size at `samples` instants, equally far apart, the last one at the trace's last time. The trace has
// times.
WorkingSet working_set(const Trace &trace, uint64_t window, unsigned samples);

} // namespace policies
