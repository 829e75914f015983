// Recording the pages that a program uses: hiding them, and showing those that it asks for
// (mm/reference_recorder.hpp says what for, and what that can tell).
//
// The rule: of a recorded space only pages that are noted in the present interval are present, and writable
// only those that are noted as written. Faults note and show. Whatever else puts an entry in place (populate,
// mlock, pages that come back from disk with another one, mprotect, mremap) leaves it hidden. So nothing is
// used that is not noted; and what is hidden although it is noted costs a fault more that notes nothing.
#include "mm/address_space.hpp"
#include "mm/reference_recorder.hpp"

namespace mm {

void AddressSpace::record(ReferenceRecorder &recorder)
{
    Turn turn(*this);
    recorder_ = &recorder;
    hide_range({VirtAddr{}, UserEnd});
}

// attempt() of a recorded space, from where the area is found. A fault that only shows a page again is of the
// recording's making and not counted: the program would not have had it. (`again`: an earlier attempt of the
// same fault had to wait, so it is one of the program's.)
FaultResult AddressSpace::attempt_recorded(VmArea &area, const Fault &fault, bool again)
{
    VirtAddr page = fault.address.page_down();
    const PageTableEntry *found = page_table_.find(page);
    PageTableEntry before = found != nullptr ? *found : PageTableEntry{};
    FaultResult result = resolve_page(area, page, fault.access);
    if (result != FaultResult::Resolved) return result;

    PageTableEntry after = *page_table_.find(page);
    bool is_only_shown = before.has_frame() && before.address() == after.address();
    if (!is_only_shown || again) counts_.minor_faults++;

    if (recorder_->is_full_for(page)) end_interval();
    recorder_->note(page, fault.access == Access::Write);
    show(page);
    return result;
}

// All pages that the program has used since the last time are hidden again.
void AddressSpace::end_interval()
{
    FrameBatch batch(page_table_.root(), active());
    for (const ReferenceRecorder::Noted &noted : recorder_->noted()) hide(noted.page, batch);
    recorder_->begin_interval();
}

void AddressSpace::hide(VirtAddr page, FrameBatch &batch)
{
    const PageTableEntry *entry = page_table_.find(page);
    if (entry == nullptr || !entry->present()) return;
    page_table_.set(*page_table_.slot(page), page, entry->hidden()); // it is there: nothing is allocated
    batch.invalidate(page);
}

void AddressSpace::show(VirtAddr page)
{
    EntrySlot slot = *page_table_.slot(page); // as above
    PageTableEntry before = *slot.entry, after = before.shown();
    if (!recorder_->is_noted_as_written(page)) after = after.without(PageTableEntry::Writable);
    page_table_.set(slot, page, after);
    if (!before.present() || before == after) return;
    FrameBatch batch(page_table_.root(), active());
    batch.invalidate(page);
}

// A page became present without being asked for.
void AddressSpace::hide_populated(VirtAddr page)
{
    FrameBatch batch(page_table_.root(), active());
    hide(page, batch);
}

// All pages, as after mprotect: it allows what it allows to hidden pages, too.
void AddressSpace::hide_range(VirtRange range)
{
    FrameBatch batch(page_table_.root(), active());
    page_table_.visit(range, batch, [&](VirtAddr page, PageTableEntry entry) {
        if (!entry.present()) return entry;
        batch.invalidate(page);
        return entry.hidden();
    });
}

} // namespace mm
