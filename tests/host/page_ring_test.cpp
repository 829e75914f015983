// The ring of pages, against a list; and its audit, which must find what is broken.
#include "mm/page_ring.hpp"
#include "tests/host/random.hpp"
#include "tests/host/test.hpp"

#include <algorithm>
#include <vector>

using namespace mm;

namespace {

class PageRingTest : public host::MachineTest {
protected:
    void SetUp() override
    {
        MachineTest::SetUp();
        head_ = *frames().allocate(FrameKind::Reserved);
        ring_.init(number(head_));
    }
    void TearDown() override
    {
        for (PhysAddr page : pages_) frames().free(page);
        frames().free(head_);
        MachineTest::TearDown();
    }
    static uint32_t number(PhysAddr frame) { return static_cast<uint32_t>(frame.page()); }

    // The numbers of `count` new pages; they are freed with the test.
    std::vector<uint32_t> make(unsigned count, FrameKind kind = FrameKind::Anonymous)
    {
        std::vector<uint32_t> made;
        for (unsigned i = 0; i < count; i++) {
            pages_.push_back(*frames().allocate(kind));
            made.push_back(number(pages_.back()));
        }
        return made;
    }
    // From the oldest to the youngest.
    std::vector<uint32_t> order() const
    {
        std::vector<uint32_t> seen;
        for (uint32_t page = ring_.oldest(); page != NoFrame; page = ring_.younger(page))
            seen.push_back(page);
        return seen;
    }
    static Frame &frame(uint32_t page) { return machine::frame_array()[page]; }

    PageRing ring_;
    PhysAddr head_;
    std::vector<PhysAddr> pages_;
};

using Pages = std::vector<uint32_t>;

} // namespace

TEST_F(PageRingTest, a_ring_that_was_never_initialised_is_known)
{
    PageRing ring;
    EXPECT_FALSE(ring.is_initialised());
    EXPECT_EQ(ring.audit(), 0u);
    EXPECT_TRUE(ring_.is_initialised());
}

TEST_F(PageRingTest, an_empty_ring_has_no_oldest_page)
{
    EXPECT_EQ(ring_.oldest(), NoFrame);
    EXPECT_EQ(ring_.audit(), 0u);
}

TEST_F(PageRingTest, the_oldest_comes_first)
{
    Pages page = make(3);
    for (uint32_t each : page) ring_.push_young(each);
    EXPECT_EQ(order(), page);
    EXPECT_EQ(ring_.younger(page[0]), page[1]);
    EXPECT_EQ(ring_.younger(page[2]), NoFrame);
    EXPECT_EQ(ring_.audit(), 3u);
}

TEST_F(PageRingTest, pages_leave_from_either_end_and_from_the_middle)
{
    Pages page = make(5, FrameKind::File);
    for (uint32_t each : page) ring_.push_young(each);
    ring_.remove(page[2]);
    EXPECT_EQ(order(), (Pages{page[0], page[1], page[3], page[4]}));
    ring_.remove(page[0]);
    ring_.remove(page[4]);
    EXPECT_EQ(order(), (Pages{page[1], page[3]}));
    ring_.remove(page[1]);
    ring_.remove(page[3]);
    EXPECT_EQ(order(), Pages{});
    EXPECT_EQ(ring_.audit(), 0u);
    ring_.push_young(page[0]);
    EXPECT_EQ(order(), Pages{page[0]});
}

TEST_F(PageRingTest, who_was_used_becomes_the_youngest)
{
    Pages page = make(3);
    for (uint32_t each : page) ring_.push_young(each);
    ring_.rejuvenate(page[0]);
    EXPECT_EQ(order(), (Pages{page[1], page[2], page[0]}));
    ring_.rejuvenate(page[0]);
    EXPECT_EQ(order(), (Pages{page[1], page[2], page[0]}));
    ring_.rejuvenate(page[2]);
    EXPECT_EQ(order(), (Pages{page[1], page[0], page[2]}));
    EXPECT_EQ(ring_.audit(), 3u);
}

