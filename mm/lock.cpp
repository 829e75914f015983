// mlock(2), mlock2(2), mlockall(2), munlock(2), munlockall(2); and populating, which is what locking does to
// pages that are not there yet, and what MAP_POPULATE and MADV_POPULATE_* ask for by themselves.
//
// Nothing is evicted as yet, so a lock only makes pages present; later it will also keep them.
#include "mm/address_space.hpp"

#include <algorithm>

namespace mm {

namespace {

// The whole pages that the bytes touch. Empty when they reach past the end of all addresses.
VirtRange pages_around(VirtAddr address, uint64_t length)
{
    uint64_t size = round_up_to_page(length + address.offset_in_page());
    return {address.page_down(), address.page_down() + size};
}

} // namespace

Result<void> AddressSpace::lock(VirtAddr address, uint64_t length, bool on_fault)
{
    VirtRange range = pages_around(address, length);
    if (range.end < range.begin) return Errno::Invalid;
    Turn turn(*this);
    TRY_VOID(set_locked(range, true, on_fault));
    auto populated = populate(range, false);
    if (populated.ok()) return {};
    // The manual page's answers: ENOMEM for a page that cannot be had, EAGAIN when memory is short.
    return populated.error() == Errno::NoMemory ? Errno::TryAgain : Errno::NoMemory;
}

Result<void> AddressSpace::unlock(VirtAddr address, uint64_t length)
{
    VirtRange range = pages_around(address, length);
    if (range.end < range.begin) return Errno::Invalid;
    Turn turn(*this);
    return set_locked(range, false, false);
}

Result<void> AddressSpace::lock_all(bool current, bool future, bool on_fault)
{
    Turn turn(*this);
    future_.locked = future;
    future_.lock_on_fault = future && on_fault;
    if (!current) return {};
    lock_each(true, on_fault);
    (void)populate({UserBegin, UserEnd}, true);
    return {};
}

Result<void> AddressSpace::unlock_all()
{
    Turn turn(*this);
    future_.locked = future_.lock_on_fault = false;
    lock_each(false, false);
    return {};
}

// Areas that cannot be changed (no memory to split them off) stay as they are.
void AddressSpace::lock_each(bool locked, bool on_fault)
{
    for (VmArea *area = areas_.first(); area != nullptr; area = AreaSet::next(*area)) {
        auto changed = change_locked(*area, area->range, locked, on_fault);
        if (changed.ok()) area = *changed;
    }
}

// Changes the areas up to the first hole, which is an error (mlock(2), ENOMEM).
Result<void> AddressSpace::set_locked(VirtRange range, bool locked, bool on_fault)
{
    if (range.empty()) return {};
    VmArea *area = areas_.find(range.begin);
    for (VirtAddr at = range.begin; at < range.end;) {
        if (area == nullptr || area->range.begin > at) return Errno::NoMemory;
        VirtRange part{at, std::min(area->range.end, range.end)};
        area = TRY(change_locked(*area, part, locked, on_fault));
        at = std::max(part.end, area->range.end);
        area = AreaSet::next(*area);
    }
    return {};
}

// Returns the area that holds `part` afterwards; it may reach further.
Result<VmArea *> AddressSpace::change_locked(VmArea &area, VirtRange part, bool locked, bool on_fault)
{
    AreaFlags flags = area.flags;
    flags.locked = locked;
    flags.lock_on_fault = locked && on_fault;
    if (flags == area.flags) return &area;
    return change(area, part, area.protection, flags);
}

// Makes all pages of the range present that an access could make present. Stops at the first failure, or goes
// on with the next area. NoMemory: no frame, or a hole; BadAddress: a page that no access could make present.
Result<void> AddressSpace::populate(VirtRange range, bool ignore_errors)
{
    for (VirtAddr at = range.begin; at < range.end;) {
        VmArea *area = areas_.first_ending_above(at);
        if (area == nullptr || area->range.begin >= range.end) break;
        VirtRange part{std::max(area->range.begin, at), std::min(area->range.end, range.end)};
        at = part.end;
        if (area->flags.lock_on_fault) continue;
        // A private page that may be written gets its own frame now: writing would only take another fault.
        Access access = area->protection.write && !area->flags.shared ? Access::Write : Access::Read;
        FaultResult result =
            area->protection.none() ? FaultResult::Denied : populate_area(*area, part, access);
        if (result == FaultResult::Resolved || ignore_errors) continue;
        return result == FaultResult::NoMemory ? Errno::NoMemory : Errno::BadAddress;
    }
    return {};
}

// Not counted as faults: the program did not wait for them one by one.
FaultResult AddressSpace::populate_area(VmArea &area, VirtRange part, Access access)
{
    for (VirtAddr page = part.begin; page < part.end; page += PageSize) {
        FaultResult result = resolve_page(area, page, access);
        if (result != FaultResult::Resolved) return result;
    }
    return FaultResult::Resolved;
}

} // namespace mm
