// The optimal policy: the page goes that is not needed for the longest time. No kernel can know that; a
// replay does, and so it is the measure for all others. (Belady, "A study of replacement algorithms for a
// virtual-storage computer", IBM Systems Journal 5(2), 1966: MIN.)
#pragma once

#include "tools/policies/trace.hpp"

#include <set>
#include <vector>

namespace policies {

// For each reference when its page is used next: the position in the trace. Pages that are used no more have
// positions behind the end, each its own: they go first, in a fixed order.
std::vector<uint64_t> next_uses(const Trace &trace);

class Optimal {
public:
    // `next`: next_uses(trace). Both must outlive this.
    Optimal(const Trace &trace, const std::vector<uint64_t> &next, uint32_t frames)
        : trace_(trace), next_(next), frames_(frames), is_resident_(trace.pages)
    {}

    // The next reference of the trace. True: it was a fault.
    bool step();
    bool holds(uint32_t page) const { return is_resident_[page]; }

private:
    uint32_t page_used_at(uint64_t position) const;

    const Trace &trace_;
    const std::vector<uint64_t> &next_;
    uint32_t frames_;
    size_t now_ = 0;
    std::vector<bool> is_resident_;
    std::set<uint64_t> uses_; // the next use of each page in memory: no two have the same
};

uint64_t count_optimal_faults(const Trace &trace, const std::vector<uint64_t> &next, uint32_t frames);

} // namespace policies
