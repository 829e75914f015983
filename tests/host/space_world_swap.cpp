// Worlds in which memory is short all the time, and what happens to swap meanwhile.
#include "tests/host/space_world.hpp"

namespace host {

void World::set_up_swap()
{
    SwapSetup setup;
    options_.frames -= below(options_.frames / 3);
    setup.frames = options_.frames;
    setup.slots = one_in(3) ? options_.swap_slots / 8 : options_.swap_slots;
    setup.policy = static_cast<mm::PolicyName>(below(static_cast<uint64_t>(mm::PolicyName::Count)));
    setup.watermarks.minimum = 4 + below(8);
    setup.watermarks.low = setup.watermarks.minimum + 2 + below(8);
    setup.watermarks.high = setup.watermarks.low + 2 + below(16);
    setup.scheduler.reclaimer = !one_in(4);
    setup.scheduler.spurious = one_in(2) ? 0 : 6;
    setup.scheduler.device_eighths = 1 + below(7);
    set_up_swapping(setup, choices_);
    using Moment = SwapDevice::WriteMoment;
    swap_device().write_moment = one_in(2) ? Moment::Submission : Moment::Completion;
}

// What happens around programs that swap: transfers complete, the reclaimer runs, areas come and go.
void World::change_swap()
{
    if (!one_in(3)) scheduler().yield();
    if (options_.disk_errors && one_in(30)) break_disk();
    if (!one_in(300)) return;
    auto area = static_cast<unsigned>(below(2));
    if (!mm::swap_area_information(area)) {
        (void)host::add_swap_area(options_.swap_slots / 2, one_in(2) ? 5 : -1);
    } else {
        tally_.swapoffs += remove_swap_area(area).ok();
    }
}

void World::break_disk()
{
    using Direction = mm::PageTransfer::Direction;
    if (one_in(10)) {
        uint32_t slot = 1 + static_cast<uint32_t>(below(options_.swap_slots));
        swap_device().break_writing({0, slot});
    } else {
        swap_device().fail_transfers(below(8), 1 + below(2), one_in(2) ? Direction::In : Direction::Out);
    }
}

// Whether it is certain that a frame can be made free: there is room on the device, and most frames are not
// held.
bool World::pages_can_go() const
{
    if (options_.disk_errors || mm::swap_statistics().free < 16) return false;
    mm::FrameCounts counts = mm::frames().counts();
    auto of = [&](FrameKind kind) { return counts[static_cast<size_t>(kind)]; };
    return locked_pages() + of(FrameKind::PageTable) + of(FrameKind::KernelHeap) + 40 < options_.frames;
}

} // namespace host
