// The checked build's traps for those who use a frame that is not theirs: a freed frame is filled with a
// pattern, and the pattern must still be there when the frame is handed out again. The default build has none
// of this.
#include "mm/frame_allocator.hpp"

namespace mm {

#if VITRINE_CHECKED

namespace {

// As an address it is not canonical: following a pointer out of a freed frame faults at once.
constexpr uint64_t Poison = 0xdead'f4ee'dead'f4ee;
constexpr uint64_t Words = PageSize / sizeof(uint64_t);

bool holds_only(uint64_t number, uint64_t pattern)
{
    auto *words = static_cast<const uint64_t *>(machine::window(PhysAddr::of_page(number)));
    uint64_t differs = 0;
    for (uint64_t i = 0; i < Words; i++) differs |= words[i] ^ pattern;
    return differs == 0;
}

} // namespace

void FrameAllocator::poison(uint64_t number)
{
    auto *words = static_cast<uint64_t *>(machine::window(PhysAddr::of_page(number)));
    for (uint64_t i = 0; i < Words; i++) words[i] = Poison;
    machine::frame_array()[number].flags |= Frame::Poisoned;
}

// Frames that were never in use since boot are not poisoned: filling all of RAM would take its time.
void FrameAllocator::verify_poison(uint64_t number)
{
    if (machine::frame_array()[number].flags & Frame::Poisoned && !holds_only(number, Poison))
        machine::fail("a frame was written to after it was freed");
}

void FrameAllocator::verify_zeros(uint64_t number)
{
    if (!holds_only(number, 0)) machine::fail("a frame that should be all zeros is not");
}

void FrameAllocator::check_freed(PhysAddr frame) const
{
    const Frame &freed = descriptor(frame);
    if (freed.kind == FrameKind::Free) machine::fail("a frame is freed twice");
    if (freed.references.load(std::memory_order_relaxed) > 1)
        machine::fail("a frame is freed that others still use");
    if (watch_free != nullptr) watch_free(frame);
}

void FrameAllocator::fail_allocations(uint64_t successes, uint64_t failures)
{
    successes_left_ = failures == 0 ? UINT64_MAX : successes;
    failures_left_ = failures;
}

#endif

} // namespace mm
