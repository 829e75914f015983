// Making, finding and freeing page tables.
#include "mm/page_table.hpp"

namespace mm {

namespace {

// The root's entries from here on are the kernel's.
constexpr unsigned UserEntries = PageTable::Entries / 2;

} // namespace

// What a table's descriptor says of an empty table: bounds that the first entry replaces.
void PageTable::begin_table(PhysAddr table)
{
    descriptor(table).table = {.entries = 0, .lowest = Entries, .highest = 0};
}

Result<PageTable> PageTable::create()
{
    PageTable made;
    made.root_ = TRY(frames().allocate_zeroed(FrameKind::PageTable));
    made.table_frames_ = 1;
    begin_table(made.root_);
    machine::share_kernel_half(made.root_);
    return made;
}

void PageTable::destroy()
{
    if (descriptor(root_).table.entries != 0) machine::fail("a page table is destroyed that is not empty");
    // Not with free_zeroed(): the kernel's half is still in it.
    frames().free(root_);
    root_ = PhysAddr{};
    table_frames_ = 0;
}

// `table` has no entry for `page`, so all tables below it are missing. They are obtained first and entered
// when all are there: a failure leaves nothing behind that a processor could have seen.
Result<EntrySlot> PageTable::slot_with_new_tables(VirtAddr page, PhysAddr table, unsigned level)
{
    PhysAddr fresh[Levels];
    unsigned missing = level - 1;
    for (unsigned i = 0; i < missing; i++) {
        auto frame = frames().allocate_zeroed(FrameKind::PageTable);
        if (!frame) {
            while (i-- > 0) frames().free_zeroed(fresh[i]);
            return frame.error();
        }
        fresh[i] = *frame;
        begin_table(fresh[i]);
    }
    for (unsigned i = 0; i < missing; i++, level--) {
        entry(table, page, level) = PageTableEntry::table(fresh[i]);
        count_new_entry(table, index(page, level));
        table = fresh[i];
    }
    table_frames_ += missing;
    near_ = {region_of(page), table};
    return EntrySlot{&entry(table, page, 1), table};
}

void PageTable::prune(VirtAddr page, FrameBatch &batch)
{
    PhysAddr tables[Levels + 1]; // by level
    unsigned level = Levels;
    tables[level] = root_;
    while (level > 1) {
        PageTableEntry next = entry(tables[level], page, level);
        if (next.empty()) break;
        tables[--level] = next.address();
    }
    // From the lowest one up, as long as they are empty.
    for (; level < Levels && descriptor(tables[level]).table.entries == 0; level++) {
        entry(tables[level + 1], page, level + 1) = PageTableEntry{};
        descriptor(tables[level + 1]).table.entries--;
        table_frames_--;
        if (level == 1) near_ = {}; // it may have been this one
        batch.release_table(page, tables[level]);
    }
}

bool PageTable::next_leaf(VirtAddr at, VirtAddr end, Leaf &leaf) const
{
    while (at < end) {
        // Straight down, as far as tables lead.
        PhysAddr table = root_;
        unsigned level = Levels;
        if (near_.region == region_of(at)) {
            table = near_.table;
            level = 1;
        }
        for (; level > 1; level--) {
            PageTableEntry next = entry(table, at, level);
            if (next.empty()) break;
            table = next.address();
        }

        // From there on to the right: to where the range or the table ends, but no further than there are
        // entries.
        auto &counts = descriptor(table).table;
        PageTableEntry *entries = entries_of(table);
        uint64_t whole = span(level + 1);
        unsigned wanted = index(at, level);
        unsigned bound = counts.highest;
        bool range_ends_here = (at.value() ^ (end - 1).value()) < whole;
        if (range_ends_here && index(end - 1, level) < bound) bound = index(end - 1, level);
        unsigned found = wanted < counts.lowest ? counts.lowest : wanted;
        while (found <= bound && entries[found].empty()) found++;

        if (found > bound) {
            // Nothing more in this table: go on behind it.
            if (bound == counts.highest && wanted <= bound && wanted > 0)
                counts.highest = static_cast<uint16_t>(wanted - 1); // which makes the next search shorter
            at = VirtAddr{(at.value() | (whole - 1)) + 1};
            continue;
        }
        if (found != wanted) {
            if (wanted <= counts.lowest) counts.lowest = static_cast<uint16_t>(found);
            at = VirtAddr{(at.value() & ~(whole - 1)) + found * span(level)};
        }
        if (level == 1) {
            near_ = {region_of(at), table};
            leaf = {table, at, entries + found, entries + bound, counts.entries};
            return true;
        }
    }
    return false;
}

// The number of tables from this one down. `end`: entries from here on are not ours.
uint64_t PageTable::audit_table(PhysAddr table, unsigned level, unsigned end) const
{
    using machine::fail;
    const Frame &frame = descriptor(table);
    if (frame.kind != FrameKind::PageTable) fail("a page table lies in a frame of another kind");
    uint64_t tables = 1;
    unsigned found = 0;
    for (unsigned i = 0; i < end; i++) {
        PageTableEntry entry = entries_of(table)[i];
        if (entry.empty()) continue;
        found++;
        if (i < frame.table.lowest || i > frame.table.highest)
            fail("a page table has an entry outside of its bounds");
        if (level == 1) continue;
        constexpr uint64_t Bits = PageTableEntry::AddressMask | PageTableEntry::Accessed;
        if (entry.without(Bits) != PageTableEntry::table(PhysAddr{}))
            fail("an entry that leads to a table has wrong bits");
        tables += audit_table(entry.address(), level - 1, Entries);
    }
    if (found != frame.table.entries) fail("a page table miscounts its entries");
    if (found == 0 && level != Levels) fail("an empty page table was not freed");
    return tables;
}

void PageTable::audit() const
{
    if (audit_table(root_, Levels, UserEntries) != table_frames_)
        machine::fail("an address space miscounts its page tables");
    if (near_.region == Near{}.region) return;
    VirtAddr page{near_.region * span(2)};
    if (find(page) != &entry(near_.table, page, 1))
        machine::fail("a page table remembers a table that it lost");
}

} // namespace mm
