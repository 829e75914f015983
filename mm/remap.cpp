// mremap(2): shrink, grow in place, or move. Pages are moved by their entries, never copied, but in a flat
// space (mm/flat.cpp).
#include "mm/address_space.hpp"
#include "mm/swap.hpp"
#include "mm/swap_cache.hpp"

#include <algorithm>

namespace mm {

namespace {

// Whether something of `whole` is left on both sides of `part`.
bool is_inside(VirtRange part, VirtRange whole)
{
    return part.begin > whole.begin && part.end < whole.end;
}

} // namespace

Result<VirtAddr> AddressSpace::remap(const RemapRequest &request)
{
    if (request.fixed && !request.may_move) return Errno::Invalid;
    if (request.dont_unmap && (!request.may_move || request.old_size != request.new_size))
        return Errno::Invalid;
    if (!request.old_address.is_page_aligned()) return Errno::Invalid;
    uint64_t old_size = round_up_to_page(request.old_size);
    uint64_t new_size = round_up_to_page(request.new_size);
    if (new_size == 0) return Errno::Invalid;

    for (;;) {
        RemapRest rest;
        auto at = remap_area(request, old_size, new_size, rest);
        if (rest.missing == FaultResult::Resolved) {
            (void)populate(rest.to_populate, true);
            return at;
        }
        FaultResult result = wait_for(rest.awaited, rest.missing);
        if (result == FaultResult::Interrupted) return Errno::Interrupted;
        if (result != FaultResult::Resolved) return Errno::NoMemory;
    }
}

Result<VirtAddr> AddressSpace::remap_area(const RemapRequest &request, uint64_t old_size, uint64_t new_size,
                                          RemapRest &rest)
{
    Turn turn(*this);
    if (areas_.find(request.old_address) == nullptr) return Errno::BadAddress;
    if (request.fixed || request.dont_unmap) return remap_to(request, old_size, new_size, rest);
    if (old_size >= new_size) return shrink(request.old_address, old_size, new_size);

    VmArea *area = TRY(area_to_resize(request.old_address, old_size, new_size));
    VirtRange from{request.old_address, request.old_address + old_size};
    if (from.end == area->range.end && can_expand(*area, new_size - old_size)) {
        return expand(*area, from, new_size - old_size, rest);
    }
    if (!request.may_move) return Errno::NoMemory;
    VirtAddr to = TRY(find_place(VirtAddr{}, new_size));
    return move(*area, from, {to, to + new_size}, false, rest);
}

// Unmaps the tail. Like Linux, without asking what is there.
Result<VirtAddr> AddressSpace::shrink(VirtAddr address, uint64_t old_size, uint64_t new_size)
{
    if (old_size > new_size) {
        if (old_size > UserEnd.value() || address > UserEnd - old_size) return Errno::Invalid;
        TRY_VOID(unmap_range({address + new_size, address + old_size}));
    }
    return address;
}

// MREMAP_FIXED and MREMAP_DONTUNMAP.
Result<VirtAddr> AddressSpace::remap_to(const RemapRequest &request, uint64_t old_size, uint64_t new_size,
                                        RemapRest &rest)
{
    VirtRange from{request.old_address, request.old_address + old_size};
    VirtAddr to = request.new_address;
    if (!to.is_page_aligned() || new_size > UserEnd.value() || to > UserEnd - new_size) return Errno::Invalid;
    if (from.end > to && to + new_size > from.begin) return Errno::Invalid; // the two places overlap
    if (areas_.size() + 5 >= MaxAreas) return Errno::NoMemory; // moving may need that many for a moment
    if (request.fixed) {
        TRY(check_place(to, new_size));
        TRY_VOID(unmap_range({to, to + new_size}));
    }
    if (old_size > new_size) {
        TRY(shrink(from.begin, old_size, new_size));
        from.end = from.begin + new_size;
    }
    VmArea *area = TRY(area_to_resize(from.begin, from.size(), new_size));
    if (request.dont_unmap && !may_grow(area->protection, area->flags, from.pages())) return Errno::NoMemory;
    if (!request.fixed) to = TRY(find_place(to, new_size));
    return move(*area, from, {to, to + new_size}, request.dont_unmap, rest);
}

// The area at `address` when [address, address + old_size) may become new_size bytes.
Result<VmArea *> AddressSpace::area_to_resize(VirtAddr address, uint64_t old_size, uint64_t new_size) const
{
    VmArea *area = areas_.find(address);
    if (area == nullptr) return Errno::BadAddress;
    // Duplicating private memory would make a new mapping with nothing in it.
    if (old_size == 0 && !area->flags.shared) return Errno::Invalid;
    if (old_size > area->range.end - address) return Errno::BadAddress;
    if (new_size > old_size) {
        uint64_t pages = (new_size - old_size) >> PageShift;
        if (area->index_of(address) + (new_size >> PageShift) < area->index_of(address))
            return Errno::Invalid;
        if (!may_grow(area->protection, area->flags, pages)) return Errno::NoMemory;
    }
    return area;
}

bool AddressSpace::can_expand(const VmArea &area, uint64_t bytes) const
{
    VirtAddr end = is_flat() ? flat_range().end : UserEnd;
    if (bytes > end - area.range.end) return false;
    const VmArea *above = AreaSet::next(area);
    return above == nullptr || above->range.begin >= area.range.end + bytes;
}

Result<VirtAddr> AddressSpace::expand(VmArea &area, VirtRange from, uint64_t bytes, RemapRest &rest)
{
    VirtRange added{area.range.end, area.range.end + bytes};
    if (area.flags.accounted && exceeds_memory(added.pages())) return Errno::NoMemory;
    Mapping extension = area.slice(added);
    account(area.protection, area.flags, added.pages());
    VmArea *expanded =
        *add(extension, neighbours_of_changed(extension, &area, AreaSet::next(area))); // allocates nothing
    if (expanded->flags.locked || is_flat()) rest.to_populate = added;
    return from.begin;
}

// Moves `from`, a part of the area, to the beginning of `to`, which is free. Failing changes nothing that a
// program could see.
Result<VirtAddr> AddressSpace::move(VmArea &area, VirtRange from, VirtRange to, bool dont_unmap,
                                    RemapRest &rest)
{
    if (areas_.size() + 3 >= MaxAreas) return Errno::NoMemory;
    uint64_t more = dont_unmap ? to.pages() : to.pages() - from.pages();
    if (area.flags.accounted && exceeds_memory(more)) return Errno::NoMemory;
    if (!area.flags.shared && private_memory_->has_several_spaces()) [[unlikely]]
        TRY_VOID(part_with_family(area, from, rest));

    Mapping moved = area.slice({from.begin, from.begin + to.size()});
    moved.range = to;
    // Memory that was never written forgets where it came from; what was written keeps its place of birth.
    if (moved.is_private_anonymous() && moved.lineage == 0) moved.offset = to.begin.page();

    // All that can fail comes first: to cut `from` out, tables for the new place, the new area.
    bool isolates = !from.empty() && (dont_unmap ? moved.flags.locked : is_inside(from, area.range));
    VirtRange whole = area.range;
    VmArea *source = &area;
    if (isolates) source = TRY(isolate(area, from));
    auto done = reserve_tables(from, to.begin);
    if (done.ok()) done = add_moved(moved, dont_unmap ? source : nullptr);
    if (!done.ok()) {
        release_tables(from, to.begin);
        if (isolates) undo_isolate(*source, whole);
        return done.error();
    }

    uint64_t peak = counts_.mapped_peak;
    account(moved.protection, moved.flags, to.pages());
    if (is_flat()) [[unlikely]]
        copy_pages(from, to.begin, moved.protection);
    else
        move_pages(from, to.begin);
    if (dont_unmap) {
        leave_empty(*source, from);
    } else if (!from.empty()) {
        TRY_VOID(unmap_range(from));                          // cannot fail any more
        counts_.mapped_peak = std::max(peak, counts_.mapped); // the two places were one at all times
    }
    if (moved.flags.locked && to.size() > from.size()) rest.to_populate = {to.begin + from.size(), to.end};
    if (is_flat()) rest.to_populate = {std::min(from.begin, to.begin), std::max(from.end, to.end)};
    return to.begin;
}

// With `kept`, the area that the pages leave but that stays (MREMAP_DONTUNMAP), the new area joins nobody.
Result<void> AddressSpace::add_moved(const Mapping &moved, const VmArea *kept)
{
    VmArea *next = areas_.first_ending_above(moved.range.begin);
    VmArea *previous = next != nullptr ? AreaSet::previous(*next) : areas_.last();
    Neighbours joined = neighbours_of_changed(moved, previous, next);
    if (kept != nullptr && (joined.previous == kept || joined.next == kept)) joined = {};
    TRY(add(moved, joined));
    return {};
}

// MREMAP_DONTUNMAP: what stays behind has no pages, is not locked, and begins a new life if it is a whole
// area.
void AddressSpace::leave_empty(VmArea &area, VirtRange part)
{
    if (area.range.begin == part.begin && area.range.end == part.end) area.lineage = 0;
    if (!area.flags.locked) return;
    area.flags.locked = area.flags.lock_on_fault = false;
    counts_.locked -= part.pages();
}

// Makes the page tables that the pages of `from` will need at `to`, so that moving them cannot fail half-way.
Result<void> AddressSpace::reserve_tables(VirtRange from, VirtAddr to)
{
    bool failed = false;
    page_table_.inspect(from, [&](VirtAddr page, PageTableEntry) {
        if (!failed) failed = !page_table_.slot(to + (page - from.begin)).ok();
    });
    if (failed) return Errno::NoMemory;
    return {};
}

void AddressSpace::release_tables(VirtRange from, VirtAddr to)
{
    FrameBatch batch(page_table_.root(), active());
    page_table_.inspect(
        from, [&](VirtAddr page, PageTableEntry) { page_table_.prune(to + (page - from.begin), batch); });
}

// A private page is found by its virtual page number, the same in all spaces of the family
// (mm/memory_object.hpp). One that others share must not get another number, so it is copied before it moves.
// TryAgain: `rest` says what to wait for.
Result<void> AddressSpace::part_with_family(VmArea &area, VirtRange range, RemapRest &rest)
{
    for (VirtAddr at = range.begin; at < range.end; at = at + PageSize) {
        VirtAddr found = range.end;
        page_table_.inspect_until({at, range.end}, [&](VirtAddr page, PageTableEntry entry) {
            if (!is_shared_in_family(entry)) return true;
            found = page;
            return false;
        });
        if (found == range.end) break;
        at = found;
        rest.missing =
            resolve_page(area, at, Access::Write); // whatever the area allows: it is a copy of its own
        rest.awaited = at;
        if (rest.missing != FaultResult::Resolved) return Errno::TryAgain;
        if (recorder_ != nullptr) hide_populated(at);
    }
    return {};
}

bool AddressSpace::is_shared_in_family(PageTableEntry entry) const
{
    if (entry.is_zero_page()) return false;
    if (entry.is_swap()) {
        uint32_t cached = swap_cache().find(entry.slot());
        if (cached == NoFrame) return slot_users(entry.slot()) > 1;
        return slot_users(entry.slot()) > 2 || machine::frame_array()[cached].references.load() > 1;
    }
    return descriptor(entry.address()).object == private_memory_ && !is_exclusive(entry.address());
}

void AddressSpace::move_pages(VirtRange from, VirtAddr to)
{
    FrameBatch batch(page_table_.root(), active());
    page_table_.visit(from, batch, [&](VirtAddr page, PageTableEntry entry) {
        VirtAddr target = to + (page - from.begin);
        EntrySlot slot = *page_table_.slot(target);
        bool is_shown = entry.present() && recorder_ != nullptr;
        page_table_.set(slot, target, is_shown ? entry.hidden() : entry);
        // A private page is found by its virtual page number, which is another one now.
        if (entry.is_swap()) {
            uint32_t cached = swap_cache().find(entry.slot());
            if (cached != NoFrame) machine::frame_array()[cached].index = target.page();
            return PageTableEntry{};
        }
        if (!entry.is_zero_page()) {
            Frame &frame = descriptor(entry.address());
            if (frame.object == private_memory_) frame.index = target.page();
        }
        batch.invalidate(page);
        return PageTableEntry{};
    });
}

} // namespace mm
