// Areas of an address space drawn as a column of boxes from high to low, addresses at the left. All texts are
// translated here (translation.hpp).
#pragma once

#include "user/lib/block.hpp"
#include "user/lib/proc.hpp"

namespace exhibit {

class AreaDrawing {
public:
    // The drawing begins at address `top`, or with the first area where that is 0.
    explicit AreaDrawing(Block &block, std::uintptr_t top = 0) : block_(block), start_(top) {}

    // Opens the box of `area`, which lies below all areas drawn before: `title`, permissions and size in its
    // upper edge. An area that touches the one above shares that edge; else `words` tell of the gap.
    void area(const Area &area, const char *title, Style style, const char *words);

    // A line in the box opened last; address 0 is not written.
    void line(std::uintptr_t address, const char *name, const char *about);

    // Closes the box opened last. From there down to `end` nothing is mapped: `words` say so, with a %s where
    // the size goes.
    void gap(std::uintptr_t end, const char *words);

    // Closes the box opened last, if one is open.
    void close();

private:
    Block &block_;
    Style style_ = Style::normal;
    std::uintptr_t start_ = 0;
    bool open_ = false;
};

} // namespace exhibit
