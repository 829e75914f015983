// The simulated machine itself: a test that relies on it to catch a mistake is worth what it catches.
#include "mm/page_table.hpp"
#include "tests/host/test.hpp"

using namespace mm;

namespace {

constexpr VirtAddr Page{0x400000};

class SimulatedMachineTest : public host::MachineTest {
protected:
    void SetUp() override
    {
        MachineTest::SetUp();
        table_ = *PageTable::create();
        machine::load_root(table_.root());
    }
    // The tests leave a mess on purpose.
    void TearDown() override { host::machine().reset(); }

    PhysAddr map(VirtAddr page, Protection protection)
    {
        PhysAddr frame = *frames().allocate(FrameKind::Anonymous);
        set(page, PageTableEntry::leaf(frame, protection, true));
        return frame;
    }
    void set(VirtAddr page, PageTableEntry entry) { table_.set(*table_.slot(page), page, entry); }
    PageTableEntry entry(VirtAddr page) { return *table_.find(page); }
    bool access(Access kind) { return host::machine().access(table_.root(), Page, kind); }

    PageTable table_;
};

} // namespace

TEST_F(SimulatedMachineTest, bytes_written_can_be_read_back)
{
    map(Page, ReadWrite);
    uint8_t value = 0;
    ASSERT_TRUE(host::machine().write(table_.root(), Page + 5, 77));
    ASSERT_TRUE(host::machine().read(table_.root(), Page + 5, value));
    EXPECT_EQ(value, 77);
}

TEST_F(SimulatedMachineTest, reading_sets_accessed_and_writing_sets_dirty)
{
    map(Page, ReadWrite);
    EXPECT_TRUE(access(Access::Read));
    EXPECT_TRUE(entry(Page).accessed());
    EXPECT_FALSE(entry(Page).dirty());
    EXPECT_TRUE(access(Access::Write));
    EXPECT_TRUE(entry(Page).dirty());
}

TEST_F(SimulatedMachineTest, a_fault_says_what_was_tried_and_whether_a_translation_was_there)
{
    EXPECT_FALSE(access(Access::Read));
    EXPECT_EQ(host::machine().last_fault().address, Page);
    EXPECT_FALSE(host::machine().last_fault().present);
    map(Page, ReadOnly);
    EXPECT_FALSE(access(Access::Write));
    EXPECT_TRUE(host::machine().last_fault().present);
    EXPECT_EQ(host::machine().last_fault().access, Access::Write);
}

TEST_F(SimulatedMachineTest, the_kernels_half_faults)
{
    EXPECT_FALSE(host::machine().access(table_.root(), VirtAddr{0xffff800000000000}, Access::Read));
}

TEST_F(SimulatedMachineTest, a_page_unmapped_but_still_cached_is_stale)
{
    map(Page, ReadWrite);
    access(Access::Read);
    set(Page, PageTableEntry{});
    EXPECT_FAILURE(host::machine().audit(), "mapped no more");
    EXPECT_FAILURE(access(Access::Read), "mapped no more");
    machine::invalidate_page(table_.root(), 1, Page);
    host::machine().audit();
    EXPECT_FALSE(access(Access::Read));
}

TEST_F(SimulatedMachineTest, another_frame_behind_a_cached_translation_is_stale)
{
    map(Page, ReadWrite);
    access(Access::Read);
    map(Page, ReadWrite);
    EXPECT_FAILURE(access(Access::Read), "another frame");
}

TEST_F(SimulatedMachineTest, permissions_taken_from_a_cached_translation_are_stale)
{
    PhysAddr frame = map(Page, {.read = true, .write = true, .execute = true});
    access(Access::Write);
    set(Page, PageTableEntry::leaf(frame, ReadExecute, true).with(PageTableEntry::Dirty));
    EXPECT_FAILURE(access(Access::Read), "writing is forbidden");
    set(Page, PageTableEntry::leaf(frame, ReadWrite, true).with(PageTableEntry::Dirty));
    EXPECT_FAILURE(access(Access::Read), "executing is forbidden");
    set(Page, PageTableEntry::leaf(frame, {.read = true, .write = true, .execute = true}, true));
    EXPECT_FAILURE(access(Access::Read), "mark it dirty");
}

