// The 4-level page table of one address space's user half: the one walker of the kernel (SDM vol. 3A, 4.5).
//
// A table's frame descriptor knows how many entries the table has and between which indices: an empty table
// is freed at once, and tearing down a sparse space costs what was touched, not what it spans. Tables that
// become empty are all zeros: that is what makes handing them out again cheap.
//
// Levels are counted as the field does: 4 is the root (PML4), 1 the table whose entries are leaves. The
// caller keeps others from changing the same table at the same time; processors only set Accessed and Dirty.
#pragma once

#include "lib/result.hpp"
#include "mm/frame_batch.hpp"
#include "mm/page_table_entry.hpp"

namespace mm {

// Where a leaf entry is: the entry itself and the table that holds it (for its counts).
struct EntrySlot {
    PageTableEntry *entry = nullptr;
    PhysAddr table;
};

class PageTable {
public:
    static constexpr unsigned Levels = 4;
    static constexpr unsigned Entries = 512;

    // The index of the entry for `page` in a table of `level`: nine bits of the address.
    static constexpr unsigned index(VirtAddr page, unsigned level)
    {
        return page.value() >> (PageShift + 9 * (level - 1)) & (Entries - 1);
    }
    // How many bytes one entry of a table of `level` stands for.
    static constexpr uint64_t span(unsigned level) { return PageSize << 9 * (level - 1); }

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
    // Writes an entry obtained from slot() and keeps the table's count. Does not invalidate. Who empties one
    // this way calls prune() afterwards.
    void set(EntrySlot slot, VirtAddr page, PageTableEntry value);
    // Frees tables on the way to `page` that have no entry: those that slot() made for a fault that failed
    // later, or that set() emptied.
    void prune(VirtAddr page, FrameBatch &batch);

    // Calls visitor(VirtAddr page, PageTableEntry entry) -> PageTableEntry for each entry of `range` that is
    // not empty, from low to high, and stores what it returns. Tables that become empty go into `batch`.
    // Cost: what is mapped in the range, not its size. The visitor may use slot() and set() outside of the
    // range.
    template <typename Visitor> void visit(VirtRange range, FrameBatch &batch, Visitor &&visitor);

    // The same without changing anything: visitor(VirtAddr, PageTableEntry).
    template <typename Visitor> void inspect(VirtRange range, Visitor &&visitor) const;

    // Calls visitor(PageTableEntry &entry) -> PageTableEntry for each entry of `range` that is not empty,
    // from low to high. It may change the entry, but not empty it; what it returns becomes the entry of the
    // same page in `copy`, which must have none in the range. NoMemory: only pages below some address were
    // copied.
    template <typename Visitor> Result<void> copy_to(PageTable &copy, VirtRange range, Visitor &&visitor);

    // The same as visit() without changing anything, until visitor() returns false.
    template <typename Visitor> void inspect_until(VirtRange range, Visitor &&visitor) const;

    // Checks counts and bounds of every table against its contents. Calls machine::fail.
    void audit() const;

private:
    // The entries of one leaf table that a walk has still to look at.
    struct Leaf {
        PhysAddr table;
        VirtAddr page;                // of `first`
        PageTableEntry *first, *last; // both included; `first` is not empty
        unsigned entries; // not empty in the whole table: when as many were seen, the rest is empty
    };

    static PageTableEntry *entries_of(PhysAddr table)
    {
        return static_cast<PageTableEntry *>(machine::window(table));
    }
    static PageTableEntry &entry(PhysAddr table, VirtAddr page, unsigned level)
    {
        return entries_of(table)[index(page, level)];
    }
    static void count_new_entry(PhysAddr table, unsigned index);
    static void begin_table(PhysAddr table);

    Result<EntrySlot> slot_with_new_tables(VirtAddr page, PhysAddr table, unsigned level);
    // The first leaf table with an entry in [at, end), from that entry on.
    bool next_leaf(VirtAddr at, VirtAddr end, Leaf &leaf) const;
    uint64_t audit_table(PhysAddr table, unsigned level, unsigned end) const;

    // The leaf table that the last walk ended in: the next one often ends there too. Processors keep the same
    // kind of memory (SDM vol. 3A, 4.10.3, paging-structure caches), and like theirs it must forget a table
    // that is freed.
    struct Near {
        uint64_t region = UINT64_MAX; // which 2 MiB of the address space
        PhysAddr table;
    };
    static uint64_t region_of(VirtAddr page) { return page.value() / span(2); }

