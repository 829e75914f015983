// Looks addresses up in the generated table (make_symbol_table.py writes it: sorted, with an end mark).
#include "kernel/symbols.hpp"

#include "kernel/image.hpp"

#include <algorithm>
#include <span>

namespace {

struct Entry {
    uint32_t address; // from KernelBase
    uint32_t name;    // offset into symbol_names, where a zero ends it
};

extern "C" const Entry symbol_entries[];
extern "C" const uint32_t symbol_entry_count;
extern "C" const char symbol_names[];

} // namespace

namespace kernel {

Symbol find_symbol(uint64_t address)
{
    if (address < address_of(text_start).value() || address >= address_of(text_end).value()) return {};
    auto offset = static_cast<uint32_t>(address - KernelBase.value());
    std::span<const Entry> entries(symbol_entries, symbol_entry_count);
    auto after = std::upper_bound(entries.begin(), entries.end(), offset,
                                  [](uint32_t wanted, const Entry &entry) { return wanted < entry.address; });
    if (after == entries.begin()) return {};
    const Entry &entry = *(after - 1);
    return {symbol_names + entry.name, offset - entry.address};
}

} // namespace kernel
