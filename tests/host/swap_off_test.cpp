// Areas that come and go: which is used first, and that swapoff(2) brings back everything, or changes
// nothing.
#include "tests/host/swapping.hpp"

namespace {

using namespace host;

class SwapOff : public SwapTest {
protected:
    static uint32_t in_use(unsigned area) { return mm::swap_area_information(area)->in_use; }
    void page_out(Program &program, VirtAddr at, uint64_t pages)
    {
        ASSERT_TRUE(program->advise(at, pages * PageSize, Advice::PageOut).ok());
        scheduler().settle();
    }
};

TEST_F(SwapOff, EverythingComesBack)
{
    Program &own = program();
    VirtAddr at = own.map(30), shared = own.map(10, ReadWrite, {.shared = true});
    fill(own, at, 30);
    fill(own, shared, 10, 100);
    page_out(own, at, 30);
    page_out(own, shared, 10);
    ASSERT_EQ(used_slots(), 40u);
    ASSERT_TRUE(host::remove_swap_area(0).ok());
    EXPECT_FALSE(mm::swap_area_information(0));
    EXPECT_EQ(mm::total_swap_pages(), 0u);
    EXPECT_EQ(places(own, at, 30), std::string(30, 'm'));
    EXPECT_EQ(own->counts().swapped, 0u);
    audit();
    check(own, at, 30);
    check(own, shared, 10, 100);
}

TEST_F(SwapOff, WithoutMemoryAllIsAsBefore)
{
    Program &own = program();
    VirtAddr at = own.map(300);
    fill(own, at, 300);
    EXPECT_EQ(host::remove_swap_area(0).error(), Errno::NoMemory);
    ASSERT_TRUE(mm::swap_area_information(0));
    EXPECT_EQ(mm::total_swap_pages(), 400u);
    audit();
    check(own, at, 300);
    // And it is used as before.
    VirtAddr more = own.map(50);
    fill(own, more, 50, 1000);
    check(own, more, 50, 1000);
}

// Better that swapoff(2) fails than that a program is ended.
TEST_F(SwapOff, NobodyIsEndedForIt)
{
    Program &own = program();
    VirtAddr at = own.map(300);
    fill(own, at, 300);
    Errno error{};
    scheduler().spawn("swapoff", 1, nullptr, [&] { error = mm::remove_swap_area(0).error(); });
    scheduler().spawn("own", 0, nullptr, [&] {
        for (uint64_t i = 0; i < 600; i++) {
            EXPECT_EQ(own.write(at + i % 300 * PageSize, 1), FaultResult::Resolved) << i;
            scheduler().yield();
        }
    });
    EXPECT_TRUE(scheduler().run());
    EXPECT_EQ(error, Errno::NoMemory);
}

TEST_F(SwapOff, APageThatCannotBeReadKeepsTheArea)
{
    Program &own = program();
    VirtAddr at = own.map(10);
    fill(own, at, 10);
    page_out(own, at, 10);
    swap_device().break_reading(slot_at(own, at + 4 * PageSize));
    EXPECT_EQ(host::remove_swap_area(0).error(), Errno::InputOutput);
    ASSERT_TRUE(mm::swap_area_information(0));
    audit();
    swap_device().repair();
    EXPECT_TRUE(host::remove_swap_area(0).ok());
    check(own, at, 10);
}

TEST_F(SwapOff, WhoIsKilledStopsRemoving)
{
    Program &own = program();
    VirtAddr at = own.map(10);
    fill(own, at, 10);
    page_out(own, at, 10);
    swap_device().stalls = true;
    Errno error{};
    SimulatedThread &removes =
        scheduler().spawn("swapoff", 1, nullptr, [&] { error = mm::remove_swap_area(0).error(); });
    EXPECT_FALSE(scheduler().run(Scheduler::WhenStuck::Return));
    EXPECT_EQ(mm::remove_swap_area(0).error(), Errno::Busy) << "one at a time";
    scheduler().kill(removes);
    EXPECT_TRUE(scheduler().run());
    EXPECT_EQ(error, Errno::Interrupted);
    swap_device().release();
    scheduler().settle();
    check(own, at, 10);
}

TEST_F(SwapOff, PagesMoveToTheOtherArea)
{
    Program &own = program();
    VirtAddr at = own.map(200);
    fill(own, at, 200);
    ASSERT_TRUE(host::add_swap_area(400).ok());
    EXPECT_EQ(in_use(1), 0u) << "the older one has the higher priority";
    ASSERT_TRUE(host::remove_swap_area(0).ok());
    EXPECT_GT(in_use(1), 50u);
    audit();
    check(own, at, 200);
}

TEST_F(SwapOff, TheAreaWithTheHighestPriorityIsFilledFirst)
{
    set_up({.slots = 0});
    ASSERT_TRUE(host::add_swap_area(40, 1).ok());
    ASSERT_TRUE(host::add_swap_area(40, 7).ok());
    ASSERT_TRUE(host::add_swap_area(40).ok());
    Program &own = program();
    VirtAddr at = own.map(90);
    fill(own, at, 90);
    page_out(own, at, 30);
    EXPECT_EQ(in_use(1), 30u);
    EXPECT_EQ(in_use(0) + in_use(2), 0u);
    page_out(own, at + 30 * PageSize, 30);
    EXPECT_EQ(in_use(1), 40u);
    EXPECT_EQ(in_use(0), 20u);
    page_out(own, at + 60 * PageSize, 30);
    EXPECT_EQ(in_use(2), 10u);
    check(own, at, 90);
}

TEST_F(SwapOff, TwelveTimesOnAndOff)
{
    Program &own = program();
    VirtAddr at = own.map(40);
    fill(own, at, 40);
    for (int i = 0; i < 12; i++) {
        page_out(own, at, 40);
        ASSERT_TRUE(host::remove_swap_area(0).ok());
        auto again = host::add_swap_area(100);
        ASSERT_TRUE(again.ok());
        EXPECT_EQ(*again, 0u);
    }
    check(own, at, 40);
}

TEST_F(SwapOff, AddingAnAreaFailsAtEachAllocation)
{
    set_up({.slots = 0});
    uint64_t free = mm::frames().free_count();
    auto nothing_left = [&] {
        mm::drain_heap();
        EXPECT_EQ(mm::frames().free_count(), free);
        EXPECT_EQ(mm::total_swap_pages(), 0u);
    };
    mm::drain_heap();
    free = mm::frames().free_count();
    EXPECT_GE(fail_each_allocation([] { return host::add_swap_area(10000); }, nothing_left), 3u);
    EXPECT_EQ(mm::total_swap_pages(), 10000u);
}

TEST_F(SwapOff, NoMoreAreasThanThereAreNumbers)
{
    for (unsigned i = 1; i < mm::SwapSlot::MaxAreas; i++) EXPECT_TRUE(host::add_swap_area(10).ok());
    EXPECT_EQ(host::add_swap_area(10).error(), Errno::NotPermitted);
}

} // namespace
