// Little memory, however large the machine: one process locks the rest of it, which then stays where it is.
#pragma once

#include <cstddef>

namespace exhibit {

// On a larger machine others would miss what is locked.
inline constexpr std::size_t largest_machine_kib = 1 << 20;

// What there is for programs while `holder` runs: MemTotal without what it has locked.
std::size_t memory_left_kib(int holder);

// Locks (mlock(2)) what MemTotal is more than `left_kib`, until this process ends. Returns how much that is, in
// KiB; when it cannot be had, says why on standard error and ends the program with status 1.
std::size_t leave_memory(std::size_t left_kib, const char *name);

} // namespace exhibit
