// madvise(2) and msync(2): walks over areas that go on past holes, and say ENOMEM at the end.
#include "mm/address_space.hpp"
#include "mm/waiting.hpp"

#include <algorithm>

namespace mm {

Result<void> AddressSpace::advise(VirtAddr address, uint64_t length, Advice advice)
{
    if (!address.is_page_aligned()) return Errno::Invalid;
    uint64_t size = round_up_to_page(length);
    if (length != 0 && size == 0) return Errno::Invalid;
    VirtRange range{address, address + size};
    if (range.end < range.begin) return Errno::Invalid;
    if (advice == Advice::PopulateRead) return populate_as_advised(range, Access::Read);
    if (advice == Advice::PopulateWrite) return populate_as_advised(range, Access::Write);
    auto done = advise_range(range, advice);
    if (is_flat()) [[unlikely]]
        (void)populate(range, true); // where pages went, others are at once
    else if (done.ok() && advice == Advice::PageOut)
        page_out(range);
    return done;
}

Result<void> AddressSpace::advise_range(VirtRange range, Advice advice)
{
    Turn turn(*this);
    bool hole = false;
    VirtAddr at = range.begin;
    for (VmArea *area = areas_.first_ending_above(at); at < range.end; area = AreaSet::next(*area)) {
        if (area == nullptr) return Errno::NoMemory;
        if (area->range.begin > at) {
            hole = true;
            if (area->range.begin >= range.end) break;
            at = area->range.begin;
        }
        VirtRange part{at, std::min(area->range.end, range.end)};
        area = TRY(advise_part(*area, part, advice));
        at = std::max(part.end, area->range.end);
    }
    if (hole) return Errno::NoMemory;
    return {};
}

// Returns the area that holds `part` afterwards; it may reach further.
Result<VmArea *> AddressSpace::advise_part(VmArea &area, VirtRange part, Advice advice)
{
    switch (advice) {
    case Advice::Ignored:
    case Advice::WillNeed:
    case Advice::PopulateRead:
    case Advice::PopulateWrite:
        return &area;
    case Advice::Cold:
    case Advice::PageOut:
        if (area.flags.locked) return Errno::Invalid;
        return &area;
    case Advice::Free:
        // The pages may lose their contents until they are written again. They keep them.
        if (area.flags.locked || !area.is_private_anonymous()) return Errno::Invalid;
        return &area;
    case Advice::DontNeed:
        if (area.flags.locked) return Errno::Invalid;
        [[fallthrough]];
    case Advice::DontNeedLocked:
        release_pages(part);
        return &area;
    case Advice::DontFork:
    case Advice::DoFork:
    case Advice::WipeOnFork:
    case Advice::KeepOnFork:
        return advise_fork(area, part, advice);
    }
    return Errno::Invalid;
}

Result<VmArea *> AddressSpace::advise_fork(VmArea &area, VirtRange part, Advice advice)
{
    if (advice == Advice::WipeOnFork && !area.is_private_anonymous()) return Errno::Invalid;
    AreaFlags flags = area.flags;
    if (advice == Advice::DontFork || advice == Advice::DoFork)
        flags.dont_fork = advice == Advice::DontFork;
    else
        flags.wipe_on_fork = advice == Advice::WipeOnFork;
    if (flags == area.flags) return &area;
    auto changed = change(area, part, area.protection, flags);
    if (!changed.ok()) return Errno::TryAgain; // madvise(2): "a kernel resource was temporarily unavailable"
    return changed;
}

// MADV_POPULATE_READ, MADV_POPULATE_WRITE: in pieces, each with a turn of its own. Only who is dying leaves
// them.
Result<void> AddressSpace::populate_as_advised(VirtRange range, Access access)
{
    bool hole = false;
    for (VirtAddr at = range.begin; at < range.end;) {
        FaultResult result;
        {
            Turn turn(*this);
            VmArea *area = areas_.first_ending_above(at);
            if (area == nullptr) return Errno::NoMemory;
            hole |= area->range.begin > at;
            at = std::max(at, area->range.begin);
            if (at >= range.end) break;
            bool allowed = access == Access::Write ? area->protection.write : !area->protection.none();
            if (!allowed) return Errno::Invalid;
            VirtAddr end = std::min({area->range.end, range.end, at + PopulatePiece});
            result = populate_area(*area, at, end, access);
        }
        if (result == FaultResult::Waits || result == FaultResult::NoMemory) result = wait_for(at, result);
        if (result == FaultResult::NoMemory) return Errno::NoMemory;
        if (result == FaultResult::Interrupted) return Errno::Interrupted;
        if (result != FaultResult::Resolved) return Errno::BadAddress;
        if (at < range.end && !waiting::pause()) return Errno::Interrupted;
    }
    if (hole) return Errno::NoMemory;
    return {};
}

// A file is its memory (docs/files.md), so there is nothing to write back; what remains are the errors.
Result<void> AddressSpace::synchronise(VirtAddr address, uint64_t length, bool asynchronous, bool invalidate)
{
    if (!address.is_page_aligned()) return Errno::Invalid;
    VirtRange range{address, address + round_up_to_page(length)};
    if (range.end < range.begin) return Errno::NoMemory;

    Turn turn(*this);
    bool hole = false;
    VirtAddr at = range.begin;
    for (VmArea *area = areas_.first_ending_above(at); at < range.end; area = AreaSet::next(*area)) {
        if (area == nullptr) return Errno::NoMemory;
        if (area->range.begin > at) {
            // MS_ASYNC alone does nothing anyway: Linux does not even look further.
            if (asynchronous && !invalidate) return Errno::NoMemory;
            hole = true;
            if (area->range.begin >= range.end) break;
        }
        if (invalidate && area->flags.locked) return Errno::Busy;
        at = area->range.end;
    }
    if (hole) return Errno::NoMemory;
    return {};
}

} // namespace mm
