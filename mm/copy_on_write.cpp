// Writes to pages whose frame may be shared with others.
#include "mm/copy_on_write.hpp"

#include "mm/address_space.hpp"

namespace mm {

FaultResult copy_on_write(PageFault &fault)
{
    PageTableEntry old = *fault.slot.entry;
    if (fault.area.flags.shared || fault.is_exclusive(old.address())) {
        fault.allow_writing();
        return FaultResult::Resolved;
    }
    auto frame = fault.allocate_private_frame();
    if (!frame.ok()) return FaultResult::NoMemory;
    if (old.is_zero_page())
        machine::zero_frame(*frame);
    else
        machine::copy_frame(*frame, old.address());
    fault.replace(*frame, true);
    return FaultResult::Resolved;
}

} // namespace mm
