// First touches of files and of shared anonymous memory.
#include "mm/file_pages.hpp"

#include "mm/address_space.hpp"

namespace mm {

namespace {

FaultResult fault_result(Errno error)
{
    switch (error) {
    case Errno::NoMemory:
        return FaultResult::NoMemory;
    case Errno::TryAgain:
        return FaultResult::Waits;
    default:
        return FaultResult::BusError;
    }
}

} // namespace

FaultResult file_page(PageFault &fault)
{
    const VmArea &area = fault.area;
    auto page = area.object->page(area.index_of(fault.page));
    if (!page.ok()) return fault_result(page.error());
    if ((fault.access != Access::Write || area.flags.shared) && !fault.space.is_flat()) {
        frames().share(*page);
        fault.install(*page, area.flags.shared);
        if (uint32_t count = fault.area.fault_around.next(area.index_of(fault.page)); count > 1)
            map_following(fault, count - 1);
        return FaultResult::Resolved;
    }
    auto own = fault.allocate_private_frame();
    if (!own.ok()) return FaultResult::NoMemory;
    machine::copy_frame(*own, *page);
    fault.install(*own, true);
    return FaultResult::Resolved;
}

} // namespace mm
