// The rules of user/heap/free_list_heap.hpp, one by one, and 100,000 random steps beside a plain model.
#include "tests/host/heap_world.hpp"
#include "tests/host/random.hpp"
#include "user/heap/break_room.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <map>

using heap::FreeListHeap;
using heap::Policy;
using host::ArrayRoom;

namespace {

// A heap in an array; places are counted from the start of the room.
class FreeListHeapTest : public ::testing::TestWithParam<Policy> {
protected:
    explicit FreeListHeapTest(Policy policy = Policy::first_fit, std::size_t limit = 1024,
                              std::size_t granule = 16)
        : room(limit, granule), heap(room, policy)
    {}
    void TearDown() override { EXPECT_STREQ(heap.audit(), nullptr); }

    // A block whose piece has `size` bytes.
    void *piece(std::size_t size) { return heap.allocate(size - FreeListHeap::header_size); }
    std::size_t place(void *contents)
    {
        return static_cast<std::size_t>(static_cast<std::byte *>(contents) - room.start()) -
               FreeListHeap::header_size;
    }
    std::vector<host::HeapModel::Piece> pieces()
    {
        std::vector<host::HeapModel::Piece> found;
        for (auto piece = heap.first_piece(); piece.size != 0; piece = heap.piece_after(piece))
            found.push_back({static_cast<std::size_t>(piece.start - room.start()), piece.size, piece.used});
        return found;
    }

    // Blocks of 64 bytes between holes of these sizes, the last hole at the end; `blocks` are what is in use.
    void make_holes(std::initializer_list<std::size_t> sizes)
    {
        std::vector<void *> holes;
        for (const std::size_t size : sizes) {
            blocks.push_back(piece(64));
            holes.push_back(piece(size));
        }
        ASSERT_EQ(heap.allocate(0), nullptr) << "the test's room is not full";
        for (void *hole : holes) ASSERT_TRUE(heap.free(hole));
    }

    ArrayRoom room;
    FreeListHeap heap;
    std::vector<void *> blocks;
};

class FirstFitTest : public FreeListHeapTest {
protected:
    FirstFitTest() : FreeListHeapTest(Policy::first_fit, 672) {}
};
class NextFitTest : public FreeListHeapTest {
protected:
    NextFitTest() : FreeListHeapTest(Policy::next_fit, 672) {}
};
class BestFitTest : public FreeListHeapTest {
protected:
    BestFitTest() : FreeListHeapTest(Policy::best_fit, 672) {}
};

} // namespace

TEST_F(FreeListHeapTest, takes_no_memory_before_the_first_request)
{
    EXPECT_EQ(room.used(), 0u);
    EXPECT_EQ(heap.first_piece().size, 0u);
    EXPECT_EQ(heap.figures().total, 0u);
}

TEST_F(FreeListHeapTest, blocks_are_aligned_and_as_large_as_asked)
{
    for (std::size_t bytes : {0, 1, 16, 17, 100}) {
        auto *block = static_cast<std::byte *>(heap.allocate(bytes));
        ASSERT_NE(block, nullptr);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % 16, 0u);
        EXPECT_GE(heap.piece_of(block).size, bytes + FreeListHeap::header_size);
        std::memset(block, 0xff, bytes);
        EXPECT_STREQ(heap.audit(), nullptr);
    }
}

TEST_F(FreeListHeapTest, what_does_not_fit_is_refused_and_changes_nothing)
{
    void *block = piece(512);
    const auto before = pieces();
    EXPECT_EQ(piece(1024 - 512 + 16), nullptr);
    EXPECT_EQ(heap.allocate(SIZE_MAX), nullptr);
    EXPECT_EQ(heap.allocate(SIZE_MAX - 31), nullptr);
    EXPECT_EQ(heap.allocate(SIZE_MAX - 32), nullptr);
    EXPECT_EQ(pieces(), before);
    EXPECT_NE(piece(1024 - 512), nullptr);
    EXPECT_TRUE(heap.free(block));
}

TEST_F(FreeListHeapTest, a_hole_at_the_end_counts_when_the_room_grows)
{
    piece(64);
    void *last = piece(128);
    heap.free(last);
    EXPECT_EQ(place(piece(160)), 64u);
    EXPECT_EQ(room.used(), 64u + 160u);
}

TEST_F(FreeListHeapTest, a_rest_too_small_to_be_a_piece_goes_with_the_block)
{
    void *hole = piece(96);
    piece(64);
    heap.free(hole);
    void *block = piece(80);
    EXPECT_EQ(heap.piece_of(block).size, 96u);
    heap.free(block);
    EXPECT_EQ(heap.piece_of(piece(64)).size, 64u) << "a rest of 32 is a piece of its own";
}

