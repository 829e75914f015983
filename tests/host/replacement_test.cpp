// The policies of page replacement, each against a slow and obvious oracle on random traces of references.
#include "mm/replacement.hpp"
#include "tests/host/policy_oracles.hpp"
#include "tests/host/test.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <vector>

using namespace mm;

namespace {

using host::References;
using host::Victims;

// A machine with room for some pages, and one program on it. A frame's Accessed bit is set by each reference,
// the one that loads the page too.
class Paging final : public PageUse {
public:
    // `every`: samples after so many references; 0: when `choose` wants to.
    Paging(PolicyName policy, unsigned capacity, unsigned every = 0) : capacity_(capacity), every_(every)
    {
        head_ = *frames().allocate(FrameKind::Reserved);
        ring.init(static_cast<uint32_t>(head_.page()));
        replacement.choose_policy(policy);
        replacement.sample_when_told(every != 0);
    }
    ~Paging()
    {
        for (auto [page, frame] : frame_of_) frames().free(PhysAddr::of_page(frame));
        frames().free(head_);
    }
    Paging(const Paging &) = delete;
    Paging &operator=(const Paging &) = delete;

    bool test_and_clear(uint32_t frame) override
    {
        asked++;
        if (!page_of_.contains(frame)) throw host::Failure("asked about a frame that is no page");
        return used_.erase(frame) != 0;
    }

    void reference(unsigned page)
    {
        if (!frame_of_.contains(page)) load(page);
        used_.insert(frame_of_[page]);
        references_++;
        if (every_ != 0 && references_ % every_ == 0) replacement.sample(ring, *this);
    }
    Paging &run(const References &references)
    {
        for (unsigned page : references) reference(page);
        if (ring.audit() != frame_of_.size()) throw host::Failure("the ring has not all pages");
        return *this;
    }
    uint32_t frame_of(unsigned page) const { return frame_of_.at(page); }
    unsigned age_of(unsigned page) const { return machine::frame_array()[frame_of(page)].age; }
    std::set<unsigned> pages() const
    {
        std::set<unsigned> all;
        for (auto [page, frame] : frame_of_) all.insert(page);
        return all;
    }

    PageRing ring;
    Replacement replacement;
    Victims victims;
    unsigned faults = 0;
    uint64_t asked = 0;

private:
    void load(unsigned page)
    {
        faults++;
        if (frame_of_.size() == capacity_) {
            uint32_t frame = replacement.choose(ring, *this, frame_of_.size());
            if (!page_of_.contains(frame)) throw host::Failure("what was chosen is no page");
            unsigned victim = page_of_[frame];
            victims.push_back(victim);
            ring.remove(frame);
            used_.erase(frame);
            page_of_.erase(frame);
            frame_of_.erase(victim);
            frames().free(PhysAddr::of_page(frame));
        }
        auto frame = static_cast<uint32_t>((*frames().allocate(FrameKind::Anonymous)).page());
        frame_of_[page] = frame;
        page_of_[frame] = page;
        ring.join(frame);
    }

    unsigned capacity_;
    unsigned every_;
    uint64_t references_ = 0;
    PhysAddr head_;
    std::map<unsigned, uint32_t> frame_of_;          // by page
    std::unordered_map<uint32_t, unsigned> page_of_; // by frame
    std::set<uint32_t> used_;                        // frames whose Accessed bit is set
};

class ReplacementTest : public host::MachineTest {
protected:
    // `check` gets thousands of random traces and, with each, how many pages there is room for.
    template <typename Check> void for_random_traces(unsigned count, unsigned most, Check &&check)
    {
        for (unsigned i = 0; i < count && !HasFailure(); i++) {
            auto capacity = static_cast<unsigned>(random_.between(1, most));
            auto pages = static_cast<unsigned>(random_.between(1, 3 * capacity));
            check(
                host::random_references(random_, pages, static_cast<unsigned>(random_.between(1, 8 * pages))),
                capacity);
        }
    }
    host::Random random_;
};

// Lru and Aging are exact here: they sample after every reference.
unsigned faults_of(PolicyName policy, const References &references, unsigned capacity)
{
    return Paging(policy, capacity, 1).run(references).faults;
}

// As in the kernel: of each eighth of the pages given up, the first choice looks at them all.
void expect_samples_each_eighth(PolicyName policy, const References &references, unsigned capacity,
                                const Victims &expected)
{
    Paging paging(policy, capacity);
    ASSERT_EQ(paging.run(references).victims, expected);
    unsigned interval = std::max(1u, capacity / 8);
    ASSERT_EQ(paging.asked, (paging.victims.size() + interval - 1) / interval * capacity)
        << "each page once a sample, and nobody else";
}

} // namespace

