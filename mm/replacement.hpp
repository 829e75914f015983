// Page replacement: which page is given up when memory is short. Each policy is a few lines on the ring of
// pages (mm/page_ring.hpp), where new pages join at the young end.
//
// The hardware says little about use: an Accessed bit in each page-table entry. A policy asks for it through
// `Use` and pays for the question: it means finding the entries that lead to the frame.
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
    // Lru looks at all pages, oldest first, and makes young those that were used; it does so again whenever
    // an eighth of the pages has been given up since. Its order within one such interval is that of the ring.
    // Asked before every single reference (interval 0: see look_always) it is exact LRU.
    //
    // Random tries frame numbers until one is in the ring, as `is_candidate` says; after 64 misses the
    // oldest.
    uint32_t choose(PageRing &ring, PageUse &use, uint64_t pages);

    // Lru samples before every choice: exact, for small rings.
    void look_always(bool always) { look_always_ = always; }
    // For Random. Deterministic: the same seed, the same choices.
    void seed(uint64_t seed) { random_ = seed | 1; }

private:
    uint32_t clock(PageRing &ring, PageUse &use);
    uint32_t lru(PageRing &ring, PageUse &use, uint64_t pages);
    uint32_t random(PageRing &ring);

    PolicyName policy_ = PolicyName::Clock;
    bool look_always_ = false;
    uint64_t until_look_ = 0; // choices left until Lru samples again
    uint64_t random_ = 0x9e3779b97f4a7c15;
};

// Whether the frame is a page in the ring: a page of a program or a file that nothing holds back.
bool is_candidate(const Frame &frame);

} // namespace mm
