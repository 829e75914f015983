// Names of the kernel's functions, for backtraces. The table is made from the linked kernel's own symbols by
// kernel/make_symbol_table.py and linked in by a second pass; text addresses are the same in both.
#pragma once

#include <cstdint>
#include <string_view>

namespace kernel {

struct Symbol {
    std::string_view name; // without parameters; empty: unknown
    uint64_t offset = 0;   // from the function's beginning
};

// The function that contains `address`.
Symbol find_symbol(uint64_t address);

} // namespace kernel
