// mremap(2): shrinking, growing in place, moving; pages keep their contents and their frames.
#include "tests/host/space.hpp"

namespace {

using namespace host;

constexpr VirtAddr Base{0x10000000}, Far{0x20000000};

class RemapTest : public SpaceTest {
protected:
    static RemapRequest request(VirtAddr from, uint64_t old_pages, uint64_t new_pages)
    {
        RemapRequest request;
        request.old_address = from;
        request.old_size = old_pages * PageSize;
        request.new_size = new_pages * PageSize;
        return request;
    }
    static RemapRequest moving(VirtAddr from, uint64_t old_pages, uint64_t new_pages)
    {
        RemapRequest result = request(from, old_pages, new_pages);
        result.may_move = true;
        return result;
    }
    static RemapRequest fixed(VirtAddr from, uint64_t old_pages, uint64_t new_pages, VirtAddr to)
    {
        RemapRequest result = moving(from, old_pages, new_pages);
        result.fixed = true;
        result.new_address = to;
        return result;
    }
    // Pages with the contents 1, 2, 3 …
    static void number(Program &p, VirtAddr at, uint64_t pages)
    {
        for (uint64_t i = 0; i < pages; i++)
            ASSERT_EQ(p.write(at + i * PageSize, 1 + i), FaultResult::Resolved);
    }
    static std::string numbers(Program &p, VirtAddr at, uint64_t pages)
    {
        std::string text;
        for (uint64_t i = 0; i < pages; i++) text += std::to_string(p.byte(at + i * PageSize));
        return text;
    }
};

TEST_F(RemapTest, ArgumentsThatMakeNoSense)
{
    Program &p = program();
    p.map_at(Base, 4);
    auto error = [&](const RemapRequest &request) { return p->remap(request).error(); };
    EXPECT_EQ(error(request(Base + 1, 1, 1)), Errno::Invalid) << "old_address not on a page boundary";
    EXPECT_EQ(error(request(Base, 1, 0)), Errno::Invalid) << "new_size zero";
    EXPECT_EQ(error(fixed(Base, 4, 4, Far + 1)), Errno::Invalid) << "new_address not on a page boundary";
    EXPECT_EQ(error(fixed(Base, 4, 4, Base + PageSize)), Errno::Invalid) << "old and new place overlap";
    EXPECT_EQ(error(fixed(Base, 4, 8, Base - 6 * PageSize)), Errno::Invalid);
    EXPECT_EQ(error(fixed(Base, 4, 4, mm::UserEnd - PageSize)), Errno::Invalid) << "out of the user half";
    EXPECT_EQ(error(fixed(Base, 4, 4, VirtAddr{})), Errno::NotPermitted) << "below vm.mmap_min_addr";
    RemapRequest fixed_only = fixed(Base, 4, 4, Far);
    fixed_only.may_move = false;
    EXPECT_EQ(error(fixed_only), Errno::Invalid) << "MREMAP_FIXED without MREMAP_MAYMOVE";
    RemapRequest kept = moving(Base, 4, 2);
    kept.dont_unmap = true;
    EXPECT_EQ(error(kept), Errno::Invalid) << "MREMAP_DONTUNMAP with another size";
    kept = request(Base, 4, 4);
    kept.dont_unmap = true;
    EXPECT_EQ(error(kept), Errno::Invalid) << "MREMAP_DONTUNMAP without MREMAP_MAYMOVE";
    EXPECT_EQ(error(request(Far, 1, 2)), Errno::BadAddress) << "nothing is mapped there";
    EXPECT_EQ(error(request(Base, 0, 2)), Errno::Invalid) << "old_size zero for private memory";
    EXPECT_EQ(p.areas(Base), "0-4 rw-p");
}

TEST_F(RemapTest, ARangeThatCrossesAreasOrAHoleCannotGrow)
{
    Program &p = program();
    p.map_at(Base, 4);
    ASSERT_TRUE(p->protect(Base + 2 * PageSize, 2 * PageSize, ReadOnly).ok());
    EXPECT_EQ(p->remap(moving(Base, 4, 8)).error(), Errno::BadAddress);
    EXPECT_EQ(p->remap(moving(Base + 2 * PageSize, 3, 8)).error(), Errno::BadAddress);
    EXPECT_TRUE(p->remap(moving(Base, 4, 3)).ok()) << "but shrink";
    EXPECT_EQ(p.areas(Base), "0-2 rw-p 2-3 r--p");
}

TEST_F(RemapTest, ShrinkingUnmapsTheTail)
{
    Program &p = program();
    p.map_at(Base, 6);
    number(p, Base, 6);
    EXPECT_EQ(*p->remap(request(Base, 6, 2)), Base);
    EXPECT_EQ(p.areas(Base), "0-2 rw-p");
    EXPECT_EQ(p->resident(), 2u);
    EXPECT_EQ(*p->remap(request(Base, 2, 2)), Base) << "no change is a success";
}

TEST_F(RemapTest, GrowingInPlaceNeedsRoomAbove)
{
    Program &p = program();
    p.map_at(Base, 2);
    number(p, Base, 2);
    p.map_at(Base + 5 * PageSize, 1, ReadOnly);
    EXPECT_EQ(*p->remap(request(Base, 2, 5)), Base);
    EXPECT_EQ(p.areas(Base), "0-5 rw-p 5-6 r--p");
    EXPECT_EQ(numbers(p, Base, 5), "12000");
    EXPECT_EQ(p->remap(request(Base, 5, 6)).error(), Errno::NoMemory) << "no room, and it may not move";
    EXPECT_EQ(p->remap(request(Base, 3, 6)).error(), Errno::NoMemory) << "nor may a part of an area";
    EXPECT_EQ(p->counts().mapped, 6u);
    EXPECT_EQ(p->counts().data, 5u);
}

TEST_F(RemapTest, GrowingUpToALikeNeighbourJoinsIt)
{
    Program &p = program();
    p.map_at(Base, 2);
    p.map_at(Base + 4 * PageSize, 2);
    EXPECT_EQ(*p->remap(request(Base, 2, 4)), Base);
    EXPECT_EQ(p.areas(Base), "0-6 rw-p");
}

TEST_F(RemapTest, MovingKeepsContentsAndFrames)
{
    Program &p = program();
    p.map_at(Base, 3);
    number(p, Base, 3);
    p.map_at(Base + 3 * PageSize, 1, ReadOnly);
    PhysAddr frame = p->inspect(Base).frame;
    VirtAddr to = *p->remap(moving(Base, 3, 5));
    EXPECT_EQ(to, VirtAddr{0x7ffff7fff000} - 5 * PageSize) << "where mmap would have put it";
    EXPECT_EQ(p->inspect(to).frame, frame);
    EXPECT_EQ(numbers(p, to, 5), "12300");
    EXPECT_EQ(p.read(Base), FaultResult::NotMapped);
    EXPECT_EQ(p->counts().mapped, 6u);
    EXPECT_EQ(p->counts().mapped_peak, 6u) << "never both places at once";
    EXPECT_EQ(p->resident(), 3u);
    EXPECT_EQ(machine().calls.copy_frame, 0u);
}

TEST_F(RemapTest, MovedPagesCanBeMovedAgainAndWritten)
{
    Program &p = program();
    p.map_at(Base, 3);
    number(p, Base, 3);
    ASSERT_TRUE(p->remap(fixed(Base, 3, 3, Far)).ok());
    audit();
    ASSERT_TRUE(p->remap(fixed(Far, 3, 3, Base + PageSize)).ok());
    EXPECT_EQ(p.write(Base + PageSize, 9), FaultResult::Resolved);
    EXPECT_EQ(p.faults, 0u) << "still its own frame";
    EXPECT_EQ(numbers(p, Base + PageSize, 3), "923");
}

TEST_F(RemapTest, TheMiddleOfAnAreaMovesOutOfIt)
{
    Program &p = program();
    p.map_at(Base, 5);
    number(p, Base, 5);
    EXPECT_EQ(*p->remap(fixed(Base + PageSize, 2, 2, Far)), Far);
    EXPECT_EQ(p.areas(Base), "0-1 rw-p 3-5 rw-p 65536-65538 rw-p");
    EXPECT_EQ(numbers(p, Far, 2), "23");
    EXPECT_EQ(numbers(p, Base + 3 * PageSize, 2), "45");
}

TEST_F(RemapTest, FixedUnmapsWhatIsAtTheTarget)
{
    Program &p = program();
    p.map_at(Base, 2);
    number(p, Base, 2);
    p.map_at(Far, 4, ReadOnly);
    p.read(Far);
    EXPECT_EQ(*p->remap(fixed(Base, 2, 3, Far)), Far);
    EXPECT_EQ(p.areas(Far), "0-3 rw-p 3-4 r--p");
    EXPECT_EQ(numbers(p, Far, 3), "120");
}

TEST_F(RemapTest, FixedCanShrinkToo)
{
    Program &p = program();
    p.map_at(Base, 4);
    number(p, Base, 4);
    EXPECT_EQ(*p->remap(fixed(Base, 4, 2, Far)), Far);
    EXPECT_EQ(p.areas(Far), "0-2 rw-p");
    EXPECT_EQ(numbers(p, Far, 2), "12");
}

TEST_F(RemapTest, PagesThatWereOnlyReadMoveAsTheZeroPage)
{
    Program &p = program();
    p.map_at(Base, 2);
    EXPECT_EQ(numbers(p, Base, 2), "00");
    ASSERT_TRUE(p->remap(fixed(Base, 2, 2, Far)).ok());
    EXPECT_EQ(p.residents(Far, 2), "xx");
    EXPECT_EQ(p.write(Far, 1), FaultResult::Resolved);
    EXPECT_EQ(numbers(p, Far, 2), "10");
}

TEST_F(RemapTest, PagesOfAFileMoveWithTheirOffset)
{
    TestFile file(8 * PageSize);
    MemoryObject &object = file_object(file);
    Program &p = program();
    VirtAddr at = p.map_file(object, 2, 3, ReadWrite);
    p.read(at);
    p.write(at + PageSize, 99);
    ASSERT_TRUE(p->remap(fixed(at, 3, 5, Far)).ok());
    audit();
    EXPECT_EQ(p.byte(Far), file.byte(2 * PageSize));
    EXPECT_EQ(p.byte(Far + PageSize), 99);
    EXPECT_EQ(p.byte(Far + 4 * PageSize), file.byte(6 * PageSize));
}

// mremap(2), NOTES: with old_size zero a shared mapping is mapped a second time.
TEST_F(RemapTest, OldSizeZeroMapsSharedMemoryTwice)
{
    Program &p = program();
    VirtAddr at = p.map(3, ReadWrite, {.shared = true});
    number(p, at, 3);
    VirtAddr twin = *p->remap(moving(at + PageSize, 0, 2));
    EXPECT_EQ(numbers(p, twin, 2), "23");
    p.write(twin, 7);
    EXPECT_EQ(numbers(p, at, 3), "173");
    EXPECT_EQ(p->remap(request(at, 0, 2)).error(), Errno::NoMemory) << "it has to be another place";
}

TEST_F(RemapTest, DontUnmapLeavesTheOldPlaceEmpty)
{
    Program &p = program();
    p.map_at(Base, 3);
    number(p, Base, 3);
    RemapRequest kept = fixed(Base, 3, 3, Far);
    kept.dont_unmap = true;
    EXPECT_EQ(*p->remap(kept), Far);
    EXPECT_EQ(p.residents(Base, 3), "...");
    EXPECT_EQ(numbers(p, Far, 3), "123");
    EXPECT_EQ(numbers(p, Base, 3), "000");
    p.write(Base, 9);
    EXPECT_EQ(numbers(p, Far, 3), "123");
    EXPECT_EQ(p->counts().mapped, 6u);
}

TEST_F(RemapTest, DontUnmapTakesTheAddressAsAHint)
{
    Program &p = program();
    p.map_at(Base, 1);
    RemapRequest kept = moving(Base, 1, 1);
    kept.dont_unmap = true;
    kept.new_address = Far;
    EXPECT_EQ(*p->remap(kept), Far);
    EXPECT_NE(*p->remap(kept), Far) << "it is taken";
}

TEST_F(RemapTest, DontUnmapLeavesTheOldPlaceUnlocked)
{
    Program &p = program();
    p.map_at(Base, 2);
    ASSERT_TRUE(p->lock(Base, 2 * PageSize, false).ok());
    RemapRequest kept = fixed(Base, 2, 2, Far);
    kept.dont_unmap = true;
    ASSERT_TRUE(p->remap(kept).ok());
    EXPECT_FALSE(p->areas().find(Base)->flags.locked);
    EXPECT_TRUE(p->areas().find(Far)->flags.locked);
    EXPECT_EQ(p->counts().locked, 2u);
}

TEST_F(RemapTest, GrowingObeysTheLimits)
{
    Program &p = program();
    p.map_at(Base, 4);
    p->limits.address_space = 6 * PageSize;
    EXPECT_EQ(p->remap(moving(Base, 4, 7)).error(), Errno::NoMemory);
    EXPECT_TRUE(p->remap(moving(Base, 4, 6)).ok());
    p->limits = {};
    p->limits.data = 7 * PageSize;
    EXPECT_EQ(p->remap(moving(Base, 6, 8)).error(), Errno::NoMemory);
    p->limits = {};
    EXPECT_EQ(p->remap(moving(Base, 6, 7 + mm::usable_ram_pages())).error(), Errno::NoMemory) << "overcommit";
}

TEST_F(RemapTest, GrowingLockedMemoryPopulatesIt)
{
    Program &p = program();
    p.map_at(Base, 2, ReadWrite, {.locked = true});
    ASSERT_TRUE(p->remap(request(Base, 2, 4)).ok());
    EXPECT_EQ(p.residents(Base, 4), "xxxx");
    ASSERT_TRUE(p->remap(fixed(Base, 4, 6, Far)).ok());
    EXPECT_EQ(p.residents(Far, 6), "xxxxxx");
    EXPECT_EQ(p->counts().locked, 6u);
}

TEST_F(RemapTest, EveryProcessorForgetsTheOldPlace)
{
    Program &p = program();
    p.map_at(Base, 2);
    number(p, Base, 2);
    PhysAddr root = p->page_table().root();
    machine().processor = 2;
    p->activate();
    ASSERT_TRUE(machine().access(root, Base, Access::Write));
    machine().processor = 0;
    ASSERT_TRUE(p->remap(fixed(Base, 2, 2, Far)).ok());
    machine().processor = 2;
    EXPECT_FALSE(machine().access(root, Base, Access::Write));
    EXPECT_TRUE(machine().access(root, Far, Access::Write));
    machine().unload_root();
    p->deactivate();
}

TEST_F(RemapTest, WithoutMemoryNothingMoves)
{
    Program &p = program();
    p.map_at(Base, 5);
    number(p, Base, 5);
    unsigned allocations = fail_each_allocation([&] { return p->remap(fixed(Base + PageSize, 2, 3, Far)); },
                                                [&] {
                                                    audit();
                                                    EXPECT_EQ(p.areas(Base), "0-5 rw-p");
                                                    EXPECT_EQ(numbers(p, Base, 5), "12345");
                                                });
    EXPECT_GE(allocations, 3u) << "the upper part, a page table, the new area";
    EXPECT_EQ(numbers(p, Far, 3), "230");
}

} // namespace