    PhysAddr root_;
    uint64_t table_frames_ = 0;
    mutable Near near_;
};

// ---- What every fault and every unmapped page goes through, in line.

inline void PageTable::count_new_entry(PhysAddr table, unsigned index)
{
    auto &counts = descriptor(table).table;
    counts.entries++;
    if (index < counts.lowest) counts.lowest = static_cast<uint16_t>(index);
    if (index > counts.highest) counts.highest = static_cast<uint16_t>(index);
}

inline const PageTableEntry *PageTable::find(VirtAddr page) const
{
    PhysAddr table = root_;
    for (unsigned level = Levels; level > 1; level--) {
        PageTableEntry next = entry(table, page, level);
        if (next.empty()) return nullptr;
        table = next.address();
    }
    return &entry(table, page, 1);
}

inline Result<EntrySlot> PageTable::slot(VirtAddr page)
{
    if (near_.region == region_of(page)) [[likely]]
        return EntrySlot{&entry(near_.table, page, 1), near_.table};
    PhysAddr table = root_;
    for (unsigned level = Levels; level > 1; level--) {
        PageTableEntry next = entry(table, page, level);
        if (next.empty()) [[unlikely]]
            return slot_with_new_tables(page, table, level);
        table = next.address();
    }
    near_ = {region_of(page), table};
    return EntrySlot{&entry(table, page, 1), table};
}

inline void PageTable::set(EntrySlot slot, VirtAddr page, PageTableEntry value)
{
    if (slot.entry->empty() && !value.empty())
        count_new_entry(slot.table, index(page, 1));
    else if (!slot.entry->empty() && value.empty())
        descriptor(slot.table).table.entries--;
    *slot.entry = value;
}

template <typename Visitor> void PageTable::visit(VirtRange range, FrameBatch &batch, Visitor &&visitor)
{
    Leaf leaf;
    for (VirtAddr at = range.begin; at < range.end && next_leaf(at, range.end, leaf);) {
        unsigned removed = 0;
        VirtAddr page = leaf.page;
        for (PageTableEntry *entry = leaf.first; entry <= leaf.last; entry++, page += PageSize) {
            PageTableEntry old = *entry;
            if (old.empty()) continue;
            PageTableEntry value = visitor(page, old);
            if (value != old) *entry = value;
            removed += value.empty();
            if (--leaf.entries == 0) break;
        }
        at = VirtAddr{(leaf.page.value() | (span(2) - 1)) + 1};
        auto &counts = descriptor(leaf.table).table;
        counts.entries = static_cast<uint16_t>(counts.entries - removed);
        if (counts.entries == 0) prune(leaf.page, batch);
    }
}

template <typename Visitor>
Result<void> PageTable::copy_to(PageTable &copy, VirtRange range, Visitor &&visitor)
{
    Leaf leaf;
    for (VirtAddr at = range.begin; at < range.end && next_leaf(at, range.end, leaf);) {
        EntrySlot target = TRY(copy.slot(leaf.page));
        PageTableEntry *to = target.entry;
        PageTableEntry *entry = leaf.first;
        unsigned copied = 0;
        for (;; entry++, to++) {
            if (!entry->empty()) {
                *to = visitor(*entry);
                copied += !to->empty();
                if (--leaf.entries == 0) break;
            }
            if (entry == leaf.last) break;
        }
        auto &counts = descriptor(target.table).table;
        counts.entries = static_cast<uint16_t>(counts.entries + copied);
        auto first = static_cast<uint16_t>(index(leaf.page, 1));
        auto last = static_cast<uint16_t>(first + (entry - leaf.first));
        if (first < counts.lowest) counts.lowest = first;
        if (last > counts.highest) counts.highest = last;
        if (counts.entries == 0) {
            FrameBatch nobody_has_seen_it(copy.root(), 0);
            copy.prune(leaf.page, nobody_has_seen_it);
        }
        at = VirtAddr{(leaf.page.value() | (span(2) - 1)) + 1};
    }
    return {};
}

template <typename Visitor> void PageTable::inspect(VirtRange range, Visitor &&visitor) const
{
    inspect_until(range, [&](VirtAddr page, PageTableEntry entry) {
        visitor(page, entry);
        return true;
    });
}

template <typename Visitor> void PageTable::inspect_until(VirtRange range, Visitor &&visitor) const
{
    Leaf leaf;
    for (VirtAddr at = range.begin; at < range.end && next_leaf(at, range.end, leaf);) {
        VirtAddr page = leaf.page;
        for (const PageTableEntry *entry = leaf.first; entry <= leaf.last; entry++, page += PageSize) {
            if (entry->empty()) continue;
            if (!visitor(page, *entry)) return;
            if (--leaf.entries == 0) break;
        }
        at = VirtAddr{(leaf.page.value() | (span(2) - 1)) + 1};
    }
}

} // namespace mm
