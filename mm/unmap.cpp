// munmap(2), and what every other operation uses to make room.
#include "mm/address_space.hpp"
#include "mm/swap.hpp"

#include <algorithm>

namespace mm {

Result<void> AddressSpace::unmap(VirtAddr address, uint64_t length)
{
    if (!address.is_page_aligned() || address > UserEnd || length > UserEnd - address || length == 0) {
        return Errno::Invalid;
    }
    Turn turn(*this);
    return unmap_range({address, (address + length).page_up()});
}

// Holes in the range are no error. The only error: it lies inside one area, and no second one can be had.
Result<void> AddressSpace::unmap_range(VirtRange range)
{
    VmArea *area = areas_.first_ending_above(range.begin);
    if (area == nullptr || area->range.begin >= range.end) return {};
    if (area->range.begin < range.begin && area->range.end > range.end) {
        if (areas_.size() >= MaxAreas) return Errno::NoMemory;
        TRY(split(*area, range.end));
    }
    release_pages(range);
    while (area != nullptr && area->range.begin < range.end) {
        VmArea *next = AreaSet::next(*area);
        VirtRange part{std::max(area->range.begin, range.begin), std::min(area->range.end, range.end)};
        unaccount(area->protection, area->flags, part.pages());
        cut(*area, part);
        area = next;
    }
    return {};
}

void AddressSpace::release_swapped(PageTableEntry entry)
{
    release_slot(entry.slot());
    counts_.swapped--;
}

// Empties all entries in the range. Their frames lose a reference after the processors have forgotten them.
void AddressSpace::release_pages(VirtRange range)
{
    note_resident_peak();
    FrameBatch batch(page_table_.root(), active());
    page_table_.visit(range, batch, [&](VirtAddr page, PageTableEntry entry) {
        constexpr uint64_t Without =
            PageTableEntry::ZeroPage | PageTableEntry::Swapped; // … a frame of its own
        if (entry.raw() & Without) [[unlikely]] {
            if (entry.is_swap())
                release_swapped(entry);
            else
                batch.invalidate(page);
        } else {
            resident_count(descriptor(entry.address()))--;
            batch.release_page(page, entry.address());
        }
        return PageTableEntry{};
    });
}

} // namespace mm
