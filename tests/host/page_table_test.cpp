// The page table: the walk, tables that come and go, counts and bounds, and a random run against std::map.
#include "mm/page_table.hpp"
#include "tests/host/random.hpp"
#include "tests/host/test.hpp"

#include <map>

using namespace mm;

namespace {

constexpr uint64_t MiB = 1 << 20, GiB = MiB << 10;

class PageTableTest : public host::MachineTest {
protected:
    void SetUp() override
    {
        MachineTest::SetUp();
        table_ = *PageTable::create();
        machine::load_root(table_.root());
    }
    void TearDown() override
    {
        unmap({VirtAddr{}, UserEnd});
        host::machine().unload_root();
        table_.destroy();
        EXPECT_EQ(frames().free_count(), frames().total()) << "a table or page was not returned";
        MachineTest::TearDown();
    }
    PhysAddr map(VirtAddr page, Protection protection = ReadWrite)
    {
        PhysAddr frame = *frames().allocate(FrameKind::Anonymous);
        auto slot = table_.slot(page);
        EXPECT_TRUE(slot.ok());
        table_.set(*slot, page, PageTableEntry::leaf(frame, protection, true));
        return frame;
    }
    void unmap(VirtRange range)
    {
        FrameBatch batch(table_.root(), 1);
        table_.visit(range, batch, [&](VirtAddr page, PageTableEntry entry) {
            batch.release_page(page, entry.address());
            return PageTableEntry{};
        });
    }
    std::vector<uint64_t> pages_in(VirtRange range) const
    {
        std::vector<uint64_t> pages;
        table_.inspect(range, [&](VirtAddr page, PageTableEntry) { pages.push_back(page.value()); });
        return pages;
    }
    VirtRange everything() const { return {VirtAddr{}, UserEnd}; }

    PageTable table_;
};

} // namespace

TEST_F(PageTableTest, an_address_is_four_indices_of_nine_bits_and_an_offset)
{
    VirtAddr address{uint64_t{1} << 39 | uint64_t{2} << 30 | uint64_t{3} << 21 | uint64_t{4} << 12 | 5};
    EXPECT_EQ(PageTable::index(address, 4), 1u);
    EXPECT_EQ(PageTable::index(address, 3), 2u);
    EXPECT_EQ(PageTable::index(address, 2), 3u);
    EXPECT_EQ(PageTable::index(address, 1), 4u);
    EXPECT_EQ(PageTable::index(UserEnd - 1, 4), 255u);
}

TEST_F(PageTableTest, a_new_table_has_an_empty_user_half_and_the_kernels_half)
{
    auto *entries = static_cast<const uint64_t *>(machine::window(table_.root()));
    for (unsigned i = 0; i < 256; i++) EXPECT_EQ(entries[i], 0u);
    for (unsigned i = 256; i < 512; i++) EXPECT_NE(entries[i], 0u);
    EXPECT_EQ(table_.table_frames(), 1u);
    EXPECT_EQ(table_.find(VirtAddr{0x400000}), nullptr);
    table_.audit();
}

TEST_F(PageTableTest, the_kernels_half_stays_as_it_is)
{
    auto *entries = static_cast<const uint64_t *>(machine::window(table_.root()));
    std::vector<uint64_t> before(entries + 256, entries + 512);
    map(VirtAddr{0x400000});
    map(UserEnd - PageSize);
    unmap(everything());
    EXPECT_EQ(std::vector<uint64_t>(entries + 256, entries + 512), before);
}

TEST_F(PageTableTest, a_mapped_page_translates_and_its_neighbours_do_not)
{
    VirtAddr page{0x7f12'3456'7000};
    PhysAddr frame = map(page);
    ASSERT_TRUE(host::machine().access(table_.root(), page + 0xabc, Access::Write));
    EXPECT_EQ(host::machine().last_physical(), frame + 0xabc);
    EXPECT_FALSE(host::machine().access(table_.root(), page - 1, Access::Read));
    EXPECT_FALSE(host::machine().access(table_.root(), page + PageSize, Access::Read));
    EXPECT_EQ(table_.find(page)->address(), frame);
    EXPECT_TRUE(table_.find(page + PageSize)->empty());
    table_.audit();
}

