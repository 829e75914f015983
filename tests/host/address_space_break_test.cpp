// brk(2), and the growth of stacks.
#include "tests/host/space.hpp"

namespace {

using namespace host;

constexpr VirtAddr Heap{0x500000};

class BreakTest : public SpaceTest {
protected:
    Program &program_with_heap(uint64_t data_bytes = 0)
    {
        Program &p = program();
        p->start_break(Heap, data_bytes);
        return p;
    }
};

TEST_F(BreakTest, ExactValuesAreKept)
{
    Program &p = program_with_heap();
    EXPECT_EQ(p->set_break(VirtAddr{}), Heap) << "brk(0) asks";
    EXPECT_EQ(p->set_break(Heap + 0xd00), Heap + 0xd00);
    EXPECT_EQ(p->current_break(), Heap + 0xd00);
    EXPECT_EQ(p.areas(Heap), "0-1 rw-p");
    EXPECT_EQ(p->set_break(Heap + 0xd01), Heap + 0xd01);
    EXPECT_EQ(p->set_break(Heap + PageSize), Heap + PageSize);
    EXPECT_EQ(p.areas(Heap), "0-1 rw-p");
    EXPECT_EQ(p->set_break(Heap + PageSize + 1), Heap + PageSize + 1);
    EXPECT_EQ(p.areas(Heap), "0-2 rw-p");
}

TEST_F(BreakTest, UpAndDownGivesPagesBackAndNewOnesAreZeros)
{
    Program &p = program_with_heap();
    p->set_break(Heap + 4 * PageSize);
    p.touch(Heap, 4);
    EXPECT_EQ(p->set_break(Heap + PageSize + 1), Heap + PageSize + 1);
    EXPECT_EQ(p->resident(), 2u) << "the page that the break lies in stays";
    EXPECT_EQ(p.write(Heap + 2 * PageSize, 1), FaultResult::NotMapped);
    EXPECT_EQ(p->set_break(Heap + 4 * PageSize), Heap + 4 * PageSize);
    EXPECT_EQ(p.byte(Heap + PageSize), 1);
    EXPECT_EQ(p.byte(Heap + 2 * PageSize), 0);
    EXPECT_EQ(p->set_break(Heap), Heap);
    EXPECT_EQ(p.areas(Heap), "");
    EXPECT_EQ(p->set_break(Heap - 1), Heap) << "never below its beginning";
}

TEST_F(BreakTest, WhatIsInTheWayRefusesIt)
{
    Program &p = program_with_heap();
    p.map_at(Heap + 4 * PageSize, 1);
    EXPECT_EQ(p->set_break(Heap + 5 * PageSize), Heap);
    EXPECT_EQ(p->set_break(Heap + 4 * PageSize), Heap) << "one page stays free, as on Linux";
    EXPECT_EQ(p->set_break(Heap + 3 * PageSize), Heap + 3 * PageSize);
    EXPECT_EQ(p->set_break(mm::UserEnd + PageSize), Heap + 3 * PageSize);
    EXPECT_EQ(p->set_break(VirtAddr{UINT64_MAX}), Heap + 3 * PageSize);
}

TEST_F(BreakTest, AStackAboveKeepsItsGuardGap)
{
    Program &p = program_with_heap();
    ASSERT_TRUE(p->map_stack(Heap + 300 * PageSize, 4 * PageSize, ReadWrite).ok());
    uint64_t room = 300 - 4 - mm::StackGuardGap / PageSize;
    EXPECT_EQ(p->set_break(Heap + room * PageSize), Heap);
    EXPECT_EQ(p->set_break(Heap + (room - 1) * PageSize), Heap + (room - 1) * PageSize);
}

TEST_F(BreakTest, TheHeapIsOneAreaButNotTheProgramsData)
{
    Program &p = program_with_heap();
    p.map_at(Heap - PageSize, 1);
    p->set_break(Heap + PageSize);
    p->set_break(Heap + 3 * PageSize);
    EXPECT_EQ(p.areas(Heap), "-1-0 rw-p 0-3 rw-p");
}

TEST_F(BreakTest, ShrinkingOverWhatTheProgramUnmappedItself)
{
    Program &p = program_with_heap();
    p->set_break(Heap + 4 * PageSize);
    ASSERT_TRUE(p->unmap(Heap + 2 * PageSize, 2 * PageSize).ok());
    EXPECT_EQ(p->set_break(Heap + 2 * PageSize), Heap + 4 * PageSize)
        << "nothing there to give back: refused";
    EXPECT_EQ(p->set_break(Heap + PageSize), Heap + PageSize);
    EXPECT_EQ(p.areas(Heap), "0-1 rw-p");
}

TEST_F(BreakTest, TheLimits)
{
    Program &p = program_with_heap(3000);
    p->limits.data = 3000 + 2 * PageSize;
    EXPECT_EQ(p->set_break(Heap + 2 * PageSize + 1), Heap)
        << "RLIMIT_DATA: initialised data and heap, in bytes";
    EXPECT_EQ(p->set_break(Heap + 2 * PageSize), Heap + 2 * PageSize);
    p->limits = {};
    p->limits.address_space = 5 * PageSize;
    EXPECT_EQ(p->set_break(Heap + 5 * PageSize + 1), Heap + 2 * PageSize) << "RLIMIT_AS";
    EXPECT_EQ(p->set_break(Heap + 5 * PageSize), Heap + 5 * PageSize);
    p->limits = {};
    uint64_t too_much = (mm::usable_ram_pages() + 6) * PageSize;
    EXPECT_EQ(p->set_break(Heap + too_much), Heap + 5 * PageSize) << "more than all RAM at once";
}

TEST_F(BreakTest, WithoutMemoryForTheAreaTheOldBreakStays)
{
    Program &p = program_with_heap();
    p.map(1);
    mm::frames().fail_allocations(0);
    EXPECT_EQ(p->set_break(Heap + PageSize), Heap);
    EXPECT_EQ(p->set_break(Heap + PageSize), Heap + PageSize);
}

// ---- Stacks (getrlimit(2), RLIMIT_STACK; mmap(2), MAP_GROWSDOWN)

class StackTest : public SpaceTest {
protected:
    static constexpr VirtAddr Top = mm::UserEnd;