TEST_F(SimulatedMachineTest, permissions_given_to_a_cached_translation_cost_one_spurious_fault)
{
    PhysAddr frame = map(Page, ReadOnly);
    access(Access::Read);
    set(Page, PageTableEntry::leaf(frame, ReadWrite, true));
    host::machine().audit();
    EXPECT_FALSE(access(Access::Write));
    EXPECT_TRUE(host::machine().last_fault().present);
    EXPECT_TRUE(access(Access::Write));
}

TEST_F(SimulatedMachineTest, each_processor_has_its_own_tlb)
{
    map(Page, ReadWrite);
    access(Access::Read);
    host::machine().processor = 1;
    EXPECT_FALSE(host::machine().has_cached(Page));
    EXPECT_FAILURE(access(Access::Read), "not loaded on this processor");
    machine::load_root(table_.root());
    access(Access::Read);
    machine::invalidate_all(table_.root(), 1 << 1);
    EXPECT_FALSE(host::machine().has_cached(Page));
    host::machine().processor = 0;
    EXPECT_TRUE(host::machine().has_cached(Page));
    machine::invalidate_page(table_.root(), 1 << 0, Page);
    EXPECT_FALSE(host::machine().has_cached(Page));
}

TEST_F(SimulatedMachineTest, invalidations_of_another_space_change_nothing_here)
{
    map(Page, ReadWrite);
    access(Access::Read);
    PageTable other = *PageTable::create();
    machine::invalidate_all(other.root(), 1);
    EXPECT_TRUE(host::machine().has_cached(Page));
    machine::load_root(other.root());
    EXPECT_EQ(host::machine().cached_translations(), 0u);
}

TEST_F(SimulatedMachineTest, a_frame_freed_while_cached_is_found)
{
    PhysAddr frame = map(Page, ReadWrite);
    access(Access::Read);
    set(Page, PageTableEntry{});
    EXPECT_FAILURE(frames().free(frame), "freed before its translation was invalidated");
}

TEST_F(SimulatedMachineTest, a_frame_refilled_while_cached_is_found)
{
    PhysAddr frame = map(Page, ReadWrite), other = *frames().allocate(FrameKind::Anonymous);
    access(Access::Read);
    EXPECT_FAILURE(machine::zero_frame(frame), "filled before its translation was invalidated");
    EXPECT_FAILURE(machine::copy_frame(frame, other), "filled before its translation was invalidated");
    machine::copy_frame(other, frame);
}

TEST_F(SimulatedMachineTest, a_page_table_freed_while_processors_know_the_way_is_found)
{
    EntrySlot slot = *table_.slot(Page);
    EXPECT_FALSE(access(Access::Read));
    EXPECT_FAILURE(frames().free_zeroed(slot.table), "before processors forgot");
    EXPECT_FAILURE(table_.destroy(), "not empty");
    EXPECT_FAILURE(frames().free(table_.root()), "loaded");
}

TEST_F(SimulatedMachineTest, an_entry_that_leads_nowhere_is_found)
{
    set(Page, PageTableEntry::leaf(PhysAddr{uint64_t{1} << 40}, ReadWrite, true));
    EXPECT_FAILURE(access(Access::Read), "no RAM");
    PhysAddr frame = *frames().allocate(FrameKind::Anonymous);
    frames().free(frame);
    set(Page, PageTableEntry::leaf(frame, ReadWrite, true));
    EXPECT_FAILURE(access(Access::Read), "free frame");
}

TEST_F(SimulatedMachineTest, a_reset_forgets_everything)
{
    map(Page, ReadWrite);
    access(Access::Write);
    PhysAddr root = table_.root();
    host::machine().reset();
    EXPECT_EQ(frames().free_count(), frames().total());
    EXPECT_EQ(host::machine().cached_translations(), 0u);
    EXPECT_EQ(host::machine().calls.zero_frame, 0u);
    EXPECT_EQ(*static_cast<uint64_t *>(machine::window(root)), 0u);
}
