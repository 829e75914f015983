// The hash table of the swap cache: chains through a table with one entry a frame.
#include "mm/swap_cache.hpp"

#include "mm/kernel_heap.hpp"
#include "mm/page_frame.hpp"
#include "mm/swap.hpp"

#include <bit>

namespace mm {

constinit SwapCache the_swap_cache;

template <typename Element> Result<void> SwapCache::Table<Element>::allocate(uint64_t elements)
{
    count = (elements + PerFrame - 1) / PerFrame;
    parts = static_cast<Element **>(heap_allocate(count * sizeof(Element *)));
    if (parts == nullptr) return Errno::NoMemory;
    for (uint64_t i = 0; i < count; i++) {
        parts[i] = static_cast<Element *>(heap_allocate(PageSize));
        if (parts[i] == nullptr) {
            count = i;
            free();
            return Errno::NoMemory;
        }
    }
    return {};
}

template <typename Element> void SwapCache::Table<Element>::free()
{
    for (uint64_t i = 0; i < count; i++) heap_free(parts[i]);
    heap_free(parts);
    parts = nullptr;
}

Result<void> SwapCache::prepare()
{
    if (entries_.parts != nullptr) return {};
    uint64_t frame_count = frames().end_of_ram();
    auto bits = static_cast<unsigned>(std::bit_width(frame_count / 2));
    TRY_VOID(entries_.allocate(frame_count));
    if (auto made = chains_.allocate(uint64_t{1} << bits); !made.ok()) {
        entries_.free();
        return made;
    }
    for (uint64_t i = 0; i < uint64_t{1} << bits; i++) chains_[i] = NoFrame;
    chain_shift_ = 32 - bits;
    return {};
}

void SwapCache::release()
{
    if (size_ != 0) machine::fail("the swap cache is given up with pages in it");
    if (entries_.parts == nullptr) return;
    entries_.free();
    chains_.free();
}

uint32_t SwapCache::find(SwapSlot slot) const
{
    if (size_ == 0) return NoFrame;
    uint32_t frame = chain(slot);
    while (frame != NoFrame && entry(frame).slot != slot) frame = entry(frame).next;
    return frame;
}

void SwapCache::insert(SwapSlot slot, uint32_t frame)
{
    uint32_t &first = chain(slot);
    entry(frame) = {slot, first};
    first = frame;
    machine::frame_array()[frame].flags |= Frame::SwapCached;
    size_++;
}

SwapSlot SwapCache::remove(uint32_t frame)
{
    SwapSlot slot = entry(frame).slot;
    uint32_t *link = &chain(slot);
    while (*link != frame) {
        if (*link == NoFrame) machine::fail("a page is not in the swap cache where its frame says it is");
        link = &entry(*link).next;
    }
    *link = entry(frame).next;
    uint8_t &flags = machine::frame_array()[frame].flags;
    if (flags & Frame::WriteFailed) stuck_--;
    flags &= static_cast<uint8_t>(~(Frame::SwapCached | Frame::WriteFailed));
    size_--;
    return slot;
}

void SwapCache::set_stuck(uint32_t frame)
{
    uint8_t &flags = machine::frame_array()[frame].flags;
    if (!(flags & Frame::WriteFailed)) stuck_++;
    flags |= Frame::WriteFailed;
}

SwapSlot SwapCache::move(uint32_t frame, SwapSlot slot)
{
    SwapSlot old = remove(frame);
    insert(slot, frame);
    return old;
}

void forget_cached(uint32_t frame)
{
    SwapSlot slot = swap_cache().remove(frame);
    release_slot(slot);
    drop_page(PhysAddr::of_page(frame));
}

void SwapCache::audit() const
{
    uint64_t found = 0;
    frames().for_each_frame([&](PhysAddr at, const Frame &frame) {
        if (frame.kind == FrameKind::Free || !(frame.flags & Frame::SwapCached)) return;
        found++;
        auto number = static_cast<uint32_t>(at.page());
        if (frame.kind != FrameKind::Anonymous)
            machine::fail("the swap cache has a page that is not anonymous");
        if (frame.references.load(std::memory_order_relaxed) == 0)
            machine::fail("the swap cache has a page without a reference");
        if (find(slot_of(number)) != number)
            machine::fail("a page in the swap cache is not found by its slot");
        if (slot_users(slot_of(number)) == 0) machine::fail("the swap cache has a slot that is free");
    });
    if (found != size_) machine::fail("the swap cache miscounts its pages");
}

} // namespace mm
