// What a C library has asked of the kernel, seen from outside: the break, and the areas of mmap(2).
// Nothing here allocates, and nothing needs the C++ library: see user/malloc/build.mk.
#pragma once

#include <cstddef>
#include <cstdint>

namespace exhibit {

struct Holdings {
    std::uintptr_t heap_start = 0;    // where the break began
    std::uintptr_t program_break = 0; // sbrk(0)
    std::size_t mapped = 0;           // bytes in areas above the break that have no name in /proc/self/maps
};
Holdings present_holdings();

// How many of the pages that hold these bytes are in memory: mincore(2).
std::size_t pages_in_memory(const void *start, std::size_t bytes);
std::size_t pages_of(const void *start, std::size_t bytes);

} // namespace exhibit
