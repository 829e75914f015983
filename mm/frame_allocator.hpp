// The frame allocator: a binary buddy system over all RAM, and in front of it small stacks of single frames
// for each processor. Running out is a normal answer (Errno::NoMemory).
//
// Physical memory is an array of frames. A free block of order n is 2^n frames, aligned to its own size; its
// "buddy" is the neighbour it was split from. Two free buddies always merge: that is the invariant audit()
// checks.
//
// Single frames, which is nearly all that is ever asked for, come from the processor's own stack: no lock, no
// atomic operation, some twenty instructions. The kernel is not preempted and interrupts come here only where
// nothing is under way, so nobody else touches a processor's stack.
//
// The last frames are a reserve: pages of programs and files are refused when only that is left, so that page
// tables and the kernel's heap can still grow while memory is being made free (mm/reclaim.hpp).
#pragma once

#include "lib/result.hpp"
#include "lib/spinlock.hpp"
#include "mm/frame.hpp"
#include "mm/machine.hpp"

#include <array>

namespace mm {

using lib::Errno;
using lib::Result;

inline constexpr unsigned MaxOrder = 10; // the largest block: 2^10 frames, 4 MiB
using FrameCounts = std::array<uint64_t, static_cast<size_t>(FrameKind::Count)>;

inline Frame &descriptor(PhysAddr frame)
{
    return machine::frame_array()[frame.page()];
}

class FrameAllocator {
public:
    constexpr FrameAllocator() = default;
    FrameAllocator(const FrameAllocator &) = delete;
    FrameAllocator &operator=(const FrameAllocator &) = delete;

    // Boot only. Tells the allocator that the frames [first, first + count) are RAM: free to hand out, or in
    // use as `kind`. Their descriptors, and those up to the next multiple of 2^MaxOrder frames on both sides,
    // must be backed by memory and all zeros; ranges must not overlap. Any order, any holes between.
    void add_free(uint64_t first, uint64_t count);
    void add_used(uint64_t first, uint64_t count, FrameKind kind);

    // One frame with one reference, the caller's; or 2^order physically contiguous frames. Accounted as
    // `kind`, contents undefined. NoMemory when there is none. (Frames in another processor's stacks are not
    // found: at most StackCapacity + ZeroedCapacity of them each.)
    Result<PhysAddr> allocate(FrameKind kind);
    Result<PhysAddr> allocate_block(FrameKind kind, unsigned order);
    // Boot only: a run of `pages` frames (not 0), which may be longer than any block, for as long as the
    // machine runs; and the longest that there is. The lowest run that is long enough. Slow; see drain().
    // NoMemory.
    Result<PhysAddr> take_extent(uint64_t pages, FrameKind kind);
    uint64_t longest_extent();
    // A frame of the pool becomes a page's, or the other way round: then nothing leads to it any more, as
    // with free(). Changes what it is counted as and nothing else.
    void change_kind(PhysAddr frame, FrameKind kind);
    // One frame full of zeros, from free_zeroed() if there is one: page tables.
    Result<PhysAddr> allocate_zeroed(FrameKind kind);

    // How many frames pages may not take, and below how many the reclaimer is woken. Both 0 at first.
    void set_watermarks(uint64_t reserve, uint64_t low);
    // Whether a page fault, tried again, finds all that it could need: a file's page and a copy of it, three
    // tables, and a node of the kernel's heap. With less it could take the last frames, miss one, give all
    // back, and so on for ever.
    bool has_for_pages() const;
    static constexpr uint64_t MostForOneFault = 6;
    // Free frames that are not in a processor's stack: what the watermarks are held against.
    uint64_t pooled() const { return buddies_.lock()->free; }

    // Gives back what allocate or allocate_block returned. The caller owns it and no translation leads to it
    // any more.
    void free(PhysAddr frame);
    void free_block(PhysAddr block, unsigned order);
    // The same as free() for each of these frame numbers: cheaper for many.
    void free_each(const uint32_t *numbers, unsigned count);
    // The same for a frame that is known to be all zeros. Some are kept to be handed out without zeroing
    // again.
    void free_zeroed(PhysAddr frame);

    // One more / one less user of a frame. drop() frees the frame with its last reference. Of a page or of
    // any other frame; who knows that it is a page may say drop_page() (mm/page_frame.hpp).
    void share(PhysAddr frame) { descriptor(frame).references.fetch_add(1, std::memory_order_relaxed); }
    void drop(PhysAddr frame);

