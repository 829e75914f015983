// Giving pages up: to where they came from, if that is still the same (a file, a slot on a swap device), or
// to a swap device in runs of neighbours.
#pragma once

#include <cstdint>
#include <span>

namespace mm {

struct PagedOut {
    unsigned freed = 0;   // frames that are free now
    unsigned started = 0; // pages on their way out: their frames are free when they have arrived
};

// The most pages that one call takes.
inline constexpr unsigned MaxPageOut = 128;

// Tries to give up these pages (frame numbers), which the caller has taken out of the ring and marked Held.
// What cannot go now (locked, in use by a device, no slot or transfer for it) is back in the ring afterwards,
// as a young page. The order of `pages` is changed. The caller holds no lock. Never sleeps.
PagedOut page_out(std::span<uint32_t> pages);

// Takes a page out of the ring, for page_out(). False: it is not in the ring.
bool hold_page(uint32_t frame);

} // namespace mm
