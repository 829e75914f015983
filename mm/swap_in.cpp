// Pages that come back from a swap device.
//
// The read is begun while the space is locked, and waited for when it is not (mm/fault.cpp); the page lies in
// the swap cache meanwhile, where others who want it find it. Then everything is looked up again.
#include "mm/swap_in.hpp"

#include "mm/address_space.hpp"
#include "mm/copy_on_write.hpp"
#include "mm/memory_events.hpp"
#include "mm/page_frame.hpp"
#include "mm/swap.hpp"
#include "mm/swap_cache.hpp"
#include "mm/transfers.hpp"

#include <algorithm>

namespace mm {

namespace {

// Transfers for one read: pages that were written at different times lie in different places.
constexpr unsigned MostRuns = 4;

constinit bool is_read_ahead_allowed = true;

// How many pages from `page` on, at most `most`, lie side by side on the device, the first one in `slot`.
unsigned run_length(const PageFault &fault, VirtAddr page, SwapSlot slot, uint32_t most)
{
    unsigned count = 1;
    for (; count < most; count++) {
        VirtAddr next = page + count * PageSize;
        if (next >= fault.area.range.end) break;
        const PageTableEntry *entry = fault.space.page_table().find(next);
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
        used += entry != nullptr && entry->has_frame() && entry->accessed();
    }
    return used;
}

// Begins to read the page and `wanted` - 1 that follow it, as far as they are on the device. How many of them
// are in memory then, or on their way; the error is the first page's.
Result<unsigned> begin_run_after_run(const PageFault &fault, uint32_t wanted)
{
    unsigned done = 0;
    for (unsigned runs = 0; runs < MostRuns && done < wanted;) {
        VirtAddr page = fault.page + done * PageSize;
        if (page >= fault.area.range.end) break;
        const PageTableEntry *entry = fault.space.page_table().find(page);
        if (entry == nullptr) break;
        if (!entry->is_swap() || swap_cache().find(entry->slot()) != NoFrame) {
            done++;
            continue;
        }
        if (runs != 0 && !may_read_more_ahead()) break;
        unsigned length = run_length(fault, page, entry->slot(), wanted - done);
        auto begun = begin_reading({.first = entry->slot(),
                                    .count = length,
                                    .object = fault.private_memory(),
                                    .index = page.page()});
        if (!begun.ok() && done == 0) return begun.error();
        if (!begun.ok()) break;
        done += *begun;
        runs++;
        if (*begun < length) break; // no frames for more
    }
    return done;
}

FaultResult read_in(PageFault &fault)
{
    // A copy, until something has come of it: the same fault may be back for the same page, and then it is
    // not the next one after the last that came.
    ReadAhead ahead = fault.area.read_ahead;
    uint32_t used = used_of_last(fault), hits = ahead.count() > 1 && used != 0 ? used - 1 : 0;
    auto begun = begin_run_after_run(fault, ahead.next(fault.page.page(), used, read_ahead_limit()));
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
        if (entry == nullptr) return;
        if (!entry->is_swap()) continue;
        uint32_t frame = swap_cache().find(entry->slot());
        if (frame == NoFrame || machine::frame_array()[frame].flags & Frame::Arriving) continue;
        fault.neighbour(page).take_back(frame, false);
    }
}

} // namespace

FaultResult swapped_page(PageFault &fault)
{
    SwapSlot slot = fault.slot.entry->slot();
    uint32_t cached = swap_cache().find(slot);
    if (cached == NoFrame) return read_in(fault);
    if (machine::frame_array()[cached].flags & Frame::Arriving) return FaultResult::Waits;
    fault.take_back(cached, true);
    map_ahead(fault);
    bool needs_copy = fault.access == Access::Write && !fault.slot.entry->writable();
    return needs_copy ? copy_on_write(fault) : FaultResult::Resolved;
}

void allow_read_ahead(bool allowed)
{
    is_read_ahead_allowed = allowed;
}

uint32_t read_ahead_limit()
{
    if (!is_read_ahead_allowed) return 1;
    // A hundredth of a small machine; a few also on the tiny ones that exist in tests alone.
    return static_cast<uint32_t>(std::clamp<uint64_t>(frames().total() / 128, 4, ReadAhead::Most));
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
        page.age = Frame::NewAge; // let_go() leaves it as it is
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
