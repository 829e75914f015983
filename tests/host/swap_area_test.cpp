// The slots of a swap area: runs, users, bad slots, and what they cost.
#include "mm/swap_area.hpp"
#include "tests/host/random.hpp"
#include "tests/host/space.hpp"

#include <algorithm>
#include <vector>

using namespace mm;
using SlotRun = SwapArea::Run;

namespace {

SwapHeader header_of(uint32_t last_page, const std::vector<uint32_t> &bad = {})
{
    SwapHeader header;
    header.last_page = last_page;
    header.bad_count = static_cast<uint32_t>(bad.size());
    std::copy(bad.begin(), bad.end(), header.bad.begin());
    return header;
}

class SwapAreaTest : public host::MachineTest {
protected:
    void TearDown() override
    {
        if (area_ != nullptr) {
            area_->audit();
            for (uint32_t at = area_->next_in_use(0); at < area_->end(); at = area_->next_in_use(at + 1))
                while (area_->drop(at) != 0) {}
            area_->audit();
            area_->destroy();
        }
        drain_heap();
        EXPECT_EQ(frames().count(FrameKind::KernelHeap), 0u) << "an area left memory behind";
        MachineTest::TearDown();
    }
    SwapArea &make(uint32_t last_page, const std::vector<uint32_t> &bad = {})
    {
        auto made = SwapArea::create(header_of(last_page, bad));
        if (!made.ok()) throw host::Failure("no memory for the test's swap area");
        area_ = *made;
        return *area_;
    }
    // Takes all that is left, in the order in which it comes.
    std::vector<uint32_t> take_all(uint32_t wanted = 32)
    {
        std::vector<uint32_t> taken;
        for (SlotRun run = area_->allocate(wanted); run.count != 0; run = area_->allocate(wanted)) {
            EXPECT_LE(run.count, wanted);
            for (uint32_t i = 0; i < run.count; i++) taken.push_back(run.first + i);
        }
        return taken;
    }
    void drop_range(uint32_t first, uint32_t end)
    {
        for (uint32_t offset = first; offset < end; offset++) area_->drop(offset);
    }

    SwapArea *area_ = nullptr;
};

#define EXPECT_RUN(run, expected_first, expected_count)                                                      \
    do {                                                                                                     \
        SlotRun run_seen = (run);                                                                            \
        EXPECT_EQ(run_seen.first, expected_first);                                                           \
        EXPECT_EQ(run_seen.count, expected_count);                                                           \
    } while (0)

} // namespace

TEST_F(SwapAreaTest, a_new_area_is_free_but_for_the_header)
{
    SwapArea &area = make(99);
    EXPECT_EQ(area.end(), 100u);
    EXPECT_EQ(area.size(), 99u);
    EXPECT_EQ(area.free(), 99u);
    EXPECT_EQ(area.in_use(), 0u);
    EXPECT_TRUE(area.is_bad(0));
    EXPECT_FALSE(area.is_bad(1));
    EXPECT_EQ(area.next_in_use(0), 100u);
}

TEST_F(SwapAreaTest, runs_follow_one_another)
{
    SwapArea &area = make(99);
    EXPECT_RUN(area.allocate(8), 1u, 8u);
    EXPECT_RUN(area.allocate(1), 9u, 1u);
    EXPECT_RUN(area.allocate(32), 10u, 32u);
    EXPECT_EQ(area.in_use(), 41u);
    EXPECT_EQ(area.free(), 58u);
    for (uint32_t offset = 1; offset < 42; offset++) EXPECT_EQ(area.users(offset), 1u);
    EXPECT_EQ(area.users(42), 0u);
}

TEST_F(SwapAreaTest, nothing_wanted_is_nothing_given)
{
    SwapArea &area = make(99);
    EXPECT_EQ(area.allocate(0).count, 0u);
    EXPECT_EQ(area.in_use(), 0u);
}

