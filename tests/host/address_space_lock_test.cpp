// mlock(2), mlock2(2), munlock(2), mlockall(2), munlockall(2).
#include "tests/host/space.hpp"
#include "tests/host/waiting.hpp"

#include <functional>

namespace {

using namespace host;

class LockTest : public SpaceTest {};

TEST_F(LockTest, LockingMakesPagesPresentAndCountsThem)
{
    Program &p = program();
    VirtAddr at = p.map(6);
    ASSERT_TRUE(p->lock(at + PageSize + 10, PageSize, false).ok()) << "whole pages around the bytes";
    EXPECT_EQ(p.residents(at, 6), ".xx...");
    EXPECT_EQ(p.areas(at), "0-1 rw-p 1-3 rw-p 3-6 rw-p");
    EXPECT_EQ(p->counts().locked, 2u);
    EXPECT_EQ(p.minor_faults(), 0u);
    ASSERT_TRUE(p->lock(at, 6 * PageSize, false).ok());
    EXPECT_EQ(p.areas(at), "0-6 rw-p");
    EXPECT_EQ(p->counts().locked, 6u);
    ASSERT_TRUE(p->unlock(at + 3 * PageSize, PageSize).ok());
    EXPECT_EQ(p->counts().locked, 5u);
    EXPECT_EQ(p.residents(at, 6), "xxxxxx") << "unlocking takes nothing away";
}

TEST_F(LockTest, NothingToLockIsNoError)
{
    Program &p = program();
    EXPECT_TRUE(p->lock(VirtAddr{0x10000000}, 0, false).ok());
    EXPECT_TRUE(p->unlock(VirtAddr{0x10000000}, 0).ok());
}

TEST_F(LockTest, ARangeAroundTheEndIsInvalid)
{
    Program &p = program();
    EXPECT_EQ(p->lock(VirtAddr{0x10000000}, UINT64_MAX - 0x10000000 - PageSize, false).error(),
              Errno::NoMemory);
    EXPECT_EQ(p->lock(VirtAddr{0x10000000}, UINT64_MAX - PageSize, false).error(), Errno::Invalid);
    EXPECT_EQ(p->unlock(VirtAddr{0x10000000}, UINT64_MAX - PageSize).error(), Errno::Invalid);
}

// mlock(2), ENOMEM: "Some of the specified address range does not correspond to mapped pages."
TEST_F(LockTest, AHoleIsAnErrorAndWhatIsBeforeItStaysLocked)
{
    Program &p = program();
    VirtAddr at = p.map(5);
    ASSERT_TRUE(p->unmap(at + 2 * PageSize, PageSize).ok());
    EXPECT_EQ(p->lock(at, 5 * PageSize, false).error(), Errno::NoMemory);
    EXPECT_EQ(p->counts().locked, 2u);
    EXPECT_EQ(p->lock(at + 2 * PageSize, PageSize, false).error(), Errno::NoMemory);
    EXPECT_EQ(p->unlock(at, 5 * PageSize).error(), Errno::NoMemory);
    EXPECT_EQ(p->counts().locked, 0u);
}

TEST_F(LockTest, PagesThatCannotBeHad)
{
    TestFile file(PageSize);
    MemoryObject &object = file_object(file);
    Program &p = program();
    EXPECT_EQ(p->lock(p.map(1, NoAccess), PageSize, false).error(), Errno::NoMemory) << "PROT_NONE";
    EXPECT_EQ(p->lock(p.map_file(object, 0, 2, ReadOnly), 2 * PageSize, false).error(), Errno::NoMemory)
        << "past the end of the file";
    VirtAddr at = p.map(1);
    mm::frames().fail_allocations(0, mm::FrameAllocator::AllFail);
    EXPECT_EQ(p->lock(at, PageSize, false).error(), Errno::TryAgain) << "EAGAIN: could not be locked now";
    mm::frames().fail_allocations(0, 0);
    EXPECT_TRUE(p->lock(p.map(1, ReadOnly), PageSize, false).ok());
    EXPECT_TRUE(p->lock(p.map(1, {.execute = true}), PageSize, false).ok());
}

TEST_F(LockTest, OnFaultLocksWithoutTouching)
{
    Program &p = program();
    VirtAddr at = p.map(2);
    ASSERT_TRUE(p->lock(at, 2 * PageSize, true).ok());
    EXPECT_EQ(p.residents(at, 2), "..");
    EXPECT_EQ(p->counts().locked, 2u);
    ASSERT_TRUE(p->lock(at, PageSize, false).ok());
    EXPECT_EQ(p.residents(at, 2), "x.");
    EXPECT_EQ(p.areas(at), "0-1 rw-p 1-2 rw-p");
}

TEST_F(LockTest, LockedReadOnlyPagesAreCopiedWhenTheyBecomeWritable)
{
    Program &p = program();
    VirtAddr at = p.map(2, ReadOnly);
    ASSERT_TRUE(p->lock(at, 2 * PageSize, false).ok());
    EXPECT_EQ(p->resident(), 0u) << "the zero page";
    ASSERT_TRUE(p->protect(at, 2 * PageSize, ReadWrite).ok());
    EXPECT_EQ(p->resident(), 2u);
    EXPECT_EQ(p.write(at, 1), FaultResult::Resolved);
    EXPECT_EQ(p.minor_faults(), 0u);
}

TEST_F(LockTest, AllCurrentAndAllFuture)
{
    Program &p = program();
    VirtAddr old = p.map(2), none = p.map(1, NoAccess);
    ASSERT_TRUE(p->lock_all(true, false, false).ok());
    EXPECT_EQ(p.residents(old, 2), "xx");
    EXPECT_TRUE(p->areas().find(none)->flags.locked);
    VirtAddr later = p.map(2, ReadOnly);
    EXPECT_FALSE(p->areas().find(later)->flags.locked);
    ASSERT_TRUE(p->lock_all(false, true, false).ok());
    EXPECT_FALSE(p->areas().find(later)->flags.locked) << "MCL_FUTURE alone";
    VirtAddr future = p.map(2);
    EXPECT_EQ(p.residents(future, 2), "xx");
    p->start_break(VirtAddr{0x500000});
    p->set_break(VirtAddr{0x502000});
    EXPECT_EQ(p.residents(VirtAddr{0x500000}, 2), "xx");
    ASSERT_TRUE(p->unlock_all().ok());
    EXPECT_EQ(p->counts().locked, 0u);
    VirtAddr after = p.map(1);
    EXPECT_EQ(p.residents(after, 1), ".");
}

TEST_F(LockTest, AllOnFault)
{
    Program &p = program();
    VirtAddr old = p.map(2);
    ASSERT_TRUE(p->lock_all(true, true, true).ok());
    EXPECT_EQ(p.residents(old, 2), "..");
    EXPECT_EQ(p.residents(p.map(2, ReadOnly), 2), "..");
    EXPECT_EQ(p->counts().locked, 4u);
}

TEST_F(LockTest, WithoutMemoryForThePartsNothingChanges)
{
    Program &p = program();
    VirtAddr at = p.map(5);
    p.touch(at, 5);
    unsigned allocations = fail_each_allocation([&] { return p->lock(at + PageSize, PageSize, false); },
                                                [&] {
                                                    audit();
                                                    EXPECT_EQ(p.areas(at), "0-5 rw-p");
                                                });
    EXPECT_EQ(allocations, 2u);
}

// Two threads take turns: one makes many pages present, the other looks at the first and the last of them
// until `populating` is over. Returns whether it has ever seen only the first.
class PiecesTest : public SpaceTest {
protected:
    static constexpr uint64_t Many = 3000;

