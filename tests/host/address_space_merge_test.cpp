// Which areas become one: what /proc/PID/maps shows must be what Linux 6.1 shows.
#include "tests/host/space.hpp"

namespace {

using namespace host;

constexpr VirtAddr Base{0x10000000};
constexpr VirtAddr page(uint64_t number)
{
    return Base + number * PageSize;
}

class MergeTest : public SpaceTest {};

TEST_F(MergeTest, LikeNeighboursOnBothSidesJoin)
{
    Program &p = program();
    p.map_at(page(2), 1);
    p.map_at(page(0), 1);
    EXPECT_EQ(p.areas(Base), "0-1 rw-p 2-3 rw-p");
    p.map_at(page(1), 1);
    EXPECT_EQ(p.areas(Base), "0-3 rw-p");
    EXPECT_EQ(p->areas().size(), 1u);
}

TEST_F(MergeTest, OtherProtectionFlagsOrObjectsDoNotJoin)
{
    Program &p = program();
    p.map_at(page(0), 1);
    p.map_at(page(1), 1, ReadOnly);
    p.map_at(page(2), 1, ReadOnly, {.no_reserve = true});
    p.map_at(page(3), 1, ReadOnly, {.locked = true});
    p.map_at(page(4), 1, ReadOnly, {.grows_down = true});
    p.map_at(page(5), 1, ReadOnly, {.shared = true});
    p.map_at(page(6), 1, ReadOnly, {.shared = true});
    EXPECT_EQ(p->areas().size(), 7u) << p.areas(Base);
}

TEST_F(MergeTest, PiecesOfAFileJoinWhenTheirOffsetsGoOn)
{
    TestFile file(8 * PageSize);
    MemoryObject &object = file_object(file);
    Program &p = program();
    MapRequest request;
    request.length = PageSize;
    request.protection = ReadOnly;
    request.placement = MapRequest::Placement::Fixed;
    request.object = &object;
    for (auto [at, offset] : {std::pair{0u, 3u}, {1u, 4u}, {2u, 6u}}) {
        request.address = page(at);
        request.offset = offset;
        ASSERT_TRUE(p->map(request).ok());
    }
    EXPECT_EQ(p.areas(Base), "0-2 r--p 2-3 r--p");
}

TEST_F(MergeTest, ProtectingForthAndBackJoinsAgain)
{
    Program &p = program();
    p.map_at(page(0), 5);
    p.touch(page(0), 5);
    ASSERT_TRUE(p->protect(page(2), PageSize, ReadOnly).ok());
    ASSERT_TRUE(p->protect(page(2), PageSize, ReadWrite).ok());
    EXPECT_EQ(p.areas(Base), "0-5 rw-p");
}

TEST_F(MergeTest, TheBorderMovesToALikeNeighbour)
{
    Program &p = program();
    p.map_at(page(0), 4);
    p.map_at(page(4), 4, ReadOnly);
    ASSERT_TRUE(p->protect(page(2), 2 * PageSize, ReadOnly).ok());
    EXPECT_EQ(p->areas().size(), 3u) << "what was writable once stays accounted, and apart";
    Program &q = program();
    q.map_at(page(0), 4, ReadOnly);
    q.map_at(page(4), 4, ReadExecute);
    ASSERT_TRUE(q->protect(page(2), 2 * PageSize, ReadExecute).ok());
    EXPECT_EQ(q.areas(Base), "0-2 r--p 2-8 r-xp");
    ASSERT_TRUE(q->protect(page(2), 3 * PageSize, ReadOnly).ok());
    EXPECT_EQ(q.areas(Base), "0-5 r--p 5-8 r-xp");
}

// Linux: VM_ACCOUNT is never taken away (before 6.7).
TEST_F(MergeTest, WhatWasWritableOnceDoesNotJoinWhatNeverWas)
{
    Program &p = program();
    p.map_at(page(0), 3, NoAccess);
    ASSERT_TRUE(p->protect(page(1), PageSize, ReadWrite).ok());
    ASSERT_TRUE(p->protect(page(1), PageSize, NoAccess).ok());
    EXPECT_EQ(p.areas(Base), "0-1 ---p 1-2 ---p 2-3 ---p");
}

// Linux: areas with different anon_vma stay apart.
TEST_F(MergeTest, PagesWrittenInTwoAreasKeepThemApartEvenWhenTheHoleIsFilled)
{
    Program &p = program();
    p.map_at(page(0), 1);
    p.map_at(page(2), 1);
    p.touch(page(0), 1);
    p.touch(page(2), 1);
    p.map_at(page(1), 1);
    EXPECT_EQ(p.areas(Base), "0-1 rw-p 1-3 rw-p") << "the new one joins the next area first";
}

TEST_F(MergeTest, AnUntouchedAreaBelowDoesNotJoinANewOneThatJoinsATouchedOne)
{
    Program &p = program();
    p.map_at(page(0), 1);
    p.map_at(page(2), 1);
    p.touch(page(2), 1);
    p.map_at(page(1), 1);
    EXPECT_EQ(p.areas(Base), "0-1 rw-p 1-3 rw-p");
    Program &q = program();
    q.map_at(page(0), 1);
    q.map_at(page(2), 1);
    q.touch(page(0), 1);
    q.map_at(page(1), 1);
    EXPECT_EQ(q.areas(Base), "0-3 rw-p");
}

TEST_F(MergeTest, PartsOfOneAreaThatWereWrittenJoinAgain)
{
    Program &p = program();
    p.map_at(page(0), 3);
    p.touch(page(0), 3);
    ASSERT_TRUE(p->unmap(page(1), PageSize).ok());
    p.map_at(page(1), 1);
    EXPECT_EQ(p.areas(Base), "0-3 rw-p");
}

TEST_F(MergeTest, NeighboursThatDifferInProtectionShareTheirLineage)
{
    Program &p = program();
    p.map_at(page(0), 2);
    p.map_at(page(2), 2, All);
    p.touch(page(0), 1);
    p.touch(page(2), 1);
    ASSERT_TRUE(p->protect(page(2), 2 * PageSize, ReadWrite).ok());
    EXPECT_EQ(p.areas(Base), "0-4 rw-p");
}

TEST_F(MergeTest, AnArenaGrownByProtectIsOneArea)
{
    Program &p = program();
    p.map_at(page(0), 16, NoAccess, {.no_reserve = true});
    for (uint64_t i = 0; i < 8; i++) {
        ASSERT_TRUE(p->protect(page(i), PageSize, ReadWrite).ok());
        p.touch(page(i), 1);
    }
    EXPECT_EQ(p.areas(Base), "0-8 rw-p 8-16 ---p");
}

TEST_F(MergeTest, MovedMemoryThatWasWrittenDoesNotJoinItsNewNeighbours)
{
    Program &p = program();
    auto move = [&](uint64_t from, uint64_t to) {
        RemapRequest request;
        request.old_address = page(from);
        request.old_size = request.new_size = PageSize;
        request.may_move = request.fixed = true;
        request.new_address = page(to);
        ASSERT_TRUE(p->remap(request).ok());
    };
    p.map_at(page(0), 1);
    p.map_at(page(10), 1);
    move(10, 1);
    EXPECT_EQ(p.areas(Base), "0-2 rw-p") << "never written: like new";
    p.map_at(page(20), 2);
    p.touch(page(20), 2);
    move(20, 2);
    EXPECT_EQ(p.areas(Base), "0-2 rw-p 2-3 rw-p 21-22 rw-p");
    move(21, 3);
    EXPECT_EQ(p.areas(Base), "0-2 rw-p 2-4 rw-p") << "but what belongs together";
}

TEST_F(MergeTest, LockingSplitsAndUnlockingJoins)
{
    Program &p = program();
    p.map_at(page(0), 4);
    p.touch(page(0), 4);
    ASSERT_TRUE(p->lock(page(1), PageSize, false).ok());
    EXPECT_EQ(p.areas(Base), "0-1 rw-p 1-2 rw-p 2-4 rw-p");
    ASSERT_TRUE(p->unlock(page(1), PageSize).ok());
    EXPECT_EQ(p.areas(Base), "0-4 rw-p");
}

TEST_F(MergeTest, WhatDontUnmapMovesBesideItsSourceStaysApart)
{
    Program &p = program();
    auto keep = [&](uint64_t from, uint64_t pages, uint64_t to) {
        RemapRequest request;
        request.old_address = page(from);
        request.old_size = request.new_size = pages * PageSize;
        request.may_move = request.fixed = request.dont_unmap = true;
        request.new_address = page(to);
        ASSERT_TRUE(p->remap(request).ok());
    };
    p.map_at(page(0), 4);
    keep(1, 1, 4);
    EXPECT_EQ(p.areas(Base), "0-4 rw-p 4-5 rw-p");
    p.map_at(page(10), 1);
    keep(1, 1, 11);
    EXPECT_EQ(p.areas(Base), "0-4 rw-p 4-5 rw-p 10-12 rw-p") << "others it may join";
}

TEST_F(MergeTest, DontUnmapUnlocksJustThePartThatMoved)
{
    Program &p = program();
    p.map_at(page(0), 4);
    ASSERT_TRUE(p->lock(page(0), 4 * PageSize, false).ok());
    RemapRequest request;
    request.old_address = page(1);
    request.old_size = request.new_size = PageSize;
    request.may_move = request.fixed = request.dont_unmap = true;
    request.new_address = page(10);
    ASSERT_TRUE(p->remap(request).ok());
    EXPECT_EQ(p.areas(Base), "0-1 rw-p 1-2 rw-p 2-4 rw-p 10-11 rw-p");
    EXPECT_EQ(p->counts().locked, 4u);
    EXPECT_FALSE(p->areas().find(page(1))->flags.locked);
}

TEST_F(MergeTest, ASecondMappingOfSharedMemoryLeavesTheFirstWhole)
{
    Program &p = program();
    p.map_at(page(0), 4, ReadWrite, {.shared = true});
    RemapRequest request;
    request.old_address = page(2);
    request.new_size = PageSize;
    request.may_move = true;
    ASSERT_TRUE(p->remap(request).ok());
    EXPECT_EQ(p->areas().size(), 2u);
}

// Linux prepares the anon_vma of a stack when it grows, not only when it is written.
TEST_F(MergeTest, AStackThatGrewHasItsLineageFromThen)
{
    Program &p = program();
    p.map_at(page(400), 4, ReadOnly, {.grows_down = true});
    EXPECT_EQ(p.write(page(399), 1), FaultResult::Denied) << "it grows all the same";
    EXPECT_NE(p->areas().find(page(399))->lineage, 0u);
}

} // namespace
