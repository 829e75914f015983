#include "kernel/file/user_pages.hpp"

#include "kernel/process/process.hpp"
#include "kernel/trap/user_copy.hpp"
#include "mm/address_space.hpp"
#include "mm/page_frame.hpp"

namespace kernel {

namespace {

// A device's writing sets no Dirty bit: only an entry that has it already tells the truth afterwards.
bool is_ready(const mm::PageTableEntry *entry, bool device_writes)
{
    if (entry == nullptr || !entry->present()) return false;
    return !device_writes || (entry->writable() && entry->dirty());
}

} // namespace

Result<mm::PhysAddr> hold_user_page(mm::VirtAddr address, bool device_writes)
{
    mm::VirtAddr page = address.page_down();
    const mm::PageTable &table = current_process().space().page_table();
    const mm::PageTableEntry *entry = table.find(page);
    if (!is_ready(entry, device_writes)) {
        if (device_writes)
            TRY_VOID(touch_user(address));
        else
            TRY(read_user<std::byte>(address));
        // Nothing sleeps from here until the frame is held.
        entry = table.find(page);
        if (!is_ready(entry, device_writes)) return Errno::BadAddress;
    }
    mm::pin(entry->address());
    return entry->address();
}

void release_pages(std::span<const BlockSegment> pieces)
{
    for (const BlockSegment &piece : pieces) {
        mm::PhysAddr end = piece.address + piece.bytes;
        for (mm::PhysAddr frame = piece.address.page_down(); frame < end; frame = frame + mm::PageSize)
            mm::unpin(frame);
    }
}

} // namespace kernel
