// swapoff(2): every page of an area comes back.
//
// A slot does not know who uses it. So all anonymous objects are asked: families for what their spaces'
// entries say, shared memory for what its page maps say. What is found is brought back as a fault would do
// it.
#include "mm/address_space.hpp"
#include "mm/memory_events.hpp"
#include "mm/reclaim.hpp"
#include "mm/swap.hpp"
#include "mm/swap_cache.hpp"
#include "mm/transfers.hpp"

namespace mm {

namespace {

Result<void> as_error(FaultResult result)
{
    switch (result) {
    case FaultResult::NoMemory:
        return Errno::NoMemory;
    case FaultResult::Interrupted:
        return Errno::Interrupted;
    case FaultResult::BusError:
        return Errno::InputOutput;
    default:
        return {};
    }
}

// Any space of the family behind the first `skip`, with a reference; nullptr: there are no more.
AddressSpace *space_of(const MemoryObject &family, unsigned skip)
{
    AddressSpace *found = nullptr;
    family.for_each_space([&](AddressSpace &space) {
        if (found == nullptr && skip-- == 0 && space.share_if_alive()) found = &space;
    });
    return found;
}

Result<void> empty_family(const MemoryObject &family, unsigned area)
{
    for (unsigned i = 0; AddressSpace *space = space_of(family, i); i++) {
        auto emptied = space->leave_swap_area(area);
        space->drop();
        if (!emptied.ok()) return emptied;
    }
    return {};
}

Result<void> empty_shared(MemoryObject &object, unsigned area)
{
    uint64_t index = 0;
    SwapSlot slot;
    while (object.next_slot(index, slot)) {
        if (!is_being_removed(area)) return Errno::NoMemory;
        if (slot.area() != area) {
            index++;
            continue;
        }
        auto page = object.page_in_slot(index);
        if (page.ok()) continue;
        if (page.error() == Errno::NoMemory) {
            TRY_VOID(as_error(wait_for_memory()));
        } else if (page.error() == Errno::TryAgain) {
            TRY_VOID(as_error(wait_for_arrival(slot)));
        } else {
            return page.error();
        }
    }
    return {};
}

// What is still in use then are copies of pages that are in memory, and what is under way.
Result<void> forget_copies(unsigned area)
{
    for (uint32_t from = 0;;) {
        SwapSlot slot = next_used_slot(area, from);
        if (slot == SwapSlot{}) return {};
        uint32_t frame = swap_cache().find(slot);
        bool is_alone = frame != NoFrame && slot_users(slot) == 1;
        if (is_alone && !(machine::frame_array()[frame].flags & Frame::Busy)) {
            forget_cached(frame);
        } else if (is_alone) {
            ArrivalWait wait;
            if (wait.is_needed()) wait.sleep();
            if (waiting::is_dying(waiting::current())) return Errno::Interrupted;
            continue;
        } else {
            return Errno::TryAgain; // somebody was missed: a program has come or a page has moved
        }
        from = slot.offset();
    }
}

Result<void> empty_area(unsigned area)
{
    MemoryObject *object = nullptr;
    while ((object = next_anonymous_object(object)) != nullptr) {
        auto emptied =
            object->is_private_anonymous() ? empty_family(*object, area) : empty_shared(*object, area);
        if (emptied.ok()) continue;
        object->drop();
        return emptied;
    }
    return forget_copies(area);
}

// Whether all that is in the area could find room, as things are: a look that spares everybody much trouble.
bool has_room_for(unsigned area)
{
    auto information = swap_area_information(area);
    if (!information) return true;
    SwapStatistics swap = swap_statistics();
    uint64_t room = frames().free_count() + frames().count(FrameKind::File) + swap.cached + free_slots();
    return information->in_use <= room;
}

} // namespace

Result<void> remove_swap_area(unsigned area)
{
    if (!begin_removal(area)) return Errno::Busy;
    Result<void> emptied;
    do {
        bool is_possible = is_being_removed(area) && has_room_for(area);
        emptied = is_possible ? empty_area(area) : Errno::NoMemory;
    } while (emptied.error() == Errno::TryAgain);
    if (emptied.ok() && !is_being_removed(area)) emptied = Errno::NoMemory; // new pages may have come since
    end_removal(area, emptied.ok());
    return emptied;
}

// The pages of this space that are in the area come back, whatever their areas allow.
Result<void> AddressSpace::leave_swap_area(unsigned area)
{
    for (VirtAddr at; at < UserEnd;) {
        if (!is_being_removed(area)) return Errno::NoMemory;
        FaultResult result = FaultResult::Resolved;
        VirtAddr found = UserEnd;
        {
            Turn turn(*this);
            page_table_.inspect_until({at, UserEnd}, [&](VirtAddr page, PageTableEntry entry) {
                if (!entry.is_swap() || entry.slot().area() != area) return true;
                found = page;
                return false;
            });
            if (found == UserEnd) return {};
            at = found;
            result = resolve_page(*areas_.find(at), at, Access::Read);
        }
        if (result == FaultResult::Waits || result == FaultResult::NoMemory) result = wait_for(at, result);
        TRY_VOID(as_error(result));
    }
    return {};
}

} // namespace mm
