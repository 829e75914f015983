// Page replacement: which page is given up when memory is short. Each policy is a few lines on the ring of
// pages (mm/page_ring.hpp), where new pages join at the young end.
//
// The hardware says little about use: an Accessed bit in each page-table entry. A policy asks for it through
// `PageUse` and pays for the question: it means finding the entries that lead to the frame.
//
// Clock asks when it must choose. Lru and Aging sample: now and then they ask about all pages at once, and
// put the ring into the order in which pages should go; between two samplings the oldest one goes.
#pragma once

#include "mm/page_ring.hpp"

#include <optional>
#include <string_view>

namespace mm {

// Whether a page was used since the last question; the answer is forgotten by asking.
class PageUse {
public:
    virtual bool test_and_clear(uint32_t frame) = 0;

protected:
    ~PageUse() = default;
};

enum class PolicyName : uint8_t {
    Aging,  // the page with the lowest counter of recent use: its use in the last eight samplings, a bit each
    Clock,  // second chance: the oldest page; one that was used becomes young again instead
    Fifo,   // the oldest page, used or not
    Lru,    // the page not used for the longest time, as far as sampling can tell
    Random, // any page
    Count,
};

std::string_view name_of(PolicyName policy);
std::optional<PolicyName> policy_named(std::string_view name);

class Replacement {
public:
    constexpr Replacement() = default;

    void choose_policy(PolicyName policy) { policy_ = policy; }
    PolicyName policy() const { return policy_; }

    // The page to give up next, still in the ring; NoFrame when the ring is empty. `pages` is about how many
    // there are in it.
    //
    // Lru and Aging sample at their first choice, and again whenever an eighth of the pages has been given up
    // since: what that costs, each choice bears eight pages of it. Their order within one such interval is
    // that of the ring.
    //
    // Random tries frame numbers until one is in the ring, as `is_candidate` says; after 64 misses the
    // oldest.
    uint32_t choose(PageRing &ring, PageUse &use, uint64_t pages);

    // Samples now. Policies that do not sample do nothing.
    //
    // Lru makes young those that were used, oldest first. Told to sample after every single reference it is
    // exact LRU. Aging shifts each page's counter right (Frame::age), with the use entering at the top, and
    // sorts by it; pages with the same counter keep their order. A new page begins with the top bit alone
    // set, one that comes back from a swap device too.
    void sample(PageRing &ring, PageUse &use);
    // sample() for who knows that no page but this one was used since the last sampling; Lru need not ask
    // about any other then.
    void sample_only(PageRing &ring, PageUse &use, uint32_t frame);
    // choose() does not sample by itself any more: whoever asks this calls sample().
    void sample_when_told(bool when_told) { sample_when_told_ = when_told; }

    // For Random. Deterministic: the same seed, the same choices.
    void seed(uint64_t seed) { random_ = seed | 1; }

private:
    uint32_t clock(PageRing &ring, PageUse &use);
    uint32_t sampled(PageRing &ring, PageUse &use, uint64_t pages);
    uint32_t random(PageRing &ring);

    PolicyName policy_ = PolicyName::Clock;
    bool sample_when_told_ = false;
    uint64_t until_sampling_ = 0; // choices left until choose() samples again
    uint64_t random_ = 0x9e3779b97f4a7c15;
};

// Whether the frame is a page in the ring: a page of a program or a file that nothing holds back.
bool is_candidate(const Frame &frame);

} // namespace mm
