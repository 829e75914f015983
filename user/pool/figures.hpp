// What was counted in one run of the exhibit "pool", and the table of two runs. The first one, in the pool,
// leaves its figures on a disk of one block, where the second one, under demand paging, finds them.
#pragma once

#include "user/lib/block.hpp"

#include <cstddef>
#include <optional>

namespace exhibit {

struct Figures {
    std::size_t ended_right = 0;  // programs that ended with every byte of their tables right
    std::size_t refused = 0;      // programs that were not started
    std::size_t together = 0;     // programs at the same time, at most
    std::size_t asked_kib = 0;    // what these had asked for
    std::size_t used_kib = 0;     // memory that programs had, at most
    std::size_t unusable_kib = 0; // free when a program was refused, at most
    std::size_t faults = 0;       // page faults of all
    std::size_t in = 0, out = 0;  // pages from and to the disk
};

// The disk is the one that the environment names (POOL_FIGURES), if it is meant for this: it begins with
// figures_title. Failing is no tragedy: then the second run shows its own figures alone.
inline constexpr char figures_title[] = "figures of the exhibit pool";
void leave_figures(const Figures &pool);
std::optional<Figures> find_figures();

// Side by side; without a pool, of one run alone.
void draw_table(Block &block, const std::optional<Figures> &pool, const Figures &paging);

} // namespace exhibit
