// The policies of page replacement.
#include "mm/replacement.hpp"

#include <array>

namespace mm {

namespace {

constexpr std::array<std::string_view, static_cast<size_t>(PolicyName::Count)> Names{"clock", "fifo", "lru",
                                                                                     "random"};

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
    case PolicyName::Lru:
        return lru(ring, use, pages);
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

uint32_t Replacement::lru(PageRing &ring, PageUse &use, uint64_t pages)
{
    if (look_always_ || until_look_ == 0) {
        // Those that become young gather behind the one that is the youngest now, in the order they had.
        uint32_t first_moved = NoFrame;
        uint32_t number = ring.oldest();
        while (number != NoFrame && number != first_moved) {
            uint32_t next = ring.younger(number);
            if (use.test_and_clear(number)) {
                ring.rejuvenate(number);
                if (first_moved == NoFrame) first_moved = number;
            }
            number = next;
        }
        until_look_ = pages / 8;
    }
    if (until_look_ != 0) until_look_--;
    return ring.oldest();
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
