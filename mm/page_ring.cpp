// What walks the whole ring: sorting it, and checking its invariants.
#include "mm/page_ring.hpp"

#include "mm/replacement.hpp"

#include <array>

namespace mm {

using machine::fail;

// One pass into a bucket for each age, one to link the buckets: time for the pages, not for comparing them.
void PageRing::sort_by_age()
{
    constexpr unsigned Ages = 256;
    struct Bucket {
        uint32_t first, last;
    };
    std::array<Bucket, Ages> buckets;
    buckets.fill({NoFrame, NoFrame});
    uint32_t next;
    for (uint32_t number = oldest(); number != NoFrame; number = next) {
        next = younger(number);
        Bucket &own = buckets[frame(number).age];
        if (own.first == NoFrame)
            own.first = number;
        else
            frame(own.last).list_next = number;
        own.last = number;
    }
    init(head_);
    for (const Bucket &bucket : buckets) {
        for (uint32_t number = bucket.first; number != NoFrame; number = next) {
            next = number == bucket.last ? NoFrame : frame(number).list_next;
            push_young(number);
        }
    }
}

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
