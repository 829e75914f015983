// The slots of a swap area: handing out runs, counting users.
#include "mm/swap_area.hpp"

#include "mm/kernel_heap.hpp"

#include <algorithm>
#include <bit>
#include <new>

namespace mm {

using machine::fail;

namespace {

// Slots are looked at eight at a time where many are passed over: the first of them is the lowest byte.
constexpr uint64_t EachByte = 0x0101010101010101;

uint64_t eight_slots(const uint8_t *slots)
{
    uint64_t word;
    __builtin_memcpy(&word, slots, sizeof word);
    return word;
}

} // namespace

// ---- Making an area

Result<SwapArea *> SwapArea::create(const SwapHeader &header)
{
    void *place = heap_allocate(sizeof(SwapArea));
    if (place == nullptr) return Errno::NoMemory;
    auto *area = new (place) SwapArea;
    area->end_ = header.last_page + 1;
    auto made = area->make_stretches();
    if (!made.ok()) {
        area->release();
        return made.error();
    }
    for (uint32_t i = 0; i < header.bad_count; i++) area->mark_bad(header.bad[i]);
    return area;
}

Result<void> SwapArea::make_stretches()
{
    uint32_t wanted = (end_ + Stretch - 1) / Stretch;
    frames_ = static_cast<uint32_t *>(heap_allocate(wanted * sizeof *frames_));
    free_ = static_cast<uint16_t *>(heap_allocate(wanted * sizeof *free_));
    if (frames_ == nullptr || free_ == nullptr) return Errno::NoMemory;

    for (; stretches_ < wanted; stretches_++) {
        void *frame = heap_allocate(Stretch);
        if (frame == nullptr) return Errno::NoMemory;
        PhysAddr address = machine::physical_address(frame);
        frames_[stretches_] = static_cast<uint32_t>(address.page());
        machine::zero_frame(address);
        free_[stretches_] = Stretch;
    }
    empty_ = stretches_;
    usable_ = stretches_ * Stretch;
    mark_bad(0);
    for (uint32_t offset = end_; offset < stretches_ * Stretch; offset++) mark_bad(offset);
    return {};
}

void SwapArea::destroy()
{
    if (in_use_ != 0) fail("a swap area is given up that has slots in use");
    release();
}

void SwapArea::release()
{
    for (uint32_t i = 0; i < stretches_; i++) heap_free(stretch(i));
    heap_free(free_);
    heap_free(frames_);
    this->~SwapArea();
    heap_free(this);
}

// ---- Finding free slots

// The first slot at or after `offset` that is wanted; end_ when there is none. `bits_of` gets eight slots and
// sets bits in the bytes of those that are wanted, and in no others. A stretch with so many free slots as
// `without` says has none of them.
template <typename Bits> uint32_t SwapArea::first_from(uint32_t offset, uint16_t without, Bits bits_of) const
{
    while (offset < end_) {
        uint32_t index = offset / Stretch, within = offset % Stretch;
        offset = (index + 1) * Stretch;
        if (free_[index] == without) continue;
        const uint8_t *slots = stretch(index);
        uint64_t mask = UINT64_MAX << within % 8 * 8; // not those below the offset
        for (within -= within % 8; within < Stretch; within += 8) {
            uint64_t bits = bits_of(eight_slots(slots + within)) & mask;
            if (bits != 0)
                return index * Stretch + within + static_cast<uint32_t>(std::countr_zero(bits)) / 8;
            mask = UINT64_MAX;
        }
    }
    return end_;
}

uint32_t SwapArea::next_free(uint32_t offset) const
{
    // The top bit of each byte that is zero: no sum reaches the next byte.
    constexpr uint64_t Low = EachByte * 0x7f;
    return first_from(offset, 0, [](uint64_t slots) { return ~(((slots & Low) + Low) | slots | Low); });
}

// How many neighbours from `offset` on are free, at most `wanted`.
uint32_t SwapArea::free_from(uint32_t offset, uint32_t wanted) const
{
    uint32_t count = 0;
    while (count < wanted && offset + count < end_ && slot(offset + count) == Free) count++;
    return count;
}

// Goes through the holes that begin in [from, end) until one has room for `wanted` slots; `longest` becomes
// the longest one seen, of equals the first. Passes no more slots than `patience`, which it counts down. (To
// the next hole it is at most two frames of bytes, eight at a time, and a count for each full stretch
// between.)
void SwapArea::look(uint32_t from, uint32_t end, uint32_t wanted, uint32_t &patience, Run &longest) const
{
    while (longest.count < wanted) {
        uint32_t hole = next_free(from);
        if (hole >= end || hole - from >= patience) return;
        uint32_t count = free_from(hole, wanted);
        if (count > longest.count) longest = {hole, count};
        patience -= std::min(patience, hole + count - from);
        from = hole + count;
    }
}

// The first slot of the next stretch, round the end of the area, all of which is free; end_ when there is
// none.
uint32_t SwapArea::empty_stretch() const
{
    if (empty_ == 0) return end_;
    uint32_t index = next_ / Stretch;
    for (uint32_t i = 0; i < stretches_; i++) {
        index = index + 1 < stretches_ ? index + 1 : 0;
        if (free_[index] == Stretch) return index * Stretch;
    }
    return end_;
}

SwapArea::Run SwapArea::allocate(uint32_t wanted)
{
    if (wanted == 0 || in_use_ == usable_) return {};
    uint32_t first = next_free(next_);
    if (first == end_) first = next_free(1);

    Run run;
    uint32_t patience = Patience;
    look(first, end_, wanted, patience, run);
    look(1, first, wanted, patience, run);
    if (run.count < std::min(wanted, Stretch)) {
        // An empty stretch may be far away, but then it is good for many runs.
        uint32_t empty = empty_stretch();
        if (empty != end_) run = {empty, free_from(empty, wanted)};
    }
    take(run);
    return run;
}

void SwapArea::take(Run run)
{
    for (uint32_t offset = run.first; offset < run.first + run.count; offset++) {
        slot(offset) = 1;
        change_free(offset, -1);
    }
    in_use_ += run.count;
    next_ = run.first + run.count;
}

// ---- Single slots

uint8_t &SwapArea::slot(uint32_t offset) const
{
    if (offset / Stretch >= stretches_) fail("a slot lies outside of its swap area");
    return stretch(offset / Stretch)[offset % Stretch];
}

// One free slot more or less in the stretch of `offset`.
void SwapArea::change_free(uint32_t offset, int change)
{
    uint16_t &free = free_[offset / Stretch];
    empty_ -= free == Stretch;
    free = static_cast<uint16_t>(free + change);
    empty_ += free == Stretch;
}

bool SwapArea::share(uint32_t offset)
{
    uint8_t &state = slot(offset);
    if ((state & Users) == 0) fail("a swap slot that nobody uses is shared");
    if ((state & Users) == MaxUsers) return false;
    state++;
    return true;
}

unsigned SwapArea::drop(uint32_t offset)
{
    uint8_t &state = slot(offset);
    if ((state & Users) == 0) fail("a swap slot that nobody uses is dropped");
    state--;
    if ((state & Users) != 0) return state & Users;
    in_use_--;
    if (state == Bad)
        usable_--;
    else
        change_free(offset, 1);
    return 0;
}

unsigned SwapArea::users(uint32_t offset) const
{
    return slot(offset) & Users;
}

bool SwapArea::is_bad(uint32_t offset) const
{
    return (slot(offset) & Bad) != 0;
}

void SwapArea::mark_bad(uint32_t offset)
{
    uint8_t &state = slot(offset);
    if ((state & Bad) != 0) return;
    if (state == Free) {
        change_free(offset, -1);
        usable_--;
    }
    state |= Bad;
}

uint32_t SwapArea::next_in_use(uint32_t offset) const
{
    return first_from(offset, Stretch, [](uint64_t slots) { return slots & EachByte * Users; });
}

// ---- Audit

void SwapArea::audit() const
{
    uint32_t usable = 0, in_use = 0, empty = 0;
    for (uint32_t index = 0; index < stretches_; index++) {
        const uint8_t *slots = stretch(index);
        uint32_t free = 0;
        for (uint32_t within = 0; within < Stretch; within++) {
            uint8_t state = slots[within];
            uint32_t offset = index * Stretch + within;
            if ((offset == 0 || offset >= end_) && state != Bad)
                fail("a swap slot is in use that the area does not have");
            if ((state & Users) > MaxUsers) fail("a swap slot has more users than it can have");
            free += state == Free;
            in_use += (state & Users) != 0;
            usable += state != Bad;
        }
        if (free != free_[index]) fail("a swap area miscounts the free slots of a stretch");
        empty += free == Stretch;
    }
    if (usable != usable_) fail("a swap area miscounts its usable slots");
    if (in_use != in_use_) fail("a swap area miscounts its slots in use");
    if (empty != empty_) fail("a swap area miscounts its empty stretches");
    if (next_ == 0 || next_ > end_) fail("a swap area goes on outside of itself");
}

} // namespace mm
