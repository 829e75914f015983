// The pool as programs meet it (memory=pool): taken at boot, and one piece of it for each program, or a
// sentence that says why not.
//
//     [image][heap: brk upwards ->    <- mmap downwards][guard page][stack]
#pragma once

#include "kernel/process/process.hpp"
#include "mm/pool.hpp"

namespace kernel {

// The pool, if the options want one. Refuses to start when the machine has no such piece of memory.
void init_pool();

// How many pages each part of a program's piece has. The guard page is the program's as well, but never its
// to use: it is there to be run into.
struct PieceParts {
    uint64_t image = 0, heap = 0, stack = 0;
    static constexpr uint64_t Guard = 1;
    uint64_t pages() const { return image + heap + Guard + stack; }
};

// Heap and stack as the options say, and no image yet: that is up to the program.
PieceParts piece_parts_above_image();

// A piece for the process. The caller owns it until an address space does. NoMemory: `problem` says, in the
// figures of this moment, why not, and is good until the next one is refused.
Result<mm::PoolExtent *> take_piece(const PieceParts &parts, Pid pid, std::string_view path,
                                    const char *&problem);

// What /proc/pool tells of those that got none.
struct PoolRefusals {
    uint64_t count = 0;
    uint64_t pages = 0; // that the last one wanted
    std::array<char, 16> name{};
};
const PoolRefusals &pool_refusals();

} // namespace kernel