    // Frames by kind. FrameKind::Free includes the processors' stacks. The sum is total() at all times.
    FrameCounts counts() const;
    uint64_t count(FrameKind kind) const;
    uint64_t free_count() const { return count(FrameKind::Free); }
    uint64_t total() const { return total_; }
    // The frame number after the last one of RAM.
    uint64_t end_of_ram() const { return extent_count_ == 0 ? 0 : extents_[extent_count_ - 1].end; }

    // The number of the n-th frame of RAM, from 0 on; n is below total().
    uint64_t frame_of_ram(uint64_t n) const;

    // Returns the frames of all processors' stacks to the buddy system, so that blocks can merge. The other
    // processors must not be allocating meanwhile.
    void drain();

    // Walks every free list and descriptor and checks the invariants; in the checked build also the poison of
    // free frames. Calls machine::fail when one is broken. The same condition as for drain().
    void audit() const;

    // Calls visitor(PhysAddr, const Frame &) for every frame of RAM, from low to high. For audits.
    template <typename Visitor> void for_each_frame(Visitor &&visitor) const;

#if VITRINE_CHECKED
    // Injected failures: after `successes` more allocations (frames, blocks and heap objects alike)
    // `failures` in a row fail. AllFail: all of them, and has_for_pages() says so: memory is exhausted.
    static constexpr uint64_t AllFail = UINT64_MAX;
    void fail_allocations(uint64_t successes, uint64_t failures = 1);
    // Called with each frame that is freed, while it can still be recognised: the simulated machine looks
    // here for translations that lead to it.
    void (*watch_free)(PhysAddr frame) = nullptr;
#endif
    // Whether this allocation is to fail although there is memory. Never, but for fail_allocations().
    bool allocation_is_to_fail();

    static constexpr unsigned StackCapacity = 64;
    static constexpr unsigned ZeroedCapacity = 128;

private:
    static constexpr unsigned RefillOrder = 5; // half a stack at a time
    static constexpr unsigned MaxExtents = 128;

    // What only its own processor changes. A counter is atomic so that others may read it; it is changed by a
    // plain load and store. A frame freed by another processor than the one that allocated it makes one
    // counter wrap below zero: only the sums over all processors mean something.
    struct alignas(1024) Processor {
        uint32_t stack_size = 0;
        uint32_t stack_limit = StackCapacity; // 0: what is freed goes back to the reserve first
        uint32_t zeroed_size = 0;
        std::array<std::atomic<uint64_t>, static_cast<size_t>(FrameKind::Count)> used{}; // [Free] stays 0
        std::array<uint32_t, StackCapacity> stack{};
        std::array<uint32_t, ZeroedCapacity> zeroed{};

        void count(FrameKind kind, uint64_t change)
        {
            auto &counter = used[static_cast<size_t>(kind)];
            counter.store(counter.load(std::memory_order_relaxed) + change, std::memory_order_relaxed);
        }
    };

    // Free blocks by order, in doubly linked lists through the descriptors.
    struct Buddies {
        std::array<uint32_t, MaxOrder + 1> first;
        uint32_t nonempty = 0; // bit n: there are blocks of order n
        uint64_t free = 0;     // frames in all of them
        constexpr Buddies() { first.fill(NoFrame); }

        void push(uint64_t block, unsigned order);
        void unlink(uint64_t block);
        // Adds a free block, merged with its buddies.
        void insert(uint64_t block, unsigned order);
        // The same for free frames of any number.
        void insert_each(uint64_t first, uint64_t count);
        // A free block of exactly `order`, split from a larger one if need be. NoFrame when there is none.
        uint32_t take(unsigned order);
    };

    struct Extent { // of RAM (ordered, never adjacent), or a part of one
        uint64_t begin, end;
        uint64_t pages() const { return end - begin; }
    };

