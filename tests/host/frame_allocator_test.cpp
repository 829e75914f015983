// The frame allocator: buddies, the processors' stacks, accounting, poison.
#include "mm/frame_allocator.hpp"
#include "tests/host/random.hpp"
#include "tests/host/test.hpp"

#include <algorithm>
#include <map>
#include <set>

using namespace mm;
using host::RamRange;

namespace {

constexpr uint64_t MiB = (1 << 20) / PageSize, GiB = MiB * 1024;

class FrameAllocatorTest : public host::MachineTest {};

std::vector<PhysAddr> take_all(FrameKind kind)
{
    std::vector<PhysAddr> taken;
    while (auto frame = frames().allocate(kind)) taken.push_back(*frame);
    return taken;
}

// How many aligned blocks of `order` the ranges have room for.
uint64_t blocks_in(const std::vector<RamRange> &ram, unsigned order)
{
    uint64_t size = uint64_t{1} << order, blocks = 0;
    for (const RamRange &range : ram) {
        uint64_t first = (range.first + size - 1) / size, end = (range.first + range.count) / size;
        if (end > first) blocks += end - first;
    }
    return blocks;
}

} // namespace

TEST_F(FrameAllocatorTest, a_new_machine_is_all_free)
{
    EXPECT_EQ(frames().total(), 16 * MiB);
    EXPECT_EQ(frames().free_count(), 16 * MiB);
}

TEST_F(FrameAllocatorTest, a_single_frame_has_its_kind_and_one_reference)
{
    PhysAddr frame = *frames().allocate(FrameKind::Anonymous);
    EXPECT_TRUE(frame.is_page_aligned());
    EXPECT_EQ(descriptor(frame).kind, FrameKind::Anonymous);
    EXPECT_EQ(descriptor(frame).references.load(), 1u);
    EXPECT_EQ(frames().count(FrameKind::Anonymous), 1u);
    EXPECT_EQ(frames().free_count(), 16 * MiB - 1);
    frames().free(frame);
    EXPECT_EQ(descriptor(frame).kind, FrameKind::Free);
    EXPECT_EQ(frames().free_count(), 16 * MiB);
}

TEST_F(FrameAllocatorTest, every_frame_can_be_handed_out_once_and_then_there_is_no_memory)
{
    auto taken = take_all(FrameKind::Anonymous);
    std::set<PhysAddr> different(taken.begin(), taken.end());
    EXPECT_EQ(different.size(), 16 * MiB);
    EXPECT_EQ(frames().free_count(), 0u);
    EXPECT_EQ(frames().allocate(FrameKind::File).error(), Errno::NoMemory);
    EXPECT_EQ(frames().allocate_zeroed(FrameKind::PageTable).error(), Errno::NoMemory);
    EXPECT_EQ(frames().allocate_block(FrameKind::KernelHeap, 3).error(), Errno::NoMemory);
    frames().audit();
    for (PhysAddr frame : taken) frames().free(frame);
    EXPECT_EQ(frames().free_count(), 16 * MiB);
}

TEST_F(FrameAllocatorTest, frames_come_in_ascending_order_from_a_fresh_block)
{
    PhysAddr first = *frames().allocate(FrameKind::Anonymous);
    PhysAddr second = *frames().allocate(FrameKind::Anonymous);
    EXPECT_EQ(second - first, PageSize);
    frames().free(second);
    frames().free(first);
}

TEST_F(FrameAllocatorTest, the_frame_freed_last_is_handed_out_first)
{
    PhysAddr a = *frames().allocate(FrameKind::Anonymous), b = *frames().allocate(FrameKind::Anonymous);
    frames().free(a);
    frames().free(b);
    EXPECT_EQ(*frames().allocate(FrameKind::File), b);
    frames().free(b);
}

TEST_F(FrameAllocatorTest, a_block_is_aligned_to_its_size_and_all_of_it_is_accounted)
{
    for (unsigned order = 0; order <= MaxOrder; order++) {
        uint64_t size = uint64_t{1} << order;
        PhysAddr block = *frames().allocate_block(FrameKind::KernelHeap, order);
        EXPECT_EQ(block.page() % size, 0u) << "order " << order;
        EXPECT_EQ(frames().count(FrameKind::KernelHeap), size);
        for (uint64_t i = 0; i < size; i++)
            EXPECT_EQ(descriptor(block + i * PageSize).kind, FrameKind::KernelHeap);
        frames().audit();
        frames().free_block(block, order);
        EXPECT_EQ(frames().count(FrameKind::KernelHeap), 0u);
    }
}