    bool is_there(Program &p, VirtAddr page)
    {
        const mm::PageTableEntry *entry = p->page_table().find(page);
        return entry != nullptr && entry->present();
    }
    bool seen_half_done(Program &p, VirtAddr at, const std::function<void()> &populating,
                        const std::function<void(SimulatedThread &)> &meanwhile = {})
    {
        bool over = false, seen = false;
        SimulatedThread &worker = scheduler().spawn("populates", 0, nullptr, [&] {
            populating();
            over = true;
        });
        scheduler().spawn("looks", 1, nullptr, [&] {
            for (; !over; scheduler().yield()) {
                bool now = is_there(p, at) && !is_there(p, at + (Many - 1) * PageSize);
                if (now && !seen && meanwhile) meanwhile(worker);
                seen |= now;
            }
        });
        EXPECT_TRUE(scheduler().run());
        return seen;
    }
};

TEST_F(PiecesTest, OthersHaveTheirTurnMeanwhile)
{
    Program &p = program();
    VirtAddr at = p.map(Many, ReadOnly);
    EXPECT_TRUE(seen_half_done(p, at, [&] { EXPECT_TRUE(p->lock(at, Many * PageSize, false).ok()); }));
    EXPECT_TRUE(is_there(p, at + (Many - 1) * PageSize));

    at = p.map(Many, ReadOnly);
    EXPECT_TRUE(seen_half_done(
        p, at, [&] { EXPECT_TRUE(p->advise(at, Many * PageSize, Advice::PopulateRead).ok()); }));
    EXPECT_TRUE(is_there(p, at + (Many - 1) * PageSize));
}

TEST_F(PiecesTest, WhoIsKilledStops)
{
    Program &p = program();
    auto kill = [](SimulatedThread &thread) { scheduler().kill(thread); };
    VirtAddr at = p.map(Many, ReadOnly);
    EXPECT_TRUE(seen_half_done(
        p, at, [&] { EXPECT_EQ(p->lock(at, Many * PageSize, false).error(), Errno::NoMemory); }, kill));
    EXPECT_FALSE(is_there(p, at + (Many - 1) * PageSize));

    VirtAddr other = p.map(Many, ReadOnly);
    auto advises = [&] {
        EXPECT_EQ(p->advise(other, Many * PageSize, Advice::PopulateRead).error(), Errno::Interrupted);
    };
    EXPECT_TRUE(seen_half_done(p, other, advises, kill));
    EXPECT_FALSE(is_there(p, other + (Many - 1) * PageSize));
}

// What is not accessible is passed over at once, however large: not piece by piece.
TEST_F(PiecesTest, InaccessibleAreasAreOnePiece)
{
    Program &p = program();
    VirtAddr at = p.map(uint64_t{1} << 33, Protection{});
    EXPECT_EQ(p->lock(at, uint64_t{1} << 45, false).error(), Errno::NoMemory);
}

} // namespace
