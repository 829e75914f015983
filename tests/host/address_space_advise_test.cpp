// madvise(2) and msync(2).
#include "tests/host/space.hpp"

namespace {

using namespace host;

class AdviseTest : public SpaceTest {};

constexpr Advice AllAdvice[] = {Advice::Ignored,  Advice::DontNeed,     Advice::DontNeedLocked,
                                Advice::Free,     Advice::PopulateRead, Advice::PopulateWrite,
                                Advice::WillNeed, Advice::Cold};

TEST_F(AdviseTest, ArgumentsThatMakeNoSense)
{
    Program &p = program();
    VirtAddr at = p.map(2);
    for (Advice advice : AllAdvice) {
        EXPECT_EQ(p->advise(at + 1, PageSize, advice).error(), Errno::Invalid);
        EXPECT_EQ(p->advise(at, UINT64_MAX, advice).error(), Errno::Invalid) << "rounded up it is nothing";
        EXPECT_EQ(p->advise(at, UINT64_MAX - 2 * PageSize, advice).error(), Errno::Invalid)
            << "around the end";
        EXPECT_TRUE(p->advise(at, 0, advice).ok());
        EXPECT_TRUE(p->advise(at, 1, advice).ok());
    }
}

TEST_F(AdviseTest, DontNeedTakesThePagesAndKeepsTheMapping)
{
    TestFile file(PageSize);
    MemoryObject &object = file_object(file);
    Program &p = program();
    VirtAddr at = p.map(3), of_file = p.map_file(object, 0, 1, ReadWrite);
    VirtAddr shared = p.map(1, ReadWrite, {.shared = true});
    p.touch(at, 3);
    p.write(of_file, 99);
    p.write(shared, 7);
    uint64_t frames = mm::frames().count(FrameKind::Anonymous);
    ASSERT_TRUE(p->advise(at, 2 * PageSize, Advice::DontNeed).ok());
    EXPECT_EQ(mm::frames().count(FrameKind::Anonymous), frames - 2);
    EXPECT_EQ(p.residents(at, 3), "..x");
    EXPECT_EQ(p.byte(at), 0) << "zeros for private memory";
    EXPECT_EQ(p.byte(at + 2 * PageSize), 1);
    ASSERT_TRUE(p->advise(of_file, PageSize, Advice::DontNeed).ok());
    EXPECT_EQ(p.byte(of_file), file.byte(0)) << "the file again";
    ASSERT_TRUE(p->advise(shared, PageSize, Advice::DontNeed).ok());
    EXPECT_EQ(p.byte(shared), 7) << "shared memory loses nothing";
}

// madvise(2), ENOMEM: "Addresses in the specified range are not currently mapped". Linux goes on behind them.
TEST_F(AdviseTest, AHoleIsAnErrorButNotTheEnd)
{
    Program &p = program();
    VirtAddr at = p.map(5);
    p.touch(at, 5);
    ASSERT_TRUE(p->unmap(at + 2 * PageSize, PageSize).ok());
    EXPECT_EQ(p->advise(at, 5 * PageSize, Advice::DontNeed).error(), Errno::NoMemory);
    EXPECT_EQ(p.residents(at, 5), "..?..");
    EXPECT_EQ(p->advise(at + 2 * PageSize, PageSize, Advice::Ignored).error(), Errno::NoMemory);
    EXPECT_EQ(p->advise(at + 4 * PageSize, 2 * PageSize, Advice::WillNeed).error(), Errno::NoMemory);
}

TEST_F(AdviseTest, LockedPagesAreNotGivenUp)
{
    Program &p = program();
    VirtAddr at = p.map(4);
    p.touch(at, 4);
    ASSERT_TRUE(p->lock(at + 2 * PageSize, PageSize, false).ok());
    for (Advice advice : {Advice::DontNeed, Advice::Free, Advice::Cold}) {
        EXPECT_EQ(p->advise(at, 4 * PageSize, advice).error(), Errno::Invalid);
    }
    EXPECT_EQ(p.residents(at, 4), "..xx") << "what came before the locked page is gone";
    EXPECT_TRUE(p->advise(at, 4 * PageSize, Advice::DontNeedLocked).ok());
    EXPECT_EQ(p.residents(at, 4), "....");
}

TEST_F(AdviseTest, FreeIsForPrivateAnonymousMemory)
{
    TestFile file(PageSize);
    MemoryObject &object = file_object(file);
    Program &p = program();
    VirtAddr at = p.map(1);
    p.write(at, 5);
    EXPECT_TRUE(p->advise(at, PageSize, Advice::Free).ok());
    EXPECT_EQ(p.byte(at), 5) << "nobody needs the page yet";
    EXPECT_EQ(p->advise(p.map(1, ReadWrite, {.shared = true}), PageSize, Advice::Free).error(),
              Errno::Invalid);
    EXPECT_EQ(p->advise(p.map_file(object, 0, 1, ReadWrite), PageSize, Advice::Free).error(), Errno::Invalid);
}

TEST_F(AdviseTest, PopulateFillsPagesOrSaysWhyNot)
{
    TestFile file(PageSize);
    MemoryObject &object = file_object(file);
    Program &p = program();
    VirtAddr at = p.map(3);
    ASSERT_TRUE(p->advise(at, PageSize, Advice::PopulateRead).ok());
    EXPECT_EQ(p->resident(), 0u) << "the zero page";
    EXPECT_EQ(p.residents(at, 3), "x..");
    ASSERT_TRUE(p->advise(at, 2 * PageSize, Advice::PopulateWrite).ok());
    EXPECT_EQ(p->resident(), 2u);
    EXPECT_EQ(p.minor_faults(), 0u);
    ASSERT_TRUE(p->unmap(at + 2 * PageSize, PageSize).ok());
    EXPECT_EQ(p->advise(at, 3 * PageSize, Advice::PopulateRead).error(), Errno::NoMemory) << "a hole";
    VirtAddr none = p.map(1, NoAccess), read_only = p.map(1, ReadOnly);
    EXPECT_EQ(p->advise(none, PageSize, Advice::PopulateRead).error(), Errno::Invalid);
    EXPECT_EQ(p->advise(read_only, PageSize, Advice::PopulateWrite).error(), Errno::Invalid);
    EXPECT_EQ(p->advise(p.map_file(object, 0, 2, ReadOnly), 2 * PageSize, Advice::PopulateRead).error(),
              Errno::BadAddress)
        << "past the end of the file";
    VirtAddr untouched = p.map(1);
    mm::frames().fail_allocations(0, mm::FrameAllocator::AllFail);
    EXPECT_EQ(p->advise(untouched, PageSize, Advice::PopulateWrite).error(), Errno::NoMemory);
    mm::frames().fail_allocations(0, 0);
}

TEST_F(AdviseTest, SynchroniseFindsHolesAndLocks)
{
    Program &p = program();
    VirtAddr at = p.map(4);
    EXPECT_EQ(p->synchronise(at + 1, PageSize, false, false).error(), Errno::Invalid);
    EXPECT_EQ(p->synchronise(at, UINT64_MAX - 2 * PageSize, false, false).error(), Errno::NoMemory);
    EXPECT_TRUE(p->synchronise(at, 0, false, false).ok());
    EXPECT_TRUE(p->synchronise(at, 4 * PageSize, false, true).ok());
    ASSERT_TRUE(p->lock(at + 3 * PageSize, PageSize, false).ok());
    EXPECT_TRUE(p->synchronise(at, 4 * PageSize, false, false).ok());
    EXPECT_EQ(p->synchronise(at, 4 * PageSize, false, true).error(), Errno::Busy)
        << "MS_INVALIDATE of a locked page";
    ASSERT_TRUE(p->unmap(at + PageSize, PageSize).ok());
    EXPECT_EQ(p->synchronise(at, 4 * PageSize, false, false).error(), Errno::NoMemory);
    EXPECT_EQ(p->synchronise(at, 4 * PageSize, false, true).error(), Errno::Busy) << "found behind the hole";
    EXPECT_EQ(p->synchronise(at, 4 * PageSize, true, false).error(), Errno::NoMemory);
    EXPECT_EQ(p->synchronise(at + 4 * PageSize, PageSize, true, false).error(), Errno::NoMemory);
}

} // namespace