TEST_F(PageRingTest, it_does_what_a_list_does)
{
    host::Random random;
    Pages free = make(50), list;
    for (unsigned step = 0; step < 20000; step++) {
        bool adds = list.empty() || (!free.empty() && random.one_in(3));
        Pages &from = adds ? free : list;
        auto chosen = from.begin() + static_cast<ptrdiff_t>(random.below(from.size()));
        uint32_t page = *chosen;
        from.erase(chosen);
        if (adds) {
            ring_.push_young(page);
            list.push_back(page);
        } else if (random.one_in(2)) {
            ring_.remove(page);
            free.push_back(page);
        } else {
            ring_.rejuvenate(page);
            list.push_back(page);
        }
        ASSERT_EQ(order(), list);
        ASSERT_EQ(ring_.audit(), list.size());
    }
}

TEST_F(PageRingTest, the_audit_finds_a_broken_link)
{
    Pages page = make(4);
    for (uint32_t each : page) ring_.push_young(each);
    auto with = [&](uint32_t &link, uint32_t wrong) {
        uint32_t right = std::exchange(link, wrong);
        std::string failure = host::failure_of([&] { ring_.audit(); });
        link = right;
        return failure;
    };
    EXPECT_EQ(with(frame(page[1]).list_next, page[3]), "the ring of pages is linked wrongly");
    EXPECT_EQ(with(frame(page[1]).list_next, page[0]), "the ring of pages is linked wrongly"); // a circle
    EXPECT_EQ(with(frame(page[2]).list_previous, page[0]), "the ring of pages is linked wrongly");
    EXPECT_EQ(with(frame(number(head_)).list_previous, page[0]), "the ring of pages is linked wrongly");
    EXPECT_EQ(with(frame(page[3]).list_next, NoFrame), "the ring of pages leads to where no frame is");
    EXPECT_EQ(ring_.audit(), 4u);
}

TEST_F(PageRingTest, the_audit_finds_what_must_not_be_in_the_ring)
{
    Pages page = make(2);
    for (uint32_t each : page) ring_.push_young(each);
    frame(page[1]).flags |= Frame::Held;
    EXPECT_FAILURE(ring_.audit(), "must not be chosen");
    frame(page[1]).flags = 0;
    frames().free(pages_.back()); // freed, but not removed
    pages_.pop_back();
    EXPECT_FAILURE(ring_.audit(), "must not be chosen");
}

// ---- Ages

TEST_F(PageRingTest, a_page_that_joins_is_young_and_has_a_new_ones_age)
{
    Pages page = make(3);
    frame(page[2]).age = 3;
    for (uint32_t each : page) ring_.join(each);
    EXPECT_EQ(order(), page);
    for (uint32_t each : page) EXPECT_EQ(frame(each).age, Frame::NewAge);
}

TEST_F(PageRingTest, an_age_stays_while_a_page_moves)
{
    Pages page = make(3);
    for (uint32_t each : page) ring_.join(each);
    frame(page[0]).age = 7;
    ring_.rejuvenate(page[0]);
    ring_.remove(page[0]);
    ring_.push_young(page[0]);
    EXPECT_EQ(frame(page[0]).age, 7);
}

TEST_F(PageRingTest, sorting_is_stable)
{
    host::Random random;
    Pages page = make(300);
    for (uint32_t each : page) ring_.join(each);
    for (unsigned round = 0; round < 200; round++) {
        uint64_t kinds = random.between(1, 256); // from all the same to nearly all different
        for (uint32_t each : page) frame(each).age = static_cast<uint8_t>(random.below(kinds) * 255 / kinds);
        Pages expected = order();
        std::stable_sort(expected.begin(), expected.end(),
                         [](uint32_t a, uint32_t b) { return frame(a).age < frame(b).age; });
        ring_.sort_by_age();
        ASSERT_EQ(order(), expected);
        ASSERT_EQ(ring_.audit(), page.size()) << "its links backwards too";
        for (unsigned i = 0; i < 30; i++) ring_.rejuvenate(page[random.below(page.size())]);
    }
}

TEST_F(PageRingTest, the_smallest_rings_can_be_sorted)
{
    ring_.sort_by_age();
    EXPECT_EQ(ring_.oldest(), NoFrame);
    Pages page = make(1);
    ring_.join(page[0]);
    ring_.sort_by_age();
    EXPECT_EQ(order(), page);
    EXPECT_EQ(ring_.audit(), 1u);
}
