// A table with two columns: how the break and the areas of mmap have changed from row to row.
#pragma once

#include "user/lib/block.hpp"
#include "user/malloc/watch.hpp"

namespace exhibit {

class ChangeTable {
public:
    // What is held already counts as the first row's change.
    explicit ChangeTable(Block &block) : block_(block)
    {
        const std::uintptr_t start = present_holdings().heap_start;
        before_ = {start, start, 0};
    }

    // Ends a line with the titles of the columns.
    void end_title(const char *by_break, const char *by_mmap);

    // Ends a line with the changes since the last row; tells how many bytes fewer are held, in both together.
    std::ptrdiff_t end_row();
    std::ptrdiff_t row(const char *title); // a row with only that title, which is translated

    // What happened so far belongs to no row.
    void skip() { before_ = present_holdings(); }

    enum class Place { data, heap, mapped };
    Place place_of(const void *block) const;

private:
    Block &block_;
    Holdings before_;
};

} // namespace exhibit
