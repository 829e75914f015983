// The ring of the last events.
#include "mm/memory_events.hpp"

namespace mm {

namespace {

constexpr unsigned Kept = 1024;

constinit MemoryCounters counters;
[[gnu::section(".bss.large")]] constinit std::array<MemoryEvent, Kept> events;
constinit uint64_t last = 0;

} // namespace

MemoryCounters &memory_counters()
{
    return counters;
}

void note(MemoryEvent event)
{
    event.sequence = ++last;
    events[event.sequence % Kept] = event;
}

MemoryEvent memory_event(uint64_t sequence)
{
    const MemoryEvent &event = events[sequence % Kept];
    return event.sequence == sequence ? event : MemoryEvent{};
}

uint64_t last_memory_event()
{
    return last;
}

} // namespace mm
