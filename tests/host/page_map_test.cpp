// PageMap: the sparse map from page index to frame number.
#include "mm/page_map.hpp"
#include "tests/host/random.hpp"
#include "tests/host/test.hpp"

#include <map>
#include <memory>

using namespace mm;

namespace {

class PageMapTest : public host::MachineTest {
protected:
    void TearDown() override
    {
        empty();
        EXPECT_EQ(heap_bytes(), 0u) << "a node was not returned";
        MachineTest::TearDown();
    }
    void empty()
    {
        for (auto page = map_.next(0); page.frame != NoFrame; page = map_.next(page.index))
            map_.remove(page.index);
    }
    std::unique_ptr<PageMap> owned_ = std::make_unique<PageMap>();
    PageMap &map_ = *owned_;
};

} // namespace

TEST_F(PageMapTest, what_was_entered_is_found_and_nothing_else)
{
    ASSERT_TRUE(map_.insert(5, 42));
    EXPECT_EQ(map_.find(5), 42u);
    for (uint64_t absent :
         {uint64_t{0}, uint64_t{4}, uint64_t{6}, uint64_t{21}, uint64_t{5} << 32, UINT64_MAX})
        EXPECT_EQ(map_.find(absent), NoFrame);
    EXPECT_EQ(map_.size(), 1u);
    EXPECT_EQ(map_.remove(5), 42u);
    EXPECT_EQ(map_.find(5), NoFrame);
    EXPECT_EQ(map_.remove(5), NoFrame);
}

TEST_F(PageMapTest, frame_zero_and_the_ends_of_the_range_are_as_good_as_others)
{
    ASSERT_TRUE(map_.insert(UINT64_MAX, 0));
    ASSERT_TRUE(map_.insert(0, NoFrame - 1));
    map_.audit();
    EXPECT_EQ(map_.find(UINT64_MAX), 0u);
    EXPECT_EQ(map_.find(0), NoFrame - 1);
    EXPECT_EQ(map_.next(1).index, UINT64_MAX);
    map_.remove(UINT64_MAX); // (iteration by index + 1 cannot go beyond it)
}

TEST_F(PageMapTest, pages_come_in_order)
{
    std::vector<uint64_t> indices = {0, 1, 15, 16, 17, 255, 256, 4096, 1 << 20, uint64_t{1} << 40};
    for (auto index = indices.rbegin(); index != indices.rend(); ++index) ASSERT_TRUE(map_.insert(*index, 1));
    std::vector<uint64_t> seen;
    for (auto page = map_.next(0); page.frame != NoFrame; page = map_.next(page.index + 1))
        seen.push_back(page.index);
    EXPECT_EQ(seen, indices);
    EXPECT_EQ(map_.next(18).index, 255u);
    EXPECT_EQ(map_.next((uint64_t{1} << 40) + 1).frame, NoFrame);
}

TEST_F(PageMapTest, a_page_in_each_gib_of_64_gib_costs_few_nodes)
{
    constexpr uint64_t PagesPerGiB = 1 << 18;
    for (uint32_t i = 0; i < 64; i++) ASSERT_TRUE(map_.insert(i * PagesPerGiB, i));
    map_.audit();
    EXPECT_LE(heap_bytes(), 64 * 80 + 17 * 144u); // 64 leaves, 16 + 1 inner nodes
    for (uint32_t i = 0; i < 64; i++) EXPECT_EQ(map_.find(i * PagesPerGiB), i);
}

TEST_F(PageMapTest, a_dense_file_costs_about_five_bytes_a_page)
{
    for (uint32_t i = 0; i < 4096; i++) ASSERT_TRUE(map_.insert(i, i));
    EXPECT_LE(heap_bytes(), 4096 * 6u);
}

TEST_F(PageMapTest, no_memory_changes_nothing)
{
    ASSERT_TRUE(map_.insert(0, 1));
    for (uint64_t successes : {0, 1}) {
        uint64_t bytes = heap_bytes();
        frames().fail_allocations(successes);
        EXPECT_EQ(map_.insert(1 << 20, 2).error(), Errno::NoMemory);
        EXPECT_EQ(heap_bytes(), bytes);
        EXPECT_EQ(map_.find(1 << 20), NoFrame);
        map_.audit();
    }
    EXPECT_TRUE(map_.insert(1 << 20, 2));
}

TEST_F(PageMapTest, a_page_cannot_be_entered_twice)
{
    ASSERT_TRUE(map_.insert(7, 1));
    EXPECT_FAILURE((void)map_.insert(7, 2), "entered twice");
    EXPECT_EQ(map_.find(7), 1u);
}

TEST_F(PageMapTest, a_map_with_pages_cannot_be_destroyed)
{
    EXPECT_FAILURE(
        {
            PageMap other;
            (void)other.insert(1, 1);
        },
        "still holds pages");
    host::machine().reset(); // its node is lost
}

TEST_F(PageMapTest, random_operations_agree_with_a_map)
{
    host::Random random;
    std::map<uint64_t, uint32_t> model;
    auto random_index = [&] {
        uint64_t bits = random.between(0, 63);
        return random.one_in(3) ? random.below(300) : random.bits() >> bits;
    };
    for (int step = 0; step < 100000; step++) {
        bool filling = step / 5000 % 2 == 0;
        uint64_t index = random_index();
        if (!model.empty() && random.one_in(2)) {
            auto near = model.lower_bound(index);
            if (near != model.end()) index = near->first + (random.one_in(3) ? 1 : 0);
        }
        if (random.below(10) < (filling ? 6 : 3)) {
            if (!model.contains(index)) {
                auto frame = static_cast<uint32_t>(random.below(NoFrame));
                if (random.one_in(20)) frames().fail_allocations(random.below(2));
                bool inserted = map_.insert(index, frame).ok();
                frames().fail_allocations(0, 0);
                if (inserted) model[index] = frame;
            }
        } else {
            auto expected = model.find(index);
            EXPECT_EQ(map_.remove(index), expected == model.end() ? NoFrame : expected->second);
            if (expected != model.end()) model.erase(expected);
        }
        uint64_t probe = random_index();
        auto expected = model.lower_bound(probe);
        auto found = map_.next(probe);
        if (expected == model.end())
            EXPECT_EQ(found.frame, NoFrame);
        else
            EXPECT_TRUE(found.index == expected->first && found.frame == expected->second);
        EXPECT_EQ(map_.find(probe), model.contains(probe) ? model[probe] : NoFrame);
        EXPECT_EQ(map_.size(), model.size());
        if (step % 50 == 0) map_.audit();
    }
    for (auto [index, frame] : model) EXPECT_EQ(map_.remove(index), frame);
    EXPECT_TRUE(map_.empty());
}
