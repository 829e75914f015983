// Counting who went first. See contest.hpp.
#include "user/priority/contest.hpp"

#include <algorithm>

namespace exhibit {

namespace {
constexpr std::size_t most_lines = 6; // of an example
}

void Contest::add(const MemoryEvent &event)
{
    if (last_ != 0 && event.sequence != last_ + 1) {
        missed_ += event.sequence - last_ - 1;
        for (Side &side : sides_) side.came = 0;
    }
    last_ = event.sequence;
    const auto found = std::ranges::find(processes_, event.id);
    if (found == processes_.end()) return;
    const auto which = static_cast<std::size_t>(found - processes_.begin());
    if (event.what == "WaitsForMemory")
        came(which, event);
    else if (event.what == "GotMemory")
        got(which, event);
    else if (event.what == "PagesIn")
        loads(which, event);
}

void Contest::came(std::size_t which, const MemoryEvent &event)
{
    Side &side = sides_[which];
    if (sides_[1 - which].came == 0) scene_ = {};
    side.came = event.sequence;
    side.was_first = side.got_memory = false;
    scene_.lines.push_back(event.line);
}

void Contest::got(std::size_t which, const MemoryEvent &event)
{
    Side &side = sides_[which];
    const Side &other = sides_[1 - which];
    if (side.came == 0) return;
    side.got_memory = true;
    scene_.lines.push_back(event.line);
    if (other.came != 0) {
        const bool overtakes = side.came > other.came;
        side.was_first = true;
        side.outcome.first++;
        side.outcome.overtook += overtakes;
        scene_.has_both = true;
        scene_.has_overtaking |= overtakes;
    }
    side.came = 0;
    if (other.came == 0) end_scene();
}

void Contest::loads(std::size_t which, const MemoryEvent &event)
{
    Side &side = sides_[which];
    if (side.got_memory) {
        scene_.lines.push_back(event.line);
        side.outcome.loaded += side.was_first;
        scene_.has_loading |= side.was_first;
    }
    side.was_first = side.got_memory = false;
}

void Contest::end_scene()
{
    if (!scene_.has_both || scene_.lines.size() > most_lines) return;
    if (example_.lines.empty() || scene_.worth() > example_.worth()) example_ = scene_;
}

} // namespace exhibit
