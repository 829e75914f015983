// Counting who went first. See contest.hpp.
#include "user/priority/contest.hpp"

#include <algorithm>

namespace exhibit {

namespace {
constexpr std::size_t most_lines = 6; // of an example
}

void Contest::add(const MemoryEvent &event)
{
    if (last_ != 0 && event.sequence != last_ + 1) sides_[0].came = sides_[1].came = 0;
    last_ = event.sequence;
    const auto found = std::ranges::find(processes_, event.id);
    if (found == processes_.end()) return;
    const auto which = static_cast<std::size_t>(found - processes_.begin());
    if (event.what == "WaitsForMemory")
        came(which, event);
    else if (event.what == "GotMemory")
        got(which, event);
    else if (event.what == "PagesIn")
        loads_.push_back({which, event.number});
}

void Contest::came(std::size_t which, const MemoryEvent &event)
{
    if (sides_[1 - which].came == 0) scene_ = {};
    sides_[which].came = event.sequence;
    scene_.lines.push_back(event.line);
}

void Contest::got(std::size_t which, const MemoryEvent &event)
{
    Side &side = sides_[which];
    const Side &other = sides_[1 - which];
    if (side.came == 0) return;
    scene_.lines.push_back(event.line);
    if (other.came != 0) {
        const bool overtakes = side.came > other.came;
        side.first++;
        side.overtook += overtakes;
        scene_.has_both = true;
        scene_.has_overtaking |= overtakes;
    } else if (scene_.has_both && scene_.lines.size() <= most_lines) {
        if (example_.lines.empty() || scene_.has_overtaking > example_.has_overtaking) example_ = scene_;
    }
    side.came = 0;
}

Contest::Outcome Contest::of(std::size_t which) const
{
    std::array<std::size_t, 2> end{}; // behind the last load of each
    for (std::size_t at = 0; at < loads_.size(); ++at) end[loads_[at].which] = at + 1;
    Outcome outcome{.first = sides_[which].first, .overtook = sides_[which].overtook, .loaded = 0};
    for (std::size_t at = 0; at < std::min(end[0], end[1]); ++at)
        if (loads_[at].which == which) outcome.loaded += loads_[at].pages;
    return outcome;
}

} // namespace exhibit
