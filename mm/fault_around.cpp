// Pages of a file that come along. See fault_around.hpp.
#include "mm/fault_around.hpp"

#include "mm/address_space.hpp"
#include "mm/page_frame.hpp"

namespace mm {

// All in the same table, so that the entries are neighbours. What lies behind the file's end is not the
// program's, even when there is a page (fallocate(2)).
void map_following(PageFault &fault, uint32_t count)
{
    const VmArea &area = fault.area;
    uint64_t first = area.index_of(fault.page) + 1, end = first + count;
    end = std::min({end, area.index_of(area.range.end), area.object->end()});
    end = std::min(end, first + PageTable::Entries - 1 - PageTable::index(fault.page, 1));

    for (uint64_t index = first; index < end; index++) {
        PageFault following = fault.following(index - first + 1);
        if (!following.slot.entry->empty()) continue;
        PhysAddr frame = area.object->hold_present(index);
        if (frame == PhysAddr{}) continue;
        following.install_unused(frame, area.flags.shared);
    }
}

} // namespace mm
