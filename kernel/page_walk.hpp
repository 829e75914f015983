// Reads the page tables as the processor does: for messages and for checks in dire straits. The walker that
// changes tables is mm/page_table.
#pragma once

#include "mm/page_table_entry.hpp"

namespace kernel {

struct PageWalk {
    struct Step {
        unsigned index;
        mm::PageTableEntry entry;
    };
    Step steps[4];      // level 4 (PML4) first
    unsigned count = 0; // how many levels were read: fewer than 4 at a large page or a missing entry
    bool mapped = false;
    mm::PhysAddr physical; // when mapped
};

// From CR3 through the direct map.
PageWalk walk_page_tables(mm::VirtAddr address);

} // namespace kernel
