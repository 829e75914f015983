// mprotect(2): what may be done to a page afterwards, and when.
#include "tests/host/space.hpp"

namespace {

using namespace host;

class ProtectTest : public SpaceTest {};

TEST_F(ProtectTest, ArgumentsThatMakeNoSense)
{
    Program &p = program();
    VirtAddr at = p.map(2);
    EXPECT_EQ(p->protect(at + 1, PageSize, ReadOnly).error(), Errno::Invalid);
    EXPECT_TRUE(p->protect(at, 0, ReadOnly).ok());
    EXPECT_EQ(p->protect(at, UINT64_MAX, ReadOnly).error(), Errno::NoMemory);
    EXPECT_EQ(p->protect(at, UINT64_MAX - PageSize, ReadOnly).error(), Errno::NoMemory);
    EXPECT_EQ(p->protect(mm::UserEnd, PageSize, ReadOnly).error(), Errno::NoMemory);
    EXPECT_EQ(p.areas(at), "0-2 rw-p");
}

TEST_F(ProtectTest, TighteningHoldsAtOnceOnEveryProcessor)
{
    Program &p = program();
    VirtAddr at = p.map(1);
    p.write(at, 5);
    PhysAddr root = p->page_table().root();
    machine().processor = 4;
    p->activate();
    ASSERT_TRUE(machine().write(root, at, 6));
    machine().processor = 0;
    ASSERT_TRUE(p->protect(at, PageSize, ReadOnly).ok());
    EXPECT_EQ(p.write(at, 7), FaultResult::Denied);
    EXPECT_EQ(p.byte(at), 6);
    machine().processor = 4;
    EXPECT_FALSE(machine().write(root, at, 7));
    machine().unload_root();
    p->deactivate();
}

TEST_F(ProtectTest, NoAccessKeepsThePagesAndTheirContents)
{
    Program &p = program();
    VirtAddr at = p.map(2);
    p.write(at, 5);
    p.read(at + PageSize);
    ASSERT_TRUE(p->protect(at, 2 * PageSize, NoAccess).ok());
    EXPECT_EQ(p.read(at), FaultResult::Denied);
    EXPECT_EQ(p.read(at + PageSize), FaultResult::Denied);
    EXPECT_EQ(p->resident(), 1u);
    EXPECT_EQ(p.residents(at, 2), "xx");
    ASSERT_TRUE(p->protect(at, 2 * PageSize, ReadWrite).ok());
    uint64_t faults = p.minor_faults();
    EXPECT_EQ(p.byte(at), 5);
    EXPECT_EQ(p.write(at, 6), FaultResult::Resolved);
    EXPECT_EQ(p.minor_faults(), faults) << "the page is the program's own: no fault";
    EXPECT_EQ(p.write(at + PageSize, 6), FaultResult::Resolved);
    EXPECT_EQ(p.minor_faults(), faults + 1) << "the zero page has to be replaced first";
}

TEST_F(ProtectTest, ReadOnlyAndBackTakesNoFault)
{
    Program &p = program();
    VirtAddr at = p.map(1);
    p.write(at, 5);
    ASSERT_TRUE(p->protect(at, PageSize, ReadOnly).ok());
    EXPECT_EQ(p.byte(at), 5);
    ASSERT_TRUE(p->protect(at, PageSize, ReadWrite).ok());
    EXPECT_EQ(p.write(at, 6), FaultResult::Resolved);
    EXPECT_EQ(p.minor_faults(), 1u);
}

TEST_F(ProtectTest, WritableFilePagesAreStillCopiedFirst)
{
    TestFile file(PageSize);
    MemoryObject &object = file_object(file);
    Program &p = program();
    VirtAddr at = p.map_file(object, 0, 1, ReadOnly);
    VirtAddr other = p.map_file(object, 0, 1, ReadOnly);
    EXPECT_EQ(p.byte(at), file.byte(0));
    EXPECT_EQ(p.byte(other), file.byte(0));
    ASSERT_TRUE(p->protect(at, PageSize, ReadWrite).ok());
    EXPECT_EQ(p.write(at, 99), FaultResult::Resolved);
    EXPECT_EQ(p.byte(other), file.byte(0));
}

TEST_F(ProtectTest, ExecutingNeedsPermissionAndLosesIt)
{
    Program &p = program();
    VirtAddr at = p.map(1);
    p.write(at, 1);
    EXPECT_EQ(p.execute(at), FaultResult::Denied);
    ASSERT_TRUE(p->protect(at, PageSize, ReadExecute).ok());
    EXPECT_EQ(p.execute(at), FaultResult::Resolved);
    EXPECT_EQ(p.faults, 0u);
    ASSERT_TRUE(p->protect(at, PageSize, ReadWrite).ok());
    EXPECT_EQ(p.execute(at), FaultResult::Denied);
}

TEST_F(ProtectTest, PartsOfAnAreaBecomeAreas)
{
    Program &p = program();
    VirtAddr at = p.map(10);
    ASSERT_TRUE(p->protect(at + 3 * PageSize, 4 * PageSize, ReadOnly).ok());
    EXPECT_EQ(p.areas(at), "0-3 rw-p 3-7 r--p 7-10 rw-p");
    ASSERT_TRUE(p->protect(at, 1, NoAccess).ok()) << "a length is rounded up";
    EXPECT_EQ(p.areas(at), "0-1 ---p 1-3 rw-p 3-7 r--p 7-10 rw-p");
    EXPECT_EQ(p->counts().data, 5u);
    ASSERT_TRUE(p->protect(at, 10 * PageSize, ReadWrite).ok());
    EXPECT_EQ(p.areas(at), "0-10 rw-p");
    EXPECT_EQ(p->counts().data, 10u);
}

// mprotect(2), ENOMEM: unmapped pages in the range. Linux has changed what was before the hole.
TEST_F(ProtectTest, AHoleEndsTheWalk)
{
    Program &p = program();
    VirtAddr at = p.map(9);
    ASSERT_TRUE(p->unmap(at + 4 * PageSize, PageSize).ok());
    EXPECT_EQ(p->protect(at + 2 * PageSize, 6 * PageSize, ReadOnly).error(), Errno::NoMemory);
    EXPECT_EQ(p.areas(at), "0-2 rw-p 2-4 r--p 5-9 rw-p");
    EXPECT_EQ(p->protect(at + 4 * PageSize, 2 * PageSize, ReadOnly).error(), Errno::NoMemory);
    EXPECT_EQ(p.areas(at), "0-2 rw-p 2-4 r--p 5-9 rw-p") << "a hole at the beginning: nothing changes";
}

// mprotect(2), EACCES: a file opened read-only and mapped shared.
TEST_F(ProtectTest, WhatMayNeverBeWrittenStaysReadOnly)
{
    TestFile file(2 * PageSize);
    MemoryObject &object = file_object(file);
    Program &p = program();
    VirtAddr at = p.map(4, ReadOnly);
    MapRequest request;
    request.address = at + 2 * PageSize;
    request.length = 2 * PageSize;
    request.protection = ReadOnly;
    request.flags = {.shared = true, .may_write = false};
    request.placement = MapRequest::Placement::Fixed;
    request.object = &object;
    ASSERT_TRUE(p->map(request).ok());
    EXPECT_EQ(p->protect(at, 4 * PageSize, ReadWrite).error(), Errno::AccessDenied);
    EXPECT_EQ(p.areas(at), "0-2 rw-p 2-4 r--s") << "what came before was changed";
    EXPECT_TRUE(p->protect(at, 4 * PageSize, ReadExecute).ok());
}

TEST_F(ProtectTest, DataThatBecomesWritableCountsTowardsTheLimit)
{
    Program &p = program();
    p->limits.data = 4 * PageSize;
    VirtAddr at = p.map(8, ReadOnly);
    EXPECT_EQ(p->protect(at, 5 * PageSize, ReadWrite).error(), Errno::NoMemory);
    EXPECT_TRUE(p->protect(at, 4 * PageSize, ReadWrite).ok());
    EXPECT_EQ(p->protect(at + 4 * PageSize, PageSize, ReadWrite).error(), Errno::NoMemory);
    EXPECT_TRUE(p->protect(at, 2 * PageSize, All).ok()) << "writable already";
}

TEST_F(ProtectTest, MoreThanAllRamCannotBecomeWritable)
{
    Program &p = program();
    uint64_t pages = mm::usable_ram_pages() + 1;
    VirtAddr at = p.map(pages, NoAccess), free = p.map(pages, NoAccess, {.no_reserve = true});
    EXPECT_EQ(p->protect(at, pages * PageSize, ReadWrite).error(), Errno::NoMemory);
    EXPECT_TRUE(p->protect(at, (pages - 1) * PageSize, ReadWrite).ok());
    EXPECT_TRUE(p->protect(free, pages * PageSize, ReadWrite).ok()) << "MAP_NORESERVE";
}

// PROT_GROWSDOWN: from the beginning of an area that grows.
TEST_F(ProtectTest, GrowsDownReachesToTheBeginningOfTheStack)
{
    Program &p = program();
    ASSERT_TRUE(p->map_stack(mm::UserEnd, 8 * PageSize, ReadWrite).ok());
    VirtAddr base = mm::UserEnd - 8 * PageSize;
    VirtAddr at = p.map(2);
    EXPECT_TRUE(p->protect(base + 4 * PageSize, PageSize, All, ProtectExtent::GrowsDown).ok());
    EXPECT_EQ(p.areas(base).substr(p.areas(base).find("0-5")), "0-5 rwxp 5-8 rw-p");
    EXPECT_EQ(p->protect(at, PageSize, All, ProtectExtent::GrowsDown).error(), Errno::Invalid);
    EXPECT_EQ(p->protect(at, PageSize, All, ProtectExtent::GrowsUp).error(), Errno::Invalid);
    EXPECT_EQ(p->protect(at - PageSize, PageSize, All, ProtectExtent::GrowsUp).error(), Errno::NoMemory);
    EXPECT_EQ(p->protect(at - PageSize, PageSize, All, ProtectExtent::GrowsDown).error(), Errno::NoMemory);
}

TEST_F(ProtectTest, WithoutMemoryForThePartsNothingChanges)
{
    Program &p = program();
    VirtAddr at = p.map(5);
    p.touch(at, 5);
    unsigned allocations =
        fail_each_allocation([&] { return p->protect(at + 2 * PageSize, PageSize, ReadOnly); },
                             [&] {
                                 audit();
                                 EXPECT_EQ(p.areas(at), "0-5 rw-p");
                                 EXPECT_EQ(p.write(at + 2 * PageSize, 1), FaultResult::Resolved);
                             });
    EXPECT_EQ(allocations, 2u);
    EXPECT_EQ(p.areas(at), "0-2 rw-p 2-3 r--p 3-5 rw-p");
}

} // namespace
