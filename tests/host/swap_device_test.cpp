// The simulated swap device and the deterministic scheduler themselves: what they must notice, they notice.
#include "tests/host/random.hpp"
#include "tests/host/swapping.hpp"

#include <cstring>

namespace {

using namespace host;
using Direction = mm::PageTransfer::Direction;

class SwapDeviceTest : public SwapTest {
protected:
    // A transfer of one frame, made by hand; it never completes.
    static mm::PageTransfer transfer(Direction direction, mm::SwapSlot slot, PhysAddr frame)
    {
        mm::PageTransfer result{};
        result.direction = direction;
        result.first = slot;
        result.count = 1;
        result.frames[0] = static_cast<uint32_t>(frame.page());
        return result;
    }
    static PhysAddr frame() { return *mm::frames().allocate(FrameKind::Buffer); }
    void TearDown() override
    {
        swap_device().reset();
        SwapTest::TearDown();
    }
};

TEST_F(SwapDeviceTest, RefusesWhatNoDeviceCouldDo)
{
    PhysAddr one = frame(), two = frame();
    auto header = transfer(Direction::Out, {0, 0}, one), beyond = transfer(Direction::Out, {0, 401}, one),
         nowhere = transfer(Direction::Out, {3, 1}, one), empty = transfer(Direction::In, {0, 5}, one);
    EXPECT_FAILURE((void)swap_device().submit(header), "the header is no page");
    EXPECT_FAILURE((void)swap_device().submit(beyond), "past the area's end");
    EXPECT_FAILURE((void)swap_device().submit(nowhere), "no such area");
    EXPECT_FAILURE((void)swap_device().submit(empty), "holds no page");
    auto good = transfer(Direction::Out, {0, 5}, one), same = transfer(Direction::Out, {0, 6}, two),
         again = transfer(Direction::Out, {0, 6}, one), slot = transfer(Direction::Out, {0, 5}, two);
    ASSERT_TRUE(swap_device().submit(good).ok());
    EXPECT_FAILURE((void)swap_device().submit(same), "the same number");
    again.number = slot.number = 1;
    EXPECT_FAILURE((void)swap_device().submit(again), "in another transfer");
    EXPECT_FAILURE((void)swap_device().submit(slot), "in another transfer");
    EXPECT_FAILURE(mm::frames().free(one), "while the swap device");
    swap_device().reset();
    mm::frames().free(one);
    mm::frames().free(two);
}

TEST_F(SwapDeviceTest, SeesProcessorsThatCouldStillWrite)
{
    Program &own = program();
    VirtAddr at = own.map(1);
    ASSERT_EQ(own.write(at, 1), FaultResult::Resolved);
    PhysAddr page = own->page_table().find(at)->address();
    auto out = transfer(Direction::Out, {0, 5}, page);
    EXPECT_FAILURE((void)swap_device().submit(out), "can write to it unnoticed");
    machine().processor = 0;
    mm::machine::invalidate_page(own->page_table().root(), 1, at);
    EXPECT_TRUE(swap_device().submit(out).ok());
    swap_device().reset();
}

TEST_F(SwapDeviceTest, AHaltIsADeadlockAndSaysWhoSleeps)
{
    mm::waiting::prepare();
    EXPECT_FAILURE(mm::waiting::sleep(), "the test (0, nice 0) sleeps");
    scheduler()
        .spawn("somebody", 1, nullptr,
               [] {
                   scheduler().current().doing = "something";
                   mm::waiting::prepare();
                   mm::waiting::sleep();
               })
        .nice = 7;
    EXPECT_FAILURE((void)scheduler().run(), "somebody (1, nice 7) sleeps in something");
    set_up({});
}

TEST_F(SwapDeviceTest, SleepsMustBeAnnounced)
{
    EXPECT_FAILURE(mm::waiting::sleep(), "without having announced it");
}

TEST_F(SwapDeviceTest, AWakeBetweenAnnouncementAndSleepCounts)
{
    mm::waiting::prepare();
    mm::waiting::wake(mm::waiting::current());
    mm::waiting::sleep();
}

TEST_F(SwapDeviceTest, AFailureOfAThreadIsTheTests)
{
    scheduler().spawn("somebody", 1, nullptr, [] { throw Failure("from inside"); });
    EXPECT_FAILURE((void)scheduler().run(), "from inside");
}

TEST_F(SwapDeviceTest, TheSameSeedTheSameOrder)
{
    auto order = [this](uint64_t seed) {
        Random random(seed);
        set_up({}, [&](uint64_t end) { return random.below(end); });
        std::string text;
        for (char name : {'a', 'b', 'c'}) {
            scheduler().spawn("somebody", 1, nullptr, [&text, name] {
                for (int i = 0; i < 10; i++) {
                    text += name;
                    scheduler().yield();
                }
            });
        }
        EXPECT_TRUE(scheduler().run());
        set_up({});
        return text;
    };
    EXPECT_EQ(order(1), order(1));
    EXPECT_NE(order(1), order(2));
}

} // namespace
