// The turn at the tree of files: one lock for all directories, held for a few steps in them and never while
// something sleeps or is freed.
#pragma once

#include "lib/spinlock.hpp"

namespace kernel {

class TreeTurn {
public:
    TreeTurn() { lock_.lock(); }
    ~TreeTurn() { lock_.unlock(); }
    TreeTurn(const TreeTurn &) = delete;
    TreeTurn &operator=(const TreeTurn &) = delete;

private:
    static lib::Spinlock lock_;
};

} // namespace kernel
