// The rules of user/heap/handle_heap.hpp: handles, compaction, and contents that survive it.
#include "tests/host/heap_world.hpp"
#include "tests/host/random.hpp"
#include "user/heap/handle_heap.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <map>
#include <string>

using heap::Handle;
using heap::HandleHeap;
using heap::Policy;

namespace {

class HandleHeapTest : public ::testing::TestWithParam<Policy> {
protected:
    explicit HandleHeapTest(Policy policy = Policy::first_fit, std::size_t limit = 1024)
        : room(limit, limit), heap(room, policy, table)
    {}
    void TearDown() override { EXPECT_STREQ(heap.audit(), nullptr); }

    // A block whose piece has `size` bytes, filled with `filling`.
    Handle piece(std::size_t size, int filling)
    {
        const Handle handle = heap.allocate(size - HandleHeap::cost);
        if (handle != Handle::none) std::memset(heap.at(handle), filling, size - HandleHeap::cost);
        return handle;
    }

    std::array<HandleHeap::Entry, 64> table;
    host::ArrayRoom room;
    HandleHeap heap;
};

} // namespace

TEST_F(HandleHeapTest, a_handle_is_the_lowest_unused_one)
{
    const Handle a = piece(64, 1), b = piece(64, 2);
    EXPECT_EQ(a, Handle{0});
    EXPECT_EQ(b, Handle{1});
    EXPECT_TRUE(heap.free(a));
    EXPECT_EQ(piece(64, 3), a);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(heap.at(a)) % 16, 0u);
}

TEST_F(HandleHeapTest, what_is_no_block_is_refused)
{
    const Handle a = piece(64, 1);
    EXPECT_TRUE(heap.free(a));
    EXPECT_FALSE(heap.free(a));
    EXPECT_FALSE(heap.free(Handle::none));
    EXPECT_FALSE(heap.free(Handle{64}));
    EXPECT_EQ(heap.at(a), nullptr);
    EXPECT_EQ(heap.at(Handle::none), nullptr);
}

TEST_F(HandleHeapTest, no_handle_or_no_memory_is_none)
{
    EXPECT_EQ(heap.allocate(2000), Handle::none);
    EXPECT_EQ(heap.allocate(SIZE_MAX), Handle::none);
    std::array<HandleHeap::Entry, 2> few;
    host::ArrayRoom other(1024);
    HandleHeap small(other, Policy::first_fit, few);
    small.allocate(0);
    small.allocate(0);
    EXPECT_EQ(small.allocate(0), Handle::none);
}

TEST_F(HandleHeapTest, what_fails_in_many_holes_works_after_tidying)
{
    std::array<Handle, 8> blocks;
    for (int index = 0; index < 8; ++index) blocks[static_cast<std::size_t>(index)] = piece(128, index);
    for (std::size_t index : {1, 3, 5}) heap.free(blocks[index]);
    EXPECT_EQ(heap.pieces().figures().free, 3u * 128);
    EXPECT_EQ(piece(3 * 128, 9), Handle::none);

    EXPECT_EQ(heap.tidy(), 4u * 128) << "blocks 2, 4, 6 and 7 had a hole below them";
    EXPECT_EQ(heap.pieces().figures().holes, 1u);
    EXPECT_EQ(heap.pieces().figures().largest_hole, 3u * 128);
    EXPECT_STREQ(heap.audit(), nullptr);
    for (std::size_t index : {0, 2, 4, 6, 7})
        for (std::size_t at = 0; at < 128 - HandleHeap::cost; ++at)
            ASSERT_EQ(heap.at(blocks[index])[at], std::byte(index));
    EXPECT_EQ(heap.tidy(), 0u);
    EXPECT_NE(piece(3 * 128, 9), Handle::none);
}

TEST_F(HandleHeapTest, audit_sees_a_handle_that_was_written_over)
{
    const Handle a = piece(64, 1);
    std::byte *const prefix = heap.at(a) - 16;
    prefix[0] = std::byte{5};
    EXPECT_NE(heap.audit(), nullptr);
    prefix[0] = std::byte{0};
}

namespace {

class RandomHandleHeapTest : public HandleHeapTest {
protected:
    RandomHandleHeapTest() : HandleHeapTest(GetParam(), 8192) {}

    void check_order_and_contents(const std::map<Handle, std::string> &contents)
    {
        for (const auto &[handle, pattern] : contents) {
            ASSERT_NE(heap.at(handle), nullptr);
            ASSERT_EQ(std::memcmp(heap.at(handle), pattern.data(), pattern.size()), 0);
        }
    }
    // The handles by rising address.
    std::vector<Handle> order()
    {
        std::vector<Handle> handles;
        for (auto piece = heap.pieces().first_piece(); piece.size != 0;
             piece = heap.pieces().piece_after(piece))
            if (piece.used) handles.push_back(HandleHeap::handle_of(piece));
        return handles;
    }
    host::Random random;
};

} // namespace

TEST_P(RandomHandleHeapTest, contents_and_order_survive_100000_steps_with_compaction)
{
    std::map<Handle, std::string> contents;
    std::size_t copied = 0;
    for (int step = 0; step < 100'000; ++step) {
        SCOPED_TRACE("step " + std::to_string(step));
        if (random.one_in(50)) {
            const auto before = order();
            const auto figures = heap.pieces().figures();
            copied += heap.tidy();
            ASSERT_EQ(order(), before);
            const auto after = heap.pieces().figures();
            ASSERT_EQ(after.used, figures.used);
            ASSERT_EQ(after.free, figures.free);
            ASSERT_EQ(after.largest_hole, figures.free) << "one hole";
            check_order_and_contents(contents);
        } else if (random.below(100) < 55 || contents.empty()) {
            std::string pattern(random.below(300), '\0');
            for (char &byte : pattern) byte = static_cast<char>(random.bits());
            const Handle handle = heap.allocate(pattern.size());
            if (handle != Handle::none) {
                std::memcpy(heap.at(handle), pattern.data(), pattern.size());
                ASSERT_TRUE(contents.emplace(handle, pattern).second);
            }
        } else {
            const auto block =
                std::next(contents.begin(), static_cast<std::ptrdiff_t>(random.below(contents.size())));
            ASSERT_EQ(std::memcmp(heap.at(block->first), block->second.data(), block->second.size()), 0);
            ASSERT_TRUE(heap.free(block->first));
            contents.erase(block);
        }
        ASSERT_STREQ(heap.audit(), nullptr);
    }
    check_order_and_contents(contents);
    EXPECT_GT(copied, 1'000'000u) << "hardly anything was moved";
}

INSTANTIATE_TEST_SUITE_P(Policies, RandomHandleHeapTest,
                         ::testing::Values(Policy::first_fit, Policy::next_fit, Policy::best_fit),
                         [](const auto &policy) {
                             return policy.param == Policy::first_fit  ? "first_fit"
                                    : policy.param == Policy::next_fit ? "next_fit"
                                                                       : "best_fit";
                         });
