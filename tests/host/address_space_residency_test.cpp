// mincore(2), and what /proc says about pages and areas.
#include "tests/host/space.hpp"

namespace {

using namespace host;

class ResidencyTest : public SpaceTest {};

TEST_F(ResidencyTest, ArgumentsThatMakeNoSense)
{
    Program &p = program();
    VirtAddr at = p.map(1);
    auto never = [](uint64_t, bool) -> Result<void> {
        ADD_FAILURE() << "nothing should be answered";
        return {};
    };
    EXPECT_EQ(p->residency(at + 1, PageSize, never).error(), Errno::Invalid);
    EXPECT_EQ(p->residency(at, UINT64_MAX, never).error(), Errno::NoMemory);
    EXPECT_EQ(p->residency(mm::UserEnd, PageSize, never).error(), Errno::NoMemory);
    EXPECT_TRUE(p->residency(at, 0, never).ok());
}

TEST_F(ResidencyTest, AnswersUpToTheFirstHole)
{
    Program &p = program();
    VirtAddr at = p.map(200);
    p.touch(at + 70 * PageSize, 100);
    ASSERT_TRUE(p->unmap(at + 180 * PageSize, PageSize).ok());
    uint64_t answers = 0, resident = 0;
    auto count = [&](uint64_t page, bool is_resident) -> Result<void> {
        EXPECT_EQ(page, answers++);
        EXPECT_EQ(is_resident, page >= 70 && page < 170);
        resident += is_resident;
        return {};
    };
    EXPECT_EQ(p->residency(at, 199 * PageSize + 1, count).error(), Errno::NoMemory);
    EXPECT_EQ(answers, 180u);
    EXPECT_EQ(resident, 100u);
}

TEST_F(ResidencyTest, AFailureToStoreEndsIt)
{
    Program &p = program();
    VirtAddr at = p.map(10);
    auto fail_at_3 = [](uint64_t page, bool) -> Result<void> {
        EXPECT_LE(page, 3u);
        if (page == 3) return Errno::BadAddress;
        return {};
    };
    EXPECT_EQ(p->residency(at, 10 * PageSize, fail_at_3).error(), Errno::BadAddress);
}

TEST_F(ResidencyTest, StoringMayItselfTakeFaults)
{
    Program &p = program();
    VirtAddr at = p.map(4), vector = p.map(1);
    auto store = [&](uint64_t page, bool resident) -> Result<void> {
        EXPECT_EQ(p.write(vector + page, resident), FaultResult::Resolved);
        return {};
    };
    EXPECT_TRUE(p->residency(at, 4 * PageSize, store).ok());
}

TEST_F(ResidencyTest, PagesOfAFileCountWhenTheyAreInItsCache)
{
    TestFile file(3 * PageSize);
    MemoryObject &object = file_object(file);
    Program &p = program(), &other = program();
    VirtAddr at = p.map_file(object, 0, 3, ReadOnly);
    other.read(other.map_file(object, 1, 1, ReadOnly));
    EXPECT_EQ(p.residents(at, 3), ".x.");
    EXPECT_FALSE(p->inspect(at + PageSize).present) << "in the cache, but not in this page table";
}

TEST_F(ResidencyTest, APageTellsItsFrameAndWhoElseHasIt)
{
    TestFile file(PageSize);
    MemoryObject &object = file_object(file);
    Program &p = program(), &q = program();
    VirtAddr own = p.map(1), zero = p.map(1), of_file = p.map_file(object, 0, 1, ReadWrite);
    VirtAddr shared = p.map(1, ReadWrite, {.shared = true});
    for (VirtAddr at : {own, shared}) p.write(at, 1);
    p.read(zero);
    p.read(of_file);
    EXPECT_TRUE(p->inspect(own).present && p->inspect(own).exclusive && !p->inspect(own).file_or_shared);
    EXPECT_TRUE(p->inspect(shared).present && p->inspect(shared).exclusive &&
                p->inspect(shared).file_or_shared);
    EXPECT_TRUE(p->inspect(zero).present && !p->inspect(zero).exclusive && !p->inspect(zero).file_or_shared);
    EXPECT_TRUE(p->inspect(of_file).exclusive);
    q.read(q.map_file(object, 0, 1, ReadOnly));
    EXPECT_FALSE(p->inspect(of_file).exclusive);
    EXPECT_TRUE(p->inspect(of_file).file_or_shared);
    p.write(of_file, 1);
    EXPECT_FALSE(p->inspect(of_file).file_or_shared) << "a copy of its own";
    ASSERT_TRUE(p->protect(own, PageSize, NoAccess).ok());
    EXPECT_TRUE(p->inspect(own).present) << "PROT_NONE forbids its use, nothing else";
    EXPECT_FALSE(p->inspect(mm::UserBegin).present);
    EXPECT_FALSE(p->inspect(VirtAddr{0xffffffff80000000}).present);
}

TEST_F(ResidencyTest, AnAreaTellsItsPages)
{
    TestFile file(4 * PageSize);
    MemoryObject &object = file_object(file);
    Program &p = program(), &q = program();
    VirtAddr at = p.map_file(object, 0, 4, ReadWrite);
    for (uint64_t i = 0; i < 3; i++) p.read(at + i * PageSize);
    p.write(at + 2 * PageSize, 1);
    q.read(q.map_file(object, 0, 1, ReadOnly));
    mm::AreaStatistics pages = p->statistics(*p->areas().find(at));
    EXPECT_EQ(pages.resident, 3u);
    EXPECT_EQ(pages.shared_clean, 1u);
    EXPECT_EQ(pages.private_clean, 1u);
    EXPECT_EQ(pages.private_dirty, 1u);
    EXPECT_EQ(pages.shared_dirty, 0u);
    EXPECT_EQ(pages.anonymous, 1u);
    EXPECT_EQ(pages.referenced, 3u);
    EXPECT_EQ(pages.proportional_bytes, PageSize / 2 + 2 * PageSize);
    EXPECT_EQ(pages.proportional_dirty_bytes, PageSize);
}

TEST_F(ResidencyTest, SharedMemoryThatTwoHaveWritten)
{
    Program &p = program();
    VirtAddr at = p.map(2, ReadWrite, {.shared = true});
    p.touch(at, 2);
    RemapRequest twice;
    twice.old_address = at;
    twice.new_size = PageSize;
    twice.may_move = true;
    VirtAddr twin = *p->remap(twice);
    p.touch(twin, 1);
    mm::AreaStatistics pages = p->statistics(*p->areas().find(at));
    EXPECT_EQ(pages.shared_dirty, 1u);
    EXPECT_EQ(pages.private_dirty, 1u);
    EXPECT_EQ(pages.anonymous, 0u);
    EXPECT_EQ(p->counts().resident_shared, 3u) << "each entry counts";
}

} // namespace