TEST_F(ReplacementTest, policies_have_the_names_that_the_command_line_uses)
{
    EXPECT_EQ(name_of(PolicyName::Aging), "aging");
    EXPECT_EQ(name_of(PolicyName::Clock), "clock");
    EXPECT_EQ(name_of(PolicyName::Fifo), "fifo");
    EXPECT_EQ(name_of(PolicyName::Lru), "lru");
    EXPECT_EQ(name_of(PolicyName::Random), "random");
    for (unsigned i = 0; i < static_cast<unsigned>(PolicyName::Count); i++) {
        auto policy = static_cast<PolicyName>(i);
        EXPECT_EQ(policy_named(name_of(policy)), policy);
    }
    for (const char *unknown : {"", "clocks", "cloc", "Clock", "mru"})
        EXPECT_EQ(policy_named(unknown), std::nullopt);
    EXPECT_EQ(name_of(PolicyName::Count), "");
}

TEST_F(ReplacementTest, clock_is_what_is_used_when_nothing_is_said)
{
    EXPECT_EQ(Replacement().policy(), PolicyName::Clock);
}

TEST_F(ReplacementTest, a_candidate_is_a_page_that_nothing_holds_back)
{
    Frame frame;
    for (unsigned kind = 0; kind < static_cast<unsigned>(FrameKind::Count); kind++) {
        frame.kind = static_cast<FrameKind>(kind);
        bool is_page = frame.kind == FrameKind::Anonymous || frame.kind == FrameKind::File;
        frame.flags = 0;
        EXPECT_EQ(is_candidate(frame), is_page);
        frame.flags = Frame::SwapCached | Frame::WriteFailed;
        EXPECT_EQ(is_candidate(frame), is_page);
        frame.flags |= Frame::Held;
        EXPECT_FALSE(is_candidate(frame));
    }
}

TEST_F(ReplacementTest, an_empty_ring_has_nothing_to_choose)
{
    for (unsigned i = 0; i < static_cast<unsigned>(PolicyName::Count); i++) {
        Paging paging(static_cast<PolicyName>(i), 4);
        EXPECT_EQ(paging.replacement.choose(paging.ring, paging, 0), NoFrame);
    }
}

TEST_F(ReplacementTest, the_page_chosen_is_still_in_the_ring)
{
    for (unsigned i = 0; i < static_cast<unsigned>(PolicyName::Count); i++) {
        Paging paging(static_cast<PolicyName>(i), 4);
        paging.run({1, 2, 3, 4});
        paging.replacement.choose(paging.ring, paging, 4);
        EXPECT_EQ(paging.ring.audit(), 4u);
    }
}

// ---- First in, first out

TEST_F(ReplacementTest, fifo_is_exact)
{
    for_random_traces(3000, 30, [](const References &references, unsigned capacity) {
        Paging paging(PolicyName::Fifo, capacity);
        ASSERT_EQ(paging.run(references).victims, host::fifo_oracle(references, capacity).victims);
        ASSERT_EQ(paging.asked, 0u) << "it does not matter who was used";
    });
}

