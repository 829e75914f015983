// The policies of page replacement.
#include "mm/replacement.hpp"

#include <array>

namespace mm {

namespace {

constexpr std::array<std::string_view, static_cast<size_t>(PolicyName::Count)> Names{"aging", "clock", "fifo",
                                                                                     "lru", "random"};

// The pages that were used become young. They gather behind the one that is the youngest now, in the order
// they had.
void make_used_young(PageRing &ring, PageUse &use)
{
    uint32_t first_moved = NoFrame, next;
    for (uint32_t number = ring.oldest(); number != NoFrame && number != first_moved; number = next) {
        next = ring.younger(number);
        if (!use.test_and_clear(number)) continue;
        ring.rejuvenate(number);
        if (first_moved == NoFrame) first_moved = number;
    }
}

// A counter is the history of a page, a bit a sampling, the last one on top: as numbers, those are ordered by
// how recent the use is.
void age_pages(PageRing &ring, PageUse &use)
{
    constexpr unsigned Used = 0x80;
    for (uint32_t number = ring.oldest(); number != NoFrame; number = ring.younger(number)) {
        uint8_t &age = machine::frame_array()[number].age;
        age = static_cast<uint8_t>(age >> 1 | (use.test_and_clear(number) ? Used : 0));
    }
    ring.sort_by_age();
}

} // namespace

std::string_view name_of(PolicyName policy)
{
    return policy < PolicyName::Count ? Names[static_cast<size_t>(policy)] : std::string_view{};
}

std::optional<PolicyName> policy_named(std::string_view name)
{
    for (size_t i = 0; i < Names.size(); i++) {
        if (Names[i] == name) return static_cast<PolicyName>(i);
    }
    return std::nullopt;
}

bool is_candidate(const Frame &frame)
{
    return (frame.kind == FrameKind::Anonymous || frame.kind == FrameKind::File) &&
           (frame.flags & Frame::Held) == 0;
}

uint32_t Replacement::choose(PageRing &ring, PageUse &use, uint64_t pages)
{
    if (ring.oldest() == NoFrame) return NoFrame;
    switch (policy_) {
    case PolicyName::Clock:
        return clock(ring, use);
    case PolicyName::Aging:
    case PolicyName::Lru:
        return sampled(ring, use, pages);
    case PolicyName::Random:
        return random(ring);
    case PolicyName::Fifo:
    case PolicyName::Count:
        break;
    }
    return ring.oldest();
}

uint32_t Replacement::clock(PageRing &ring, PageUse &use)
{
    // Once round, no page has a use left that counts: then the first one goes, although another processor may
    // have used it again meanwhile.
    uint32_t first = ring.oldest();
    if (!use.test_and_clear(first)) return first;
    ring.rejuvenate(first);
    for (;;) {
        uint32_t oldest = ring.oldest();
        if (oldest == first || !use.test_and_clear(oldest)) return oldest;
        ring.rejuvenate(oldest);
    }
}

uint32_t Replacement::sampled(PageRing &ring, PageUse &use, uint64_t pages)
{
    if (sample_when_told_) return ring.oldest();
    if (until_sampling_ == 0) {
        sample(ring, use);
        until_sampling_ = pages / 8;
    }
    if (until_sampling_ != 0) until_sampling_--;
    return ring.oldest();
}

void Replacement::sample(PageRing &ring, PageUse &use)
{
    if (policy_ == PolicyName::Lru) make_used_young(ring, use);
    if (policy_ == PolicyName::Aging) age_pages(ring, use);
}

void Replacement::sample_only(PageRing &ring, PageUse &use, uint32_t frame)
{
    if (policy_ != PolicyName::Lru)
        sample(ring, use); // all others grow older
    else if (use.test_and_clear(frame))
        ring.rejuvenate(frame);
}

uint32_t Replacement::random(PageRing &ring)
{
    constexpr unsigned Tries = 64;
    uint64_t ram = frames().total();
    for (unsigned i = 0; i < Tries; i++) {
        // xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled",
        // 2016). The upper half of the product is the better one.
        random_ ^= random_ >> 12;
        random_ ^= random_ << 25;
        random_ ^= random_ >> 27;
        uint64_t number = frames().frame_of_ram((random_ * 0x2545f4914f6cdd1d >> 32) % ram);
        if (is_candidate(machine::frame_array()[number])) return static_cast<uint32_t>(number);
    }
    return ring.oldest();
}

} // namespace mm
