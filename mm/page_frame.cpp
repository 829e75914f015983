// The ring of pages, and the end of pages that are more than mapped memory.
#include "mm/page_frame.hpp"

#include "mm/memory_object.hpp"
#include "mm/pool.hpp"
#include "mm/swap.hpp"
#include "mm/swap_cache.hpp"

namespace mm {

constinit PageRing the_page_ring;

void let_go(uint32_t number)
{
    Frame &frame = machine::frame_array()[number];
    if (!(frame.flags & Frame::Held) || frame.flags & Frame::Busy) return;
    frame.flags &= static_cast<uint8_t>(~Frame::Held);
    page_ring().push_young(number);
}

void drop_marked_page(PhysAddr address)
{
    Frame &frame = descriptor(address);
    auto number = static_cast<uint32_t>(address.page());
    uint32_t left = frame.references.fetch_sub(1, std::memory_order_acq_rel) - 1;
    if (left == 0 && frame.flags & Frame::OfPool) {
        pool().return_frame(address);
    } else if (left == 0) {
        if (!(frame.flags & Frame::Held)) page_ring().remove(number);
        frame.flags = 0;
        frames().free(address);
    } else if (left == 1 && frame.flags & Frame::SwapCached && !(frame.flags & Frame::Busy)) {
        // Only the swap cache still has it. If nobody has its slot either, the page is gone.
        if (slot_users(swap_cache().slot_of(number)) == 1) forget_cached(number);
    }
}

namespace {

// The object of a page; of other frames nullptr.
MemoryObject *object_of(PhysAddr frame)
{
    const Frame &own = descriptor(frame);
    bool is_page = own.kind == FrameKind::Anonymous || own.kind == FrameKind::File;
    return is_page ? own.object : nullptr;
}

} // namespace

void pin(PhysAddr frame)
{
    if (MemoryObject *object = object_of(frame)) object->share();
    frames().share(frame);
}

void unpin(PhysAddr frame)
{
    MemoryObject *object = object_of(frame);
    frames().drop(frame);
    if (object != nullptr) object->drop();
}

} // namespace mm
