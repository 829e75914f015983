// Page faults: which frame a page gets, when it gets it, and what the program is told when it gets none.
#include "tests/host/space.hpp"

namespace {

using namespace host;

class FaultTest : public SpaceTest {};

TEST_F(FaultTest, AccessOutsideOfAllAreasIsNotMapped)
{
    Program &p = program();
    VirtAddr at = p.map(1);
    EXPECT_EQ(p.read(VirtAddr{}), FaultResult::NotMapped);
    EXPECT_EQ(p.read(at - 1), FaultResult::NotMapped);
    EXPECT_EQ(p.write(at + PageSize, 1), FaultResult::NotMapped);
    EXPECT_EQ(p.minor_faults(), 0u) << "only resolved faults count";
}

// mmap(2): PROT_NONE, PROT_READ, PROT_WRITE, PROT_EXEC; on x86 any permission lets a page be read.
TEST_F(FaultTest, AnAreaAllowsWhatItsProtectionSays)
{
    Program &p = program();
    struct {
        Protection protection;
        bool read, write, execute;
    } cases[] = {
        {NoAccess, false, false, false},
        {ReadOnly, true, false, false},
        {{.write = true}, true, true, false},
        {{.execute = true}, true, false, true},
        {ReadWrite, true, true, false},
        {ReadExecute, true, false, true},
        {All, true, true, true},
    };
    auto result = [](bool allowed) { return allowed ? FaultResult::Resolved : FaultResult::Denied; };
    for (auto &c : cases) {
        // Each access to an untouched page, and all to the same page.
        VirtAddr at = p.map(4, c.protection);
        EXPECT_EQ(p.read(at), result(c.read));
        EXPECT_EQ(p.write(at + PageSize, 1), result(c.write));
        EXPECT_EQ(p.execute(at + 2 * PageSize), result(c.execute));
        EXPECT_EQ(p.read(at + 3 * PageSize), result(c.read));
        EXPECT_EQ(p.write(at + 3 * PageSize, 1), result(c.write));
        EXPECT_EQ(p.execute(at + 3 * PageSize), result(c.execute));
        EXPECT_EQ(p.read(at + 3 * PageSize), result(c.read));
    }
}

TEST_F(FaultTest, FirstWriteGetsAFrameOfZerosAndCountsOneMinorFault)
{
    Program &p = program();
    VirtAddr at = p.map(2);
    EXPECT_EQ(p->resident(), 0u) << "mapping touches nothing";
    ASSERT_EQ(p.write(at + 5, 42), FaultResult::Resolved);
    EXPECT_EQ(p.faults, 1u);
    EXPECT_EQ(p.minor_faults(), 1u);
    EXPECT_EQ(p->counts().resident_anonymous, 1u);
    EXPECT_EQ(p.byte(at + 5), 42);
    EXPECT_EQ(p.byte(at + 4), 0);
    EXPECT_EQ(p.minor_faults(), 1u) << "reading what was written takes no fault";
}

TEST_F(FaultTest, ReadsShareOneFrameOfZerosThatIsNotResident)
{
    Program &p = program();
    VirtAddr at = p.map(3);
    uint64_t anonymous = mm::frames().count(FrameKind::Anonymous);
    for (int i = 0; i < 3; i++) EXPECT_EQ(p.byte(at + i * PageSize), 0);
    EXPECT_EQ(mm::frames().count(FrameKind::Anonymous), anonymous);
    EXPECT_EQ(p->resident(), 0u);
    EXPECT_EQ(p.minor_faults(), 3u);
    EXPECT_EQ(p->inspect(at).frame, p->inspect(at + PageSize).frame);
}

// Who writes through a window on the frame, as exec does, asks for it by a fault; and no processor sets the
// bit.
TEST_F(FaultTest, AWriteFaultMakesDirtyWhatMayBeWrittenAlready)
{
    Program &p = program();
    VirtAddr at = p.map(1, ReadWrite, {.shared = true});
    ASSERT_EQ(p.read(at), FaultResult::Resolved);
    const mm::PageTableEntry *entry = p->page_table().find(at);
    ASSERT_TRUE(entry->present() && entry->writable());
    EXPECT_FALSE(entry->dirty());
    EXPECT_EQ(p->fault({.address = at, .access = Access::Read, .user = false, .present = true}),
              FaultResult::Resolved);
    EXPECT_FALSE(entry->dirty());
    EXPECT_EQ(p->fault({.address = at, .access = Access::Write, .user = false, .present = true}),
              FaultResult::Resolved);
    EXPECT_TRUE(entry->present() && entry->writable() && entry->dirty());
}

TEST_F(FaultTest, WriteAfterReadGetsAFrameOfItsOwn)
{
    Program &p = program();
    VirtAddr at = p.map(2);
    EXPECT_EQ(p.byte(at), 0);
    ASSERT_EQ(p.write(at, 7), FaultResult::Resolved);
    EXPECT_EQ(p.faults, 1u);
    EXPECT_EQ(p.byte(at), 7);
    EXPECT_EQ(p.byte(at + 1), 0);
    EXPECT_EQ(p.byte(at + PageSize), 0) << "the zero page was written";
    EXPECT_EQ(p->resident(), 1u);
}

TEST_F(FaultTest, ThePagesOfTwoProgramsAreDifferentFrames)
{
    Program &one = program(), &other = program();
    VirtAddr at{0x400000};
    one.map_at(at, 1);
    other.map_at(at, 1);
    one.write(at, 1);
    other.write(at, 2);
    EXPECT_EQ(one.byte(at), 1);
    EXPECT_EQ(other.byte(at), 2);
    EXPECT_NE(one->inspect(at).frame, other->inspect(at).frame);
}

TEST_F(FaultTest, PrivateFilePagesAreTheFilesOwnUntilWritten)
{
    TestFile file(3 * PageSize);
    MemoryObject &object = file_object(file);
    Program &one = program(), &other = program();
    VirtAddr at = one.map_file(object, 0, 3, ReadWrite), there = other.map_file(object, 0, 3, ReadWrite);
    EXPECT_EQ(one.byte(at + 10), file.byte(10));
    EXPECT_EQ(other.byte(there + 10), file.byte(10));
    EXPECT_EQ(one->inspect(at).frame, other->inspect(there).frame);
    EXPECT_EQ(one->counts().resident_file, 1u);
    audit();

    ASSERT_EQ(one.write(at + 10, 99), FaultResult::Resolved);
    EXPECT_EQ(one.byte(at + 10), 99);
    EXPECT_EQ(one.byte(at + 11), file.byte(11)) << "the rest of the page is a copy";
    EXPECT_EQ(other.byte(there + 10), file.byte(10)) << "a private write is nobody else's business";
    EXPECT_EQ(one->counts().resident_file, 0u);
    EXPECT_EQ(one->counts().resident_anonymous, 1u);
}

TEST_F(FaultTest, AWriteToAnUntouchedPrivateFilePageTakesOneFault)
{
    TestFile file(2 * PageSize);
    MemoryObject &object = file_object(file);
    Program &p = program();
    VirtAddr at = p.map_file(object, 1, 1, ReadWrite);
    ASSERT_EQ(p.write(at, 99), FaultResult::Resolved);
    EXPECT_EQ(p.faults, 1u);
    EXPECT_EQ(p.byte(at + 1), file.byte(PageSize + 1));
}

// mmap(2): SIGBUS beyond the last page of the file; the rest of that page is zeros.
TEST_F(FaultTest, PastTheEndOfAFileIsABusError)
{
    TestFile file(PageSize + 100);
    MemoryObject &object = file_object(file);
    Program &p = program();
    VirtAddr at = p.map_file(object, 0, 3, ReadWrite);
    EXPECT_EQ(p.byte(at + PageSize + 99), file.byte(PageSize + 99));
    EXPECT_EQ(p.byte(at + PageSize + 100), 0);
    EXPECT_EQ(p.read(at + 2 * PageSize), FaultResult::BusError);
    EXPECT_EQ(p.write(at + 2 * PageSize, 1), FaultResult::BusError);
    audit();
}

TEST_F(FaultTest, AFileThatCannotBeReadIsABusError)
{
    TestFile file(PageSize);
    file.fails = true;
    MemoryObject &object = file_object(file);
    Program &p = program();
    VirtAddr at = p.map_file(object, 0, 1, ReadOnly);
    EXPECT_EQ(p.read(at), FaultResult::BusError);
    file.fails = false;
    EXPECT_EQ(p.byte(at), file.byte(0));
}

TEST_F(FaultTest, WithoutAFrameTheProgramIsToldAndNothingIsLeftBehind)
{
    TestFile file(PageSize);
    MemoryObject &object = file_object(file);
    Program &p = program();
    VirtAddr anonymous = p.map(1), with_file = p.map_file(object, 0, 1, ReadWrite);
    auto write = [&](VirtAddr at) {
        return [&p, at]() -> Result<void> {
            return p.write(at, 1) == FaultResult::Resolved ? Result<void>{} : Result<void>{Errno::NoMemory};
        };
    };
    uint64_t tables = p->page_table().table_frames();
    auto nothing_left = [&] {
        audit();
        EXPECT_EQ(p->page_table().table_frames(), tables);
        EXPECT_EQ(p->resident(), 0u);
    };
    constexpr uint64_t AllFail = mm::FrameAllocator::AllFail;
    EXPECT_EQ(fail_each_allocation(write(anonymous), nothing_left, AllFail), 4u)
        << "three tables and the frame";
    ASSERT_TRUE(p->unmap(anonymous, PageSize).ok());
    EXPECT_GE(fail_each_allocation(write(with_file), nothing_left, AllFail), 5u) << "the file's page, too";
}

TEST_F(FaultTest, WithoutAFrameForACopyTheOldPageStays)
{
    Program &p = program();
    VirtAddr at = p.map(1);
    EXPECT_EQ(p.byte(at), 0);
    mm::frames().fail_allocations(0, mm::FrameAllocator::AllFail);
    EXPECT_EQ(p.write(at, 1), FaultResult::NoMemory);
    mm::frames().fail_allocations(0, 0);
    EXPECT_EQ(p.byte(at), 0);
    EXPECT_EQ(p.write(at, 1), FaultResult::Resolved);
}

TEST_F(FaultTest, SharedMemoryIsWritableFromTheFirstRead)
{
    Program &p = program();
    VirtAddr at = p.map(1, ReadWrite, {.shared = true});
    EXPECT_EQ(p.byte(at), 0);
    ASSERT_EQ(p.write(at, 3), FaultResult::Resolved);
    EXPECT_EQ(p.faults, 0u);
    EXPECT_EQ(p->counts().resident_shared, 1u);
}

TEST_F(FaultTest, ThreadsOnSeveralProcessorsSeeOnePageChangeItsFrame)
{
    Program &p = program();
    VirtAddr at = p.map(1);
    EXPECT_EQ(p.byte(at), 0);
    // The same space on another processor, which has cached the zero page, too.
    machine().processor = 5;
    p->activate();
    PhysAddr root = p->page_table().root();
    uint8_t value = 1;
    ASSERT_TRUE(machine().read(root, at, value));
    EXPECT_EQ(value, 0);
    p.write(at, 9);
    machine().processor = 5;
    if (!machine().read(root, at, value)) {
        ASSERT_EQ(p->fault(machine().last_fault()), FaultResult::Resolved);
        ASSERT_TRUE(machine().read(root, at, value));
    }
    EXPECT_EQ(value, 9);
    audit();
    machine().processor = 5;
    machine().unload_root();
    p->deactivate();
}

} // namespace
