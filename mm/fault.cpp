// Room 3 of a page fault's life: find the area, check permission, classify. Room 4 obtains a frame
// (mm/anonymous, copy_on_write, file_pages); room 5 is the page table.
#include "mm/fault.hpp"

#include "mm/address_space.hpp"
#include "mm/anonymous.hpp"
#include "mm/copy_on_write.hpp"
#include "mm/file_pages.hpp"
#include "mm/page_frame.hpp"
#include "mm/reclaim.hpp"
#include "mm/swap.hpp"
#include "mm/swap_cache.hpp"
#include "mm/swap_in.hpp"
#include "mm/transfers.hpp"

namespace mm {

namespace {

// x86 has no page that can be written or executed but not read (mmap(2), NOTES).
bool allows(Protection protection, Access access)
{
    switch (access) {
    case Access::Read:
        return !protection.none();
    case Access::Write:
        return protection.write;
    case Access::Execute:
        return protection.execute;
    }
    return false;
}

FaultResult dispatch(PageFault &fault)
{
    PageTableEntry entry = *fault.slot.entry;
    if (entry.empty()) return fault.area.is_private_anonymous() ? anonymous_page(fault) : file_page(fault);
    if (entry.is_swap()) [[unlikely]]
        return swapped_page(fault);
    if (fault.access == Access::Write && !entry.writable()) return copy_on_write(fault);
    // The entry allows it already: another processor was faster. The fault itself has made this one forget
    // what it knew about the page (SDM vol. 3A, 4.10.4.1).
    if (fault.access == Access::Write) fault.mark_written();
    return FaultResult::Resolved;
}

} // namespace

FaultResult handle_fault(AddressSpace &space, const Fault &fault)
{
    FaultResult result = space.attempt(fault, false);
    if (result == FaultResult::Waits || result == FaultResult::NoMemory) [[unlikely]]
        return space.wait_and_retry(fault, result);
    return result;
}

// As far as it goes without sleeping. `again`: not for the first time.
inline FaultResult AddressSpace::attempt(const Fault &fault, bool again)
{
    Turn turn(*this);
    VmArea *area = find_area(fault.address);
    if (area == nullptr) return FaultResult::NotMapped;
    if (!allows(area->protection, fault.access)) return FaultResult::Denied;
    if (recorder_ != nullptr) [[unlikely]]
        return attempt_recorded(*area, fault, again);
    FaultResult result = resolve_page(*area, fault.address.page_down(), fault.access);
    if (result == FaultResult::Resolved) counts_.minor_faults++;
    return result;
}

// Waits for what is missing, without a turn, and looks everything up again: as often as it takes.
[[gnu::noinline]] FaultResult AddressSpace::wait_and_retry(const Fault &fault, FaultResult result)
{
    bool from_disk = false;
    while (result == FaultResult::Waits || result == FaultResult::NoMemory) {
        from_disk |= result == FaultResult::Waits;
        result = wait_for(fault.address.page_down(), result);
        if (result == FaultResult::Resolved)
            result = attempt(fault, true);
        else
            return result;
    }
    if (result == FaultResult::Resolved && from_disk) {
        Turn turn(*this);
        counts_.minor_faults--;
        counts_.major_faults++;
    }
    return result;
}

// Resolved: whatever `result` said was missing may be there now.
FaultResult AddressSpace::wait_for(VirtAddr page, FaultResult result)
{
    if (result == FaultResult::NoMemory) return wait_for_memory();
    if (result != FaultResult::Waits) return result;
    unsigned size = 0;
    result = wait_for_arrival(awaited_slot(page), &size);
    // One bad place fails a request as a whole. The page that is needed is asked for once more, alone.
    if (result == FaultResult::BusError && size > 1 && read_singly(page)) return FaultResult::Resolved;
    return result;
}

// The slot that a page is to come from; none: it has come.
SwapSlot AddressSpace::awaited_slot(VirtAddr page) const
{
    Turn turn(*this);
    const PageTableEntry *entry = page_table_.find(page);
    SwapSlot slot;
    if (entry != nullptr && entry->is_swap()) {
        slot = entry->slot();
    } else if (const VmArea *area = areas_.find(page); area != nullptr && !area->is_private_anonymous()) {
        slot = area->object->slot_of(area->index_of(page));
    }
    return slot;
}

// The next read of this page brings nothing else. False: the area is gone.
bool AddressSpace::read_singly(VirtAddr page)
{
    Turn turn(*this);
    VmArea *area = areas_.find(page);
    if (area == nullptr) return false;
    area->read_ahead.came(0);
    if (!area->is_private_anonymous()) area->object->read_singly();
    return true;
}

// The area that `address` lies in, or the stack that grows to reach it.
VmArea *AddressSpace::find_area(VirtAddr address)
{
    VmArea *area = first_ending_above(address);
    if (area == nullptr) return nullptr;
    if (area->range.begin > address && !grow_stack(*area, address)) return nullptr;
    last_found_ = area;
    return area;
}

// Makes one page present for an access that its area allows.
FaultResult AddressSpace::resolve_page(VmArea &area, VirtAddr page, Access access)
{
    auto slot = page_table_.slot(page);
    if (!slot.ok()) return FaultResult::NoMemory;
    PageFault fault{*this, area, page, access, *slot};
    FaultResult result = dispatch(fault);
    if (slot->entry->empty()) [[unlikely]] {
        FrameBatch batch(page_table_.root(), active());
        page_table_.prune(page, batch);
    }
    return result;
}

// ---- The door to room 5.

inline PageTableEntry PageFault::leaf(PhysAddr frame, bool writable) const
{
    // Linux, too, lets an entry begin its life as one that was used: the access follows at once.
    uint64_t used = PageTableEntry::Accessed | (access == Access::Write ? PageTableEntry::Dirty : 0);
    return PageTableEntry::leaf(frame, area.protection, writable).with(used);
}

void PageFault::install(PhysAddr frame, bool writable)
{
    space.page_table_.set(slot, page, leaf(frame, writable));
    space.resident_count(descriptor(frame))++;
}

void PageFault::install_unused(PhysAddr frame, bool writable)
{
    PageTableEntry entry = PageTableEntry::leaf(frame, area.protection, writable);
    space.page_table_.set(slot, page, space.recorder_ == nullptr ? entry : entry.hidden());
    space.resident_count(descriptor(frame))++;
}

void PageFault::install_zero_page()
{
    space.page_table_.set(slot, page, leaf(zero_page(), false).with(PageTableEntry::ZeroPage));
}

void PageFault::mark_written()
{
    constexpr uint64_t Written = PageTableEntry::Accessed | PageTableEntry::Dirty;
    space.page_table_.set(slot, page, slot.entry->with(Written));
}

void PageFault::replace(PhysAddr frame, bool writable)
{
    PageTableEntry old = *slot.entry;
    FrameBatch batch(space.page_table_.root(), space.active());
    install(frame, writable);
    if (old.is_zero_page()) {
        batch.invalidate(page);
    } else {
        space.resident_count(descriptor(old.address()))--;
        batch.release_page(page, old.address());
    }
}

void PageFault::allow_writing()
{
    PageTableEntry old = *slot.entry;
    FrameBatch batch(space.page_table_.root(), space.active());
    space.page_table_.set(slot, page, leaf(old.address(), true));
    batch.invalidate(page);
}

void PageFault::take_back(uint32_t number, bool used)
{
    PhysAddr frame = PhysAddr::of_page(number);
    SwapSlot swap = slot.entry->slot();
    Frame &own = descriptor(frame);
    own.object = space.private_memory_;
    own.index = page.page();
    let_go(number);
    frames().share(frame);
    release_slot(swap);
    // The cache's copy may be written to: it then differs from what is on disk, and the Dirty bit says so.
    bool writable = space.is_exclusive(frame);
    uint64_t marks = used ? PageTableEntry::Accessed : 0;
    if (access == Access::Write && writable) marks |= PageTableEntry::Dirty;
    PageTableEntry entry = PageTableEntry::leaf(frame, area.protection, writable).with(marks);
    space.page_table_.set(slot, page, space.recorder_ == nullptr ? entry : entry.hidden());
    space.counts_.swapped--;
    space.counts_.resident_anonymous++;
    if (own.flags & Frame::WriteFailed && slot_users(swap) == 1) forget_cached(number);
}

PageFault PageFault::neighbour(VirtAddr other) const
{
    return {space, area, other, Access::Read, *space.page_table_.slot(other)};
}

PageFault PageFault::following(uint64_t pages) const
{
    return {space, area, page + (pages << PageShift), Access::Read, {slot.entry + pages, slot.table}};
}

MemoryObject *PageFault::private_memory() const
{
    return space.private_memory_;
}

Result<PhysAddr> PageFault::allocate_private_frame()
{
    PhysAddr frame;
    if (space.is_flat()) [[unlikely]] {
        frame = space.use_flat_frame(page);
    } else {
        frame = TRY(frames().allocate(FrameKind::Anonymous));
        join_ring(frame);
    }
    if (area.lineage == 0) [[unlikely]]
        space.begin_lineage(area);
    Frame &own = descriptor(frame);
    own.object = space.private_memory_;
    own.index = page.page();
    return frame;
}

bool PageFault::is_exclusive(PhysAddr frame) const
{
    return space.is_exclusive(frame);
}

} // namespace mm
