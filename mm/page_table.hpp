// The 4-level page table of one address space's user half: the one walker of the kernel (SDM vol. 3A, 4.5).
//
// A table's frame descriptor knows how many entries the table has and between which indices: an empty table is freed
// at once, and tearing down a sparse space costs what was touched, not what it spans. Tables that become empty are
// all zeros: that is what makes handing them out again cheap.
#pragma once

#include "lib/result.hpp"
#include "mm/frame_batch.hpp"
#include "mm/page_table_entry.hpp"

namespace mm {

// Where a leaf entry is: the entry itself and the table that holds it (for its counts).
struct EntrySlot {
    PageTableEntry *entry;
    PhysAddr table;
};

class PageTable {
public:
    // A table with an empty user half and the kernel's half shared in. NoMemory.
    static Result<PageTable> create();
    // Frees the root. The user half must be empty and the root loaded nowhere.
    void destroy();

    PhysAddr root() const { return root_; }
    // Frames used by tables of all levels, the root included.
    uint64_t table_frames() const { return table_frames_; }

    // The leaf entry of `page`, or nullptr when no table leads there. Reading only.
    const PageTableEntry *find(VirtAddr page) const;

    // The leaf entry of `page`, with tables made on the way down. NoMemory leaves no empty table behind.
    Result<EntrySlot> slot(VirtAddr page);
    // Writes an entry obtained from slot() or visit() and keeps the table's count. Does not invalidate.
    void set(EntrySlot slot, VirtAddr page, PageTableEntry value);
    // After a failed fault: frees tables on the way to `page` that slot() made and nobody filled.
    void prune(VirtAddr page, FrameBatch &batch);

    // Calls visitor(VirtAddr page, PageTableEntry entry) -> PageTableEntry for each entry of `range` that is not
    // empty, from low to high, and stores what it returns. Tables that become empty go into `batch`. Cost: what is
    // mapped in the range, not its size.
    template <typename Visitor> void visit(VirtRange range, FrameBatch &batch, Visitor &&visitor);

    // The same without changing anything: visitor(VirtAddr, PageTableEntry).
    template <typename Visitor> void inspect(VirtRange range, Visitor &&visitor) const;

    // Checks counts and bounds of every table against its contents. Calls machine::fail.
    void audit() const;

private:
    PhysAddr root_;
    uint64_t table_frames_ = 0;
};

} // namespace mm
