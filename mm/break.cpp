// brk(2): the end of the heap, moved up and down. The kernel's call never fails: it answers the break as it
// is then.
#include "mm/address_space.hpp"

namespace mm {

void AddressSpace::start_break(VirtAddr at, uint64_t data_bytes)
{
    Turn turn(*this);
    break_begin_ = break_ = at;
    initialised_data_ = data_bytes;
}

VirtAddr AddressSpace::set_break(VirtAddr wanted)
{
    VirtRange added;
    {
        Turn turn(*this);
        if (wanted < break_begin_ || wanted > UserEnd) return break_;
        // Here, unlike for mmap, RLIMIT_DATA counts bytes, and the program's initialised data too.
        if (limits.data != Unlimited && (wanted - break_begin_) + initialised_data_ > limits.data)
            return break_;
        VirtAddr old_end = break_.page_up();
        VirtAddr new_end = wanted.page_up();
        bool done = new_end == old_end ||
                    (new_end < old_end ? shrink_heap({new_end, old_end}) : extend_heap({old_end, new_end}));
        if (!done) return break_;
        break_ = wanted;
        if (!future_.locked && !is_flat()) return wanted;
        added = {old_end, new_end};
    }
    (void)populate(added, true);
    return wanted;
}

bool AddressSpace::shrink_heap(VirtRange range)
{
    // When the program has unmapped all of it already, Linux refuses.
    VmArea *area = areas_.first_ending_above(range.begin);
    if (area == nullptr || area->range.begin >= range.end) return false;
    return unmap_range(range).ok();
}

bool AddressSpace::extend_heap(VirtRange range)
{
    // One page stays free above, or the guard gap if a stack is there.
    if (is_flat() && range.end > map_top_) return false;
    VmArea *above = areas_.first_ending_above(range.begin);
    if (above != nullptr && range.end + PageSize > above->guarded_begin()) return false;

    Mapping heap{
        .range = range,
        .protection = ReadWrite,
        .flags = {.locked = future_.locked, .lock_on_fault = future_.lock_on_fault, .accounted = true},
        .object = private_memory_,
        .offset = range.begin.page()};
    if (!may_grow(heap.protection, heap.flags, range.pages()) || areas_.size() > MaxAreas ||
        exceeds_memory(range.pages())) {
        return false;
    }
    // It becomes part of the heap below, but never of the program's own data below that.
    VmArea *below = above != nullptr ? AreaSet::previous(*above) : areas_.last();
    bool joined = below != nullptr && below->range.end > break_begin_ && joins(*below, heap);
    if (!add(heap, {.previous = joined ? below : nullptr}).ok()) return false;
    account(heap.protection, heap.flags, range.pages());
    return true;
}

} // namespace mm