TEST_F(PageTableTest, leaves_forbid_what_the_protection_forbids)
{
    VirtAddr read_only{0x400000}, executable{0x401000}, none{0x402000}, copy_on_write{0x403000};
    map(read_only, ReadOnly);
    map(executable, ReadExecute);
    map(none, mm::NoAccess);
    PhysAddr frame = *frames().allocate(FrameKind::Anonymous);
    table_.set(*table_.slot(copy_on_write), copy_on_write, PageTableEntry::leaf(frame, ReadWrite, false));

    PhysAddr root = table_.root();
    EXPECT_TRUE(host::machine().access(root, read_only, Access::Read));
    EXPECT_FALSE(host::machine().access(root, read_only, Access::Write));
    EXPECT_TRUE(host::machine().last_fault().present);
    EXPECT_FALSE(host::machine().access(root, read_only, Access::Execute));
    EXPECT_TRUE(host::machine().access(root, executable, Access::Execute));
    EXPECT_FALSE(host::machine().access(root, none, Access::Read));
    EXPECT_FALSE(host::machine().last_fault().present);
    EXPECT_TRUE(table_.find(none)->has_frame());
    EXPECT_TRUE(host::machine().access(root, copy_on_write, Access::Read));
    EXPECT_FALSE(host::machine().access(root, copy_on_write, Access::Write));
}

TEST_F(PageTableTest, tables_are_made_on_the_way_down_and_only_those)
{
    map(VirtAddr{0});
    EXPECT_EQ(table_.table_frames(), 4u);
    map(VirtAddr{2 * MiB - PageSize}); // the same leaf table
    EXPECT_EQ(table_.table_frames(), 4u);
    map(VirtAddr{2 * MiB}); // the next one
    EXPECT_EQ(table_.table_frames(), 5u);
    map(VirtAddr{GiB});
    EXPECT_EQ(table_.table_frames(), 7u);
    map(VirtAddr{512 * GiB});
    EXPECT_EQ(table_.table_frames(), 10u);
    EXPECT_EQ(frames().count(FrameKind::PageTable), 10u);
    table_.audit();
}

TEST_F(PageTableTest, tables_that_become_empty_are_freed)
{
    map(VirtAddr{0});
    map(VirtAddr{2 * MiB});
    map(VirtAddr{512 * GiB});
    unmap({VirtAddr{0}, VirtAddr{PageSize}});
    EXPECT_EQ(table_.table_frames(), 7u);
    table_.audit();
    unmap({VirtAddr{2 * MiB}, VirtAddr{4 * MiB}});
    EXPECT_EQ(table_.table_frames(), 4u);
    unmap({VirtAddr{512 * GiB}, VirtAddr{513 * GiB}});
    EXPECT_EQ(table_.table_frames(), 1u);
    EXPECT_EQ(frames().count(FrameKind::PageTable), 1u);
    table_.audit();
}

TEST_F(PageTableTest, no_memory_leaves_no_table_behind)
{
    for (uint64_t successes = 0; successes < 3; successes++) {
        frames().fail_allocations(successes);
        EXPECT_EQ(table_.slot(VirtAddr{0x400000}).error(), Errno::NoMemory);
        EXPECT_EQ(table_.table_frames(), 1u);
        EXPECT_EQ(frames().count(FrameKind::PageTable), 1u);
        table_.audit();
    }
    EXPECT_TRUE(table_.slot(VirtAddr{0x400000}));
    FrameBatch batch(table_.root(), 1);
    table_.prune(VirtAddr{0x400000}, batch);
}

