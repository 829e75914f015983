// Pages that the kernel uses without an entry in any page table.
#include "mm/held_page.hpp"

#include "mm/memory_object.hpp"
#include "mm/page_frame.hpp"
#include "mm/reclaim.hpp"
#include "mm/transfers.hpp"

namespace mm {

namespace {

// What page() said was missing may be there afterwards.
Result<void> wait_for_page(MemoryObject &object, uint64_t index, Errno why)
{
    FaultResult result;
    if (why == Errno::NoMemory) {
        result = wait_for_memory();
    } else {
        unsigned size = 0;
        result = wait_for_arrival(object.slot_of(index), &size);
        // One bad place fails a request as a whole: once more, alone.
        if (result == FaultResult::BusError && size > 1) {
            object.read_singly();
            return {};
        }
    }
    switch (result) {
    case FaultResult::Resolved:
        return {};
    case FaultResult::NoMemory:
        return Errno::NoMemory;
    case FaultResult::Interrupted:
        return Errno::Interrupted;
    default:
        return Errno::InputOutput;
    }
}

} // namespace

Result<HeldPage> HeldPage::of(MemoryObject &object, uint64_t index)
{
    for (;;) {
        auto page = object.page(index);
        if (page.ok()) [[likely]] {
            pin(*page);
            return HeldPage(*page);
        }
        if (page.error() != Errno::TryAgain && page.error() != Errno::NoMemory) return page.error();
        TRY_VOID(wait_for_page(object, index, page.error()));
    }
}

HeldPage::~HeldPage()
{
    if (frame_ != PhysAddr{}) unpin(frame_);
}

std::byte *HeldPage::bytes() const
{
    return static_cast<std::byte *>(machine::window(frame_));
}

} // namespace mm