    Program &program_with_stack(uint64_t pages = 4)
    {
        Program &p = program();
        EXPECT_TRUE(p->map_stack(Top, pages * PageSize, ReadWrite).ok());
        return p;
    }
};

TEST_F(StackTest, ATouchBelowGrowsItDownToThePage)
{
    Program &p = program_with_stack();
    EXPECT_EQ(p.write(Top - 4 * PageSize - 1, 1), FaultResult::Resolved);
    EXPECT_EQ(p.faults, 1u);
    EXPECT_EQ(p.areas(Top), "-5-0 rw-p");
    EXPECT_EQ(p.write(Top - 100 * PageSize + 8, 1), FaultResult::Resolved);
    EXPECT_EQ(p.areas(Top), "-100-0 rw-p");
    EXPECT_EQ(p->counts().stack, 100u);
    EXPECT_EQ(p->counts().data, 0u) << "a stack is no data";
    EXPECT_EQ(p->resident(), 2u) << "growing is not touching";
}

TEST_F(StackTest, TheLimitIsTheWholeStack)
{
    Program &p = program_with_stack();
    p->limits.stack = 64 * PageSize;
    EXPECT_EQ(p.write(Top - 64 * PageSize, 1), FaultResult::Resolved);
    EXPECT_EQ(p.write(Top - 64 * PageSize - 1, 1), FaultResult::NotMapped);
    p->limits.stack = 65 * PageSize - 1;
    EXPECT_EQ(p.write(Top - 64 * PageSize - 1, 1), FaultResult::NotMapped);
    p->limits.stack = 65 * PageSize;
    EXPECT_EQ(p.write(Top - 64 * PageSize - 1, 1), FaultResult::Resolved) << "limits can change";
}

TEST_F(StackTest, TheGuardGapIsKeptFromWhatCanBeAccessed)
{
    Program &p = program_with_stack();
    uint64_t guard = mm::StackGuardGap / PageSize;
    VirtAddr below = Top - 400 * PageSize;
    p.map_at(below, 1);
    VirtAddr lowest = below + PageSize + guard * PageSize;
    EXPECT_EQ(p.write(lowest - 1, 1), FaultResult::NotMapped);
    EXPECT_EQ(p.write(lowest, 1), FaultResult::Resolved);
    ASSERT_TRUE(p->protect(below, PageSize, NoAccess).ok());
    EXPECT_EQ(p.write(lowest - 1, 1), FaultResult::Resolved) << "what nobody can access needs no guard";
    EXPECT_EQ(p.write(below, 1), FaultResult::Denied);
}

TEST_F(StackTest, TheLimitOfTheAddressSpaceStopsItToo)
{
    Program &p = program_with_stack();
    p->limits.address_space = 6 * PageSize;
    EXPECT_EQ(p.write(Top - 7 * PageSize, 1), FaultResult::NotMapped);
    EXPECT_EQ(p.write(Top - 6 * PageSize, 1), FaultResult::Resolved);
}

TEST_F(StackTest, AMappingThatGrowsDownIsAStackToo)
{
    Program &p = program();
    VirtAddr at{0x10000000};
    p.map_at(at, 2, ReadWrite, {.grows_down = true});
    EXPECT_EQ(p.write(at - 10 * PageSize, 1), FaultResult::Resolved);
    EXPECT_EQ(p.areas(at), "-10-2 rw-p");
    EXPECT_EQ(p.write(mm::UserBegin - 1, 1), FaultResult::NotMapped) << "never below vm.mmap_min_addr";
}

TEST_F(StackTest, OtherAreasDoNotGrow)
{
    Program &p = program();
    VirtAddr at = p.map(2);
    EXPECT_EQ(p.write(at - 1, 1), FaultResult::NotMapped);
}

TEST_F(StackTest, WithoutAFrameTheStackHasGrownAllTheSame)
{
    Program &p = program_with_stack();
    p.write(Top - 1, 1);
    mm::frames().fail_allocations(0, mm::FrameAllocator::AllFail);
    EXPECT_EQ(p.write(Top - 5 * PageSize, 1), FaultResult::NoMemory);
    mm::frames().fail_allocations(0, 0);
    EXPECT_EQ(p.write(Top - 5 * PageSize, 1), FaultResult::Resolved);
}

} // namespace
