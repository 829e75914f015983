#include "kernel/page_walk.hpp"

#include "kernel/cpu/registers.hpp"
#include "kernel/memory_layout.hpp"

namespace kernel {

PageWalk walk_page_tables(mm::VirtAddr address)
{
    PageWalk walk;
    mm::PhysAddr table = read_cr3();
    for (unsigned level = 4; level >= 1; level--) {
        unsigned shift = mm::PageShift + 9 * (level - 1);
        unsigned index = (address.value() >> shift) & 511;
        auto *entries = reinterpret_cast<const volatile uint64_t *>(direct_map(table).value());
        mm::PageTableEntry entry{entries[index]};
        walk.steps[walk.count++] = {index, entry};
        if (!entry.present()) return walk;
        if (level == 1 || (level < 4 && (entry.raw() & mm::PageTableEntry::Large) != 0)) {
            uint64_t inside = (uint64_t{1} << shift) - 1;
            walk.mapped = true;
            walk.physical = mm::PhysAddr{(entry.address().value() & ~inside) | (address.value() & inside)};
            return walk;
        }
        table = entry.address();
    }
    return walk;
}

} // namespace kernel
