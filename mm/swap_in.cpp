// Pages that come back from a swap device.
//
// The read is begun while the space is locked, and waited for when it is not (mm/fault.cpp); the page lies in
// the swap cache meanwhile, where others who want it find it. Then everything is looked up again.
#include "mm/swap_in.hpp"

#include "mm/address_space.hpp"
#include "mm/memory_events.hpp"
#include "mm/page_frame.hpp"
#include "mm/swap.hpp"
#include "mm/swap_cache.hpp"
#include "mm/transfers.hpp"

#include <algorithm>

namespace mm {

namespace {

// What can be had of `wanted` neighbours of a slot: each behind the one before it, in the entries and on the
// device.
unsigned neighbours(const PageFault &fault, SwapSlot slot, uint32_t wanted)
{
    unsigned count = 1;
    for (; count < wanted; count++) {
        VirtAddr page = fault.page + count * PageSize;
        if (page >= fault.area.range.end) break;
        const PageTableEntry *entry = fault.space.page_table().find(page);
        if (entry == nullptr || !entry->is_swap() || entry->slot() != slot + count) break;
    }
    return count;
}

// How many of the pages that came with the last one were used: their entries say so.
uint32_t used_of_last(const PageFault &fault)
{
    const ReadAhead &last = fault.area.read_ahead;
    uint32_t used = 0;
    for (uint32_t i = 0; i < last.count(); i++) {
        const PageTableEntry *entry = fault.space.page_table().find(VirtAddr::of_page(last.first() + i));
        used += entry != nullptr && entry->present() && entry->accessed();
    }
    return used;
}

FaultResult read_in(PageFault &fault, SwapSlot slot)
{
    // A copy, until something has come of it: the same fault may be back for the same page, and then it is
    // not the next one after the last that came.
    ReadAhead ahead = fault.area.read_ahead;
    uint32_t used = used_of_last(fault), hits = ahead.count() > 1 && used != 0 ? used - 1 : 0;
    uint32_t wanted = ahead.next(fault.page.page(), used, read_ahead_limit());
    auto begun = begin_reading({.first = slot,
                                .count = neighbours(fault, slot, wanted),
                                .object = fault.private_memory(),
                                .index = fault.page.page()});
    if (!begun.ok()) {
        if (begun.error() == Errno::TryAgain) return FaultResult::Waits;
        return begun.error() == Errno::NoMemory ? FaultResult::NoMemory : FaultResult::BusError;
    }
    memory_counters().swap_ra_hit += hits;
    ahead.came(*begun);
    fault.area.read_ahead = ahead;
    return FaultResult::Waits;
}

// The neighbours that came along are mapped at once, as not yet used: that costs less than a fault for each,
// and what is never used goes first.
void map_ahead(PageFault &fault)
{
    const ReadAhead &ahead = fault.area.read_ahead;
    if (fault.page.page() != ahead.first()) return;
    for (uint32_t i = 1; i < ahead.count(); i++) {
        VirtAddr page = fault.page + i * PageSize;
        if (page >= fault.area.range.end) return;
        const PageTableEntry *entry = fault.space.page_table().find(page);
        if (entry == nullptr || !entry->is_swap()) return;
        uint32_t frame = swap_cache().find(entry->slot());
        if (frame == NoFrame || machine::frame_array()[frame].flags & Frame::Arriving) return;
        fault.neighbour(page).take_back(frame, false);
    }
}

} // namespace

FaultResult swapped_page(PageFault &fault)
{
    SwapSlot slot = fault.slot.entry->slot();
    uint32_t cached = swap_cache().find(slot);
    if (cached == NoFrame) return read_in(fault, slot);
    if (machine::frame_array()[cached].flags & Frame::Arriving) return FaultResult::Waits;
    fault.take_back(cached, true);
    map_ahead(fault);
    return FaultResult::Resolved;
}

uint32_t read_ahead_limit()
{
    // A hundredth of a small machine.
    return static_cast<uint32_t>(std::clamp<uint64_t>(frames().total() / 128, 1, ReadAhead::Most));
}

Result<unsigned> begin_reading(const ReadIn &wanted)
{
    PageTransfer *transfer = take_transfer(PageTransfer::Direction::In);
    if (transfer == nullptr) return Errno::TryAgain;
    transfer->first = wanted.first;
    for (unsigned i = 0; i < wanted.count; i++) {
        if (swap_cache().find(wanted.first + i) != NoFrame) break;
        auto frame = frames().allocate(FrameKind::Anonymous);
        if (!frame.ok()) break;
        if (!share_slot(wanted.first + i)) { // for the cache
            frames().free(*frame);
            break;
        }
        Frame &page = descriptor(*frame);
        page.object = wanted.object;
        page.index = wanted.index + i;
        page.flags = Frame::Busy | Frame::Arriving | Frame::Held;
        auto number = static_cast<uint32_t>(frame->page());
        swap_cache().insert(wanted.first + i, number);
        transfer->frames[transfer->count++] = number;
    }
    unsigned count = transfer->count;
    if (count == 0) {
        return_transfer(*transfer);
        return Errno::NoMemory;
    }
    memory_counters().swap_ra += count - 1;
    note({.what = MemoryEvent::What::PagesIn,
          .id = waiting::id(waiting::current()),
          .number = count,
          .slot = wanted.first.raw(),
          .page = wanted.index});
    TRY_VOID(start(*transfer));
    return count;
}

} // namespace mm
