// Drawing pages as squares. See squares.hpp.
#include "user/lib/squares.hpp"

#include "user/lib/address.hpp"
#include "user/lib/proc.hpp"

#include <algorithm>

namespace exhibit {

std::size_t Squares::draw(Block &block, std::uintptr_t start, std::uintptr_t end) const
{
    std::size_t sum = 0;
    for (std::uintptr_t at = start; at < end; at += per_square_ * page_size) {
        const std::uintptr_t square_end = std::min(end, at + per_square_ * page_size);
        const std::size_t present = count_present(at, square_end);
        const bool all = present == (square_end - at) / page_size;
        if (present == 0)
            block.add(Style::faint, "%s", none());
        else
            block.add(style_, "%s", all ? full() : some());
        sum += present;
    }
    block.add(Style::heading, "%s", mark());
    return sum;
}

} // namespace exhibit
