// The buddy system, and the stacks of single frames in front of it. Audits are in frame_audit.cpp.
#include "mm/frame_allocator.hpp"

#include "mm/page_frame.hpp"
#include "mm/waiting.hpp"

#include <algorithm>
#include <bit>
#include <new>

namespace mm {

[[gnu::section(".data.large")]] constinit FrameAllocator the_frame_allocator;

void reset_frame_allocator()
{
    new (&the_frame_allocator) FrameAllocator;
}

// ---- Buddies

inline void FrameAllocator::Buddies::push(uint64_t block, unsigned order)
{
    Frame *frames = machine::frame_array();
    Frame &head = frames[block];
    head.free_order = static_cast<uint8_t>(order + 1);
    head.link = {.next = first[order], .previous = NoFrame};
    if (first[order] != NoFrame) frames[first[order]].link.previous = static_cast<uint32_t>(block);
    first[order] = static_cast<uint32_t>(block);
    nonempty |= 1u << order;
}

inline void FrameAllocator::Buddies::unlink(uint64_t block)
{
    Frame *frames = machine::frame_array();
    Frame &head = frames[block];
    unsigned order = head.free_order - 1u;
    if (head.link.previous != NoFrame)
        frames[head.link.previous].link.next = head.link.next;
    else
        first[order] = head.link.next;
    if (head.link.next != NoFrame) frames[head.link.next].link.previous = head.link.previous;
    if (first[order] == NoFrame) nonempty &= ~(1u << order);
    head.free_order = 0;
}

inline void FrameAllocator::Buddies::insert(uint64_t block, unsigned order)
{
    Frame *frames = machine::frame_array();
    free += uint64_t{1} << order;
    while (order < MaxOrder) {
        uint64_t size = uint64_t{1} << order;
        uint64_t buddy = block ^ size;
        // (A buddy that lies in a hole has an all-zero descriptor, so it is no free block.)
        if (frames[buddy].free_order != order + 1) break;
        unlink(buddy);
        block &= ~size;
        order++;
    }
    push(block, order);
}

inline void FrameAllocator::Buddies::insert_each(uint64_t first, uint64_t count)
{
    while (count != 0) {
        // The largest block that is aligned here and fits.
        uint64_t aligned = uint64_t{1} << std::countr_zero(first | uint64_t{1} << MaxOrder);
        uint64_t size = std::min(aligned, std::bit_floor(count));
        insert(first, static_cast<unsigned>(std::countr_zero(size)));
        first += size;
        count -= size;
    }
}

uint32_t FrameAllocator::Buddies::take(unsigned order)
{
    uint32_t large_enough = nonempty >> order << order;
    if (large_enough == 0) return NoFrame;
    auto found = static_cast<unsigned>(std::countr_zero(large_enough));
    uint32_t block = first[found];
    unlink(block);
    // Keep the lower half, give back the upper one, until the size fits.
    while (found > order) {
        found--;
        push(block + (uint32_t{1} << found), found);
    }
    free -= uint64_t{1} << order;
    return block;
}

// ---- Boot

// Notes that [first, first + count) is RAM, joined with the extents that it touches.
void FrameAllocator::record(uint64_t first, uint64_t count)
{
    uint64_t end = first + count;
    unsigned at = 0;
    while (at < extent_count_ && extents_[at].end < first) at++;
    bool joins = at < extent_count_ && extents_[at].begin <= end;
    if (joins) {
        Extent &extent = extents_[at];
        if (first < extent.end && extent.begin < end) machine::fail("ranges of RAM overlap");
        extent.begin = extent.begin < first ? extent.begin : first;
        extent.end = extent.end > end ? extent.end : end;
        // The hole to the next extent may be filled now.
        if (at + 1 < extent_count_ && extents_[at + 1].begin <= extent.end) {
            if (extents_[at + 1].begin < extent.end) machine::fail("ranges of RAM overlap");
            extent.end = extents_[at + 1].end;
            for (unsigned i = at + 1; i + 1 < extent_count_; i++) extents_[i] = extents_[i + 1];
            extent_count_--;
        }
    } else {
        if (extent_count_ == MaxExtents) machine::fail("RAM has more than 128 holes");
        for (unsigned i = extent_count_; i > at; i--) extents_[i] = extents_[i - 1];
        extents_[at] = {first, end};
        extent_count_++;
    }
    total_ += count;
}

void FrameAllocator::add_free(uint64_t first, uint64_t count)
{
    if (count == 0) return;
    record(first, count);
    buddies_.lock()->insert_each(first, count);
}

void FrameAllocator::add_used(uint64_t first, uint64_t count, FrameKind kind)
{
    if (count == 0) return;
    record(first, count);
    Frame *frames = machine::frame_array();
    for (uint64_t number = first; number < first + count; number++) {
        frames[number].kind = kind;
        frames[number].references.store(1, std::memory_order_relaxed);
    }
    own().count(kind, count);
}

// ---- Single frames, beyond the fast path

void FrameAllocator::set_watermarks(uint64_t reserve, uint64_t low)
{
    reserve_ = reserve;
    low_ = low;
}

bool FrameAllocator::has_for_pages() const
{
#if VITRINE_CHECKED
    if (successes_left_ == 0 && failures_left_ == AllFail) return false;
#endif
    const Processor &processor = processors_[machine::current_processor()];
    uint64_t pooled = buddies_.lock()->free;
    uint64_t available = processor.stack_size + (pooled > reserve_ ? pooled - reserve_ : 0);
    if (reserve_ == 0) available += processor.zeroed_size;
    return available >= MostForOneFault;
}

// Pages leave the reserve alone; what the kernel needs to go on does not.
bool FrameAllocator::may_refill(const Buddies &buddies, FrameKind kind) const
{
    bool is_page = kind == FrameKind::Anonymous || kind == FrameKind::File || kind == FrameKind::Pipe;
    return reserve_ == 0 || !is_page || buddies.free > reserve_;
}

// Gets about half a stack of frames; false when there is none. The smallest blocks go first: they are of no
// use to those who want large ones.
bool FrameAllocator::refill(Processor &processor, FrameKind kind)
{
    auto buddies = buddies_.lock();
    if (buddies->free < low_) waiting::wake_reclaimer();
    if (!may_refill(*buddies, kind)) return false;
    // What lies in the stack may go to a page: pages stop in front of the reserve, and out of it comes one
    // frame at a time, for the kernel, which is to go back there.
    uint64_t above = buddies->free > reserve_ ? buddies->free - reserve_ : 0;
    uint32_t wanted = 1u << RefillOrder, room = StackCapacity;
    if (reserve_ != 0 && above < StackCapacity)
        wanted = room = static_cast<uint32_t>(std::clamp<uint64_t>(above, 1, wanted));
    if (reserve_ != 0 && above == 0) processor.stack_limit = 0;
    while (processor.stack_size < wanted && buddies->nonempty != 0) {
        auto order = static_cast<unsigned>(std::countr_zero(buddies->nonempty));
        if (order > RefillOrder) order = RefillOrder;
        // What is already there leaves less room; the rest of a split block stays with the buddies.
        while ((1u << order) > room - processor.stack_size) order--;
        uint32_t block = buddies->take(order);
        // The lowest on top: a program that touches pages in order gets frames in order.
        for (uint32_t i = 1u << order; i-- > 0;) processor.stack[processor.stack_size++] = block + i;
    }
    if (processor.stack_size == 0 && processor.zeroed_size != 0)
        processor.stack[processor.stack_size++] = processor.zeroed[--processor.zeroed_size];
    return processor.stack_size != 0;
}

// The stack is full, or the reserve is not.
void FrameAllocator::free_slowly(Processor &processor, uint32_t number)
{
    {
        auto buddies = buddies_.lock();
        if (buddies->free < reserve_) return buddies->insert(number, 0);
        processor.stack_limit = StackCapacity;
    }
    if (processor.stack_size == StackCapacity) spill(processor);
    processor.stack[processor.stack_size++] = number;
}

// Makes room: the half that was freed first, and is least likely still in a cache, goes to the buddies.
void FrameAllocator::spill(Processor &processor)
{
    constexpr uint32_t Half = StackCapacity / 2;
    auto buddies = buddies_.lock();
    for (uint32_t i = 0; i < Half; i++) {
        buddies->insert(processor.stack[i], 0);
        processor.stack[i] = processor.stack[Half + i];
    }
    processor.stack_size = Half;
}

void FrameAllocator::drain(Processor &processor, Buddies &buddies)
{
    while (processor.stack_size != 0) buddies.insert(processor.stack[--processor.stack_size], 0);
    while (processor.zeroed_size != 0) buddies.insert(processor.zeroed[--processor.zeroed_size], 0);
}

void FrameAllocator::drain()
{
    auto buddies = buddies_.lock();
    for (Processor &processor : processors_) drain(processor, *buddies);
}

Result<PhysAddr> FrameAllocator::allocate_zeroed(FrameKind kind)
{
    Processor &processor = own();
    if (processor.zeroed_size == 0) {
        PhysAddr frame = TRY(allocate(kind));
        machine::zero_frame(frame);
        return frame;
    }
    if (allocation_is_to_fail()) return Errno::NoMemory;
    uint32_t number = processor.zeroed[--processor.zeroed_size];
    verify_zeros(number);
    hand_out(processor, number, kind);
    return PhysAddr::of_page(number);
}

void FrameAllocator::free_zeroed(PhysAddr frame)
{
    Processor &processor = own();
    if (processor.zeroed_size == ZeroedCapacity) return free(frame);
    verify_zeros(frame.page());
    take_back(processor, frame);
    processor.zeroed[processor.zeroed_size++] = static_cast<uint32_t>(frame.page());
}

// ---- Blocks

Result<PhysAddr> FrameAllocator::allocate_block(FrameKind kind, unsigned order)
{
    if (order == 0) {
        PhysAddr frame = TRY(allocate(kind));
        descriptor(frame).order = 0; // it may have been a page, with an age there
        return frame;
    }
    if (order > MaxOrder || allocation_is_to_fail()) return Errno::NoMemory;
    Processor &processor = own();
    uint32_t block;
    {
        auto buddies = buddies_.lock();
        block = buddies->take(order);
        if (block == NoFrame) {
            // Single frames on this processor's stacks may be the missing buddies.
            drain(processor, *buddies);
            block = buddies->take(order);
        }
    }
    if (block == NoFrame) return Errno::NoMemory;
    for (uint32_t i = 0; i < 1u << order; i++) {
        verify_poison(block + i);
        hand_out(processor, block + i, kind);
    }
    machine::frame_array()[block].order = static_cast<uint8_t>(order);
    return PhysAddr::of_page(block);
}

void FrameAllocator::free_block(PhysAddr block, unsigned order)
{
    if (order == 0) return free(block);
    if (descriptor(block).order != order)
        machine::fail("a block is freed with another size than it was allocated with");
    Processor &processor = own();
    for (uint64_t i = 0; i < uint64_t{1} << order; i++) {
        take_back(processor, block + i * PageSize);
        poison(block.page() + i);
    }
    descriptor(block).order = 0;
    buddies_.lock()->insert(block.page(), order);
}

// ---- Extents

// The lowest run of free frames that has at least so many; else the longest. All that is free is in blocks.
FrameAllocator::Extent FrameAllocator::find_run(uint64_t wanted) const
{
    const Frame *frames = machine::frame_array();
    Extent longest{0, 0};
    for (unsigned i = 0; i < extent_count_; i++) {
        for (uint64_t number = extents_[i].begin; number < extents_[i].end; number++) {
            uint64_t begin = number;
            while (number < extents_[i].end && frames[number].free_order != 0)
                number += uint64_t{1} << (frames[number].free_order - 1);
            if (number - begin > longest.pages()) longest = {begin, number};
            if (number - begin >= wanted) return longest;
        }
    }
    return longest;
}

uint64_t FrameAllocator::longest_extent()
{
    drain();
    return find_run(UINT64_MAX).pages();
}

Result<PhysAddr> FrameAllocator::take_extent(uint64_t pages, FrameKind kind)
{
    if (allocation_is_to_fail()) return Errno::NoMemory;
    drain();
    uint64_t first;
    {
        auto buddies = buddies_.lock();
        Extent run = find_run(pages);
        if (run.pages() < pages) return Errno::NoMemory;
        first = run.begin;
        uint64_t end = first;
        for (uint64_t size; end < first + pages; end += size) {
            size = uint64_t{1} << (machine::frame_array()[end].free_order - 1);
            buddies->unlink(end);
            buddies->free -= size;
        }
        buddies->insert_each(first + pages, end - (first + pages)); // the rest of the last block stays free
    }
    for (uint64_t number = first; number < first + pages; number++) {
        verify_poison(number);
        hand_out(own(), static_cast<uint32_t>(number), kind);
    }
    return PhysAddr::of_page(first);
}

void FrameAllocator::change_kind(PhysAddr address, FrameKind kind)
{
    if (kind == FrameKind::Pool) check_freed(address);
    Frame &frame = descriptor(address);
    own().count(frame.kind, -uint64_t{1});
    own().count(kind, 1);
    frame.kind = kind;
}

// ---- References

void FrameAllocator::drop(PhysAddr frame)
{
    FrameKind kind = descriptor(frame).kind;
    if (kind == FrameKind::Anonymous || kind == FrameKind::File) return drop_page(frame);
    if (descriptor(frame).references.fetch_sub(1, std::memory_order_acq_rel) == 1) free(frame);
}

// ---- Accounting

uint64_t FrameAllocator::count(FrameKind kind) const
{
    if (kind == FrameKind::Free) return counts()[static_cast<size_t>(kind)];
    uint64_t sum = 0;
    for (const Processor &processor : processors_)
        sum += processor.used[static_cast<size_t>(kind)].load(std::memory_order_relaxed);
    return sum;
}

FrameCounts FrameAllocator::counts() const
{
    FrameCounts counts{};
    uint64_t used = 0;
    for (size_t kind = 1; kind < counts.size(); kind++) {
        counts[kind] = count(static_cast<FrameKind>(kind));
        used += counts[kind];
    }
    // Whatever is not in use is free: that the free lists agree is for audit() to prove.
    counts[static_cast<size_t>(FrameKind::Free)] = total_ - used;
    return counts;
}

uint64_t FrameAllocator::frame_of_ram(uint64_t n) const
{
    for (unsigned i = 0; i < extent_count_; i++) {
        if (n < extents_[i].pages()) return extents_[i].begin + n;
        n -= extents_[i].pages();
    }
    machine::fail("a frame is asked for behind the end of RAM");
}

} // namespace mm
