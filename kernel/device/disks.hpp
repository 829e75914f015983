// All disks of this machine, in the order in which PCI names them: vda, vdb …
#pragma once

#include "kernel/device/block.hpp"

namespace kernel {

// Finds them. A disk that does not work is a message in the log. After the options.
void init_disks();

inline constexpr unsigned MaxDisks = 26; // vda to vdz

// Gives a disk its name. There are fewer than MaxDisks.
void add_disk(BlockDevice &disk);

unsigned disk_count();
// Below disk_count().
BlockDevice &disk(unsigned index);
// check_timeouts() of all; when to call again.
uint64_t check_disk_timeouts(uint64_t now);

} // namespace kernel
