// mlock(2), mlock2(2), mlockall(2), munlock(2), munlockall(2); and populating, which is what locking does to
// pages that are not there yet, and what MAP_POPULATE and MADV_POPULATE_* ask for by themselves.
//
// The reclaimer leaves pages of locked areas where they are (mm/page_out.cpp).
#include "mm/address_space.hpp"
#include "mm/waiting.hpp"

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
    {
        Turn turn(*this);
        TRY_VOID(set_locked(range, true, on_fault));
    }
    if (on_fault) return {}; // each page comes when it is touched
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
    {
        Turn turn(*this);
        future_.locked = future;
        future_.lock_on_fault = future && on_fault;
        if (!current) return {};
        lock_each(true, on_fault);
    }
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

// Makes all pages of the range present that an access could make present; the caller has no turn. Stops at
// the first failure, or goes on with the next area. NoMemory: no frame, or a hole; BadAddress: a page that no
// access could make present; Interrupted: the thread is dying.
Result<void> AddressSpace::populate(VirtRange range, bool ignore_errors)
{
    for (VirtAddr at = range.begin; at < range.end;) {
        FaultResult result = populate_next_area(at, range.end);
        if (result == FaultResult::Waits || result == FaultResult::NoMemory) {
            result = wait_for(at, result);
            if (result == FaultResult::Resolved) continue;
            if (result == FaultResult::NoMemory) return ignore_errors ? Result<void>{} : Errno::NoMemory;
            if (result == FaultResult::Interrupted) return Errno::Interrupted;
            at = at + PageSize; // the disk could not read this one
        }
        if (result != FaultResult::Resolved && !ignore_errors) return Errno::BadAddress;
        if (at < range.end && !waiting::pause()) return Errno::Interrupted;
    }
    return {};
}

// The first area in [at, end), or a piece of it: `at` is where to go on, behind it, or at the page that has
// to be waited for.
FaultResult AddressSpace::populate_next_area(VirtAddr &at, VirtAddr end)
{
    Turn turn(*this);
    VmArea *area = areas_.first_ending_above(at);
    if (area == nullptr || area->range.begin >= end) {
        at = end;
        return FaultResult::Resolved;
    }
    at = std::max(area->range.begin, at);
    VirtAddr part_end = std::min(area->range.end, end);
    FaultResult result = FaultResult::Resolved;
    if (area->flags.lock_on_fault && !is_flat()) {
        // Pages come when they are touched.
    } else if (area->protection.none()) {
        result = FaultResult::Denied;
    } else {
        // A private page that may be written gets its own frame now: writing would only take another fault.
        Access access = area->protection.write && !area->flags.shared ? Access::Write : Access::Read;
        VirtAddr piece_end = std::min(part_end, at + PopulatePiece);
        result = populate_area(*area, at, piece_end, access);
        if (result == FaultResult::Waits || result == FaultResult::NoMemory) return result;
        if (result == FaultResult::Resolved) part_end = piece_end;
    }
    at = part_end;
    return result;
}

// [at, end) lies in the area; `at` is the page that could not be had, if the result says so. Not counted as
// faults: the program did not wait for them one by one.
FaultResult AddressSpace::populate_area(VmArea &area, VirtAddr &at, VirtAddr end, Access access)
{
    for (; at < end; at = at + PageSize) {
        FaultResult result = resolve_page(area, at, access);
        if (result != FaultResult::Resolved) return result;
        if (recorder_ != nullptr) [[unlikely]]
            hide_populated(at);
    }
    return FaultResult::Resolved;
}

} // namespace mm
