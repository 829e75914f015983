// FrameBatch: invalidate first, free then.
#include "mm/frame_batch.hpp"
#include "mm/page_table.hpp"
#include "tests/host/test.hpp"

using namespace mm;

namespace {

constexpr VirtAddr Base{0x10000000};
VirtAddr page_number(uint64_t n)
{
    return Base + n * PageSize;
}

class FrameBatchTest : public host::MachineTest {
protected:
    void SetUp() override
    {
        MachineTest::SetUp();
        table_ = *PageTable::create();
        machine::load_root(table_.root());
    }
    void TearDown() override
    {
        host::machine().unload_root();
        table_.destroy();
        MachineTest::TearDown();
    }
    // Maps frames at pages 0 to count-1, each touched.
    std::vector<PhysAddr> map(uint64_t count)
    {
        std::vector<PhysAddr> mapped;
        for (uint64_t i = 0; i < count; i++) {
            mapped.push_back(*frames().allocate(FrameKind::Anonymous));
            table_.set(*table_.slot(page_number(i)), page_number(i),
                       PageTableEntry::leaf(mapped[i], ReadWrite, true));
            EXPECT_TRUE(host::machine().write(table_.root(), page_number(i), 1));
        }
        return mapped;
    }
    void unmap(uint64_t count, FrameBatch &batch)
    {
        table_.visit({Base, page_number(count)}, batch, [&](VirtAddr page, PageTableEntry entry) {
            batch.release_page(page, entry.address());
            return PageTableEntry{};
        });
    }

    PageTable table_;
};

} // namespace

TEST_F(FrameBatchTest, a_frame_is_freed_only_after_its_translation_is_forgotten)
{
    map(3);
    FrameBatch batch(table_.root(), 1);
    unmap(3, batch);
    EXPECT_EQ(frames().count(FrameKind::Anonymous), 3u) << "freed before the flush";
    EXPECT_TRUE(host::machine().has_cached(Base));
    batch.flush();
    EXPECT_EQ(frames().count(FrameKind::Anonymous), 0u);
    EXPECT_EQ(host::machine().cached_translations(), 0u);
}

TEST_F(FrameBatchTest, the_end_of_its_scope_flushes)
{
    map(1);
    {
        FrameBatch batch(table_.root(), 1);
        unmap(1, batch);
    }
    EXPECT_EQ(frames().count(FrameKind::Anonymous), 0u);
}

TEST_F(FrameBatchTest, few_pages_are_forgotten_one_by_one_and_others_kept)
{
    auto mapped = map(5);
    {
        FrameBatch batch(table_.root(), 1);
        unmap(3, batch);
    }
    EXPECT_EQ(host::machine().calls.invalidate_page, 3u);
    EXPECT_EQ(host::machine().calls.invalidate_all, 0u);
    EXPECT_TRUE(host::machine().has_cached(page_number(4)));
    FrameBatch batch(table_.root(), 1);
    unmap(5, batch);
}

TEST_F(FrameBatchTest, many_pages_are_forgotten_all_at_once)
{
    map(300);
    {
        FrameBatch batch(table_.root(), 1);
        unmap(300, batch);
    }
    EXPECT_EQ(frames().count(FrameKind::Anonymous), 0u);
    EXPECT_EQ(host::machine().calls.invalidate_all, 3u) << "one for each full batch, one for the rest";
    EXPECT_EQ(host::machine().calls.invalidate_page, 0u);
}

TEST_F(FrameBatchTest, nothing_is_invalidated_when_no_processor_uses_the_space)
{
    map(200);
    host::machine().unload_root();
    {
        FrameBatch batch(table_.root(), 0);
        unmap(200, batch);
    }
    EXPECT_EQ(host::machine().calls.invalidate_all + host::machine().calls.invalidate_page, 0u);
    EXPECT_EQ(frames().count(FrameKind::Anonymous), 0u);
    EXPECT_EQ(table_.table_frames(), 1u);
}

TEST_F(FrameBatchTest, all_active_processors_forget)
{
    map(1);
    host::machine().processor = 3;
    machine::load_root(table_.root());
    ASSERT_TRUE(host::machine().access(table_.root(), Base, Access::Read));
    host::machine().processor = 0;
    {
        FrameBatch batch(table_.root(), 1 << 0 | 1 << 3);
        unmap(1, batch);
    }
    host::machine().processor = 3;
    EXPECT_EQ(host::machine().cached_translations(), 0u);
    host::machine().unload_root();
    host::machine().processor = 0;
}

TEST_F(FrameBatchTest, a_processor_left_out_of_the_active_set_is_found)
{
    map(1);
    host::machine().processor = 1;
    machine::load_root(table_.root());
    ASSERT_TRUE(host::machine().access(table_.root(), Base, Access::Read));
    host::machine().processor = 0;
    FrameBatch batch(table_.root(), 1 << 0);
    unmap(1, batch);
    EXPECT_FAILURE(batch.flush(), "before its translation was invalidated");
    host::machine().processor = 1;
    host::machine().unload_root(); // now the batch may
    host::machine().processor = 0;
}

TEST_F(FrameBatchTest, a_shared_frame_loses_one_reference)
{
    auto mapped = map(1);
    frames().share(mapped[0]);
    {
        FrameBatch batch(table_.root(), 1);
        unmap(1, batch);
    }
    EXPECT_EQ(descriptor(mapped[0]).references.load(), 1u);
    EXPECT_EQ(frames().count(FrameKind::Anonymous), 1u);
    frames().drop(mapped[0]);
}

TEST_F(FrameBatchTest, a_changed_translation_is_forgotten_without_freeing)
{
    auto mapped = map(1);
    {
        FrameBatch batch(table_.root(), 1);
        table_.set(*table_.slot(Base), Base, PageTableEntry::leaf(mapped[0], ReadOnly, false));
        batch.invalidate(Base);
    }
    EXPECT_FALSE(host::machine().has_cached(Base));
    EXPECT_EQ(frames().count(FrameKind::Anonymous), 1u);
    host::machine().audit();
    FrameBatch batch(table_.root(), 1);
    unmap(1, batch);
}

TEST_F(FrameBatchTest, an_empty_table_is_freed_only_after_processors_forgot_what_leads_to_it)
{
    // A table without a leaf: a failed fault leaves one, and the processor that walked to it remembers the
    // way.
    ASSERT_TRUE(table_.slot(Base));
    EXPECT_FALSE(host::machine().access(table_.root(), Base, Access::Read));
    FrameBatch batch(table_.root(), 1);
    table_.prune(Base, batch);
    EXPECT_EQ(frames().count(FrameKind::PageTable), 4u) << "freed before the flush";
    batch.flush();
    EXPECT_EQ(frames().count(FrameKind::PageTable), 1u);
    EXPECT_EQ(host::machine().calls.invalidate_page, 1u);
}

TEST_F(FrameBatchTest, freed_tables_are_handed_out_again_without_zeroing)
{
    map(1);
    {
        FrameBatch batch(table_.root(), 1);
        unmap(1, batch);
    }
    auto before = host::machine().calls.zero_frame;
    map(1);
    EXPECT_EQ(host::machine().calls.zero_frame, before);
    FrameBatch batch(table_.root(), 1);
    unmap(1, batch);
}