TEST_F(SwapAreaTest, every_slot_is_handed_out_once_and_then_the_area_is_full)
{
    for (uint32_t wanted : {1, 7, 32, 100000}) {
        SwapArea &area = make(10000, {1, 4095, 4096, 5000, 10000});
        auto taken = take_all(wanted);
        EXPECT_EQ(taken.size(), 9995u);
        EXPECT_EQ(area.free(), 0u);
        std::sort(taken.begin(), taken.end());
        EXPECT_EQ(std::adjacent_find(taken.begin(), taken.end()), taken.end()) << "a slot came twice";
        EXPECT_EQ(taken.front(), 2u);
        EXPECT_EQ(taken.back(), 9999u);
        area.audit();
        EXPECT_RUN(area.allocate(1), 0u, 0u);
        for (uint32_t offset : taken) EXPECT_EQ(area.drop(offset), 0u);
        EXPECT_EQ(area.free(), 9995u);
        area.audit();
        area.destroy();
        area_ = nullptr;
    }
}

TEST_F(SwapAreaTest, a_run_goes_on_over_the_border_of_a_frame)
{
    SwapArea &area = make(10000);
    EXPECT_RUN(area.allocate(4090), 1u, 4090u);
    EXPECT_RUN(area.allocate(32), 4091u, 32u);
    for (uint32_t offset = 4091; offset < 4123; offset++) EXPECT_EQ(area.users(offset), 1u);
    area.audit();
}

TEST_F(SwapAreaTest, bad_slots_are_never_handed_out)
{
    SwapArea &area = make(99, {5, 6, 50, 99});
    EXPECT_EQ(area.size(), 95u);
    EXPECT_RUN(area.allocate(8), 7u, 8u);
    auto taken = take_all();
    EXPECT_EQ(taken.size(), 87u);
    for (uint32_t bad : {5u, 6u, 50u, 99u}) {
        EXPECT_EQ(std::count(taken.begin(), taken.end(), bad), 0);
        EXPECT_TRUE(area.is_bad(bad));
        EXPECT_EQ(area.users(bad), 0u);
    }
}

TEST_F(SwapAreaTest, next_fit_goes_on_although_there_is_room_below)
{
    SwapArea &area = make(99);
    area.allocate(20);
    drop_range(1, 21);
    EXPECT_RUN(area.allocate(8), 21u, 8u);
    area.drop(28); // the last one of all: it goes on behind where it was all the same
    EXPECT_RUN(area.allocate(8), 29u, 8u);
}

TEST_F(SwapAreaTest, next_fit_begins_again_at_the_end)
{
    SwapArea &area = make(99);
    area.allocate(90);
    drop_range(1, 11);
    EXPECT_RUN(area.allocate(9), 91u, 9u);
    EXPECT_RUN(area.allocate(4), 1u, 4u);
    EXPECT_RUN(area.allocate(4), 5u, 4u);
}

TEST_F(SwapAreaTest, a_place_with_room_for_all_is_better_than_the_nearest_hole)
{
    SwapArea &area = make(99);
    take_all(); // and it goes on at 1
    drop_range(10, 12);
    drop_range(20, 25);
    drop_range(40, 48);
    drop_range(60, 90);
    EXPECT_RUN(area.allocate(8), 40u, 8u);
    EXPECT_RUN(area.allocate(8), 60u, 8u);
    drop_range(40, 48);
    EXPECT_RUN(area.allocate(16), 68u, 16u); // 68 to 90 is free
    EXPECT_RUN(area.allocate(8), 40u, 8u);   // 84 to 90 has no room for it; round the end
}

TEST_F(SwapAreaTest, without_room_for_all_the_longest_hole_is_taken)
{
    SwapArea &area = make(99);
    take_all();
    drop_range(10, 12);
    drop_range(20, 25);
    drop_range(40, 43);
    EXPECT_RUN(area.allocate(8), 20u, 5u);
    EXPECT_RUN(area.allocate(8), 40u, 3u);
    EXPECT_RUN(area.allocate(8), 10u, 2u);
    EXPECT_RUN(area.allocate(8), 0u, 0u);
}

TEST_F(SwapAreaTest, a_hole_that_it_stands_in_the_middle_of_is_seen_whole)
{
    SwapArea &area = make(99);
    take_all();
    drop_range(10, 15);
    EXPECT_RUN(area.allocate(5), 10u, 5u); // and it goes on at 15
    drop_range(12, 18);
    EXPECT_RUN(area.allocate(6), 12u, 6u);
}