TEST_F(FreeListHeapTest, a_freed_block_becomes_one_with_the_holes_beside_it)
{
    void *a = piece(64), *b = piece(64), *c = piece(64), *d = piece(64);
    piece(64);
    heap.free(a);
    heap.free(c);
    EXPECT_EQ(heap.figures().holes, 2u);
    heap.free(d); // one below
    EXPECT_EQ(heap.figures().holes, 2u);
    heap.free(b); // one on each side
    EXPECT_EQ(heap.figures().holes, 1u);
    EXPECT_EQ(heap.figures().largest_hole, 256u);
    void *first = piece(64), *second = piece(64);
    heap.free(second); // one above
    EXPECT_EQ(heap.figures().holes, 1u);
    EXPECT_EQ(place(first), 0u);
}

TEST_F(FreeListHeapTest, what_is_not_a_block_in_use_is_refused)
{
    void *a = piece(64), *b = piece(64);
    piece(64);
    EXPECT_TRUE(heap.free(nullptr));
    EXPECT_TRUE(heap.free(a));
    EXPECT_FALSE(heap.free(a)) << "freed twice";
    EXPECT_TRUE(heap.free(b));
    EXPECT_FALSE(heap.free(b)) << "freed twice, a part of a larger hole by now";
    int elsewhere = 0;
    EXPECT_FALSE(heap.free(&elsewhere));
    EXPECT_FALSE(heap.free(static_cast<std::byte *>(a) + 1));
    EXPECT_FALSE(heap.free(room.start()));
    EXPECT_EQ(heap.figures().holes, 1u);
}

TEST_F(FreeListHeapTest, figures_are_what_they_are_said_to_be)
{
    void *a = piece(128);
    piece(64);
    void *c = piece(64);
    piece(256);
    heap.free(a);
    heap.free(c);
    const auto figures = heap.figures();
    EXPECT_EQ(figures.total, 512u);
    EXPECT_EQ(figures.used, 320u);
    EXPECT_EQ(figures.blocks, 2u);
    EXPECT_EQ(figures.holes, 2u);
    EXPECT_EQ(figures.free, 192u);
    EXPECT_EQ(figures.largest_hole, 128u);
    EXPECT_DOUBLE_EQ(figures.utilisation(), 320.0 / 512);
    EXPECT_DOUBLE_EQ(figures.fragmentation(), 1 - 128.0 / 192);
}

TEST_F(FreeListHeapTest, sliding_exchanges_a_block_and_the_hole_below_it)
{
    void *a = piece(64), *b = piece(128), *c = piece(64);
    std::memset(b, 7, 112);
    EXPECT_EQ(heap.slide_down(b), b) << "no hole below";
    heap.free(a);
    EXPECT_EQ(heap.slide_down(c), c) << "no hole directly below";
    void *moved = heap.slide_down(b);
    EXPECT_EQ(place(moved), 0u);
    for (std::size_t at = 0; at < 112; ++at) EXPECT_EQ(static_cast<std::byte *>(moved)[at], std::byte{7});
    const std::vector<host::HeapModel::Piece> expected{{0, 128, true}, {128, 64, false}, {192, 64, true}};
    EXPECT_EQ(pieces(), expected);
}

TEST_F(FreeListHeapTest, audit_sees_a_header_that_was_written_over)
{
    void *a = piece(64), *b = piece(64);
    std::byte kept[FreeListHeap::header_size];
    std::memcpy(kept, static_cast<std::byte *>(b) - sizeof kept, sizeof kept);
    std::memset(a, 0xee, 64); // 16 bytes too many
    EXPECT_NE(heap.audit(), nullptr);
    std::memcpy(static_cast<std::byte *>(b) - sizeof kept, kept, sizeof kept);
}

TEST_F(FirstFitTest, takes_the_lowest_hole_that_is_large_enough)
{
    make_holes({64, 160, 96, 96});
    const std::size_t looked = heap.holes_looked_at();
    EXPECT_EQ(place(piece(96)), 192u); // the hole of 160
    EXPECT_EQ(heap.holes_looked_at(), looked + 2);
    EXPECT_EQ(place(piece(64)), 64u);
}

TEST_F(BestFitTest, takes_the_smallest_hole_and_of_equal_ones_the_lowest)
{
    make_holes({64, 160, 96, 96});
    const std::size_t looked = heap.holes_looked_at();
    EXPECT_EQ(place(piece(80)), 64u + 64 + 64 + 160 + 64);
    EXPECT_EQ(heap.holes_looked_at(), looked + 4) << "best fit has to look at all";
    EXPECT_EQ(place(piece(128)), 192u);
}