TEST_F(FrameAllocatorTest, a_block_of_one_frame_says_so_whatever_the_frame_was_before)
{
    PhysAddr page = *frames().allocate(FrameKind::Anonymous);
    descriptor(page).age = 5; // where a block has its order
    frames().free(page);
    PhysAddr block = *frames().allocate_block(FrameKind::KernelHeap, 0);
    ASSERT_EQ(block, page);
    EXPECT_EQ(descriptor(block).order, 0);
    frames().free_block(block, descriptor(block).order);
}

TEST_F(FrameAllocatorTest, an_order_above_the_largest_is_refused)
{
    EXPECT_EQ(frames().allocate_block(FrameKind::KernelHeap, MaxOrder + 1).error(), Errno::NoMemory);
}

TEST_F(FrameAllocatorTest, freed_frames_merge_to_the_largest_blocks)
{
    auto taken = take_all(FrameKind::Anonymous);
    host::Random random;
    for (size_t i = taken.size(); i > 1; i--) std::swap(taken[i - 1], taken[random.below(i)]);
    for (PhysAddr frame : taken) frames().free(frame);
    frames().drain();
    std::vector<PhysAddr> blocks;
    while (auto block = frames().allocate_block(FrameKind::KernelHeap, MaxOrder)) blocks.push_back(*block);
    EXPECT_EQ(blocks.size(), blocks_in({host::machine().SmallRam}, MaxOrder));
    for (PhysAddr block : blocks) frames().free_block(block, MaxOrder);
}

TEST_F(FrameAllocatorTest, a_block_is_found_although_its_frames_lie_on_the_processors_stack)
{
    host::machine().reset({{1024, 1024}});
    frames().free(
        *frames().allocate(FrameKind::Anonymous)); // half a stack of frames is out of the buddies now
    auto block = frames().allocate_block(FrameKind::KernelHeap, MaxOrder);
    ASSERT_TRUE(block);
    frames().free_block(*block, MaxOrder);
}

TEST_F(FrameAllocatorTest, drain_leaves_nothing_on_any_processors_stack)
{
    for (unsigned processor = 0; processor < 4; processor++) {
        host::machine().processor = processor;
        frames().free(*frames().allocate(FrameKind::Anonymous));
        frames().free_zeroed(*frames().allocate_zeroed(FrameKind::PageTable));
    }
    frames().drain();
    host::machine().processor = 7; // whose stack is empty: all it gets comes from the buddies
    auto taken = take_all(FrameKind::Anonymous);
    EXPECT_EQ(taken.size(), 16 * MiB);
    for (PhysAddr frame : taken) frames().free(frame);
}

TEST_F(FrameAllocatorTest, the_counts_stay_right_when_another_processor_frees)
{
    PhysAddr frame = *frames().allocate(FrameKind::Anonymous);
    host::machine().processor = 1;
    frames().free(frame);
    EXPECT_EQ(frames().count(FrameKind::Anonymous), 0u);
    EXPECT_EQ(frames().free_count(), 16 * MiB);
    frames().audit();
}

TEST_F(FrameAllocatorTest, only_the_last_drop_frees)
{
    PhysAddr frame = *frames().allocate(FrameKind::Anonymous);
    frames().share(frame);
    frames().share(frame);
    EXPECT_EQ(descriptor(frame).references.load(), 3u);
    frames().drop(frame);
    frames().drop(frame);
    EXPECT_EQ(frames().count(FrameKind::Anonymous), 1u);
    frames().drop(frame);
    EXPECT_EQ(frames().count(FrameKind::Anonymous), 0u);
}

TEST_F(FrameAllocatorTest, a_zeroed_frame_is_zero_whoever_had_it_before)
{
    PhysAddr frame = *frames().allocate(FrameKind::Anonymous);
    static_cast<uint8_t *>(machine::window(frame))[4095] = 1;
    frames().free(frame);
    PhysAddr table = *frames().allocate_zeroed(FrameKind::PageTable);
    EXPECT_EQ(table, frame);
    auto *bytes = static_cast<const uint8_t *>(machine::window(table));
    EXPECT_TRUE(std::all_of(bytes, bytes + PageSize, [](uint8_t byte) { return byte == 0; }));
    frames().free_zeroed(table);
}

TEST_F(FrameAllocatorTest, a_frame_returned_as_zeros_is_handed_out_without_zeroing)
{
    PhysAddr table = *frames().allocate_zeroed(FrameKind::PageTable);
    frames().free_zeroed(table);
    auto zeroed_before = host::machine().calls.zero_frame;
    EXPECT_EQ(*frames().allocate_zeroed(FrameKind::PageTable), table);
    EXPECT_EQ(host::machine().calls.zero_frame, zeroed_before);
    frames().free_zeroed(table);
}

