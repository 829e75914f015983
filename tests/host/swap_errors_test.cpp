// A swap device that fails: who is told, who is not, and that no page is lost that could be kept.
#include "mm/memory_events.hpp"
#include "mm/page_frame.hpp"
#include "tests/host/swapping.hpp"

namespace {

using namespace host;
using Direction = mm::PageTransfer::Direction;
using What = mm::MemoryEvent::What;

class SwapErrors : public SwapTest {
protected:
    void SetUp() override
    {
        SwapTest::SetUp();
        events_before_ = mm::last_memory_event();
    }
    unsigned events(What what)
    {
        unsigned count = 0;
        for (uint64_t i = events_before_ + 1; i <= mm::last_memory_event(); i++)
            count += mm::memory_event(i).what == what;
        return count;
    }
    uint32_t size() { return mm::swap_area_information(0)->size; }

private:
    uint64_t events_before_ = 0;
};

TEST_F(SwapErrors, APageThatCannotBeReadIsABusErrorAndNoOther)
{
    Program &own = program();
    VirtAddr at = own.map(16);
    fill(own, at, 16);
    push_out(own, at, 16);
    swap_device().break_reading(slot_at(own, at + 5 * PageSize));
    check(own, at, 2); // in order: neighbours come along
    for (uint64_t i = 0; i < 16; i++) {
        FaultResult expected = i == 5 ? FaultResult::BusError : FaultResult::Resolved;
        EXPECT_EQ(own.read(at + i * PageSize), expected) << "page " << i;
    }
    EXPECT_GE(events(What::ReadFailed), 1u);
    check(own, at, 5);
    check(own, at + 6 * PageSize, 10, 7);
    // Again, and it is not forgotten either: when the device can read it, it is there.
    EXPECT_EQ(own.write(at + 5 * PageSize, 1), FaultResult::BusError);
    audit();
    swap_device().repair();
    check(own, at, 16);
}

TEST_F(SwapErrors, APageOfSharedMemoryThatCannotBeReadIsABusErrorForAll)
{
    Program &one = program(), &two = program();
    VirtAddr at = one.map(8, ReadWrite, {.shared = true});
    MemoryObject *object = one->areas().find(at)->object;
    VirtAddr there = two.map_file(*object, 0, 8, ReadWrite, {.shared = true});
    fill(one, at, 8);
    ASSERT_TRUE(one->advise(at, 8 * PageSize, Advice::PageOut).ok());
    scheduler().settle();
    ASSERT_NE(object->slot_of(3).offset(), 0u);
    swap_device().break_reading(object->slot_of(3));
    for (uint64_t i = 0; i < 8; i++) {
        FaultResult expected = i == 3 ? FaultResult::BusError : FaultResult::Resolved;
        EXPECT_EQ(two.read(there + i * PageSize), expected) << "page " << i;
        EXPECT_EQ(one.read(at + i * PageSize), expected) << "page " << i;
    }
    swap_device().repair();
    check(one, at, 8);
}

TEST_F(SwapErrors, APageThatCannotBeWrittenStaysAndGetsAnotherSlot)
{
    uint32_t whole = size();
    Program &own = program();
    VirtAddr at = own.map(30);
    fill(own, at, 30);
    for (uint32_t slot = 1; slot <= 40; slot += 8) swap_device().break_writing({0, slot});
    push_out(own, at, 30);
    EXPECT_EQ(places(own, at, 30), std::string(30, 's'));
    EXPECT_GE(events(What::WriteFailed), 1u);
    EXPECT_LT(size(), whole) << "bad slots do not count";
    audit();
    check(own, at, 30);
    push_out(own, at, 30);
    check(own, at, 30);
}

// One bad place fails the request it is in as a whole. The slots around it are good.
TEST_F(SwapErrors, OnlyTheBadSlotIsGivenUpInTheEnd)
{
    uint32_t whole = size();
    Program &own = program();
    VirtAddr at = own.map(30);
    fill(own, at, 30);
    swap_device().break_writing({0, 4});
    push_out(own, at, 30);
    check(own, at, 30);
    RecordProperty("slots_lost", static_cast<int>(whole - size()));
    EXPECT_GE(whole - size(), 1u);
    EXPECT_LE(whole - size(), mm::PageTransfer::MaxPages);
}

TEST_F(SwapErrors, WithEverySlotBadPagesStayInMemory)
{
    Program &own = program();
    VirtAddr at = own.map(30);
    fill(own, at, 30);
    for (uint32_t slot = 1; slot <= 400; slot++) swap_device().break_writing({0, slot});
    VirtAddr more = own.map(200);
    FaultResult result = FaultResult::Resolved;
    for (uint64_t i = 0; i < 200 && result == FaultResult::Resolved; i++)
        result = own.write(more + i * PageSize, 7);
    EXPECT_EQ(result, FaultResult::NoMemory);
    audit();
    ASSERT_TRUE(own->unmap(more, 200 * PageSize).ok());
    check(own, at, 30);
    EXPECT_EQ(used_slots(), 0u);
}

TEST_F(SwapErrors, ADeviceThatTakesNothingMoreLosesNothing)
{
    Program &own = program();
    VirtAddr at = own.map(20), staying = own.map(20);
    fill(own, at, 20);
    push_out(own, at, 20);
    fill(own, staying, 20, 100);
    swap_device().refuses = true;
    EXPECT_EQ(own.read(at), FaultResult::BusError);
    VirtAddr more = own.map(200);
    FaultResult result = FaultResult::Resolved;
    for (uint64_t i = 0; i < 200 && result == FaultResult::Resolved; i++)
        result = own.write(more + i * PageSize, 7);
    EXPECT_EQ(result, FaultResult::NoMemory);
    check(own, staying, 20, 100);
    swap_device().refuses = false;
    ASSERT_TRUE(own->unmap(more, 200 * PageSize).ok());
    check(own, at, 20);
}

// After a while it works again.
TEST_F(SwapErrors, EachTransferFailsOnce)
{
    for (auto direction : {Direction::In, Direction::Out}) {
        for (uint64_t which = 0; which < 30; which++) {
            SCOPED_TRACE(which);
            Program own(7);
            VirtAddr at = own.map(120);
            swap_device().fail_transfers(which, 1, direction);
            fill(own, at, 120);
            for (uint64_t i = 0; i < 120; i++) {
                FaultResult result = own.read(at + i * PageSize);
                if (result != FaultResult::Resolved) {
                    ASSERT_EQ(result, FaultResult::BusError);
                }
            }
            check(own, at, 120);
            swap_device().fail_no_more();
            ASSERT_FALSE(HasFatalFailure());
        }
    }
    EXPECT_GT(swap_device().calls.failed, 20u);
}

TEST_F(SwapErrors, BadPagesOfTheHeaderAreNeverUsed)
{
    set_up({.slots = 0});
    std::vector<uint32_t> bad{1, 2, 7, 30, 31, 32, 60};
    ASSERT_TRUE(host::add_swap_area(60, -1, bad).ok());
    EXPECT_EQ(size(), 53u);
    Program &own = program();
    VirtAddr at = own.map(100);
    fill(own, at, 100);
    check(own, at, 100);
    for (const auto &each : swap_device().history) {
        for (uint32_t slot : bad) EXPECT_GE(slot - each.first.offset(), each.count) << slot;
    }
}

// ---- A device that does not answer

TEST_F(SwapErrors, OthersGoOnWhileOnePageDoesNotCome)
{
    Program &slow = program(), &quick = program();
    VirtAddr at = slow.map(1), other = quick.map(8);
    fill(slow, at, 1);
    push_out(slow, at, 1);
    swap_device().stalls = true;
    SimulatedThread &waits = scheduler().spawn("slow", 0, nullptr, [&] { check(slow, at, 1); });
    SimulatedThread &runs = scheduler().spawn("quick", 1, nullptr, [&] { fill(quick, other, 8); });
    EXPECT_FALSE(scheduler().run(Scheduler::WhenStuck::Return));
    EXPECT_TRUE(runs.has_ended());
    EXPECT_TRUE(waits.is_asleep());
    swap_device().release();
    EXPECT_TRUE(scheduler().run());
    check(quick, other, 8);
}

TEST_F(SwapErrors, WhoIsKilledWaitsForNoPage)
{
    Program &own = program();
    VirtAddr at = own.map(1);
    fill(own, at, 1);
    push_out(own, at, 1);
    swap_device().stalls = true;
    FaultResult result = FaultResult::Resolved;
    SimulatedThread &waits = scheduler().spawn("own", 0, nullptr, [&] { result = own.read(at); });
    EXPECT_FALSE(scheduler().run(Scheduler::WhenStuck::Return));
    scheduler().kill(waits);
    EXPECT_TRUE(scheduler().run());
    EXPECT_EQ(result, FaultResult::Interrupted);
    // The frame belongs to the device until it answers.
    EXPECT_EQ(swap_device().pages_under_way(), 1u);
    swap_device().release();
    scheduler().settle();
    check(own, at, 1);
}

// Nobody waits any more, and nobody even has the page: the frame is free only when the device has answered.
TEST_F(SwapErrors, PagesOnTheirWayOutliveTheirSpace)
{
    {
        Program own(5);
        VirtAddr at = own.map(4);
        fill(own, at, 4);
        push_out(own, at, 4);
        swap_device().stalls = true;
        SimulatedThread &waits = scheduler().spawn("own", 5, nullptr, [&] { (void)own.read(at); });
        EXPECT_FALSE(scheduler().run(Scheduler::WhenStuck::Return));
        scheduler().kill(waits);
        EXPECT_TRUE(scheduler().run());
    }
    EXPECT_NE(swap_device().pages_under_way(), 0u);
    swap_device().release();
    scheduler().settle();
    EXPECT_EQ(used_slots(), 0u);
    EXPECT_EQ(mm::frames().count(FrameKind::Anonymous), 0u);
}

TEST_F(SwapErrors, PagesOnTheirWayOutMayBeUnmapped)
{
    Program &own = program();
    VirtAddr at = own.map(6);
    fill(own, at, 6);
    swap_device().stalls = true;
    SimulatedThread &pages =
        scheduler().spawn("pages", 0, nullptr, [&] { (void)own->advise(at, 6 * PageSize, Advice::PageOut); });
    (void)scheduler().run(Scheduler::WhenStuck::Return);
    ASSERT_EQ(swap_device().pages_under_way(), 6u);
    ASSERT_TRUE(own->unmap(at, 6 * PageSize).ok());
    swap_device().release();
    EXPECT_TRUE(scheduler().run());
    EXPECT_TRUE(pages.has_ended());
    scheduler().settle();
    EXPECT_EQ(used_slots(), 0u);
}

// ---- A device that does not answer keeps the frames it was given, whatever becomes of the programs.

// A request of a program that is gone.
TEST_F(SwapErrors, ADeviceMayKeepPagesLongerThanTheirProgramLives)
{
    for (bool shared : {false, true}) {
        PhysAddr frame;
        {
            Program gone(6);
            VirtAddr at = gone.map(2, ReadWrite, {.shared = shared});
            fill(gone, at, 2);
            frame = gone->page_table().find(at)->address();
            mm::pin(frame);
        }
        Program other(5);
        VirtAddr at = other.map(300);
        fill(other, at, 300);
        check(other, at, 300);
        mm::unpin(frame);
    }
    scheduler().settle();
    audit();
}

// The same for pages on their way to swap: the device is given up for dead after the program has gone.
TEST_F(SwapErrors, ATransferMayOutliveTheProgram)
{
    for (bool shared : {false, true}) {
        std::vector<PhysAddr> kept;
        {
            Program gone(6);
            VirtAddr at = gone.map(4, ReadWrite, {.shared = shared});
            fill(gone, at, 4);
            for (uint64_t i = 0; i < 4; i++)
                kept.push_back(gone->page_table().find(at + i * PageSize)->address());
            swap_device().stalls = true;
            scheduler().spawn("pages", 6, nullptr,
                              [&] { (void)gone->advise(at, 4 * PageSize, Advice::PageOut); });
            (void)scheduler().run(Scheduler::WhenStuck::Return);
            ASSERT_EQ(swap_device().pages_under_way(), 4u);
        }
        for (PhysAddr frame : kept) mm::pin(frame); // as the disk does when it stops waiting
        swap_device().fail_transfers(0, 1, Direction::Out);
        swap_device().release();
        EXPECT_TRUE(scheduler().run());
        EXPECT_EQ(swap_device().pages_under_way(), 0u);
        Program other(5);
        VirtAddr at = other.map(300);
        fill(other, at, 300);
        check(other, at, 300);
        for (PhysAddr frame : kept) mm::unpin(frame);
    }
    scheduler().settle();
    audit();
}

} // namespace
