// Files that get shorter, or a hole, or another object: their pages go, from everybody who shows them.
#include "mm/address_space.hpp"
#include "mm/page_frame.hpp"
#include "mm/swap.hpp"

#include <algorithm>

namespace mm {

void MemoryObject::truncate(uint64_t pages)
{
    forget_pages(pages, UINT64_MAX, Copies::Go);
}

void MemoryObject::truncate_part(uint64_t first, uint64_t end)
{
    forget_pages(first, end, Copies::Go);
}

void MemoryObject::discard(uint64_t first, uint64_t pages)
{
    forget_pages(first, first + pages, Copies::Stay);
}

// First the entries that lead to the pages [first, end), then the pages.
void MemoryObject::forget_pages(uint64_t first, uint64_t end, Copies copies)
{
    // (Faults lock a space and then its objects; here it is the other way round. Whoever has the space now is
    // on another processor and waits for nothing of ours.)
    while (!unmap_pages(first, end, copies)) {}
    auto contents = contents_.lock();
    PageMap &pages = contents->pages;
    for (auto page = pages.next(first); page.frame != NoFrame && page.index < end;
         page = pages.next(page.index)) {
        pages.remove(page.index);
        if (PageMap::is_slot(page.frame))
            release_slot(PageMap::slot_in(page.frame));
        else
            drop_page(PhysAddr::of_page(page.frame));
    }
}

// False: a space was somebody else's, so some are left.
bool MemoryObject::unmap_pages(uint64_t first, uint64_t end, Copies copies)
{
    bool all = true;
    for_each_area([&](VmArea &area) {
        uint64_t from = std::max(first, area.offset), to = std::min(end, area.offset + area.range.pages());
        if (from >= to) return;
        VirtAddr begin = area.range.begin + ((from - area.offset) << PageShift);
        VirtRange range{begin, begin + ((to - from) << PageShift)};
        all &= area.space->release_shown(range, copies == Copies::Go ? nullptr : this);
    });
    return all;
}

// The object's: its pages in the range are about to go; with `only`, private copies of them stay. False: the
// space is somebody else's now, and nothing happened.
bool AddressSpace::release_shown(VirtRange range, const MemoryObject *only)
{
    TryTurn turn(*this);
    if (!turn.is_mine()) return false;
    if (only == nullptr) {
        release_pages(range);
        return true;
    }
    note_resident_peak();
    FrameBatch batch(page_table_.root(), active());
    page_table_.visit(range, batch, [&](VirtAddr page, PageTableEntry entry) {
        if (entry.is_swap() || descriptor(entry.address()).object != only) return entry;
        resident_count(descriptor(entry.address()))--;
        batch.release_page(page, entry.address());
        return PageTableEntry{};
    });
    return true;
}

void MemoryObject::hand_over(MemoryObject &heir)
{
    discard(0, UINT64_MAX);
    for (;;) {
        VmArea *area;
        {
            auto contents = contents_.lock();
            if (!contents->areas.is_linked()) return;
            area = &lib::element<&VmArea::object_node>(*contents->areas.next());
        }
        AddressSpace::TryTurn turn(*area->space);
        if (!turn.is_mine()) continue;
        detach(*area);
        area->object = &heir;
        heir.share();
        heir.attach(*area);
        drop();
    }
}

} // namespace mm