TEST_F(FrameAllocatorTest, zeroed_frames_serve_others_when_nothing_else_is_left)
{
    PhysAddr table = *frames().allocate_zeroed(FrameKind::PageTable);
    auto taken = take_all(FrameKind::Anonymous);
    frames().free_zeroed(table);
    EXPECT_EQ(frames().free_count(), 1u);
    EXPECT_EQ(*frames().allocate(FrameKind::File), table);
    frames().free(table);
    for (PhysAddr frame : taken) frames().free(frame);
}

TEST_F(FrameAllocatorTest, used_frames_are_counted_and_never_handed_out)
{
    host::machine().reset_without_frames({{256, 4096}});
    frames().add_used(256, 100, FrameKind::Reserved);
    frames().add_free(356, 3900);
    frames().add_used(4256, 96, FrameKind::Archive);
    EXPECT_EQ(frames().total(), 4096u);
    EXPECT_EQ(frames().count(FrameKind::Reserved), 100u);
    EXPECT_EQ(frames().count(FrameKind::Archive), 96u);
    auto taken = take_all(FrameKind::Anonymous);
    EXPECT_EQ(taken.size(), 3900u);
    for (PhysAddr frame : taken) {
        EXPECT_TRUE(356 <= frame.page() && frame.page() < 4256);
        frames().free(frame);
    }
}

TEST_F(FrameAllocatorTest, every_frame_of_ram_has_a_number_among_them)
{
    host::machine().reset({{256, 100}, {1000, 1}, {5000, 300}});
    uint64_t n = 0;
    frames().for_each_frame([&](PhysAddr frame, const Frame &) {
        EXPECT_EQ(frames().frame_of_ram(n), frame.page());
        n++;
    });
    EXPECT_EQ(n, frames().total());
    EXPECT_FAILURE(frames().frame_of_ram(n), "behind the end of RAM");
}

TEST_F(FrameAllocatorTest, ranges_may_come_in_any_order_and_touch)
{
    host::machine().reset_without_frames({{0, 4096}});
    frames().add_free(3072, 1024);
    frames().add_free(0, 1000);
    frames().add_free(2048, 1024);
    frames().add_free(1000, 1048);
    EXPECT_EQ(frames().total(), 4096u);
    frames().audit();
    std::vector<PhysAddr> blocks;
    while (auto block = frames().allocate_block(FrameKind::Anonymous, MaxOrder)) blocks.push_back(*block);
    EXPECT_EQ(blocks.size(), 4u);
    for (PhysAddr block : blocks) frames().free_block(block, MaxOrder);
}

TEST_F(FrameAllocatorTest, overlapping_ranges_are_refused)
{
    EXPECT_FAILURE(frames().add_free(300, 10), "overlap");
    EXPECT_FAILURE(frames().add_used(250, 10, FrameKind::Reserved), "overlap");
}

TEST_F(FrameAllocatorTest, injected_failures_come_when_told_and_stop)
{
    frames().fail_allocations(2, 2);
    PhysAddr a = *frames().allocate(FrameKind::Anonymous),
             b = *frames().allocate_zeroed(FrameKind::PageTable);
    EXPECT_EQ(frames().allocate(FrameKind::Anonymous).error(), Errno::NoMemory);
    EXPECT_EQ(frames().allocate_block(FrameKind::Anonymous, 2).error(), Errno::NoMemory);
    PhysAddr c = *frames().allocate(FrameKind::Anonymous);
    for (PhysAddr frame : {a, b, c}) frames().free(frame);
}

// ---- What the checked build catches

TEST_F(FrameAllocatorTest, writing_to_a_freed_frame_is_found_when_it_is_handed_out_again)
{
    PhysAddr frame = *frames().allocate(FrameKind::Anonymous);
    frames().free(frame);
    auto &word = static_cast<uint64_t *>(machine::window(frame))[17];
    uint64_t poison = word;
    word++;
    EXPECT_FAILURE(frames().audit(), "written to after it was freed");
    EXPECT_FAILURE((void)frames().allocate(FrameKind::File), "written to after it was freed");
    host::machine().reset();
    EXPECT_NE(poison, 0u);
}

TEST_F(FrameAllocatorTest, writing_to_a_freed_page_table_is_found)
{
    PhysAddr table = *frames().allocate_zeroed(FrameKind::PageTable);
    frames().free_zeroed(table);
    static_cast<uint64_t *>(machine::window(table))[511] = 1;
    EXPECT_FAILURE(frames().audit(), "all zeros");
    host::machine().reset();
}

