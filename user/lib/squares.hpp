// A row of squares, one for each page of a range: which of them are in memory? Allocates nothing.
#pragma once

#include "user/lib/block.hpp"

#include <cstddef>
#include <cstdint>

namespace exhibit {

class Squares {
public:
    // For ranges of up to `pages`: where they are too many for a line, one square stands for several.
    explicit Squares(std::size_t pages, Style style = Style::heap)
        : per_square_((pages + widest - 1) / widest), style_(style)
    {}

    static constexpr std::size_t widest = 48;
    std::size_t per_square() const { return per_square_; }

    // What a square looks like with none, some and all of its pages present, and what ends the row.
    static const char *none() { return glyph("░", "."); }
    static const char *some() { return glyph("▒", "+"); }
    static const char *full() { return glyph("█", "#"); }
    static const char *mark() { return glyph("│", "|"); }

    // Asks bit 63 of /proc/self/pagemap page by page and draws what it says; returns the number of pages
    // present.
    std::size_t draw(Block &block, std::uintptr_t start, std::uintptr_t end) const;

private:
    std::size_t per_square_;
    Style style_;
};

} // namespace exhibit
