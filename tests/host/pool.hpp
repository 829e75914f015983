// A pool on the simulated machine, for tests of spaces that live in its pieces.
#pragma once

#include "mm/pool.hpp"

namespace host {

// After Machine::reset(): a pool with so many of its frames.
void set_up_pool(uint64_t pages, mm::Fit fit = mm::Fit::First);
// All pieces must have come back. Afterwards there is no pool; its frames stay what they are.
void take_down_pool();

} // namespace host