TEST_F(FrameAllocatorTest, a_frame_that_is_not_zero_cannot_be_returned_as_zeros)
{
    PhysAddr table = *frames().allocate_zeroed(FrameKind::PageTable);
    static_cast<uint64_t *>(machine::window(table))[3] = 1;
    EXPECT_FAILURE(frames().free_zeroed(table), "all zeros");
    frames().free(table);
}

TEST_F(FrameAllocatorTest, freeing_twice_is_found)
{
    PhysAddr frame = *frames().allocate(FrameKind::Anonymous);
    frames().free(frame);
    EXPECT_FAILURE(frames().free(frame), "freed twice");
}

TEST_F(FrameAllocatorTest, freeing_what_others_use_is_found)
{
    PhysAddr frame = *frames().allocate(FrameKind::Anonymous);
    frames().share(frame);
    EXPECT_FAILURE(frames().free(frame), "others still use");
    frames().drop(frame);
    frames().drop(frame);
}

TEST_F(FrameAllocatorTest, freeing_a_block_with_another_size_is_found)
{
    PhysAddr block = *frames().allocate_block(FrameKind::KernelHeap, 4);
    EXPECT_FAILURE(frames().free_block(block, 3), "another size");
    frames().free_block(block, 4);
}

// The kernel takes from the reserve and gives back all the time while programs wait for memory.
TEST_F(FrameAllocatorTest, no_page_gets_a_frame_of_the_reserve)
{
    for (uint64_t reserve : {5, 24, 64, 500}) {
        frames().set_watermarks(reserve, reserve);
        auto pages = take_all(FrameKind::Anonymous);
        EXPECT_EQ(frames().free_count(), reserve);
        for (int i = 0; i < 1000; i++) {
            PhysAddr one = *frames().allocate(FrameKind::KernelHeap);
            PhysAddr other = *frames().allocate(FrameKind::KernelHeap);
            frames().free(one);
            EXPECT_FALSE(frames().has_for_pages());
            EXPECT_FALSE(frames().allocate(FrameKind::File));
            frames().free(other);
            EXPECT_FALSE(frames().allocate(FrameKind::Anonymous));
        }
        EXPECT_EQ(frames().free_count(), reserve);
        frames().free(pages.back());
        pages.back() = *frames().allocate(FrameKind::Anonymous); // that one was not the reserve's
        for (PhysAddr page : pages) frames().free(page);
        EXPECT_EQ(frames().free_count(), frames().total());
        frames().audit();
    }
    frames().set_watermarks(0, 0);
}

TEST_F(FrameAllocatorTest, the_audit_finds_a_lost_frame_and_a_wrong_kind)
{
    PhysAddr frame = *frames().allocate(FrameKind::Anonymous);
    descriptor(frame).kind = FrameKind::Free;
    EXPECT_FAILURE(frames().audit(), "lost");
    descriptor(frame).kind = FrameKind::File;
    EXPECT_FAILURE(frames().audit(), "disagree with their descriptors");
    descriptor(frame).kind = FrameKind::Anonymous;
    frames().free(frame);
}

// ---- Against a bitmap: what is handed out was free, is aligned, and lies in RAM; no memory is said only
// when there is none.

namespace {

struct Layout {
    const char *name;
    std::vector<RamRange> ram;
    int steps;
};

class FrameProperties : public ::testing::TestWithParam<Layout> {
protected:
    struct Block {
        PhysAddr address;
        unsigned order;
    };

    bool is_free(uint64_t frame) const
    {
        for (const RamRange &range : GetParam().ram) {
            if (frame - range.first < range.count) return !used_.contains(frame);
        }
        return false;
    }
    // Whether an aligned free run of 2^order frames exists.
    bool has_room(unsigned order) const
    {
        uint64_t size = uint64_t{1} << order;
        for (const RamRange &range : GetParam().ram) {
            for (uint64_t block = (range.first + size - 1) / size * size;
                 block + size <= range.first + range.count; block += size) {
                uint64_t i = 0;
                while (i < size && is_free(block + i)) i++;
                if (i == size) return true;
            }
        }
        return false;
    }
    void take(unsigned order, bool zeroed)
    {
        auto kind = static_cast<FrameKind>(random_.between(3, 6));
        auto block = zeroed ? frames().allocate_zeroed(kind) : frames().allocate_block(kind, order);
        if (!block) {
            EXPECT_FALSE(has_room(order)) << "order " << order;
            return;
        }
        uint64_t size = uint64_t{1} << order;
        ASSERT_EQ(block->page() % size, 0u);
        for (uint64_t i = 0; i < size; i++) {
            ASSERT_TRUE(is_free(block->page() + i))
                << "frame " << block->page() + i << " was handed out twice";
            used_.insert(block->page() + i);
        }
        blocks_.push_back({*block, order});
    }
    void give_back(size_t which)
    {
        Block block = blocks_[which];
        blocks_[which] = blocks_.back();
        blocks_.pop_back();
        for (uint64_t i = 0; i < uint64_t{1} << block.order; i++) used_.erase(block.address.page() + i);
        bool zeros = block.order == 0 && random_.one_in(4);
        if (zeros) machine::zero_frame(block.address);
        if (zeros)
            frames().free_zeroed(block.address);
        else
            frames().free_block(block.address, block.order);
    }

