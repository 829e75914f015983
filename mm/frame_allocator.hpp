// The frame allocator: a binary buddy system over all RAM, and in front of it a small stack of single frames for
// each processor. Running out is a normal answer (Errno::NoMemory).
//
// Physical memory is an array of frames. A free block of order n is 2^n frames, aligned to its own size; its "buddy"
// is the neighbour it was split from. Two free buddies always merge: that is the invariant audit() checks.
#pragma once

#include "lib/result.hpp"
#include "lib/spinlock.hpp"
#include "mm/frame.hpp"
#include "mm/machine.hpp"

#include <array>

namespace mm {

inline constexpr unsigned MaxOrder = 10; // the largest block: 2^10 frames, 4 MiB
using FrameCounts = std::array<uint64_t, static_cast<size_t>(FrameKind::Count)>;

class FrameAllocator {
public:
    constexpr FrameAllocator() = default;
    FrameAllocator(const FrameAllocator &) = delete;
    FrameAllocator &operator=(const FrameAllocator &) = delete;

    // Boot only. Tells the allocator that the frames [first, first + count) are RAM: free to hand out, or in use as
    // `kind`. The descriptors must be backed by memory; ranges must not overlap. Any order, any holes between.
    void add_free(uint64_t first, uint64_t count);
    void add_used(uint64_t first, uint64_t count, FrameKind kind);

    // One frame, or 2^order physically contiguous frames, accounted as `kind`, contents undefined, references 0
    // (single frames of the page kinds: 1, the caller's). NoMemory when there is none.
    Result<PhysAddr> allocate(FrameKind kind);
    Result<PhysAddr> allocate_block(FrameKind kind, unsigned order);

    // Gives back what allocate or allocate_block returned. The caller owns it and no translation leads to it any more.
    void free(PhysAddr frame);
    void free_block(PhysAddr block, unsigned order);

    // One more / one less user of a frame that pages share. drop() frees the frame with its last reference.
    void share(PhysAddr frame);
    void drop(PhysAddr frame);

    // Frames by kind. FrameKind::Free includes the processors' stacks. The sum is total() at all times.
    FrameCounts counts() const;
    uint64_t count(FrameKind kind) const;
    uint64_t free_count() const { return count(FrameKind::Free); }
    uint64_t total() const { return total_; }

    // Returns the frames of all processors' stacks to the buddy system, so that blocks can merge.
    void drain();

    // Walks every free list and descriptor and checks the invariants; in the checked build also the poison of free
    // frames. Calls machine::fail when one is broken.
    void audit() const;

private:
    // … the implementation's business (buddy lists under a guarded lock; per-processor stacks and counters without)
};

// The allocator of this machine. Constant-initialised; tests reset it with reset_frame_allocator().
FrameAllocator &frames();
void reset_frame_allocator();

inline Frame &descriptor(PhysAddr frame) { return machine::frame_array()[frame.page()]; }

} // namespace mm
