// First touches of private anonymous memory.
#include "mm/anonymous.hpp"

#include "mm/address_space.hpp"
#include "mm/page_frame.hpp"

namespace mm {

namespace {

constinit PhysAddr the_zero_page{};

} // namespace

FaultResult anonymous_page(PageFault &fault)
{
    if (fault.access != Access::Write && !fault.space.is_flat()) [[likely]] {
        fault.install_zero_page();
        return FaultResult::Resolved;
    }
    auto frame = fault.allocate_private_frame();
    if (!frame.ok()) return FaultResult::NoMemory;
    machine::zero_frame(*frame);
    fault.install(*frame, true);
    return FaultResult::Resolved;
}

PhysAddr zero_page()
{
    return the_zero_page;
}

Result<void> init_zero_page()
{
    if (the_zero_page != PhysAddr{}) return {};
    the_zero_page = TRY(frames().allocate_zeroed(FrameKind::Reserved));
    // It is never a page that could go, so its descriptor can be the head of the ring of those that can.
    page_ring().init(static_cast<uint32_t>(the_zero_page.page()));
    return {};
}

void reset_zero_page()
{
    the_zero_page = PhysAddr{};
    page_ring() = PageRing{};
}

} // namespace mm