TEST_F(SwapAreaTest, a_stretch_that_is_all_free_is_found_however_far_it_is)
{
    SwapArea &area = make(64 * 4096 - 1);
    take_all(100000);
    for (uint32_t offset = 1; offset < area.end(); offset += 2) area.drop(offset); // holes of one slot
    for (uint32_t offset = 50 * 4096; offset < 51 * 4096; offset += 2) area.drop(offset);
    EXPECT_RUN(area.allocate(32), 50u * 4096, 32u);
    // … and used up before the small holes are.
    for (unsigned i = 1; i < 128; i++) EXPECT_RUN(area.allocate(32), 50 * 4096 + 32 * i, 32u);
    EXPECT_RUN(area.allocate(32), 51u * 4096 + 1, 1u);
    area.audit();
}

TEST_F(SwapAreaTest, the_last_free_slot_of_a_large_area_is_found)
{
    SwapArea &area = make(64 * 4096 + 77);
    take_all(100000);
    host::Random random;
    for (unsigned i = 0; i < 300; i++) {
        auto offset = static_cast<uint32_t>(random.between(1, area.end() - 1));
        ASSERT_EQ(area.drop(offset), 0u);
        ASSERT_EQ(area.free(), 1u);
        EXPECT_RUN(area.allocate(32), offset, 1u);
    }
}

TEST_F(SwapAreaTest, a_slot_is_free_when_its_last_user_goes)
{
    SwapArea &area = make(1);
    EXPECT_RUN(area.allocate(4), 1u, 1u);
    EXPECT_TRUE(area.share(1));
    EXPECT_TRUE(area.share(1));
    EXPECT_EQ(area.users(1), 3u);
    EXPECT_EQ(area.in_use(), 1u);
    EXPECT_EQ(area.drop(1), 2u);
    EXPECT_EQ(area.drop(1), 1u);
    EXPECT_EQ(area.allocate(4).count, 0u) << "there is a user yet";
    EXPECT_EQ(area.drop(1), 0u);
    EXPECT_EQ(area.in_use(), 0u);
    EXPECT_RUN(area.allocate(4), 1u, 1u);
}

TEST_F(SwapAreaTest, more_users_than_a_slot_can_have_are_refused)
{
    SwapArea &area = make(9);
    area.allocate(3);
    for (unsigned users = 1; users < SwapArea::MaxUsers; users++) ASSERT_TRUE(area.share(2));
    EXPECT_EQ(area.users(2), SwapArea::MaxUsers);
    EXPECT_FALSE(area.share(2));
    EXPECT_EQ(area.users(2), SwapArea::MaxUsers);
    EXPECT_EQ(area.users(1), 1u);
    EXPECT_EQ(area.users(3), 1u);
    area.audit();
    EXPECT_EQ(area.drop(2), SwapArea::MaxUsers - 1u);
    EXPECT_TRUE(area.share(2));

    // The same for one that is to become bad.
    area.mark_bad(2);
    EXPECT_FALSE(area.share(2));
    EXPECT_EQ(area.users(2), SwapArea::MaxUsers);
    EXPECT_TRUE(area.is_bad(2));
}

TEST_F(SwapAreaTest, a_free_slot_becomes_bad_at_once)
{
    SwapArea &area = make(9);
    area.mark_bad(4);
    EXPECT_TRUE(area.is_bad(4));
    EXPECT_EQ(area.size(), 8u);
    EXPECT_EQ(area.free(), 8u);
    area.mark_bad(4);
    area.mark_bad(0);
    EXPECT_EQ(area.size(), 8u);
    EXPECT_RUN(area.allocate(9), 5u, 5u);
    EXPECT_RUN(area.allocate(9), 1u, 3u);
    EXPECT_EQ(area.allocate(9).count, 0u);
}

TEST_F(SwapAreaTest, a_slot_in_use_becomes_bad_with_its_last_user)
{
    SwapArea &area = make(9);
    area.allocate(9);
    area.share(4);
    area.mark_bad(4);
    area.mark_bad(4);
    EXPECT_TRUE(area.is_bad(4));
    EXPECT_EQ(area.users(4), 2u);
    EXPECT_EQ(area.size(), 9u);
    EXPECT_EQ(area.drop(4), 1u);
    EXPECT_EQ(area.next_in_use(4), 4u);
    EXPECT_EQ(area.size(), 9u);
    EXPECT_EQ(area.drop(4), 0u);
    EXPECT_TRUE(area.is_bad(4));
    EXPECT_EQ(area.next_in_use(4), 5u);
    EXPECT_EQ(area.size(), 8u);
    EXPECT_EQ(area.in_use(), 8u);
    EXPECT_EQ(area.free(), 0u);
    EXPECT_EQ(area.allocate(1).count, 0u);
    area.audit();
}