TEST_F(PageTableTest, no_root_no_page_table)
{
    frames().fail_allocations(0);
    EXPECT_EQ(PageTable::create().error(), Errno::NoMemory);
}

TEST_F(PageTableTest, prune_frees_what_is_empty_and_nothing_else)
{
    VirtAddr filled{0x400000}, empty{0x400000 + GiB};
    map(filled);
    ASSERT_TRUE(table_.slot(empty));
    EXPECT_EQ(table_.table_frames(), 6u);
    {
        FrameBatch batch(table_.root(), 1);
        table_.prune(empty, batch);
        table_.prune(filled, batch);
        table_.prune(VirtAddr{0x7fff'0000'0000}, batch); // where no table is
    }
    EXPECT_EQ(table_.table_frames(), 4u);
    EXPECT_TRUE(table_.find(filled)->present());
    table_.audit();
}

TEST_F(PageTableTest, set_keeps_the_count_when_an_entry_is_replaced_or_emptied)
{
    VirtAddr page{0x400000};
    PhysAddr frame = map(page);
    auto slot = *table_.slot(page);
    EXPECT_EQ(descriptor(slot.table).table.entries, 1u);
    table_.set(slot, page, PageTableEntry::leaf(frame, ReadOnly, false));
    EXPECT_EQ(descriptor(slot.table).table.entries, 1u);
    table_.set(slot, page, PageTableEntry{});
    EXPECT_EQ(descriptor(slot.table).table.entries, 0u);
    FrameBatch batch(table_.root(), 1);
    table_.prune(page, batch);
    batch.release_page(page, frame);
}

TEST_F(PageTableTest, visit_sees_what_is_in_the_range_from_low_to_high)
{
    std::vector<uint64_t> mapped = {0x1000,       2 * MiB - PageSize, 2 * MiB,
                                    GiB + 0x5000, 700 * GiB,          0x7fffffffe000};
    for (auto page = mapped.rbegin(); page != mapped.rend(); ++page) map(VirtAddr{*page});
    EXPECT_EQ(pages_in(everything()), mapped);
    EXPECT_EQ(pages_in({VirtAddr{0x2000}, VirtAddr{2 * MiB}}), std::vector<uint64_t>{mapped[1]});
    EXPECT_EQ(pages_in({VirtAddr{2 * MiB}, VirtAddr{700 * GiB}}),
              (std::vector<uint64_t>{mapped[2], mapped[3]}));
    EXPECT_EQ(pages_in({VirtAddr{3 * MiB}, VirtAddr{4 * MiB}}), std::vector<uint64_t>{});
    EXPECT_EQ(pages_in({VirtAddr{4096}, VirtAddr{4096}}), std::vector<uint64_t>{});
}

TEST_F(PageTableTest, visit_stores_what_the_visitor_returns)
{
    for (uint64_t i = 0; i < 10; i++) map(VirtAddr{0x400000 + i * PageSize});
    {
        FrameBatch batch(table_.root(), 1);
        table_.visit({VirtAddr{0x402000}, VirtAddr{0x405000}}, batch,
                     [&](VirtAddr, PageTableEntry entry) { return entry.without(PageTableEntry::Writable); });
    }
    for (uint64_t i = 0; i < 10; i++)
        EXPECT_EQ(table_.find(VirtAddr{0x400000 + i * PageSize})->writable(), i < 2 || i >= 5) << i;
}

TEST_F(PageTableTest, a_visitor_may_move_entries_to_elsewhere_in_the_same_table)
{
    // What mremap does. The new places are partly in the same leaf table, which must not be freed in between.
    std::vector<PhysAddr> mapped;
    for (uint64_t i = 0; i < 8; i++) mapped.push_back(map(VirtAddr{0x400000 + i * PageSize}));
    constexpr uint64_t Distance = 0x1fc000; // the last four end up in the next leaf table
    {
        FrameBatch batch(table_.root(), 1);
        table_.visit({VirtAddr{0x400000}, VirtAddr{0x408000}}, batch,
                     [&](VirtAddr page, PageTableEntry entry) {
                         batch.invalidate(page);
                         table_.set(*table_.slot(page + Distance), page + Distance, entry);
                         return PageTableEntry{};
                     });
    }
    table_.audit();
    for (uint64_t i = 0; i < 8; i++)
        EXPECT_EQ(table_.find(VirtAddr{0x400000 + Distance + i * PageSize})->address(), mapped[i]);
    EXPECT_EQ(pages_in(everything()).size(), 8u);
}

