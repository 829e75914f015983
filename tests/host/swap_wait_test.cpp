// Who waits, for what, and who goes first; what is read ahead; and what happens when there is no more.
#include "mm/memory_events.hpp"
#include "mm/swap_cache.hpp"
#include "tests/host/swapping.hpp"

#include <algorithm>

namespace {

using namespace host;
using Direction = mm::PageTransfer::Direction;
using What = mm::MemoryEvent::What;

class SwapWait : public SwapTest {
protected:
    static constexpr unsigned Waiters = 3;

    // The ids of threads in the order in which they got memory, since `after`.
    static std::vector<uint32_t> served(uint64_t after)
    {
        std::vector<uint32_t> ids;
        for (uint64_t i = after + 1; i <= mm::last_memory_event(); i++) {
            if (mm::memory_event(i).what == What::GotMemory) ids.push_back(mm::memory_event(i).id);
        }
        return ids;
    }
    // Fills all memory, and lets three threads ask for a page each while the device does not answer.
    std::vector<SimulatedThread *> make_wait(std::vector<int> nice);
    // The requests that read, since `before`: how many pages each.
    static std::vector<unsigned> reads_since(size_t before)
    {
        std::vector<unsigned> counts;
        for (size_t i = before; i < swap_device().history.size(); i++) {
            if (swap_device().history[i].direction == Direction::In)
                counts.push_back(swap_device().history[i].count);
        }
        return counts;
    }
};

std::vector<SimulatedThread *> SwapWait::make_wait(std::vector<int> nice)
{
    Program &full = program();
    VirtAddr at = full.map(500);
    std::vector<Program *> waiting;
    std::vector<VirtAddr> pages;
    for (unsigned i = 0; i < nice.size(); i++) {
        waiting.push_back(&program());
        pages.push_back(waiting[i]->map(2));
        EXPECT_EQ(waiting[i]->write(pages[i], 1), FaultResult::Resolved);
    }
    for (uint64_t i = 0; i < 200; i++) EXPECT_EQ(full.write(at + i * PageSize, 1), FaultResult::Resolved);
    scheduler().settle();
    swap_device().stalls = true;
    std::vector<SimulatedThread *> threads;
    // Somebody takes the last frames. He is as urgent as can be, and would be served first.
    SimulatedThread &greedy = scheduler().spawn("greedy", 0, nullptr, [&full, at] {
        for (uint64_t i = 200; i < 400; i++) {
            if (full.write(at + i * PageSize, 1) != FaultResult::Resolved) break;
        }
    });
    EXPECT_FALSE(scheduler().run(Scheduler::WhenStuck::Return));
    for (unsigned i = 0; i < nice.size(); i++) {
        SimulatedThread &thread =
            scheduler().spawn("waiter", 1 + i, nullptr,
                              [own = waiting[i], page = pages[i] + PageSize] { (void)own->write(page, 1); });
        thread.nice = nice[i];
        threads.push_back(&thread);
        EXPECT_FALSE(scheduler().run(Scheduler::WhenStuck::Return));
    }
    EXPECT_EQ(mm::memory_waiters(), 1 + nice.size());
    scheduler().kill(greedy);
    EXPECT_FALSE(scheduler().run(Scheduler::WhenStuck::Return));
    EXPECT_EQ(mm::memory_waiters(), nice.size());
    return threads;
}

// ---- Waiting for memory

TEST_F(SwapWait, TheMostUrgentGoesFirst)
{
    auto threads = make_wait({10, -10, 0});
    uint64_t before = mm::last_memory_event();
    swap_device().release();
    EXPECT_TRUE(scheduler().run());
    EXPECT_EQ(served(before), (std::vector<uint32_t>{threads[1]->id, threads[2]->id, threads[0]->id}));
}

TEST_F(SwapWait, AmongEqualsWhoCameFirst)
{
    auto threads = make_wait({5, 5, 5});
    uint64_t before = mm::last_memory_event();
    swap_device().release();
    EXPECT_TRUE(scheduler().run());
    EXPECT_EQ(served(before), (std::vector<uint32_t>{threads[0]->id, threads[1]->id, threads[2]->id}));
}

TEST_F(SwapWait, AChangeOfPriorityReversesTheOrder)
{
    auto threads = make_wait({-10, 0, 10});
    uint64_t before = mm::last_memory_event();
    threads[0]->nice = 10;
    threads[2]->nice = -10;
    mm::priorities_changed();
    swap_device().release();
    EXPECT_TRUE(scheduler().run());
    EXPECT_EQ(served(before), (std::vector<uint32_t>{threads[2]->id, threads[1]->id, threads[0]->id}));
}

TEST_F(SwapWait, WhoIsKilledLeavesTheLine)
{
    auto threads = make_wait({0, 0});
    scheduler().kill(*threads[0]);
    EXPECT_FALSE(scheduler().run(Scheduler::WhenStuck::Return));
    EXPECT_TRUE(threads[0]->has_ended());
    EXPECT_EQ(mm::memory_waiters(), 1u);
    swap_device().release();
    EXPECT_TRUE(scheduler().run());
}

// ---- Waiting for a page

TEST_F(SwapWait, APageOnItsWayInIsFoundAndNotReadTwice)
{
    Program &own = program();
    VirtAddr at = own.map(1);
    fill(own, at, 1);
    push_out(own, at, 1);
    swap_device().stalls = true;
    uint64_t reads = swap_device().calls.reads;
    PhysAddr root = own->page_table().root();
    for (int i = 0; i < 3; i++)
        scheduler().spawn("reader", 0, nullptr, [&] { EXPECT_EQ(own.read(at), FaultResult::Resolved); });
    EXPECT_FALSE(scheduler().run(Scheduler::WhenStuck::Return));
    EXPECT_EQ(swap_device().calls.reads, reads + 1);
    swap_device().release();
    EXPECT_TRUE(scheduler().run());
    EXPECT_EQ(swap_device().calls.reads, reads + 1);
    EXPECT_EQ(own->page_table().root(), root);
    check(own, at, 1);
}

TEST_F(SwapWait, APageOnItsWayOutIsFoundAndNotRead)
{
    for (auto moment : {SwapDevice::WriteMoment::Submission, SwapDevice::WriteMoment::Completion}) {
        swap_device().write_moment = moment;
        Program own(6);
        VirtAddr at = own.map(4);
        fill(own, at, 4);
        swap_device().stalls = true;
        scheduler().spawn("pages", 6, nullptr, [&] { (void)own->advise(at, 4 * PageSize, Advice::PageOut); });
        (void)scheduler().run(Scheduler::WhenStuck::Return);
        ASSERT_EQ(swap_device().pages_under_way(), 4u);
        uint64_t reads = swap_device().calls.reads;
        check(own, at, 4);
        fill(own, at, 2, 50); // changed on the way: what is on the device then is worth nothing
        swap_device().release();
        EXPECT_TRUE(scheduler().run());
        EXPECT_EQ(swap_device().calls.reads, reads);
        EXPECT_EQ(swap_device().torn(), 2u + 2u * (moment == SwapDevice::WriteMoment::Completion));
        push_out(own, at, 4);
        check(own, at, 2, 50);
        check(own, at + 2 * PageSize, 2, 3);
    }
}

// ---- Read-ahead

TEST_F(SwapWait, NeighboursComeAlong)
{
    set_up({.frames = 1024, .slots = 2000});
    Program &own = program();
    VirtAddr at = own.map(256);
    fill(own, at, 256);
    ASSERT_TRUE(own->advise(at, 256 * PageSize, Advice::PageOut).ok());
    scheduler().settle();
    size_t before = swap_device().history.size();
    uint64_t major = own->counts().major_faults;
    check(own, at, 256);
    auto reads = reads_since(before);
    EXPECT_LE(reads.size(), 60u) << "of 256 pages in order";
    EXPECT_GE(*std::max_element(reads.begin(), reads.end()), 4u);
    EXPECT_LE(own->counts().major_faults - major, 60u);
}

TEST_F(SwapWait, WhoJumpsAboutIsReadNothingAhead)
{
    set_up({.frames = 1024, .slots = 2000});
    Program &own = program();
    VirtAddr at = own.map(512);
    fill(own, at, 512);
    ASSERT_TRUE(own->advise(at, 512 * PageSize, Advice::PageOut).ok());
    scheduler().settle();
    for (uint64_t i = 0; i < 32; i++) (void)own.byte(at + i * PageSize); // in order: it grows
    size_t before = swap_device().history.size();
    for (uint64_t i = 1; i < 40; i++) (void)own.byte(at + (32 + i * 149 % 479) * PageSize);
    auto reads = reads_since(before);
    ASSERT_GE(reads.size(), 20u);
    for (size_t i = 10; i < reads.size(); i++) EXPECT_LE(reads[i], 2u) << "the read number " << i;
}

// Nothing came of it: what the area says about reading ahead is what it said before.
TEST_F(SwapWait, AReadThatCannotBeginLeavesTheReadAheadAsItWas)
{
    std::vector<std::vector<unsigned>> sizes;
    for (bool fails : {false, true}) {
        set_up({.frames = 2048, .slots = 2000});
        Program own(6);
        VirtAddr at = own.map(64);
        fill(own, at, 64);
        ASSERT_TRUE(own->advise(at, 64 * PageSize, Advice::PageOut).ok());
        scheduler().settle();
        size_t before = swap_device().history.size();
        for (uint64_t i = 0; i < 64; i++) {
            mm::frames().fail_allocations(0, fails ? 1 : 0); // the first frame of a read, or none
            (void)own.byte(at + i * PageSize);
            mm::frames().fail_allocations(0, 0);
        }
        sizes.push_back(reads_since(before));
    }
    EXPECT_EQ(sizes[0], sizes[1]);
}

// ---- Reclaim

// As many reads under way as there can be, for as many threads: pages still go out, and nobody is told that
// there is no memory.
TEST_F(SwapWait, ReadsLeaveRoomForWrites)
{
    constexpr uint64_t Readers = mm::page_io::MaxUnderWay + 4, Apart = 4 * PageSize;
    set_up({.frames = 256, .slots = 1000});
    Program &own = program();
    VirtAddr pages = own.map(4 * Readers), more = own.map(600);
    for (uint64_t i = 0; i < Readers; i++) fill(own, pages + i * Apart, 1, static_cast<uint32_t>(i));
    ASSERT_TRUE(own->advise(pages, Readers * Apart, Advice::PageOut).ok());
    scheduler().settle();
    swap_device().stalls = true;
    for (uint64_t i = 0; i < Readers; i++)
        scheduler().spawn("reader", 0, nullptr,
                          [&, i] { check(own, pages + i * Apart, 1, static_cast<uint32_t>(i)); });
    EXPECT_FALSE(scheduler().run(Scheduler::WhenStuck::Return));
    EXPECT_GE(swap_device().under_way(), 8u);
    scheduler().spawn("writer", 0, nullptr, [&] {
        for (uint64_t i = 0; i < 600; i++)
            ASSERT_EQ(own.write(more + i * PageSize, 1), FaultResult::Resolved) << i;
    });
    EXPECT_FALSE(scheduler().run(Scheduler::WhenStuck::Return));
    EXPECT_GE(swap_device().calls.writes, 1u);
    swap_device().release();
    EXPECT_TRUE(scheduler().run());
}

TEST_F(SwapWait, BalanceStopsWhenEnoughIsFree)
{
    set_up({.frames = 512,
            .slots = 2000,
            .watermarks = {.minimum = 16, .low = 32, .high = 64},
            .scheduler = {.reclaimer = false}});
    Program &own = program();
    VirtAddr at = own.map(1000);
    for (uint64_t i = 0; mm::frames().pooled() > 16; i++)
        ASSERT_EQ(own.write(at + i * PageSize, 1), FaultResult::Resolved);
    mm::frames().drain();
    ASSERT_LT(mm::frames().pooled(), 64u + 64u);
    machine().processor = 0;
    uint64_t written = swap_device().calls.pages_written;
    mm::balance();
    swap_device().complete_all();
    mm::frames().drain();
    EXPECT_GE(mm::frames().pooled(), 64u);
    EXPECT_LE(swap_device().calls.pages_written - written, 64u + mm::PageTransfer::MaxPages);
    // And does nothing when that is so.
    written = swap_device().calls.pages_written;
    mm::balance();
    EXPECT_EQ(swap_device().calls.pages_written, written);
}

TEST_F(SwapWait, TheReclaimerIsWokenBeforeAnybodyMustWait)
{
    set_up({.frames = 512, .slots = 2000, .watermarks = {.minimum = 16, .low = 80, .high = 120}});
    Program &own = program();
    VirtAddr at = own.map(600);
    uint64_t stalls = mm::memory_counters().allocstall;
    for (uint64_t i = 0; i < 600; i++) {
        ASSERT_EQ(own.write(at + i * PageSize, 1), FaultResult::Resolved);
        scheduler().yield();
    }
    EXPECT_GE(scheduler().balances(), 1u);
    EXPECT_LE(mm::memory_counters().allocstall - stalls, 20u);
}

// ---- No more

TEST_F(SwapWait, MemoryAndSwapBothFull)
{
    set_up({.slots = 60});
    Program &own = program();
    VirtAddr at = own.map(300, ReadWrite, {.no_reserve = true});
    uint64_t count = 0;
    FaultResult result = FaultResult::Resolved;
    for (; count < 300 && result == FaultResult::Resolved; count++) {
        result = own.write(at + count * PageSize, static_cast<uint8_t>(count));
    }
    EXPECT_EQ(result, FaultResult::NoMemory);
    EXPECT_GT(count, 60u + 60u) << "all slots and most frames";
    audit();
    for (uint64_t i = 0; i + 1 < count; i++) {
        if (own.read(at + i * PageSize) != FaultResult::Resolved) continue;
        EXPECT_EQ(own.last_byte, static_cast<uint8_t>(i)) << i;
    }
    audit();
    // What somebody gives back is there for all.
    ASSERT_TRUE(own->unmap(at, 40 * PageSize).ok());
    scheduler().settle();
    EXPECT_EQ(own.write(at + count * PageSize, 1), FaultResult::Resolved);
}

TEST_F(SwapWait, WithoutSwapCleanPagesOfFilesStillGo)
{
    set_up({.slots = 0});
    TestFile file(200 * PageSize);
    MemoryObject &object = file_object(file);
    Program &own = program();
    VirtAddr at = own.map_file(object, 0, 200, ReadOnly), memory = own.map(40);
    fill(own, memory, 40);
    for (uint64_t i = 0; i < 200; i++) ASSERT_EQ(own.byte(at + i * PageSize), file.byte(i * PageSize));
    check(own, memory, 40);
}

// The last page of a file is dropped to make room for the copy of it, for which it has to be read again …
TEST_F(SwapWait, AFaultThatNeedsTwoFramesDoesNotGoRoundInCircles)
{
    set_up({.slots = 0});
    TestFile file(4 * PageSize);
    MemoryObject &object = file_object(file);
    Program &own = program();
    VirtAddr at = own.map_file(object, 0, 4, ReadWrite);
    VirtAddr memory = own.map(200, ReadWrite, {.no_reserve = true});
    uint64_t count = 0;
    while (own.write(memory + count * PageSize, 1) == FaultResult::Resolved) count++;
    EXPECT_EQ(own.write(at, 1), FaultResult::NoMemory);
    ASSERT_TRUE(own->unmap(memory, 20 * PageSize).ok());
    EXPECT_EQ(own.write(at, 1), FaultResult::Resolved);
}

} // namespace
