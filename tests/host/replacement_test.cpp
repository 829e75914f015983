// The policies of page replacement, each against a slow and obvious oracle on random traces of references.
#include "mm/replacement.hpp"
#include "tests/host/random.hpp"
#include "tests/host/test.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>
#include <vector>

using namespace mm;

namespace {

using Trace = std::vector<unsigned>;   // page numbers, in the order in which they are used
using Victims = std::vector<unsigned>; // page numbers, in the order in which they were given up

// A machine with room for some pages, and one program on it. A frame's Accessed bit is set by each reference,
// the one that loads the page too.
class Paging final : public PageUse {
public:
    Paging(PolicyName policy, unsigned capacity, bool look_always = false)
        : capacity_(capacity), look_always_(look_always)
    {
        head_ = *frames().allocate(FrameKind::Reserved);
        ring.init(static_cast<uint32_t>(head_.page()));
        replacement.choose_policy(policy);
        replacement.look_always(look_always);
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
        // Exact LRU must look between any two references.
        if (look_always_) replacement.choose(ring, *this, frame_of_.size());
        if (!frame_of_.contains(page)) load(page);
        used_.insert(frame_of_[page]);
    }
    Paging &run(const Trace &trace)
    {
        for (unsigned page : trace) reference(page);
        if (ring.audit() != frame_of_.size()) throw host::Failure("the ring has not all pages");
        return *this;
    }
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
        ring.push_young(frame);
    }

    unsigned capacity_;
    bool look_always_;
    PhysAddr head_;
    std::map<unsigned, uint32_t> frame_of_;          // by page
    std::unordered_map<uint32_t, unsigned> page_of_; // by frame
    std::set<uint32_t> used_;                        // frames whose Accessed bit is set
};

// ---- The oracles

Victims fifo(const Trace &trace, unsigned capacity)
{
    std::deque<unsigned> queue;
    Victims victims;
    for (unsigned page : trace) {
        if (std::count(queue.begin(), queue.end(), page) != 0) continue;
        if (queue.size() == capacity) {
            victims.push_back(queue.front());
            queue.pop_front();
        }
        queue.push_back(page);
    }
    return victims;
}

// As in the textbooks: frames in a circle, a bit each, and a hand.
Victims clock(const Trace &trace, unsigned capacity)
{
    struct Place {
        unsigned page;
        bool used;
    };
    std::vector<Place> places;
    size_t hand = 0;
    Victims victims;
    for (unsigned page : trace) {
        auto found =
            std::find_if(places.begin(), places.end(), [&](Place &each) { return each.page == page; });
        if (found != places.end()) {
            found->used = true;
        } else if (places.size() < capacity) {
            places.push_back({page, true});
        } else {
            while (places[hand].used) {
                places[hand].used = false;
                hand = (hand + 1) % capacity;
            }
            victims.push_back(places[hand].page);
            places[hand] = {page, true};
            hand = (hand + 1) % capacity;
        }
    }
    return victims;
}

Victims lru(const Trace &trace, unsigned capacity)
{
    std::map<unsigned, size_t> last_use;
    Victims victims;
    for (size_t now = 0; now < trace.size(); now++) {
        if (!last_use.contains(trace[now]) && last_use.size() == capacity) {
            auto oldest = std::min_element(last_use.begin(), last_use.end(),
                                           [](auto &a, auto &b) { return a.second < b.second; });
            victims.push_back(oldest->first);
            last_use.erase(oldest);
        }
        last_use[trace[now]] = now;
    }
    return victims;
}

// Looks at its first choice, and again when an eighth of the pages has been given up.
Victims sampling_lru(const Trace &trace, unsigned capacity)
{
    std::vector<unsigned> order; // the oldest first
    std::set<unsigned> used;
    unsigned interval = std::max(1u, capacity / 8);
    Victims victims;
    for (unsigned page : trace) {
        if (std::count(order.begin(), order.end(), page) == 0) {
            if (order.size() == capacity) {
                if (victims.size() % interval == 0) {
                    std::stable_partition(order.begin(), order.end(),
                                          [&](unsigned each) { return !used.contains(each); });
                    used.clear();
                }
                victims.push_back(order.front());
                used.erase(order.front());
                order.erase(order.begin());
            }
            order.push_back(page);
        }
        used.insert(page);
    }
    return victims;
}

// ---- Traces