TEST_F(PageTableTest, tearing_down_a_sparse_space_costs_what_was_touched)
{
    // The bounds are what keeps a walk from looking at all 512 entries of each table.
    for (uint64_t i = 0; i < 64; i++) map(VirtAddr{i * GiB});
    EXPECT_EQ(table_.table_frames(), 2 + 2 * 64u);
    for (uint64_t i = 0; i < 64; i++) {
        PhysAddr leaf = table_.slot(VirtAddr{i * GiB})->table;
        EXPECT_EQ(descriptor(leaf).table.lowest, 0u);
        EXPECT_EQ(descriptor(leaf).table.highest, 0u);
    }
    unmap({VirtAddr{}, VirtAddr{64 * GiB}});
    EXPECT_EQ(table_.table_frames(), 1u);
    // And the next time no table is zeroed.
    auto before = host::machine().calls.zero_frame;
    for (uint64_t i = 0; i < 63; i++) map(VirtAddr{i * GiB});
    EXPECT_EQ(host::machine().calls.zero_frame, before);
}

TEST_F(PageTableTest, a_walk_does_not_remember_a_table_that_was_freed)
{
    VirtAddr page{0x400000}, next{0x401000};
    for (int round = 0; round < 3; round++) {
        map(page);
        EXPECT_EQ(table_.slot(next)->table, table_.slot(page)->table);
        unmap({page, next});
        EXPECT_EQ(table_.table_frames(), 1u);
        table_.audit();
        // What was the leaf table serves elsewhere now.
        PhysAddr other = map(VirtAddr{7 * GiB});
        EXPECT_EQ(table_.find(page), nullptr);
        EXPECT_EQ(table_.find(VirtAddr{7 * GiB})->address(), other);
        unmap({VirtAddr{7 * GiB}, VirtAddr{7 * GiB + PageSize}});
    }
}

TEST_F(PageTableTest, the_audit_finds_a_wrong_count_and_wrong_bounds)
{
    map(VirtAddr{0x400000});
    map(VirtAddr{0x402000});
    auto &counts = descriptor(table_.slot(VirtAddr{0x400000})->table).table;
    auto good = counts;
    counts.entries++;
    EXPECT_FAILURE(table_.audit(), "miscounts its entries");
    counts = good;
    counts.highest = 1;
    EXPECT_FAILURE(table_.audit(), "outside of its bounds");
    counts = good;
    counts.lowest = 1;
    EXPECT_FAILURE(table_.audit(), "outside of its bounds");
    counts = good;
    ASSERT_TRUE(table_.slot(VirtAddr{GiB}));
    EXPECT_FAILURE(table_.audit(), "empty page table");
    FrameBatch batch(table_.root(), 1);
    table_.prune(VirtAddr{GiB}, batch);
}

TEST_F(PageTableTest, a_table_that_is_not_empty_cannot_be_destroyed)
{
    map(VirtAddr{0x400000});
    PageTable copy = table_;
    EXPECT_FAILURE(copy.destroy(), "not empty");
}

