// One that needs more memory than there is, and always more of it at once than is free.
#pragma once

#include <cstddef>
#include <cstdint>

namespace exhibit {

// It has pages that it changes, block by block; most are on the disk and have to be loaded. After each block
// it throws others away and asks for new ones, all at once. Those need no loading, only frames: more than the
// kernel keeps free, so that there is always somebody who has to wait.
class Worker {
public:
    // A third of `memory_pages` are changed, and in one sweep over them as many as `memory_pages` are taken
    // anew, about `burst` at a time. Like all of its calls it ends the program with status 1 where a system
    // call fails.
    Worker(std::size_t memory_pages, std::size_t burst);

    // The next block. False: a page is not what was written to it.
    bool change_some();
    bool has_changed_all() const { return changes_ > 0; }

private:
    bool change(std::size_t begin, std::size_t end);
    void take_anew(std::size_t block) const;

    std::uintptr_t kept_, passing_;
    std::size_t kept_pages_, blocks_, burst_;
    std::size_t block_ = 0;
    std::uint64_t changes_ = 0; // sweeps that are done
};

} // namespace exhibit