// Random references with and without locality: all pages alike, or a working set that wanders.
Trace random_trace(host::Random &random, unsigned pages, unsigned length)
{
    Trace trace;
    bool is_local = random.one_in(2);
    unsigned base = 0;
    for (unsigned i = 0; i < length; i++) {
        if (random.one_in(20)) base = static_cast<unsigned>(random.below(pages));
        auto page = static_cast<unsigned>(random.below(is_local ? (pages + 3) / 4 : pages));
        trace.push_back((base + page) % pages);
    }
    return trace;
}

class ReplacementTest : public host::MachineTest {
protected:
    // `check` gets thousands of random traces and, with each, how many pages there is room for.
    template <typename Check> void for_random_traces(unsigned count, unsigned most, Check &&check)
    {
        for (unsigned i = 0; i < count && !HasFailure(); i++) {
            auto capacity = static_cast<unsigned>(random_.between(1, most));
            auto pages = static_cast<unsigned>(random_.between(1, 3 * capacity));
            check(random_trace(random_, pages, static_cast<unsigned>(random_.between(1, 8 * pages))),
                  capacity);
        }
    }
    host::Random random_;
};

// Pages 1 2 3 4 1 2 5 1 2 3 4 5: Belady, Nelson and Shedler, "An anomaly in space-time characteristics of
// certain programs running in a paging machine", 1969.
const Trace Belady{1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5};

unsigned faults_of(PolicyName policy, const Trace &trace, unsigned capacity)
{
    return Paging(policy, capacity, policy == PolicyName::Lru).run(trace).faults;
}

} // namespace

TEST_F(ReplacementTest, policies_have_the_names_that_the_command_line_uses)
{
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
    for_random_traces(3000, 30, [](const Trace &trace, unsigned capacity) {
        Paging paging(PolicyName::Fifo, capacity);
        ASSERT_EQ(paging.run(trace).victims, fifo(trace, capacity));
        ASSERT_EQ(paging.asked, 0u) << "it does not matter who was used";
    });
}

TEST_F(ReplacementTest, with_fifo_more_memory_can_mean_more_faults)
{
    EXPECT_EQ(faults_of(PolicyName::Fifo, Belady, 3), 9u);
    EXPECT_EQ(faults_of(PolicyName::Fifo, Belady, 4), 10u);
}

// ---- Second chance

TEST_F(ReplacementTest, clock_is_the_textbooks)
{
    for_random_traces(3000, 30, [](const Trace &trace, unsigned capacity) {
        ASSERT_EQ(Paging(PolicyName::Clock, capacity).run(trace).victims, clock(trace, capacity));
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

TEST_F(ReplacementTest, lru_that_always_looks_is_exact)
{
    for_random_traces(2000, 20, [](const Trace &trace, unsigned capacity) {
        ASSERT_EQ(Paging(PolicyName::Lru, capacity, true).run(trace).victims, lru(trace, capacity));
    });
}

TEST_F(ReplacementTest, lru_samples_whenever_an_eighth_has_been_given_up)
{
    for_random_traces(3000, 60, [](const Trace &trace, unsigned capacity) {
        Paging paging(PolicyName::Lru, capacity);
        ASSERT_EQ(paging.run(trace).victims, sampling_lru(trace, capacity));
        unsigned interval = std::max(1u, capacity / 8);
        ASSERT_EQ(paging.asked, (paging.victims.size() + interval - 1) / interval * capacity)
            << "each page once a sample, and nobody else";
    });
}

TEST_F(ReplacementTest, with_exact_lru_more_memory_is_never_worse)
{
    EXPECT_EQ(faults_of(PolicyName::Lru, Belady, 3), 10u);
    EXPECT_EQ(faults_of(PolicyName::Lru, Belady, 4), 8u);
    for_random_traces(300, 12, [](const Trace &trace, unsigned capacity) {
        // What is in the smaller memory is in the larger one at all times: it is a stack algorithm (Mattson
        // 1970).
        Paging small(PolicyName::Lru, capacity, true), large(PolicyName::Lru, capacity + 1, true);
        for (unsigned page : trace) {
            small.reference(page);
            large.reference(page);
            auto few = small.pages(), more = large.pages();
            ASSERT_TRUE(std::includes(more.begin(), more.end(), few.begin(), few.end()));
        }
        ASSERT_LE(large.faults, small.faults);
    });
}
