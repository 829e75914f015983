// A window that slides over the trace, with a count of the uses in it for each page.
#include "tools/policies/working_set.hpp"

#include <algorithm>

namespace policies {

namespace {

// What happened before the first time that the trace says, happened at the start.
std::vector<uint64_t> time_of_each(const Trace &trace)
{
    std::vector<uint64_t> times(trace.references.size(), 0);
    for (size_t i = 0; i < trace.times.size(); i++) {
        size_t end = i + 1 < trace.times.size() ? trace.times[i + 1].reference : times.size();
        std::fill(times.begin() + static_cast<ptrdiff_t>(trace.times[i].reference),
                  times.begin() + static_cast<ptrdiff_t>(end), trace.times[i].nanoseconds);
    }
    return times;
}

} // namespace

uint64_t usual_window(const Trace &trace)
{
    return std::max<uint64_t>((trace.times.back().nanoseconds - trace.times.front().nanoseconds) / 20, 1);
}

WorkingSet working_set(const Trace &trace, uint64_t window, unsigned samples)
{
    std::vector<uint64_t> times = time_of_each(trace);
    std::vector<uint32_t> uses(trace.pages);
    WorkingSet result{.window = window, .points = {}};
    uint64_t begin = trace.times.front().nanoseconds, length = trace.times.back().nanoseconds - begin;
    size_t first = 0, end = 0; // the references in the window
    uint32_t pages = 0;
    for (unsigned i = 1; i <= samples; i++) {
        uint64_t now = begin + static_cast<uint64_t>(static_cast<unsigned __int128>(length) * i / samples);
        for (; end < times.size() && times[end] <= now; end++) pages += uses[trace.references[end]]++ == 0;
        for (; first < end && now - times[first] >= window; first++)
            pages -= --uses[trace.references[first]] == 0;
        result.points.push_back({now, pages});
    }
    return result;
}

} // namespace policies
