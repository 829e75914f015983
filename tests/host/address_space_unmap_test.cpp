// munmap(2): what is cut, what goes back, and that no processor keeps a translation of it.
#include "tests/host/space.hpp"

namespace {

using namespace host;

class UnmapTest : public SpaceTest {};

TEST_F(UnmapTest, ArgumentsThatMakeNoSense)
{
    Program &p = program();
    VirtAddr at = p.map(2);
    EXPECT_EQ(p->unmap(at, 0).error(), Errno::Invalid);
    EXPECT_EQ(p->unmap(at + 1, PageSize).error(), Errno::Invalid);
    EXPECT_EQ(p->unmap(mm::UserEnd, PageSize).error(), Errno::Invalid);
    EXPECT_EQ(p->unmap(at, mm::UserEnd - at + 1).error(), Errno::Invalid);
    EXPECT_EQ(p->unmap(at, UINT64_MAX).error(), Errno::Invalid);
    EXPECT_EQ(p->unmap(VirtAddr{UINT64_MAX - PageSize + 1}, PageSize).error(), Errno::Invalid);
    EXPECT_EQ(p.areas(at), "0-2 rw-p");
}

// munmap(2): "It is not an error if the indicated range does not contain any mapped pages."
TEST_F(UnmapTest, HolesAreNoError)
{
    Program &p = program();
    EXPECT_TRUE(p->unmap(VirtAddr{0x10000}, 1 * GiB).ok());
    VirtAddr at{0x10000000};
    p.map_at(at, 1);
    p.map_at(at + 4 * PageSize, 1);
    EXPECT_TRUE(p->unmap(at - 2 * PageSize, 10 * PageSize).ok());
    EXPECT_EQ(p.areas(at), "");
}

TEST_F(UnmapTest, TheWholeTheHeadTheTailAndTheMiddle)
{
    Program &p = program();
    VirtAddr at = p.map(10);
    p.touch(at, 10);
    ASSERT_TRUE(p->unmap(at, PageSize).ok());
    ASSERT_TRUE(p->unmap(at + 9 * PageSize, 1).ok()) << "a length is rounded up";
    ASSERT_TRUE(p->unmap(at + 4 * PageSize, 2 * PageSize).ok());
    EXPECT_EQ(p.areas(at), "1-4 rw-p 6-9 rw-p");
    EXPECT_EQ(p.residents(at, 10), "?xxx??xxx?");
    EXPECT_EQ(p->resident(), 6u);
    EXPECT_EQ(p->counts().mapped, 6u);
    EXPECT_EQ(p.read(at + 4 * PageSize), FaultResult::NotMapped);
    EXPECT_EQ(p.byte(at + 6 * PageSize), 1);
    ASSERT_TRUE(p->unmap(at, 10 * PageSize).ok());
    EXPECT_EQ(p->resident(), 0u);
    EXPECT_EQ(p->page_table().table_frames(), 1u);
}

TEST_F(UnmapTest, OffsetsOfWhatIsLeftGoOn)
{
    TestFile file(10 * PageSize);
    MemoryObject &object = file_object(file);
    Program &p = program();
    VirtAddr at = p.map_file(object, 2, 6, ReadOnly);
    ASSERT_TRUE(p->unmap(at, PageSize).ok());
    ASSERT_TRUE(p->unmap(at + 3 * PageSize, PageSize).ok());
    for (uint64_t page : {1u, 2u, 4u, 5u}) {
        EXPECT_EQ(p.byte(at + page * PageSize + 9), file.byte((2 + page) * PageSize + 9));
    }
}

TEST_F(UnmapTest, FramesComeBackAndAreZerosForTheNextOne)
{
    Program &p = program();
    uint64_t free = mm::frames().free_count();
    VirtAddr at = p.map(100);
    p.touch(at, 100, 0xee);
    ASSERT_TRUE(p->unmap(at, 100 * PageSize).ok());
    mm::drain_heap();
    EXPECT_GE(mm::frames().free_count() + 1, free);
    at = p.map(100);
    for (uint64_t i = 0; i < 100; i++) {
        p.touch(at + i * PageSize + 1, 1);
        ASSERT_EQ(p.byte(at + i * PageSize), 0) << "page " << i << " holds old contents";
    }
}

TEST_F(UnmapTest, EveryProcessorThatRunsTheSpaceForgets)
{
    Program &p = program();
    VirtAddr at = p.map(3);
    p.touch(at, 3);
    PhysAddr root = p->page_table().root();
    for (unsigned other : {3u, 6u}) {
        machine().processor = other;
        p->activate();
        for (uint64_t i = 0; i < 3; i++)
            ASSERT_TRUE(machine().access(root, at + i * PageSize, Access::Write));
    }
    machine().processor = 0;
    ASSERT_TRUE(p->unmap(at, 2 * PageSize).ok());
    for (unsigned other : {3u, 6u}) {
        machine().processor = other;
        EXPECT_FALSE(machine().has_cached(at));
        EXPECT_FALSE(machine().access(root, at, Access::Read));
        EXPECT_TRUE(machine().access(root, at + 2 * PageSize, Access::Write));
        machine().unload_root();
        p->deactivate();
    }
}

TEST_F(UnmapTest, AHoleWithoutMemoryForTheUpperPartChangesNothing)
{
    Program &p = program();
    VirtAddr at = p.map(5);
    p.touch(at, 5);
    mm::frames().fail_allocations(0);
    EXPECT_EQ(p->unmap(at + 2 * PageSize, PageSize).error(), Errno::NoMemory);
    EXPECT_EQ(p.areas(at), "0-5 rw-p");
    EXPECT_EQ(p.residents(at, 5), "xxxxx");
    mm::frames().fail_allocations(0);
    EXPECT_TRUE(p->unmap(at + 2 * PageSize, 3 * PageSize).ok()) << "cutting an end needs no memory";
    mm::frames().fail_allocations(0, 0);
}

TEST_F(UnmapTest, TheCountsGoDownAsTheyWentUp)
{
    TestFile file(4 * PageSize);
    MemoryObject &object = file_object(file);
    Program &p = program();
    VirtAddr file_at = p.map_file(object, 0, 4, ReadExecute);
    VirtAddr shared_at = p.map(4, ReadWrite, {.shared = true});
    VirtAddr data_at = p.map(4, ReadWrite, {.locked = true});
    for (uint64_t i = 0; i < 4; i++) {
        p.read(file_at + i * PageSize);
        p.write(shared_at + i * PageSize, 1);
    }
    mm::MemoryCounts counts = p->counts();
    EXPECT_EQ(counts.mapped, 12u);
    EXPECT_EQ(counts.executable, 4u);
    EXPECT_EQ(counts.data, 4u);
    EXPECT_EQ(counts.locked, 4u);
    EXPECT_EQ(counts.resident_file, 4u);
    EXPECT_EQ(counts.resident_shared, 4u);
    EXPECT_EQ(counts.resident_anonymous, 4u) << "locked: populated";
    for (VirtAddr at : {file_at, shared_at, data_at}) ASSERT_TRUE(p->unmap(at, 4 * PageSize).ok());
    counts = p->counts();
    EXPECT_EQ(counts.mapped + counts.executable + counts.data + counts.locked + counts.resident(), 0u);
    EXPECT_EQ(counts.mapped_peak, 12u);
    EXPECT_EQ(counts.resident_peak, 12u);
}

TEST_F(UnmapTest, TheLastAreaThatShowsSharedMemoryFreesIt)
{
    Program &p = program();
    uint64_t frames = mm::frames().count(FrameKind::Anonymous);
    VirtAddr at = p.map(4, ReadWrite, {.shared = true});
    p.touch(at, 4);
    ASSERT_TRUE(p->unmap(at + PageSize, PageSize).ok());
    EXPECT_EQ(mm::frames().count(FrameKind::Anonymous), frames + 4) << "the object still has it";
    ASSERT_TRUE(p->unmap(at, 4 * PageSize).ok());
    EXPECT_EQ(mm::frames().count(FrameKind::Anonymous), frames);
}

TEST_F(UnmapTest, AFaultAfterwardsDoesNotRememberTheArea)
{
    Program &p = program();
    VirtAddr at = p.map(2);
    p.touch(at, 2);
    ASSERT_TRUE(p->unmap(at, 2 * PageSize).ok());
    EXPECT_EQ(p.write(at, 1), FaultResult::NotMapped);
    p.map_at(at, 2, ReadOnly);
    EXPECT_EQ(p.write(at, 1), FaultResult::Denied);
}

} // namespace
