// fork(2), as far as memory goes: a second space that says the same of every address.
//
// What is copied are areas and page tables; frames are not. A private page's frame gets a reference more and
// loses its Writable bit in both tables, so that whoever writes first gets a copy of it
// (mm/copy_on_write.cpp) and whoever is left alone with it writes in place. A page on a swap device is shared
// by its slot. What an object holds anyway, pages of shared areas and pages of files that nobody wrote to, is
// left out: the child finds it there by a fault when it needs it, and mostly it needs little before it
// executes another program.
//
// The cost is that of the parent's areas and of the entries in its tables. No frame keeps a list of its
// users: both spaces are members of one family, which is asked page by page (mm/memory_object.hpp).
#include "mm/address_space.hpp"

#include "mm/reclaim.hpp"
#include "mm/swap_area.hpp"
#include "mm/swap_cache.hpp"

namespace mm {

namespace {

// Whether one entry more may hold the slot: the swap cache must always find room, or the page could never be
// read again.
bool may_share(SwapSlot slot)
{
    unsigned entries = slot_users(slot) - (swap_cache().find(slot) != NoFrame ? 1 : 0);
    return entries + 1 < SwapArea::MaxUsers;
}

} // namespace

// Nothing is taken back from the parent when memory runs out half-way. What was made read-only for the
// child's sake is its own again, and writing there finds that out.
Result<AddressSpace *> AddressSpace::fork()
{
    if (is_flat()) return Errno::Invalid;
    for (;;) {
        AddressSpace *child = nullptr;
        VirtAddr page;
        FaultResult result = attempt_fork(child, page);
        if (result == FaultResult::Resolved) return child;
        // The child keeps what it has meanwhile, which comes on top of what is free then: otherwise a child
        // that needs more than that would be tried for ever.
        result = wait_for(page, result);
        if (child != nullptr) child->drop();
        if (result == FaultResult::Interrupted) return Errno::Interrupted;
        if (result != FaultResult::Resolved) return Errno::NoMemory;
    }
}

// As far as it goes without sleeping. NoMemory: `child` is there in part, or null. Waits: `page` must come
// back from disk first.
FaultResult AddressSpace::attempt_fork(AddressSpace *&child, VirtAddr &page)
{
    Turn turn(*this);
    if (counts_.swapped != 0) [[unlikely]] {
        FaultResult result = bring_back_common_pages(page);
        if (result != FaultResult::Resolved) return result;
    }
    private_memory_->share();
    auto made = create_in(*private_memory_);
    if (!made.ok()) return FaultResult::NoMemory;
    child = *made;
    Turn childs_turn(*child);
    child->begin_as_child_of(*this);
    auto copied = copy_areas_to(*child);
    // The processors may still know pages as writable that are not any more.
    machine::invalidate_all(page_table_.root(), active());
    child->counts_.resident_peak = child->counts_.resident();
    return copied.ok() ? FaultResult::Resolved : FaultResult::NoMemory;
}

// Pages whose slot has as many users as it can have come into memory: there the child can share them.
FaultResult AddressSpace::bring_back_common_pages(VirtAddr &page)
{
    for (VirtAddr at; at < UserEnd; at = page + PageSize) {
        VirtAddr found = UserEnd;
        page_table_.inspect_until({at, UserEnd}, [&](VirtAddr each, PageTableEntry entry) {
            if (!entry.is_swap() || may_share(entry.slot())) return true;
            found = each;
            return false;
        });
        if (found == UserEnd) break;
        page = found;
        FaultResult result = resolve_page(*areas_.find(page), page, Access::Read);
        if (result != FaultResult::Resolved) return result;
    }
    return FaultResult::Resolved;
}

// Locks are not inherited (mlock(2), NOTES), nor is what a recorder notes.
void AddressSpace::begin_as_child_of(const AddressSpace &parent)
{
    limits = parent.limits;
    break_begin_ = parent.break_begin_;
    break_ = parent.break_;
    initialised_data_ = parent.initialised_data_;
    map_top_ = parent.map_top_;
    last_lineage_ = parent.last_lineage_;
}

Result<void> AddressSpace::copy_areas_to(AddressSpace &child)
{
    for (VmArea *area = areas_.first(); area != nullptr; area = AreaSet::next(*area)) {
        if (area->flags.dont_fork) continue;
        Mapping mapping = *area;
        mapping.flags.locked = mapping.flags.lock_on_fault = false;
        bool is_empty = mapping.flags.shared || mapping.flags.wipe_on_fork;
        if (mapping.flags.wipe_on_fork) mapping.lineage = 0;
        if (mapping.lineage == 0 && !mapping.is_private_anonymous()) is_empty = true; // nothing was written
        TRY(child.create_area(mapping));
        child.account(mapping.protection, mapping.flags, mapping.range.pages());
        if (!is_empty) TRY_VOID(copy_entries_to(child, *area));
    }
    return {};
}

Result<void> AddressSpace::copy_entries_to(AddressSpace &child, const VmArea &area)
{
    if (is_flat()) [[unlikely]]
        return copy_flat_entries_to(child, area);
    bool all_are_private = area.is_private_anonymous();
    // Of a recorded space, pages are hidden that the child may use.
    bool shows = recorder_ != nullptr && !area.protection.none();
    MemoryCounts &counts = child.counts_;
    return page_table_.copy_to(child.page_table_, area.range, [&](PageTableEntry &entry) {
        constexpr uint64_t WithoutFrame = PageTableEntry::ZeroPage | PageTableEntry::Swapped;
        PageTableEntry old = entry;
        if (old.raw() & WithoutFrame) [[unlikely]] {
            if (old.is_swap()) {
                share_slot(old.slot()); // there is room for one user more (may_share)
                counts.swapped++;
                return old;
            }
        } else {
            Frame &frame = descriptor(old.address());
            if (!all_are_private && frame.object != private_memory_) return PageTableEntry{};
            frame.references.fetch_add(1, std::memory_order_relaxed);
            counts.resident_anonymous++;
        }
        if (old.writable()) entry = old.without(PageTableEntry::Writable);
        // Dirty is inherited: as long as one of the two has it, what lies in the page's slot on disk is old.
        PageTableEntry copy = old.without(PageTableEntry::Writable | PageTableEntry::Accessed);
        return shows ? copy.shown() : copy;
    });
}

} // namespace mm