TEST_F(ReplacementTest, with_fifo_more_memory_can_mean_more_faults)
{
    EXPECT_EQ(faults_of(PolicyName::Fifo, host::BeladyReferences, 3), 9u);
    EXPECT_EQ(faults_of(PolicyName::Fifo, host::BeladyReferences, 4), 10u);
}

// ---- Second chance

TEST_F(ReplacementTest, clock_is_the_textbooks)
{
    for_random_traces(3000, 30, [](const References &references, unsigned capacity) {
        ASSERT_EQ(Paging(PolicyName::Clock, capacity).run(references).victims,
                  host::clock_oracle(references, capacity).victims);
    });
}

TEST_F(ReplacementTest, clock_gives_the_used_page_a_second_chance_and_no_third)
{
    Paging paging(PolicyName::Clock, 3);
    paging.run({1, 2, 3, 4}); // all were used: 1 goes, and the uses of 2 and 3 count no more
    EXPECT_EQ(paging.victims, (Victims{1}));
    paging.run({2, 5});
    EXPECT_EQ(paging.victims, (Victims{1, 3}));
    paging.run({6});
    EXPECT_EQ(paging.victims, (Victims{1, 3, 2}));
}

TEST_F(ReplacementTest, clock_ends_although_all_pages_are_used_all_the_time)
{
    struct AllUse final : PageUse {
        bool test_and_clear(uint32_t) override { return ++asked <= 1000; }
        unsigned asked = 0;
    } use;
    Paging paging(PolicyName::Clock, 8);
    paging.run({1, 2, 3, 4, 5, 6, 7, 8});
    uint32_t oldest = paging.ring.oldest();
    EXPECT_EQ(paging.replacement.choose(paging.ring, use, 8), oldest);
    EXPECT_EQ(use.asked, 8u) << "each once";
}

// ---- Least recently used

TEST_F(ReplacementTest, lru_that_samples_after_every_reference_is_exact)
{
    for_random_traces(2000, 20, [](const References &references, unsigned capacity) {
        ASSERT_EQ(Paging(PolicyName::Lru, capacity, 1).run(references).victims,
                  host::lru_oracle(references, capacity).victims);
    });
}

TEST_F(ReplacementTest, lru_samples_whenever_an_eighth_has_been_given_up)
{
    for_random_traces(3000, 60, [](const References &references, unsigned capacity) {
        expect_samples_each_eighth(PolicyName::Lru, references, capacity,
                                   host::sampling_lru_oracle(references, capacity, 0).victims);
    });
}

TEST_F(ReplacementTest, with_exact_lru_more_memory_is_never_worse)
{
    EXPECT_EQ(faults_of(PolicyName::Lru, host::BeladyReferences, 3), 10u);
    EXPECT_EQ(faults_of(PolicyName::Lru, host::BeladyReferences, 4), 8u);
    for_random_traces(300, 12, [](const References &references, unsigned capacity) {
        // What is in the smaller memory is in the larger one at all times: it is a stack algorithm (Mattson
        // 1970).
        Paging small(PolicyName::Lru, capacity, 1), large(PolicyName::Lru, capacity + 1, 1);
        for (unsigned page : references) {
            small.reference(page);
            large.reference(page);
            auto few = small.pages(), more = large.pages();
            ASSERT_TRUE(std::includes(more.begin(), more.end(), few.begin(), few.end()));
        }
        ASSERT_LE(large.faults, small.faults);
    });
}

TEST_F(ReplacementTest, lru_may_be_told_which_page_alone_was_used)
{
    for_random_traces(1000, 12, [](const References &references, unsigned capacity) {
        Paging all(PolicyName::Lru, capacity, 1), one(PolicyName::Lru, capacity);
        one.replacement.sample_when_told(true);
        for (unsigned page : references) {
            all.reference(page);
            one.reference(page);
            one.replacement.sample_only(one.ring, one, one.frame_of(page));
        }
        ASSERT_EQ(one.victims, all.victims);
        ASSERT_EQ(one.asked, references.size());
    });
}

