// Who has which frame: what /proc/PID/pagemap says of a page in two processes.
#pragma once

#include "user/lib/block.hpp"
#include "user/lib/proc.hpp"

#include <cstddef>
#include <cstdint>
#include <sys/types.h>

namespace exhibit {

// The entry of any process; nothing present if it has ended.
PagemapEntry pagemap_of(pid_t pid, std::uintptr_t address);

// What has become of the pages of a range, seen from this process.
struct Sharing {
    std::size_t shared = 0; // in memory, in another process as well
    std::size_t own = 0;    // in memory, in this one alone
    std::size_t on_disk = 0;
};

// Draws the range as squares, one for several pages where there are many, and counts.
Sharing draw_sharing(Block &block, std::uintptr_t start, std::size_t pages);
const char *shared_square(), *own_square(), *disk_square();
std::size_t pages_per_square(std::size_t pages);

} // namespace exhibit