TEST_F(NextFitTest, goes_on_where_the_last_block_ended_and_around)
{
    make_holes({64, 160, 96, 96});
    EXPECT_EQ(place(piece(64)), 64u) << "the last block ended at the end: around";
    EXPECT_EQ(place(piece(64)), 192u);
    EXPECT_EQ(place(piece(64)), 256u) << "the rest of the hole of 160";
    EXPECT_EQ(place(piece(96)), 192u + 160 + 64);
    EXPECT_EQ(place(piece(32)), 192u + 160 + 64 + 96 + 64) << "not the rest of 32 below";
    heap.free(blocks[0]);
    EXPECT_EQ(place(piece(64)), 192u + 160 + 64 + 96 + 64 + 32) << "not the hole below";
    EXPECT_EQ(place(piece(64)), 0u) << "around";
}

TEST_F(NextFitTest, a_hole_that_reaches_across_the_place_is_above_it)
{
    make_holes({64, 160, 96, 96});
    void *block = piece(64);
    void *in_second = piece(64);
    heap.free(block);
    heap.free(in_second); // the hole of 160 again; the last block ended within it
    EXPECT_EQ(place(piece(32)), 192u) << "not the hole of 64 below";
}

TEST(BreakRoomTest, takes_the_whole_room_once_and_gives_it_back)
{
    void *const before = sbrk(0);
    {
        heap::BreakRoom room(65536);
        EXPECT_TRUE(room.extend(65536 + 16).empty());
        EXPECT_EQ(sbrk(0), before);
        const auto bytes = room.extend(32);
        ASSERT_EQ(bytes.size(), 65536u);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(bytes.data()) % 16, 0u);
        EXPECT_EQ(sbrk(0), bytes.data() + bytes.size());
        EXPECT_TRUE(room.extend(16).empty());
    }
    EXPECT_LE(sbrk(0), static_cast<std::byte *>(before) + 15);
}

namespace {

class RandomHeapTest : public FreeListHeapTest {
protected:
    static constexpr std::size_t limit = 16384, granule = 256;
    RandomHeapTest() : FreeListHeapTest(GetParam(), limit, granule), model(GetParam(), limit, granule) {}

    void *in_use()
    {
        return std::next(contents.begin(), static_cast<std::ptrdiff_t>(random.below(contents.size())))->first;
    }
    void check(void *block, const std::string &expected)
    {
        ASSERT_EQ(std::memcmp(block, expected.data(), expected.size()), 0) << "contents have changed";
    }

    void allocate()
    {
        const std::size_t bytes = random.one_in(20) ? random.below(4000) : random.below(200);
        void *block = heap.allocate(bytes);
        const auto expected = model.allocate(bytes);
        ASSERT_EQ(block != nullptr, expected.has_value());
        if (block == nullptr) return;
        ASSERT_EQ(place(block), *expected);
        std::string pattern(bytes, '\0');
        for (char &byte : pattern) byte = static_cast<char>(random.bits());
        std::memcpy(block, pattern.data(), bytes);
        ASSERT_TRUE(contents.emplace(block, pattern).second);
    }
    void free()
    {
        void *block = in_use();
        check(block, contents[block]);
        model.free(place(block));
        ASSERT_TRUE(heap.free(block));
        ASSERT_FALSE(heap.free(block));
        contents.erase(block);
    }
    void slide()
    {
        void *block = in_use();
        const std::size_t expected = model.slide_down(place(block));
        void *moved = heap.slide_down(block);
        ASSERT_EQ(place(moved), expected);
        auto node = contents.extract(block);
        node.key() = moved;
        check(moved, node.mapped());
        contents.insert(std::move(node));
    }

    host::HeapModel model;
    host::Random random;
    std::map<void *, std::string> contents;
};

} // namespace

TEST_P(RandomHeapTest, every_step_is_the_models)
{
    for (int step = 0; step < 100'000; ++step) {
        SCOPED_TRACE("step " + std::to_string(step));
        // Ebb and flow, so that it is nearly full at times and nearly empty at others.
        const std::size_t of_100 = step / 1000 % 2 == 0 ? 60 : 40;
        const std::size_t what = random.below(100);
        if (what < of_100 || contents.empty())
            allocate();
        else if (what < 97)
            free();
        else
            slide();
        ASSERT_STREQ(heap.audit(), nullptr);
        ASSERT_EQ(pieces(), model.pieces());
        if (HasFatalFailure()) return;
    }
    for (const auto &[block, pattern] : contents) check(block, pattern);
    EXPECT_EQ(room.used(), limit) << "the room was never full";
}

INSTANTIATE_TEST_SUITE_P(Policies, RandomHeapTest,
                         ::testing::Values(Policy::first_fit, Policy::next_fit, Policy::best_fit),
                         [](const auto &policy) {
                             return policy.param == Policy::first_fit  ? "first_fit"
                                    : policy.param == Policy::next_fit ? "next_fit"
                                                                       : "best_fit";
                         });
