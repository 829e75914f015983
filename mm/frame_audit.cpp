// The frame allocator's invariants, checked by walking everything.
#include "mm/frame_allocator.hpp"

#include <algorithm>

namespace mm {

using machine::fail;

// Every block on its list: marked, aligned, free all through, and without a free buddy of its own size.
void FrameAllocator::audit_buddies(const Buddies &buddies, uint64_t &free) const
{
    const Frame *frames = machine::frame_array();
    for (unsigned order = 0; order <= MaxOrder; order++) {
        bool marked = buddies.nonempty >> order & 1;
        if (marked != (buddies.first[order] != NoFrame))
            fail("the mark of a free list disagrees with the list");
        uint32_t previous = NoFrame;
        for (uint32_t block = buddies.first[order]; block != NoFrame; block = frames[block].link.next) {
            const Frame &head = frames[block];
            uint64_t size = uint64_t{1} << order;
            if (head.free_order != order + 1) fail("a free list leads to what is no block of its order");
            if (head.link.previous != previous) fail("a free list is linked wrongly");
            if (block % size != 0) fail("a free block is not aligned to its size");
            const Frame &buddy = frames[block ^ size];
            if (order < MaxOrder && buddy.free_order == order + 1) fail("two free buddies did not merge");
            for (uint64_t i = 0; i < size; i++) {
                if (frames[block + i].kind != FrameKind::Free) fail("a frame in a free block is in use");
                if (i != 0 && frames[block + i].free_order != 0) fail("a free block lies in another");
            }
            free += size;
            previous = block;
        }
    }
}

void FrameAllocator::audit_stacks(uint64_t &free) const
{
    const Frame *frames = machine::frame_array();
    auto check = [&](const uint32_t *stack, uint32_t size) {
        for (uint32_t i = 0; i < size; i++) {
            uint32_t number = stack[i];
            if (frames[number].kind != FrameKind::Free) fail("a frame in a processor's stack is in use");
            if (std::find(stack, stack + i, number) != stack + i)
                fail("a frame is twice in a processor's stack");
            for (unsigned order = 0; order <= MaxOrder; order++) {
                const Frame &head = frames[number & ~((1u << order) - 1)];
                if (head.free_order == order + 1)
                    fail("a frame is in a processor's stack and in a free block");
            }
        }
        free += size;
    };
    for (const Processor &processor : processors_) {
        check(processor.stack.data(), processor.stack_size);
        check(processor.zeroed.data(), processor.zeroed_size);
        for (uint32_t i = 0; i < processor.zeroed_size; i++) verify_zeros(processor.zeroed[i]);
    }
}

void FrameAllocator::audit() const
{
    uint64_t free = 0;
    audit_buddies(*buddies_.lock(), free);
    audit_stacks(free);

    FrameCounts found{};
    for_each_frame([&](PhysAddr frame, const Frame &descriptor) {
        if (descriptor.kind >= FrameKind::Count) fail("a frame is of no known kind");
        found[static_cast<size_t>(descriptor.kind)]++;
        if (descriptor.free_order != 0 && descriptor.kind != FrameKind::Free)
            fail("a block that is in use is marked free");
        if (descriptor.kind == FrameKind::Free) verify_poison(frame.page());
    });
    if (found[static_cast<size_t>(FrameKind::Free)] != free)
        fail("a free frame is lost: it is in no list and no stack");
    FrameCounts counted = counts();
    uint64_t sum = 0;
    for (size_t kind = 0; kind < found.size(); kind++) {
        if (found[kind] != counted[kind])
            fail("the counts of frames by kind disagree with their descriptors");
        sum += counted[kind];
    }
    if (sum != total_) fail("the counts of frames by kind do not add up to the total");
}

} // namespace mm
