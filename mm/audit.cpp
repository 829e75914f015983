// The invariants of an address space, checked by walking everything. For tests and for the checked kernel.
#include "mm/address_space.hpp"
#include "mm/reference_recorder.hpp"
#include "mm/swap.hpp"

namespace mm {

namespace {

void require(bool holds, const char *what)
{
    if (!holds) machine::fail(what);
}

} // namespace

void AddressSpace::audit() const
{
    Turn turn(*this);
    areas_.audit();
    page_table_.audit();

    MemoryCounts found;
    uint64_t entries_in_areas = 0;
    for (const VmArea *area = areas_.first(); area != nullptr; area = AreaSet::next(*area)) {
        entries_in_areas += audit_area(*area, found);
    }
    uint64_t entries = 0;
    page_table_.inspect({VirtAddr{}, UserEnd}, [&](VirtAddr, PageTableEntry) { entries++; });
    require(entries == entries_in_areas, "address space: a page is present that no area covers");

    require(found.mapped == counts_.mapped, "address space: the count of mapped pages is wrong");
    require(found.swapped == counts_.swapped, "address space: the count of swapped pages is wrong");
    require(found.data == counts_.data, "address space: the count of data pages is wrong");
    require(found.stack == counts_.stack, "address space: the count of stack pages is wrong");
    require(found.executable == counts_.executable, "address space: the count of executable pages is wrong");
    require(found.locked == counts_.locked, "address space: the count of locked pages is wrong");
    require(found.resident_anonymous == counts_.resident_anonymous,
            "address space: the count of resident anonymous pages is wrong");
    require(found.resident_file == counts_.resident_file,
            "address space: the count of resident file pages is wrong");
    require(found.resident_shared == counts_.resident_shared,
            "address space: the count of resident shared pages is wrong");
    require(counts_.mapped_peak >= counts_.mapped, "address space: more is mapped than ever was");

    bool is_mine = last_found_ == nullptr;
    for (const VmArea *area = areas_.first(); area != nullptr && !is_mine; area = AreaSet::next(*area)) {
        is_mine = area == last_found_;
    }
    require(is_mine, "address space: the area of the last fault is gone");
}

// Returns the number of entries in the area, and adds to `found` what there is of each kind.
uint64_t AddressSpace::audit_area(const VmArea &area, MemoryCounts &found) const
{
    require(area.range.begin >= UserBegin && area.range.end <= UserEnd,
            "address space: an area leaves the user half");
    require(area.object != nullptr, "address space: an area has no object");
    require(!area.is_private_anonymous() || area.object == private_memory_,
            "address space: private memory of another family");
    require(!area.is_private_anonymous() || !area.flags.shared,
            "address space: private memory that is shared");
    require(!area.protection.write || area.flags.may_write,
            "address space: an area is writable that may not be");
    require(area.lineage <= last_lineage_, "address space: a lineage from nowhere");

    if (is_flat()) audit_flat_area(area);
    uint64_t pages = area.range.pages();
    found.mapped += pages;
    if (area.flags.locked) found.locked += pages;
    if (area.flags.grows_down)
        found.stack += pages;
    else if (area.protection.write && !area.flags.shared)
        found.data += pages;
    else if (area.protection.execute && !area.protection.write)
        found.executable += pages;

    uint64_t entries = 0;
    page_table_.inspect(area.range, [&](VirtAddr page, PageTableEntry entry) {
        audit_entry(area, page, entry, found);
        entries++;
    });
    return entries;
}

void AddressSpace::audit_entry(const VmArea &area, VirtAddr page, PageTableEntry entry,
                               MemoryCounts &found) const
{
    if (is_flat()) audit_flat_entry(page, entry);
    if (entry.is_swap()) {
        require(entry == PageTableEntry::swap(entry.slot()),
                "address space: a swapped page's entry has wrong bits");
        require(slot_users(entry.slot()) != 0, "address space: a page is in a slot that is free");
        require(!area.flags.shared && area.lineage != 0,
                "address space: a private page where there can be none");
        found.swapped++;
        return;
    }
    require(entry.raw() & PageTableEntry::User, "address space: a user page is the kernel's");
    // Of a recorded space also pages that may be used are hidden.
    require(recorder_ != nullptr ? !(entry.present() && area.protection.none())
                                 : entry.present() != area.protection.none(),
            "address space: presence contradicts the protection");
    require(entry.has_frame(), "address space: an entry leads nowhere");
    if (recorder_ != nullptr && entry.present()) {
        require(recorder_->is_noted(page), "address space: a page can be used that is not recorded");
        require(!entry.writable() || recorder_->is_noted_as_written(page),
                "address space: a page can be written that is not recorded as written");
    }
    require(!entry.writable() || area.protection.write,
            "address space: an entry allows writing, its area does not");
    require(!entry.executable() || area.protection.execute,
            "address space: an entry allows executing, its area does not");
    if (entry.is_zero_page()) {
        require(!entry.writable(), "address space: the zero page is writable");
        require(area.is_private_anonymous(), "address space: the zero page where pages have contents");
        return;
    }

    const Frame &frame = descriptor(entry.address());
    uint64_t references = frame.references.load(std::memory_order_relaxed);
    if (frame.flags & Frame::SwapCached) references--; // the cache's own
    require(references != 0, "address space: a page whose frame is free");
    if (frame.object == private_memory_) {
        require(frame.kind == FrameKind::Anonymous, "address space: a private page of another kind");
        require(!area.flags.shared, "address space: a private page in a shared area");
        require(frame.index == page.page(), "address space: a private page with another page's index");
        require(area.lineage != 0, "address space: a private page in an area without lineage");
        require(is_flat() == ((frame.flags & Frame::OfPool) != 0),
                "address space: a page of the pool in an ordinary space");
        // (Of a flat space's page only a device can be another user.)
        require(!entry.writable() || references == 1 || is_flat(),
                "address space: two may write the same private page");
        found.resident_anonymous++;
        return;
    }
    require(!area.is_private_anonymous(), "address space: a foreign page in private memory");
    require(frame.object == area.object, "address space: a page of another object");
    require(frame.index == area.index_of(page), "address space: a page of another place in its object");
    require(references >= 2, "address space: a shared page that its object does not hold");
    require(!entry.writable() || area.flags.shared,
            "address space: a file's page can be written by a private area");
    (frame.kind == FrameKind::File ? found.resident_file : found.resident_shared)++;
}

} // namespace mm
