// From a page to everybody who maps it: through its object and its place in it (mm/memory_object.hpp),
// without a node for each mapping.
#pragma once

#include "mm/address_space.hpp"
#include "mm/swap_cache.hpp"

namespace mm {

// One place where a page is mapped: its entry leads to the frame, or holds the slot that the page has in the
// swap cache. The space is locked while a visitor looks at it.
struct Mapper {
    AddressSpace &space;
    VmArea &area;
    VirtAddr page;
    EntrySlot slot;
};

class ReverseMap {
public:
    // Calls visitor(Mapper) for each. False: a space was locked by another processor, not all were seen.
    // (Faults lock a space and then an object; here it is the other way round, so nobody waits.)
    template <typename Visitor> static bool for_each_mapper(uint32_t frame, Visitor &&visitor)
    {
        const Frame &page = machine::frame_array()[frame];
        bool all = true;
        if (page.object->is_private_anonymous()) {
            page.object->for_each_space([&](AddressSpace &space) {
                all &= visit(space, VirtAddr::of_page(page.index), frame, visitor);
            });
        } else {
            page.object->for_each_area([&](VmArea &area) {
                if (page.index < area.offset || page.index - area.offset >= area.range.pages()) return;
                VirtAddr at = area.range.begin + ((page.index - area.offset) << PageShift);
                all &= visit(*area.space, at, frame, visitor);
            });
        }
        return all;
    }

    // What a visitor may do to a mapper's space.
    static PageTable &table(const Mapper &mapper) { return mapper.space.page_table_; }
    static MemoryCounts &counts(const Mapper &mapper) { return mapper.space.counts_; }
    static uint64_t &resident_count(const Mapper &mapper, const Frame &frame)
    {
        mapper.space.note_resident_peak();
        return mapper.space.resident_count(frame);
    }
    static void join(const Mapper &mapper, FrameBatch &batch)
    {
        batch.turn_to(mapper.space.page_table_.root(), mapper.space.active());
    }

private:
    static bool leads_to(PageTableEntry entry, uint32_t frame)
    {
        if (entry.is_swap()) {
            return machine::frame_array()[frame].flags & Frame::SwapCached &&
                   swap_cache().slot_of(frame) == entry.slot();
        }
        return entry.has_frame() && entry.address().page() == frame;
    }

    template <typename Visitor>
    static bool visit(AddressSpace &space, VirtAddr page, uint32_t frame, Visitor &&visitor)
    {
        AddressSpace::TryTurn turn(space);
        if (!turn.is_mine()) return false;
        const PageTableEntry *entry = space.page_table_.find(page);
        if (entry == nullptr || !leads_to(*entry, frame)) return true;
        VmArea *area = space.first_ending_above(page);
        visitor(
            Mapper{space, *area, page, *space.page_table_.slot(page)}); // it is there: nothing is allocated
        return true;
    }
};

} // namespace mm
