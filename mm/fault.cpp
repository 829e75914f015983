// Room 3 of a page fault's life: find the area, check permission, classify. Room 4 obtains a frame
// (mm/anonymous, copy_on_write, file_pages); room 5 is the page table.
#include "mm/fault.hpp"

#include "mm/address_space.hpp"
#include "mm/anonymous.hpp"
#include "mm/copy_on_write.hpp"
#include "mm/file_pages.hpp"

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
    if (fault.access == Access::Write && !entry.writable()) return copy_on_write(fault);
    // The entry allows it already: another processor was faster. The fault itself has made this one forget
    // what it knew about the page (SDM vol. 3A, 4.10.4.1).
    if (fault.access == Access::Write) fault.mark_written();
    return FaultResult::Resolved;
}

} // namespace

FaultResult handle_fault(AddressSpace &space, const Fault &fault)
{
    AddressSpace::Turn turn(space);
    VmArea *area = space.find_area(fault.address);
    if (area == nullptr) return FaultResult::NotMapped;
    if (!allows(area->protection, fault.access)) return FaultResult::Denied;
    FaultResult result = space.resolve_page(*area, fault.address.page_down(), fault.access);
    if (result == FaultResult::Resolved) space.counts_.minor_faults++;
    return result;
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

Result<PhysAddr> PageFault::allocate_private_frame()
{
    PhysAddr frame = TRY(frames().allocate(FrameKind::Anonymous));
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