TEST_F(SwapAreaTest, all_slots_may_become_bad)
{
    SwapArea &area = make(9);
    area.allocate(4);
    for (uint32_t offset = 1; offset < 10; offset++) area.mark_bad(offset);
    EXPECT_EQ(area.size(), 4u);
    EXPECT_EQ(area.free(), 0u);
    drop_range(1, 5);
    EXPECT_EQ(area.size(), 0u);
    EXPECT_EQ(area.allocate(1).count, 0u);
}

TEST_F(SwapAreaTest, the_slots_in_use_are_found_in_order)
{
    SwapArea &area = make(20000, {17000});
    take_all(100000);
    std::vector<uint32_t> kept = {1, 7, 8, 9, 4095, 4096, 8191, 12288, 20000}, found;
    for (uint32_t offset = 1; offset < area.end(); offset++) {
        if (!area.is_bad(offset) && !std::binary_search(kept.begin(), kept.end(), offset)) area.drop(offset);
    }
    for (uint32_t at = area.next_in_use(0); at < area.end(); at = area.next_in_use(at + 1))
        found.push_back(at);
    EXPECT_EQ(found, kept);
    EXPECT_EQ(area.next_in_use(20001), 20001u);
    EXPECT_EQ(area.next_in_use(UINT32_MAX), 20001u);
}

TEST_F(SwapAreaTest, mistakes_of_its_users_are_found)
{
    SwapArea &area = make(99, {7});
    area.allocate(2);
    EXPECT_FAILURE(area.share(3), "nobody uses");
    EXPECT_FAILURE(area.drop(3), "nobody uses");
    EXPECT_FAILURE(area.drop(7), "nobody uses");
    EXPECT_FAILURE(area.drop(0), "nobody uses");
    EXPECT_FAILURE(area.share(100), "nobody uses");
    EXPECT_FAILURE(area.users(4096), "outside of its swap area");
    EXPECT_FAILURE(area.destroy(), "slots in use");
    area.audit();
}

TEST_F(SwapAreaTest, a_failed_allocation_leaves_nothing_behind)
{
    SwapHeader header = header_of(5 * 4096);
    unsigned allocations = host::fail_each_allocation(
        [&]() -> Result<void> {
            area_ = TRY(SwapArea::create(header));
            return {};
        },
        [] {
            drain_heap();
            EXPECT_EQ(frames().count(FrameKind::KernelHeap), 0u);
        });
    EXPECT_GE(allocations, 9u) << "the area, two tables, six frames of slots";
    EXPECT_EQ(area_->size(), 5 * 4096u);
}

TEST_F(SwapAreaTest, without_memory_there_is_no_area)
{
    EXPECT_EQ(SwapArea::create(header_of((1u << 28) - 1)).error(), Errno::NoMemory);
}

// What was promised: at most 2 bytes a slot. And no allocation of more than a frame.
TEST_F(SwapAreaTest, sixteen_gibibytes_cost_little_more_than_a_byte_a_slot)
{
    constexpr uint32_t Slots = 4 << 20;
    // Free memory in single frames, no two of them neighbours.
    std::vector<PhysAddr> all;
    while (auto frame = frames().allocate(FrameKind::Anonymous)) all.push_back(*frame);
    std::sort(all.begin(), all.end());
    for (size_t i = 0; i < all.size(); i += 2) frames().free(all[i]);

    uint64_t before = frames().free_count();
    SwapArea &area = make(Slots - 1);
    uint64_t bytes = (before - frames().free_count()) * PageSize;
    EXPECT_GE(bytes, uint64_t{Slots});
    EXPECT_LE(bytes, uint64_t{Slots} * 101 / 100);
    EXPECT_EQ(area.size(), Slots - 1);
    EXPECT_RUN(area.allocate(Slots), 1u, Slots - 1);
    EXPECT_EQ(frames().count(FrameKind::KernelHeap) * PageSize, bytes) << "handing out takes memory";
    area.audit();
    drop_range(1, Slots);
    for (size_t i = 1; i < all.size(); i += 2) frames().free(all[i]);
}
