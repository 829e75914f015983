// FIFOs: pipes with a name (fifo(7)).
#pragma once

#include "kernel/file/tree.hpp"

namespace kernel {

// A node for mknod(2) with S_IFIFO; nullptr when out of memory.
TreeNode *make_fifo(FileAttributes attributes);

} // namespace kernel