// ---- Aging

TEST_F(ReplacementTest, aging_samples_whenever_an_eighth_has_been_given_up)
{
    for_random_traces(3000, 60, [](const References &references, unsigned capacity) {
        expect_samples_each_eighth(PolicyName::Aging, references, capacity,
                                   host::aging_oracle(references, capacity, 0).victims);
    });
}

TEST_F(ReplacementTest, aging_samples_when_it_is_told)
{
    for_random_traces(3000, 20, [this](const References &references, unsigned capacity) {
        auto every = static_cast<unsigned>(random_.between(1, 20));
        ASSERT_EQ(Paging(PolicyName::Aging, capacity, every).run(references).victims,
                  host::aging_oracle(references, capacity, every).victims);
    });
}

// Then no two pages have their last uses in the same interval, and what the counters forget, the ring's order
// still knows.
TEST_F(ReplacementTest, aging_that_samples_after_every_reference_is_exact_lru)
{
    for_random_traces(2000, 20, [](const References &references, unsigned capacity) {
        ASSERT_EQ(Paging(PolicyName::Aging, capacity, 1).run(references).victims,
                  host::lru_oracle(references, capacity).victims);
    });
}

// All others grow older by it: it asks about each.
TEST_F(ReplacementTest, aging_that_is_told_which_page_alone_was_used_does_the_same)
{
    for_random_traces(500, 12, [](const References &references, unsigned capacity) {
        Paging all(PolicyName::Aging, capacity, 1), one(PolicyName::Aging, capacity);
        one.replacement.sample_when_told(true);
        for (unsigned page : references) {
            all.reference(page);
            one.reference(page);
            one.replacement.sample_only(one.ring, one, one.frame_of(page));
        }
        ASSERT_EQ(one.victims, all.victims);
        for (unsigned page : one.pages()) ASSERT_EQ(one.age_of(page), all.age_of(page));
    });
}

TEST_F(ReplacementTest, aging_prefers_who_was_used_again_and_again_to_who_is_new)
{
    Paging paging(PolicyName::Aging, 3, 3);
    paging.run({1, 2, 3, 1, 2, 3}); // 1110 0000 all
    paging.run({4});                // 1 goes; 4 has 1000 0000
    EXPECT_EQ(paging.victims, (Victims{1}));
    paging.run({3, 2}); // sampled: 2 and 3 have 1111 0000, 4 has 1100 0000 and is the youngest no more
    paging.run({5, 6, 7});
    EXPECT_EQ(paging.victims, (Victims{1, 4, 2, 3}));
}

// A page that nobody has used for eight samplings has nothing left of its counter, nor of its past.
TEST_F(ReplacementTest, a_counter_has_eight_bits)
{
    Paging paging(PolicyName::Aging, 2);
    paging.run({1, 2});
    auto age = [&](unsigned page) { return paging.age_of(page); };
    EXPECT_EQ(age(1), 0x80u) << "a new page";
    paging.replacement.sample(paging.ring, paging);
    EXPECT_EQ(age(1), 0xc0u);
    unsigned expected = 0xc0;
    for (unsigned i = 0; i < 8; i++) {
        paging.run({2});
        paging.replacement.sample(paging.ring, paging);
        expected /= 2;
        EXPECT_EQ(age(1), expected);
    }
    EXPECT_EQ(age(1), 0u);
    EXPECT_EQ(age(2), 0xffu);
}

TEST_F(ReplacementTest, a_new_page_knows_nothing_of_its_frames_last_one)
{
    Paging paging(PolicyName::Aging, 1, 1);
    paging.run({1, 1, 1, 1, 1, 1, 2}); // in the same frame
    EXPECT_EQ(paging.age_of(2), 0xc0u);
}
