// A table of parts of a program: their pages before and after each was touched, and the page faults this
// took.
#pragma once

#include "user/lib/block.hpp"
#include "user/lib/squares.hpp"

#include <cstddef>
#include <cstdint>

namespace exhibit {

enum class Touch { call, read, write };

// Touches the first byte of each page (a call jumps to it); returns the page faults this took. The first time
// ever it may take one for its own code.
std::size_t touch_pages(std::uintptr_t start, std::size_t pages, Touch touch);

class RegionTable {
public:
    // For regions of `pages` pages, at most 18; begins with the line of titles.
    RegionTable(Block &block, std::size_t pages);

    // Touches all pages of a region and draws its line.
    void visit(const char *name, std::uintptr_t start, Touch touch, Style style);

    // Whether some fault brought more than the page it was about.
    bool neighbours_came() const { return neighbours_came_; }

private:
    Block &block_;
    std::size_t pages_;
    bool neighbours_came_ = false;
};

} // namespace exhibit
