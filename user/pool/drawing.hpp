// Pictures of memory: the pool with its pieces and holes, and processes whose pages are in memory or on swap.
#pragma once

#include "user/lib/block.hpp"
#include "user/pool/pool_file.hpp"
#include "user/pool/talk.hpp"

#include <vector>

namespace exhibit {

// One row of boxes from the pool's lowest address to its highest: who has it, and MiB.
void draw_pool(Block &block, const PoolState &pool);

// A line for each: a column for each MiB. Returns how much of them is in memory, in KiB.
std::size_t draw_processes(Block &block, const std::vector<Tenant> &tenants);

} // namespace exhibit
