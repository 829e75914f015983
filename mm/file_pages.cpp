// First touches of files and of shared anonymous memory.
#include "mm/file_pages.hpp"

#include "mm/address_space.hpp"

namespace mm {

FaultResult file_page(PageFault &fault)
{
    const VmArea &area = fault.area;
    auto page = area.object->page(area.index_of(fault.page));
    if (!page.ok()) return page.error() == Errno::NoMemory ? FaultResult::NoMemory : FaultResult::BusError;
    if (fault.access != Access::Write || area.flags.shared) {
        frames().share(*page);
        fault.install(*page, area.flags.shared);
        return FaultResult::Resolved;
    }
    auto own = fault.allocate_private_frame();
    if (!own.ok()) return FaultResult::NoMemory;
    machine::copy_frame(*own, *page);
    fault.install(*own, true);
    return FaultResult::Resolved;
}

} // namespace mm