    host::Random random_;
    std::set<uint64_t> used_;
    std::vector<Block> blocks_;
};

} // namespace

TEST_P(FrameProperties, nothing_overlaps_and_all_comes_back)
{
    host::machine().reset(GetParam().ram);
    uint64_t total = frames().total();
    bool small = total <= 64 * MiB;
    for (int step = 0; step < GetParam().steps; step++) {
        // Phases of filling and of emptying, so that both ends are reached.
        bool filling = step / 500 % 2 == 0;
        if (blocks_.empty() || random_.below(10) < (filling ? 7 : 3)) {
            unsigned order = random_.one_in(3) ? static_cast<unsigned>(random_.below(MaxOrder + 1)) : 0;
            take(order, order == 0 && random_.one_in(4));
        } else {
            give_back(random_.below(blocks_.size()));
        }
        if (HasFatalFailure()) return;
        if (random_.one_in(100)) frames().drain();
        EXPECT_EQ(frames().free_count(), total - used_.size());
        if (small && random_.one_in(50)) frames().audit();
    }
    frames().audit();
    while (!blocks_.empty()) give_back(random_.below(blocks_.size()));
    frames().drain();
    EXPECT_EQ(frames().free_count(), total);
    uint64_t blocks = 0;
    while (frames().allocate_block(FrameKind::KernelHeap, MaxOrder)) blocks++;
    EXPECT_EQ(blocks, blocks_in(GetParam().ram, MaxOrder)) << "not everything has merged again";
    frames().audit();
}

TEST_P(FrameProperties, processors_share_what_there_is)
{
    host::machine().reset(GetParam().ram);
    std::map<PhysAddr, FrameKind> taken;
    FrameCounts counts{};
    for (int step = 0; step < GetParam().steps; step++) {
        host::machine().processor = static_cast<unsigned>(random_.below(machine::MaxProcessors));
        if (taken.empty() || random_.below(5) < 3) {
            auto kind = static_cast<FrameKind>(random_.between(3, 6));
            auto frame = frames().allocate(kind);
            if (!frame) continue;
            EXPECT_TRUE(taken.emplace(*frame, kind).second) << "handed out twice";
            counts[static_cast<size_t>(kind)]++;
        } else {
            auto any = taken.lower_bound(PhysAddr::of_page(random_.below(frames().end_of_ram())));
            if (any == taken.end()) any = taken.begin();
            counts[static_cast<size_t>(any->second)]--;
            frames().free(any->first);
            taken.erase(any);
        }
        counts[0] = frames().total() - taken.size();
        EXPECT_EQ(frames().counts(), counts);
    }
    frames().audit();
    for (auto [frame, kind] : taken) frames().free(frame);
    frames().drain();
    frames().audit();
    EXPECT_EQ(frames().free_count(), frames().total());
}

INSTANTIATE_TEST_SUITE_P(
    Memory, FrameProperties,
    ::testing::Values(
        Layout{"four_frames", {{1030, 4}}, 5000},
        Layout{"one_mib_at_odd_places", {{1023, 3}, {1027, 250}}, 5000},
        Layout{"sixteen_mib_as_a_pc_has_it", {{0, 159}, {256, 16 * MiB - 256 - 32}}, 20000},
        Layout{"eight_gib_with_the_pci_hole", {{1, 158}, {256, 3 * GiB - 256}, {4 * GiB, 5 * GiB}}, 2000},
        Layout{"sixty_four_gib_with_holes",
               {{1, 158}, {256, 3 * GiB - 300}, {4 * GiB, 20 * GiB + 777}, {25 * GiB + 5, 41 * GiB - 5}},
               2000}),
    [](const auto &info) { return info.param.name; });
