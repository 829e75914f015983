#include "kernel/kernel_tables.hpp"

#include "kernel/boot_memory.hpp"
#include "kernel/cpu/features.hpp"
#include "kernel/cpu/page_operations.hpp"
#include "kernel/memory_layout.hpp"

namespace kernel {

namespace {

constexpr uint64_t AddressMask = 0x000ffffffffff000;
// An entry that leads to the next level: permissive, the leaf decides.
constexpr uint64_t TableFlags = map::Present | map::Writable | map::Accessed;

unsigned index_at(mm::VirtAddr address, unsigned level)
{
    return (address.value() >> (mm::PageShift + 9 * (level - 1))) & 511;
}

uint64_t global_if_possible()
{
    return cpu_features().global_pages ? map::Global : 0;
}

// The size of page that fits here.
uint64_t page_size(mm::VirtAddr at, mm::PhysAddr physical, uint64_t bytes, uint64_t largest)
{
    for (uint64_t size : {GiantPage, LargePage}) {
        if (size <= largest && size <= bytes && ((at.value() | physical.value()) & (size - 1)) == 0)
            return size;
    }
    return mm::PageSize;
}

} // namespace

uint64_t *table_entries(mm::PhysAddr table)
{
    return reinterpret_cast<uint64_t *>(direct_map(table).value());
}

mm::PhysAddr take_table()
{
    mm::PhysAddr table = take_boot_memory(mm::PageSize, mm::PageSize, TablesName);
    zero_page(table_entries(table));
    return table;
}

mm::PhysAddr table_below(uint64_t &entry)
{
    if (entry == 0) entry = take_table().value() | TableFlags;
    return mm::PhysAddr{entry & AddressMask};
}

void map_kernel_range(mm::PhysAddr root, mm::VirtAddr begin, mm::PhysAddr physical, uint64_t bytes,
                      uint64_t flags, uint64_t largest)
{
    flags |= global_if_possible();
    while (bytes > 0) {
        uint64_t size = page_size(begin, physical, bytes, largest);
        unsigned leaf_level = size == GiantPage ? 3 : size == LargePage ? 2 : 1;
        mm::PhysAddr table = root;
        for (unsigned level = 4; level > leaf_level; level--) {
            table = table_below(table_entries(table)[index_at(begin, level)]);
        }
        table_entries(table)[index_at(begin, leaf_level)] =
            physical.value() | flags | (leaf_level > 1 ? map::Large : 0);
        begin += size;
        physical += size;
        bytes -= size;
    }
}

} // namespace kernel
