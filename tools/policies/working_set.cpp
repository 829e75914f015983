// A window that slides over the trace, with a count of the uses in it for each page.
#include "tools/policies/working_set.hpp"

#include <algorithm>

namespace policies {

namespace {

// From when to when each page was in use. What happened before the first time that the trace says, happened
// at the start; what happened after the last one, at that time.
struct Uses {
    std::vector<uint64_t> begin, end;
};

Uses uses_of(const Trace &trace)
{
    Uses uses{std::vector<uint64_t>(trace.references.size(), 0),
              std::vector<uint64_t>(trace.references.size(), 0)};
    auto fill = [](std::vector<uint64_t> &times, size_t begin, size_t end, uint64_t value) {
        std::fill(times.begin() + static_cast<ptrdiff_t>(begin), times.begin() + static_cast<ptrdiff_t>(end),
                  value);
    };
    for (size_t i = 0; i < trace.times.size(); i++) {
        bool is_last = i + 1 == trace.times.size();
        size_t begin = trace.times[i].reference;
        size_t end = is_last ? trace.references.size() : trace.times[i + 1].reference;
        fill(uses.begin, begin, end, trace.times[i].nanoseconds);
        fill(uses.end, begin, end, trace.times[is_last ? i : i + 1].nanoseconds);
    }
    return uses;
}

} // namespace

uint64_t usual_window(const Trace &trace)
{
    return std::max<uint64_t>((trace.times.back().nanoseconds - trace.times.front().nanoseconds) / 20, 1);
}

WorkingSet working_set(const Trace &trace, uint64_t window, unsigned samples)
{
    Uses times = uses_of(trace);
    std::vector<uint32_t> uses(trace.pages);
    WorkingSet result{.window = window, .points = {}};
    uint64_t begin = trace.times.front().nanoseconds, length = trace.times.back().nanoseconds - begin;
    size_t first = 0, end = 0; // the references in the window
    uint32_t pages = 0;
    for (unsigned i = 1; i <= samples; i++) {
        uint64_t now = begin + static_cast<uint64_t>(static_cast<unsigned __int128>(length) * i / samples);
        for (; end < times.begin.size() && times.begin[end] <= now; end++)
            pages += uses[trace.references[end]]++ == 0;
        for (; first < end && times.end[first] <= now && now - times.end[first] >= window; first++)
            pages -= --uses[trace.references[first]] == 0;
        result.points.push_back({now, pages});
    }
    return result;
}

} // namespace policies
