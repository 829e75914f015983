// What has happened to memory lately, for people: a ring of the last events, and counts of all (proc(5),
// /proc/vmstat). Only where something slow happens anyway: the fast path of a fault notes nothing.
#pragma once

#include <array>
#include <cstdint>

namespace mm {

// Names as /proc/vmstat has them, with the same meaning.
struct MemoryCounters {
    uint64_t pswpin = 0, pswpout = 0;     // pages read from and written to swap
    uint64_t pgfault = 0, pgmajfault = 0; // of spaces that are gone; the living count their own
    uint64_t pgscan = 0;                  // pages that a policy looked at
    uint64_t pgsteal = 0;                 // pages given up: frames that became free
    uint64_t allocstall = 0; // times that a program had to free memory itself before it could go on
    uint64_t oom_kill = 0;
    uint64_t swap_ra = 0, swap_ra_hit = 0; // pages read ahead, and those of them that were used
};
MemoryCounters &memory_counters();

struct MemoryEvent {
    enum class What : uint8_t {
        WaitsForMemory, // `id`, with `number` its priority + 20: no frame is free
        GotMemory,      // `id`: it goes on
        PagesIn,        // `id` has `number` pages brought in; page: the one it asked for
        PagesOut,       // `number` pages go out to slots from `slot` on
        Dropped,        // `number` pages went that were on disk or in a file already
        ReadFailed,     // `id`, page, slot: SIGBUS for those who need it
        WriteFailed,    // slot: bad from now on
        OutOfMemory,    // `id`: nothing could be freed
    };
    uint64_t sequence = 0; // from 1 on; 0: no event
    What what{};
    uint32_t id = 0;
    uint32_t number = 0;
    uint32_t slot = 0;
    uint64_t page = 0; // virtual page number
};

// Notes an event; its sequence number is set here.
void note(MemoryEvent event);
// The event with this number; sequence 0: it is too old, or has not happened yet.
MemoryEvent memory_event(uint64_t sequence);
// The number of the last one.
uint64_t last_memory_event();

} // namespace mm
