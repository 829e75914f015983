// The policy that chooses any page: pages only, all alike, and the same ones each time.
#include "mm/replacement.hpp"
#include "tests/host/test.hpp"

#include <map>
#include <set>
#include <vector>

using namespace mm;

namespace {

class NobodyUses final : public PageUse {
public:
    bool test_and_clear(uint32_t) override
    {
        asked++;
        return false;
    }
    uint64_t asked = 0;
};

// RAM in two parts with a hole between, nearly all of it pages.
class RandomPolicyTest : public host::MachineTest {
protected:
    static constexpr unsigned Ram = 500;

    void SetUp() override
    {
        host::machine().reset({{256, 200}, {5000, 300}});
        head_ = *frames().allocate(FrameKind::Reserved);
        ring_.init(number(head_));
        replacement_.choose_policy(PolicyName::Random);
    }
    void TearDown() override
    {
        for (PhysAddr frame : taken_) frames().free(frame);
        frames().free(head_);
        MachineTest::TearDown();
    }
    static uint32_t number(PhysAddr frame) { return static_cast<uint32_t>(frame.page()); }
    PhysAddr take(FrameKind kind)
    {
        taken_.push_back(*frames().allocate(kind));
        return taken_.back();
    }
    uint32_t add_page(FrameKind kind = FrameKind::Anonymous)
    {
        uint32_t page = number(take(kind));
        ring_.push_young(page);
        return page;
    }
    uint32_t choose() { return replacement_.choose(ring_, nobody_, Ram); }
    std::vector<uint32_t> choices(unsigned count)
    {
        std::vector<uint32_t> chosen;
        for (unsigned i = 0; i < count; i++) chosen.push_back(choose());
        return chosen;
    }

    PageRing ring_;
    Replacement replacement_;
    NobodyUses nobody_;
    PhysAddr head_;
    std::vector<PhysAddr> taken_;
};

} // namespace

TEST_F(RandomPolicyTest, each_page_is_chosen_about_as_often_as_any_other)
{
    std::map<uint32_t, unsigned> times;
    for (unsigned i = 0; i < 400; i++)
        times[add_page(i % 2 == 0 ? FrameKind::File : FrameKind::Anonymous)] = 0;
    replacement_.seed(20261123);
    for (uint32_t page : choices(400 * 100)) times[page]++;
    ASSERT_EQ(times.size(), 400u) << "something else was chosen";
    double chi_square = 0;
    for (auto [page, count] : times) chi_square += (count - 100.0) * (count - 100.0) / 100;
    // 399 degrees of freedom: 399 is expected, with a deviation of 28. The choices are always the same ones.
    EXPECT_GT(chi_square, 399 - 4 * 28);
    EXPECT_LT(chi_square, 399 + 4 * 28);
    EXPECT_EQ(nobody_.asked, 0u);
}

TEST_F(RandomPolicyTest, only_pages_of_the_ring_are_chosen)
{
    std::set<uint32_t> pages;
    const FrameKind others[] = {FrameKind::PageTable, FrameKind::Buffer, FrameKind::Archive,
                                FrameKind::Reserved};
    for (unsigned i = 0; i < 100; i++) {
        pages.insert(add_page());
        take(others[i % 4]);
        descriptor(take(FrameKind::Anonymous)).flags = Frame::Held; // on its way out
    }
    std::set<uint32_t> chosen;
    for (uint32_t page : choices(5000)) chosen.insert(page);
    EXPECT_EQ(chosen, pages);
}

TEST_F(RandomPolicyTest, the_same_seed_makes_the_same_choices)
{
    for (unsigned i = 0; i < 400; i++) add_page();
    replacement_.seed(6);
    auto first = choices(100);
    replacement_.seed(6);
    EXPECT_EQ(choices(100), first);
    replacement_.seed(8);
    EXPECT_NE(choices(100), first);
    replacement_.seed(0);
    EXPECT_NE(choices(100), first);
}

TEST_F(RandomPolicyTest, without_luck_the_oldest_page_is_chosen)
{
    host::machine().reset({{256, 100000}}); // two pages in 100,000 frames
    head_ = *frames().allocate(FrameKind::Reserved);
    ring_.init(number(head_));
    uint32_t oldest = add_page(), other = add_page();
    unsigned times = 0;
    for (uint32_t page : choices(200)) {
        ASSERT_TRUE(page == oldest || page == other);
        times += page == oldest;
    }
    EXPECT_GE(times, 190u);
}
