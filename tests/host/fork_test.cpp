// fork(2) and copy-on-write: who sees what, who has which frame, and what it costs.
#include "tests/host/space.hpp"

namespace {

using namespace host;

class ForkTest : public SpaceTest {
protected:
    PhysAddr frame_of(Program &program, VirtAddr page) { return program->inspect(page).frame; }
    uint64_t anonymous() { return mm::frames().count(FrameKind::Anonymous); }
};

TEST_F(ForkTest, APageIsCopiedByWhoWritesFirstAndStaysWithTheOther)
{
    Program &parent = program();
    VirtAddr at = parent.map(3);
    parent.touch(at, 2, 7);
    Program &child = fork(parent);
    EXPECT_EQ(anonymous(), 2u) << "both have the same frames";
    EXPECT_EQ(child->resident(), 2u);
    EXPECT_EQ(child.byte(at), 7);
    EXPECT_EQ(child.faults, 0u);
    audit();

    PhysAddr shared = frame_of(parent, at);
    ASSERT_EQ(child.write(at, 8), FaultResult::Resolved);
    EXPECT_EQ(frame_of(parent, at), shared);
    EXPECT_NE(frame_of(child, at), shared);
    EXPECT_EQ(anonymous(), 3u);
    EXPECT_EQ(parent.byte(at), 7);
    EXPECT_EQ(child.byte(at), 8);

    uint64_t copies = machine().calls.copy_frame;
    ASSERT_EQ(parent.write(at, 9), FaultResult::Resolved);
    EXPECT_EQ(parent.faults, 1u) << "it was made read-only";
    EXPECT_EQ(frame_of(parent, at), shared) << "the last owner writes in place";
    EXPECT_EQ(machine().calls.copy_frame, copies);
    EXPECT_EQ(child.byte(at), 8);

    ASSERT_EQ(parent.write(at + PageSize, 10), FaultResult::Resolved);
    EXPECT_EQ(child.byte(at + PageSize), 7) << "the other way round";
    EXPECT_EQ(parent.byte(at + PageSize), 10);
    audit();
}

TEST_F(ForkTest, WhatWasNeverWrittenIsZeroInBoth)
{
    Program &parent = program();
    VirtAddr at = parent.map(3);
    ASSERT_EQ(parent.byte(at), 0);
    Program &child = fork(parent);
    EXPECT_EQ(child.byte(at), 0);
    EXPECT_EQ(child.faults, 0u) << "the zero page is copied as it is";
    child.touch(at, 3, 5);
    EXPECT_EQ(parent.byte(at), 0);
    EXPECT_EQ(parent.byte(at + PageSize), 0);
    EXPECT_EQ(parent->resident(), 0u);
    EXPECT_EQ(child->resident(), 3u);
}

TEST_F(ForkTest, SharedMemoryStaysShared)
{
    Program &parent = program();
    VirtAddr at = parent.map(2, ReadWrite, {.shared = true});
    parent.touch(at, 1, 3);
    Program &child = fork(parent);
    EXPECT_EQ(child.byte(at), 3);
    ASSERT_EQ(child.write(at, 4), FaultResult::Resolved);
    ASSERT_EQ(child.write(at + PageSize, 6), FaultResult::Resolved);
    EXPECT_EQ(parent.byte(at), 4);
    EXPECT_EQ(parent.byte(at + PageSize), 6);
    EXPECT_EQ(anonymous(), 2u);
}

TEST_F(ForkTest, OfAPrivateFileOnlyWhatWasWrittenIsTheChilds)
{
    TestFile file(4 * PageSize);
    MemoryObject &object = file_object(file);
    Program &parent = program();
    VirtAddr at = parent.map_file(object, 0, 4, ReadWrite);
    ASSERT_EQ(parent.read(at), FaultResult::Resolved);
    ASSERT_EQ(parent.write(at + PageSize, 99), FaultResult::Resolved);
    Program &child = fork(parent);
    EXPECT_EQ(child->counts().resident_file, 0u) << "it is in the cache of the file";
    EXPECT_EQ(child->counts().resident_anonymous, 1u);
    EXPECT_EQ(child.byte(at), file.byte(0));
    EXPECT_EQ(child.byte(at + PageSize), 99);
    ASSERT_EQ(child.write(at + PageSize, 98), FaultResult::Resolved);
    ASSERT_EQ(child.write(at + 2 * PageSize, 97), FaultResult::Resolved);
    EXPECT_EQ(parent.byte(at + PageSize), 99);
    EXPECT_EQ(parent.byte(at + 2 * PageSize), file.byte(2 * PageSize));
}

TEST_F(ForkTest, TheChildHasNoTableWithoutAnEntry)
{
    constexpr uint64_t Table = 512 * PageSize; // what the entries of one lead to
    TestFile file(Table + PageSize);
    Program &parent = program();
    VirtAddr at = parent.map_file(file_object(file), 0, 513, ReadWrite);
    ASSERT_EQ(parent.read(at), FaultResult::Resolved);
    ASSERT_EQ(parent.write(at + Table, 99), FaultResult::Resolved);
    Program &child = fork(parent);
    EXPECT_EQ(child->page_table().table_frames() + 1, parent->page_table().table_frames());
    EXPECT_EQ(child.byte(at), file.byte(0));
    EXPECT_EQ(child.byte(at + Table), 99);
}

TEST_F(ForkTest, AreasBreakAndLimitsAreInheritedLocksAreNot)
{
    Program &parent = program();
    VirtAddr at = parent.map(2);
    ASSERT_TRUE(parent->lock(at, PageSize, false).ok());
    ASSERT_TRUE(parent->protect(at + PageSize, PageSize, mm::Protection{.read = true}).ok());
    VirtAddr heap = at - 64 * MiB;
    parent->start_break(heap);
    parent->set_break(heap + 3 * PageSize);
    parent->limits.data = 77 * PageSize;
    Program &child = fork(parent);
    EXPECT_EQ(child.areas(at), parent.areas(at));
    EXPECT_EQ(child->current_break(), heap + 3 * PageSize);
    EXPECT_EQ(child->limits.data, 77 * PageSize);
    EXPECT_EQ(parent->counts().locked, 1u);
    EXPECT_EQ(child->counts().locked, 0u);
    EXPECT_EQ(child->counts().mapped, parent->counts().mapped);
    EXPECT_EQ(child->counts().minor_faults, 0u);
    EXPECT_EQ(child.write(at + PageSize, 1), FaultResult::Denied);
}

TEST_F(ForkTest, EachOfAFamilyKeepsItsOwn)
{
    constexpr uint64_t Pages = 5;
    Program &first = program();
    VirtAddr at = first.map(Pages);
    first.touch(at, Pages, 1);
    std::vector<Program *> family{&first};
    for (uint8_t i = 1; i < Pages; i++) {
        Program &child = fork(*family.back());
        ASSERT_EQ(child.write(at + i * PageSize, static_cast<uint8_t>(10 * i)), FaultResult::Resolved);
        family.push_back(&child);
        audit();
    }
    for (uint8_t i = 0; i < Pages; i++) {
        for (uint8_t page = 0; page < Pages; page++) {
            uint8_t expected = page != 0 && page <= i ? static_cast<uint8_t>(10 * page) : 1;
            EXPECT_EQ(family[i]->byte(at + page * PageSize), expected)
                << "space " << +i << ", page " << +page;
        }
    }
    end(*family[0]);
    end(*family[2]);
    audit();
    EXPECT_EQ(family[1]->byte(at + PageSize), 10);
    EXPECT_EQ(family[4]->byte(at), 1);
}

TEST_F(ForkTest, WithoutMemoryNothingIsDifferent)
{
    Program &parent = program();
    VirtAddr at = parent.map(3);
    parent.touch(at, 3, 7);
    VirtAddr far = parent.map_at(at - GiB, 600);
    parent.touch(far, 600, 8);
    parent.map(1, ReadOnly);
    AddressSpace *made = nullptr;
    auto try_it = [&]() -> Result<void> {
        auto forked = parent->fork();
        if (!forked.ok()) return forked.error();
        made = *forked;
        return {};
    };
    auto as_before = [&] {
        audit();
        EXPECT_EQ(parent.byte(at), 7);
        EXPECT_EQ(parent.write(at, 7), FaultResult::Resolved);
        EXPECT_EQ(parent->resident(), 603u);
        EXPECT_EQ(anonymous(), 603u);
    };
    EXPECT_GE(fail_each_allocation(try_it, as_before, mm::FrameAllocator::AllFail), 7u);
    made->drop();
    as_before();
}

// ---- madvise(2): what a child gets

TEST_F(ForkTest, DontForkIsNotInTheChild)
{
    Program &parent = program();
    VirtAddr at = parent.map(4);
    parent.touch(at, 4, 3);
    ASSERT_TRUE(parent->advise(at + PageSize, 2 * PageSize, Advice::DontFork).ok());
    EXPECT_EQ(parent.areas(at), "0-1 rw-p 1-3 rw-p 3-4 rw-p");
    Program &child = fork(parent);
    EXPECT_EQ(child.areas(at), "0-1 rw-p 3-4 rw-p");
    EXPECT_EQ(child.read(at + PageSize), FaultResult::NotMapped);
    EXPECT_EQ(child->counts().mapped, 2u);
    EXPECT_EQ(child.byte(at + 3 * PageSize), 3);
    ASSERT_TRUE(parent->advise(at, 4 * PageSize, Advice::DoFork).ok());
    EXPECT_EQ(parent.areas(at), "0-4 rw-p");
    Program &other = fork(parent);
    EXPECT_EQ(other.byte(at + PageSize), 3);
}

TEST_F(ForkTest, WipeOnForkIsEmptyInTheChild)
{
    TestFile file(PageSize);
    Program &parent = program();
    VirtAddr at = parent.map(2);
    parent.touch(at, 2, 3);
    ASSERT_TRUE(parent->advise(at, PageSize, Advice::WipeOnFork).ok());
    Program &child = fork(parent);
    EXPECT_EQ(child.byte(at), 0);
    EXPECT_EQ(child.byte(at + PageSize), 3);
    EXPECT_EQ(parent.byte(at), 3);
    ASSERT_EQ(child.write(at, 4), FaultResult::Resolved);
    Program &grandchild = fork(child);
    EXPECT_EQ(grandchild.byte(at), 0) << "the advice is inherited";
    ASSERT_TRUE(child->advise(at, PageSize, Advice::KeepOnFork).ok());
    Program &other = fork(child);
    EXPECT_EQ(other.byte(at), 4);

    VirtAddr shared = parent.map(1, ReadWrite, {.shared = true});
    VirtAddr of_file = parent.map_file(file_object(file), 0, 1, ReadWrite);
    EXPECT_EQ(parent->advise(shared, PageSize, Advice::WipeOnFork).error(), Errno::Invalid);
    EXPECT_EQ(parent->advise(of_file, PageSize, Advice::WipeOnFork).error(), Errno::Invalid);
    EXPECT_TRUE(parent->advise(shared, PageSize, Advice::DontFork).ok());
}

TEST_F(ForkTest, AdviceThatNeedsAnAreaMoreSaysTryAgainWithoutMemory)
{
    Program &parent = program();
    VirtAddr at = parent.map(3);
    unsigned allocations =
        fail_each_allocation([&] { return parent->advise(at + PageSize, PageSize, Advice::DontFork); },
                             [&] {
                                 audit();
                                 EXPECT_EQ(parent.areas(at), "0-3 rw-p");
                             });
    EXPECT_GE(allocations, 1u);
    // (One allocation of the heap lasts for several areas.)
    constexpr uint64_t Areas = 100;
    VirtAddr many = parent.map(2 * Areas, ReadOnly);
    mm::frames().fail_allocations(0, mm::FrameAllocator::AllFail);
    std::vector<Errno> errors;
    for (uint64_t i = 0; i < Areas; i++)
        errors.push_back(parent->advise(many + 2 * i * PageSize, PageSize, Advice::DontFork).error());
    mm::frames().fail_allocations(0, 0);
    EXPECT_EQ(errors.back(), Errno::TryAgain) << "madvise(2): EAGAIN, not ENOMEM";
}

} // namespace