    Processor &own()
    {
        return processors_[machine::current_processor()];
    }
    void record(uint64_t first, uint64_t count);
    Extent find_run(uint64_t wanted) const;
    bool refill(Processor &processor, FrameKind kind);
    bool may_refill(const Buddies &buddies, FrameKind kind) const;
    void spill(Processor &processor);
    void free_slowly(Processor &processor, uint32_t number);
    void drain(Processor &processor, Buddies &buddies);
    void audit_buddies(const Buddies &buddies, uint64_t &free) const;
    void audit_stacks(uint64_t &free) const;
    Frame &hand_out(Processor &processor, uint32_t number, FrameKind kind);
    Frame &take_back(Processor &processor, PhysAddr frame);
    void free(Processor &processor, PhysAddr frame);

    // Checked build (frame_poison.cpp); otherwise nothing.
    static void poison(uint64_t number);
    static void verify_poison(uint64_t number);
    static void verify_zeros(uint64_t number);
    void check_freed(PhysAddr frame) const;

    std::array<Processor, machine::MaxProcessors> processors_{};
    mutable lib::Guarded<Buddies> buddies_;
    std::array<Extent, MaxExtents> extents_{};
    unsigned extent_count_ = 0;
    uint64_t total_ = 0;
    uint64_t reserve_ = 0, low_ = 0;
#if VITRINE_CHECKED
    uint64_t successes_left_ = UINT64_MAX;
    uint64_t failures_left_ = 0;
#endif
};

// The allocator of this machine. Constant-initialised; tests reset it with reset_frame_allocator().
extern FrameAllocator the_frame_allocator;
inline FrameAllocator &frames()
{
    return the_frame_allocator;
}
void reset_frame_allocator();

// ---- The paths that every page fault and every unmapped page takes, in line.

inline bool FrameAllocator::allocation_is_to_fail()
{
#if VITRINE_CHECKED
    if (successes_left_ != 0) {
        if (successes_left_ != UINT64_MAX) successes_left_--;
        return false;
    }
    if (failures_left_ != AllFail && --failures_left_ == 0) successes_left_ = UINT64_MAX;
    return true;
#else
    return false;
#endif
}

inline Frame &FrameAllocator::hand_out(Processor &processor, uint32_t number, FrameKind kind)
{
    processor.count(kind, 1);
    Frame &frame = machine::frame_array()[number];
    frame.kind = kind;
#if VITRINE_CHECKED
    frame.flags = 0; // poisoned no longer
#endif
    frame.references.store(1, std::memory_order_relaxed);
    return frame;
}

inline Frame &FrameAllocator::take_back(Processor &processor, PhysAddr address)
{
    check_freed(address);
    Frame &frame = descriptor(address);
    processor.count(frame.kind, -uint64_t{1});
    frame.kind = FrameKind::Free;
    return frame;
}

inline Result<PhysAddr> FrameAllocator::allocate(FrameKind kind)
{
    if (allocation_is_to_fail()) return Errno::NoMemory;
    Processor &processor = own();
    if (processor.stack_size == 0 && !refill(processor, kind)) [[unlikely]]
        return Errno::NoMemory;
    uint32_t number = processor.stack[--processor.stack_size];
    verify_poison(number);
    hand_out(processor, number, kind);
    return PhysAddr::of_page(number);
}

inline void FrameAllocator::free(PhysAddr frame)
{
    free(own(), frame);
}

inline void FrameAllocator::free_each(const uint32_t *numbers, unsigned count)
{
    Processor &processor = own();
    for (unsigned i = 0; i < count; i++) free(processor, PhysAddr::of_page(numbers[i]));
}

inline void FrameAllocator::free(Processor &processor, PhysAddr frame)
{
    take_back(processor, frame);
    poison(frame.page());
    auto number = static_cast<uint32_t>(frame.page());
    if (processor.stack_size >= processor.stack_limit) [[unlikely]]
        return free_slowly(processor, number);
    processor.stack[processor.stack_size++] = number;
}

template <typename Visitor> void FrameAllocator::for_each_frame(Visitor &&visitor) const
{
    const Frame *frames = machine::frame_array();
    for (unsigned i = 0; i < extent_count_; i++) {
        for (uint64_t number = extents_[i].begin; number < extents_[i].end; number++)
            visitor(PhysAddr::of_page(number), frames[number]);
    }
}

#if !VITRINE_CHECKED
inline void FrameAllocator::poison(uint64_t) {}
inline void FrameAllocator::verify_poison(uint64_t) {}
inline void FrameAllocator::verify_zeros(uint64_t) {}
inline void FrameAllocator::check_freed(PhysAddr) const {}
#endif

} // namespace mm
