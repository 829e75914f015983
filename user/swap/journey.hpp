// One page's way to a swap device and back, step by step, as pagemap and the counters tell it.
#pragma once

#include "user/lib/block.hpp"

namespace exhibit {

// Meant for a moment when nobody else swaps: what /proc/vmstat counts is counted for all. False: the page
// came back with other contents.
bool travel(Block &block);

} // namespace exhibit
