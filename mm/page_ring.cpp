// The ring's invariants, checked by walking it.
#include "mm/page_ring.hpp"

#include "mm/replacement.hpp"

namespace mm {

using machine::fail;

uint64_t PageRing::audit() const
{
    if (!is_initialised()) return 0;
    uint64_t pages = 0, end = frames().end_of_ram();
    uint32_t number = head_;
    for (;;) {
        uint32_t next = frame(number).list_next;
        if (next != head_ && next >= end) fail("the ring of pages leads to where no frame is");
        // Each has one predecessor, so the walk cannot come back to any but the head.
        if (frame(next).list_previous != number) fail("the ring of pages is linked wrongly");
        if (next == head_) return pages;
        if (!is_candidate(frame(next))) fail("a frame is in the ring of pages that must not be chosen");
        number = next;
        pages++;
    }
}

} // namespace mm
