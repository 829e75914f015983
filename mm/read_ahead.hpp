// ReadAhead: how many pages are brought in when one is wanted. A disk takes hardly longer for sixteen
// neighbours than for one, but pages that nobody wanted push out others: so the number follows what became of
// the last ones.
#pragma once

#include <algorithm>
#include <cstdint>

namespace mm {

class ReadAhead {
public:
    // A disk's request gets no cheaper by the page beyond this, and a machine with little memory has no room
    // for it (limit below).
    static constexpr uint32_t Most = 64;

    // `page` is wanted now; of the pages that the last call let bring in, `used` were used. How many to bring
    // in, `page` first: at least 1, at most `limit`.
    //
    // Most of the last ones used, or this page next to them: twice as many. Otherwise half.
    uint32_t next(uint64_t page, uint32_t used, uint32_t limit)
    {
        bool continues = page == first_ + count_;
        // (The wanted page itself was used for certain, and says nothing.)
        uint32_t ahead = count_ - 1, used_ahead = used == 0 ? 0 : used - 1;
        bool was_good = count_ > 1 ? used_ahead * 2 >= ahead : continues;
        count_ = was_good || continues ? count_ * 2 : count_ / 2;
        count_ = std::clamp(count_, uint32_t{1}, std::min(limit, Most));
        first_ = page;
        return count_;
    }
    // Fewer came than were wanted; none ahead: 1.
    void came(uint32_t count) { count_ = count; }

    // The pages of the last call.
    uint64_t first() const { return first_; }
    uint32_t count() const { return count_; }

private:
    uint64_t first_ = 0;
    uint32_t count_ = 4; // to begin with, twice or half as many
};

} // namespace mm
