// Next uses are found once, from behind; then the page that goes is the last of an ordered set.
#include "tools/policies/optimal.hpp"

namespace policies {

std::vector<uint64_t> next_uses(const Trace &trace)
{
    size_t length = trace.references.size();
    std::vector<uint64_t> next(length), later(trace.pages);
    for (uint32_t page = 0; page < trace.pages; page++) later[page] = length + page;
    for (size_t now = length; now-- > 0;) {
        next[now] = later[trace.references[now]];
        later[trace.references[now]] = now;
    }
    return next;
}

uint32_t Optimal::page_used_at(uint64_t position) const
{
    size_t length = trace_.references.size();
    return position < length ? trace_.references[position] : static_cast<uint32_t>(position - length);
}

bool Optimal::step()
{
    uint32_t page = trace_.references[now_];
    bool is_fault = !is_resident_[page];
    if (!is_fault) {
        uses_.erase(uses_.begin()); // the next use of all is this one
    } else if (uses_.size() == frames_) {
        auto last = std::prev(uses_.end());
        is_resident_[page_used_at(*last)] = false;
        uses_.erase(last);
    }
    is_resident_[page] = true;
    uses_.insert(next_[now_]);
    now_++;
    return is_fault;
}

uint64_t count_optimal_faults(const Trace &trace, const std::vector<uint64_t> &next, uint32_t frames)
{
    Optimal replay(trace, next, frames);
    uint64_t faults = 0;
    for (size_t i = 0; i < trace.references.size(); i++) faults += replay.step();
    return faults;
}

} // namespace policies
