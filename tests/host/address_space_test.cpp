// An address space's life, and its audit: each invariant, broken on purpose, is found.
#include "tests/host/space.hpp"

namespace {

using namespace host;

class AddressSpaceTest : public SpaceTest {};

TEST_F(AddressSpaceTest, CreatingOneWithoutMemoryLeavesNothing)
{
    AddressSpace *space = nullptr;
    auto create = [&]() -> Result<void> {
        auto created = AddressSpace::create();
        if (!created.ok()) return created.error();
        space = *created;
        return {};
    };
    auto nothing_left = [] {
        mm::drain_heap();
        EXPECT_EQ(mm::frames().count(FrameKind::KernelHeap), 0u);
        EXPECT_EQ(mm::frames().count(FrameKind::PageTable), 0u);
    };
    EXPECT_GE(fail_each_allocation(create, nothing_left), 3u);
    space->drop();
}

TEST_F(AddressSpaceTest, TheLastReferenceFreesEverything)
{
    auto space = AddressSpace::create();
    ASSERT_TRUE(space.ok());
    (*space)->share();
    (*space)->drop();
    MapRequest request;
    request.length = 100 * PageSize;
    request.protection = ReadWrite;
    request.populate = true;
    EXPECT_TRUE((*space)->map(request).ok()) << "one reference is left";
    (*space)->drop();
    mm::drain_heap();
    for (FrameKind kind : {FrameKind::Anonymous, FrameKind::PageTable, FrameKind::KernelHeap})
        EXPECT_EQ(mm::frames().count(kind), 0u);
}

TEST_F(AddressSpaceTest, ASpaceInUseMustNotBeFreed)
{
    auto space = AddressSpace::create();
    ASSERT_TRUE(space.ok());
    (*space)->activate();
    (*space)->share();
    (*space)->drop();
    EXPECT_FAILURE((*space)->drop(), "loaded on a processor");
    machine().unload_root();
    (*space)->deactivate();
    (*space)->share(); // the failed drop had given up the last one
    (*space)->share();
    (*space)->drop();
    (*space)->drop();
}

TEST_F(AddressSpaceTest, AnotherSpaceOnTheProcessorHasOtherPages)
{
    Program one(0);
    VirtAddr at{0x400000};
    one.map_at(at, 1);
    one.write(at, 1);
    machine().unload_root();
    one->deactivate();
    {
        Program other(0);
        other.map_at(at, 1);
        EXPECT_EQ(other.byte(at), 0);
        EXPECT_FALSE(machine().has_cached(at + PageSize));
    }
    machine().processor = 0;
    one->activate();
    EXPECT_EQ(one.byte(at), 1);
}

TEST_F(AddressSpaceTest, PeaksRememberTheMost)
{
    Program &p = program();
    VirtAddr at = p.map(10);
    p.touch(at, 8);
    EXPECT_EQ(p->counts().resident_peak, 8u);
    ASSERT_TRUE(p->advise(at, 10 * PageSize, Advice::DontNeed).ok());
    p.touch(at, 2);
    EXPECT_EQ(p->counts().resident_peak, 8u);
    EXPECT_EQ(p->counts().mapped_peak, 10u);
    EXPECT_EQ(p->resident(), 2u);
}

// Each breaks one thing behind the space's back, looks whether the audit sees it, and mends it.
class AuditTest : public SpaceTest {
protected:
    void SetUp() override
    {
        SpaceTest::SetUp();
        p = &program();
        at = p->map(4);
        p->touch(at, 3);
        frame = (*p)->inspect(at).frame;
        entry = const_cast<mm::PageTableEntry *>((*p)->page_table().find(at));
        area = (*p)->areas().find(at);
    }
    template <typename T, typename Value> void expect_found(T &what, Value value, const char *sentence)
    {
        T old = what;
        what = value;
        EXPECT_FAILURE((*p)->audit(), sentence);
        what = old;
        (*p)->audit();
    }
    Program *p;
    VirtAddr at;
    PhysAddr frame;
    mm::PageTableEntry *entry;
    VmArea *area;
};

TEST_F(AuditTest, FindsAnEntryThatAllowsMoreThanItsArea)
{
    using Pte = mm::PageTableEntry;
    expect_found(area->protection, ReadOnly, "allows writing");
    expect_found(*entry, entry->without(Pte::NoExecute), "allows executing");
    expect_found(*entry, entry->without(Pte::User), "the kernel's");
    expect_found(*entry, entry->without(Pte::Present), "presence");
    expect_found(*entry, entry->with(Pte::ZeroPage), "the zero page is writable");
}

TEST_F(AuditTest, FindsAFrameThatIsNotThePages)
{
    expect_found(mm::descriptor(frame).index, at.page() + 1, "another page's index");
    expect_found(mm::descriptor(frame).object, nullptr, "a foreign page");
    expect_found(mm::descriptor(frame).kind, FrameKind::File, "another kind");
    mm::frames().share(frame);
    EXPECT_FAILURE((*p)->audit(), "two may write");
    EXPECT_FAILURE(audit(), "two may write");
    mm::frames().drop(frame);
}

TEST_F(AuditTest, FindsAReferenceTooMany)
{
    ASSERT_TRUE((*p)->protect(at, 4 * PageSize, ReadOnly).ok());
    mm::frames().share(frame);
    (*p)->audit();
    EXPECT_FAILURE(audit(), "references");
    mm::frames().drop(frame);
}

TEST_F(AuditTest, FindsAPageOutsideOfAllAreas)
{
    area->range.end = at + PageSize;
    EXPECT_FAILURE((*p)->audit(), "no area covers");
    area->range.end = at + 4 * PageSize;
}

TEST_F(AuditTest, FindsWrongCounts)
{
    expect_found(area->flags, AreaFlags{.locked = true}, "locked pages");
    expect_found(area->flags, AreaFlags{.grows_down = true}, "");
    area->protection = All;
    (*p)->audit();
    area->protection = ReadWrite;
    auto slot = *const_cast<mm::PageTable &>((*p)->page_table()).slot(at);
    mm::PageTableEntry old = *slot.entry;
    const_cast<mm::PageTable &>((*p)->page_table()).set(slot, at, mm::PageTableEntry{});
    EXPECT_FAILURE((*p)->audit(), "resident anonymous");
    const_cast<mm::PageTable &>((*p)->page_table()).set(slot, at, old);
}

} // namespace
