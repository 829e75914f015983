// A page's frame between its birth and its end: in the ring of pages, from which the reclaimer chooses, and
// freed with its last reference.
#pragma once

#include "mm/page_ring.hpp"

namespace mm {

extern PageRing the_page_ring;
inline PageRing &page_ring()
{
    return the_page_ring;
}

// The frame holds a page from now on, one that may be given up when memory is short. (Before there is a ring,
// at boot and in tests of objects alone, it is held.)
inline void join_ring(PhysAddr frame)
{
    if (page_ring().is_initialised()) [[likely]]
        page_ring().join(static_cast<uint32_t>(frame.page()));
    else
        descriptor(frame).flags |= Frame::Held;
}

// A held page of which no transfer is under way may be chosen from now on.
void let_go(uint32_t frame);

// The rare half of drop_page(): the frame has flags.
void drop_marked_page(PhysAddr frame);

// A device has the frame, of a page or not: one user more or less, who is neither an entry nor an object nor
// the swap cache, and may be the last. The object that a page belongs to stays too: whoever looks at the page
// asks it. Somebody else has the frame when pin() is called.
void pin(PhysAddr frame);
void unpin(PhysAddr frame);

// One user less of a page. True: that was the last one, and the caller frees the frame, which is in no ring
// any more.
inline bool give_up_page(PhysAddr frame)
{
    Frame &own = descriptor(frame);
    if (own.flags != 0) [[unlikely]] {
        drop_marked_page(frame);
        return false;
    }
    // The last user needs no locked operation: nobody else has a reference to make another one from.
    bool was_last = own.references.load(std::memory_order_acquire) == 1 ||
                    own.references.fetch_sub(1, std::memory_order_acq_rel) == 1;
    if (was_last) page_ring().remove(static_cast<uint32_t>(frame.page()));
    return was_last;
}

// The same, and the frame is freed with the last one.
inline void drop_page(PhysAddr frame)
{
    if (give_up_page(frame)) frames().free(frame);
}

} // namespace mm