// Against std::map: pages at random places, some close together, some far apart.
TEST_F(PageTableTest, random_operations_agree_with_a_map)
{
    host::Random random;
    std::map<uint64_t, uint64_t> model; // page -> raw entry
    auto random_page = [&] {
        constexpr uint64_t Places[] = {0,         2 * MiB - 8 * PageSize, GiB - 8 * PageSize, 511 * GiB,
                                       513 * GiB, 0x7fffffff0000};
        uint64_t place = Places[random.below(std::size(Places))];
        uint64_t page = place + random.below(random.one_in(2) ? 16 : 600) * PageSize;
        return VirtAddr{page < UserEnd.value() ? page : UserEnd.value() - PageSize};
    };
    auto random_range = [&] {
        VirtAddr a = random_page(), b = random_page();
        if (random.one_in(2))
            b = VirtAddr{std::min(a.value() + random.between(1, 40) * PageSize, UserEnd.value())};
        return a < b ? VirtRange{a, b} : VirtRange{b, a + PageSize};
    };
    for (int step = 0; step < 30000; step++) {
        switch (random.below(8)) {
        case 0:
        case 1:
        case 2:
        case 3: {
            VirtAddr page = random_page();
            if (model.contains(page.value()) || model.size() > 1000) break;
            if (random.one_in(4)) frames().fail_allocations(random.below(3));
            auto slot = table_.slot(page);
            frames().fail_allocations(0, 0);
            if (!slot) break;
            PhysAddr frame = *frames().allocate(FrameKind::Anonymous);
            auto entry = PageTableEntry::leaf(frame, random.one_in(2) ? ReadWrite : ReadOnly, true);
            table_.set(*slot, page, entry);
            model[page.value()] = entry.raw();
            break;
        }
        case 4: { // unmap some of a range
            VirtRange range = random_range();
            uint64_t keep = random.between(1, 4);
            FrameBatch batch(table_.root(), 1);
            auto expected = model.lower_bound(range.begin.value());
            table_.visit(range, batch, [&](VirtAddr page, PageTableEntry entry) {
                EXPECT_TRUE(expected != model.end() && expected->first == page.value() &&
                            expected->second ==
                                entry.without(PageTableEntry::Accessed | PageTableEntry::Dirty).raw());
                if (page.page() % 4 >= keep) {
                    ++expected;
                    return entry;
                }
                expected = model.erase(expected);
                batch.release_page(page, entry.address());
                return PageTableEntry{};
            });
            EXPECT_TRUE(expected == model.end() || expected->first >= range.end.value());
            break;
        }
        case 5: { // change permissions
            VirtRange range = random_range();
            FrameBatch batch(table_.root(), 1);
            table_.visit(range, batch, [&](VirtAddr page, PageTableEntry entry) {
                batch.invalidate(page);
                auto changed = entry.writable() ? entry.without(PageTableEntry::Writable)
                                                : entry.with(PageTableEntry::Writable);
                model[page.value()] = changed.without(PageTableEntry::Accessed | PageTableEntry::Dirty).raw();
                return changed;
            });
            break;
        }
        case 6: { // look
            VirtAddr page = random_page();
            auto *entry = table_.find(page);
            auto expected = model.find(page.value());
            bool mapped = entry != nullptr && !entry->empty();
            EXPECT_EQ(mapped, expected != model.end());
            VirtRange range = random_range();
            auto next = model.lower_bound(range.begin.value());
            table_.inspect(range, [&](VirtAddr at, PageTableEntry) {
                EXPECT_TRUE(next != model.end() && next->first == at.value());
                ++next;
            });
            EXPECT_TRUE(next == model.end() || next->first >= range.end.value());
            break;
        }
        case 7: { // use
            VirtAddr page = random_page();
            auto expected = model.find(page.value());
            bool write = random.one_in(2);
            bool allowed = expected != model.end() && (!write || PageTableEntry{expected->second}.writable());
            EXPECT_EQ(host::machine().access(table_.root(), page, write ? Access::Write : Access::Read),
                      allowed);
            break;
        }
        }
        if (step % 16 == 0) {
            table_.audit();
            host::machine().audit();
        }
    }
    EXPECT_EQ(pages_in(everything()).size(), model.size());
}
