// A space that lives flat in one piece of the pool, as with a base register: the page at flat_range().begin +
// i has the frame at piece()->begin + i, always. x86-64 cannot run without page tables, so they spell out
// that one difference.
//
// What follows from it: all that a program may access is there as soon as it is mapped, in frames of its own:
// also what is only read, and pages of private files, which are read in. Nothing is shared, so there is no
// zero page and no copy-on-write, and nothing is swapped. Outside of the range nothing can be mapped
// (ENOMEM). Inaccessible memory (PROT_NONE) gets its pages when it becomes accessible. Linux without an MMU
// has much the same rules (Documentation/admin-guide/mm/nommu-mmap.rst).
//
// Only what cannot be had when it is mapped is missing: pages past the end of a file, pages that the disk
// does not read, and all for which there is no memory for page tables, although who maps waits for memory
// like everybody. The first access tries again, by a fault.
//
// A frame that a device still has when its page goes is the frame of the next page that comes to that place:
// the device's data arrives there, as it did when devices were told physical addresses of programs.
#include "mm/address_space.hpp"
#include "mm/pool.hpp"
#include "mm/reclaim.hpp"

namespace mm {

Result<void> AddressSpace::live_in(PoolExtent &piece, VirtAddr begin)
{
    Turn turn(*this);
    uint64_t size = piece.pages << PageShift;
    if (is_flat() || areas_.size() != 0 || !begin.is_page_aligned()) return Errno::Invalid;
    if (begin < UserBegin || begin > UserEnd || size > UserEnd - begin) return Errno::Invalid;
    piece_ = &piece;
    flat_begin_ = begin;
    map_top_ = begin + size;
    return {};
}

VirtRange AddressSpace::flat_range() const
{
    if (!is_flat()) return {};
    return {flat_begin_, flat_begin_ + (piece_->pages << PageShift)};
}

PhysAddr AddressSpace::flat_frame(VirtAddr page) const
{
    return piece_->begin + (page - flat_begin_);
}

// The frame of a page that begins its life, with a reference for it and undefined contents.
PhysAddr AddressSpace::use_flat_frame(VirtAddr page)
{
    PhysAddr frame = flat_frame(page);
    pool().use_frame(*piece_, frame);
    return frame;
}

bool AddressSpace::is_flat_place(VirtAddr address, uint64_t size) const
{
    VirtRange range = flat_range();
    return address >= range.begin && address <= range.end && size <= range.end - address;
}

// A hint is taken when it is free and below the stack. Otherwise the highest place there, down to where the
// heap ends and whatever else there is: who comes first gets the room between them.
Result<VirtAddr> AddressSpace::find_flat_place(VirtAddr hint, uint64_t size) const
{
    hint = hint.page_down();
    if (hint >= flat_begin_ && hint <= map_top_ && size <= map_top_ - hint) {
        const VmArea *above = areas_.first_ending_above(hint);
        if (above == nullptr || hint + size <= above->range.begin) return hint;
    }
    auto place = areas_.highest_gap(size, flat_begin_, map_top_);
    if (!place) return Errno::NoMemory;
    return *place;
}

// What mmap is asked for, as far as there is such a thing. A shared file would need the frames of the page
// cache (ENODEV, as on Linux without an MMU); shared anonymous memory has nobody to be shared with; nothing
// grows by faults.
Result<void> AddressSpace::make_flat(Mapping &mapping) const
{
    if (mapping.object != nullptr && mapping.flags.shared) return Errno::NoDevice;
    mapping.flags.shared = mapping.flags.grows_down = false;
    return {};
}

Result<void> AddressSpace::map_flat_stack(VirtRange range, Protection protection)
{
    {
        Turn turn(*this);
        VirtAddr below_guard = range.begin - PageSize;
        if (range.end < range.begin || !is_flat_place(below_guard, range.size() + PageSize))
            return Errno::NoMemory;
        TRY_VOID(add_stack(range, protection, {.accounted = true}));
        map_top_ = below_guard;
    }
    return populate(range, false);
}

// mremap(2): frames cannot move, so bytes do. `to` has tables for all pages and no pages (reserve_tables).
void AddressSpace::copy_pages(VirtRange from, VirtAddr to, Protection protection)
{
    constexpr uint64_t Used = PageTableEntry::Accessed | PageTableEntry::Dirty;
    {
        // From here on nobody writes to what is being copied.
        FrameBatch batch(page_table_.root(), active());
        page_table_.visit(from, batch, [&](VirtAddr page, PageTableEntry entry) {
            batch.invalidate(page);
            return PageTableEntry::leaf(entry.address(), NoAccess, false).with(entry.raw() & Used);
        });
    }
    FrameBatch batch(page_table_.root(), active());
    page_table_.visit(from, batch, [&](VirtAddr page, PageTableEntry entry) {
        VirtAddr target = to + (page - from.begin);
        PhysAddr frame = use_flat_frame(target);
        descriptor(frame).object = private_memory_;
        descriptor(frame).index = target.page();
        machine::copy_frame(frame, entry.address());
        page_table_.set(*page_table_.slot(target), target,
                        PageTableEntry::leaf(frame, protection, true).with(entry.raw() & Used));
        batch.release_page(page, entry.address());
        return PageTableEntry{};
    });
}

// Nothing is shared, so nothing is left for the first write to do.
Result<AddressSpace *> AddressSpace::fork_into(PoolExtent &piece)
{
    Result<AddressSpace *> made = Errno::Invalid;
    if (is_flat() && piece.pages == piece_->pages) {
        private_memory_->share();
        made = create_in(*private_memory_);
    }
    if (!made.ok()) {
        pool().give_back(piece);
        return made;
    }
    AddressSpace &child = **made;
    (void)child.live_in(piece, flat_begin_); // where the parent could, it can
    for (;;) {
        FaultResult result = attempt_fork_into(child);
        if (result == FaultResult::Resolved) {
            (void)child.populate(child.flat_range(), true); // what MADV_WIPEONFORK left out
            return &child;
        }
        // (As in fork(), the child keeps its tables until there is memory for more.)
        result = wait_for_memory();
        if (result != FaultResult::Resolved) {
            child.drop();
            return result == FaultResult::Interrupted ? Errno::Interrupted : Errno::NoMemory;
        }
        Turn turn(child);
        (void)child.unmap_range({VirtAddr{}, UserEnd}); // whole areas
    }
}

FaultResult AddressSpace::attempt_fork_into(AddressSpace &child)
{
    Turn turn(*this), childs_turn(child);
    child.begin_as_child_of(*this);
    auto copied = copy_areas_to(child);
    child.counts_.resident_peak = child.counts_.resident();
    return copied.ok() ? FaultResult::Resolved : FaultResult::NoMemory;
}

Result<void> AddressSpace::copy_flat_entries_to(AddressSpace &child, const VmArea &area)
{
    return page_table_.copy_to(child.page_table_, area.range, [&](PageTableEntry entry) {
        PhysAddr from = entry.address();
        VirtAddr page = flat_begin_ + (from - piece_->begin);
        PhysAddr frame = child.use_flat_frame(page);
        descriptor(frame).object = private_memory_;
        descriptor(frame).index = page.page();
        machine::copy_frame(frame, from);
        child.counts_.resident_anonymous++;
        return PageTableEntry{frame.value()}.with(entry.without(PageTableEntry::AddressMask).raw());
    });
}

// ---- What the audit asks of a flat space besides (mm/audit.cpp).

void AddressSpace::audit_flat_area(const VmArea &area) const
{
    if (!is_flat_place(area.range.begin, area.range.size()))
        machine::fail("flat space: an area leaves the piece");
    if (area.flags.shared || area.flags.grows_down) machine::fail("flat space: an area is shared, or grows");
    if (piece_->frames_in_use < counts_.resident()) machine::fail("flat space: pages that the piece lacks");
}

void AddressSpace::audit_flat_entry(VirtAddr page, PageTableEntry entry) const
{
    if (entry.is_swap() || entry.is_zero_page()) machine::fail("flat space: a page without its own frame");
    if (entry.address() != flat_frame(page)) machine::fail("flat space: a page is not where it belongs");
    if (descriptor(entry.address()).object != private_memory_)
        machine::fail("flat space: a page belongs to another object");
}

} // namespace mm
