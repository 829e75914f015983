#include "kernel/process/space_writer.hpp"

#include "mm/machine.hpp"

#include <algorithm>
#include <cstring>

namespace kernel {

namespace {

// The kernel's window on a page that the program may write; good until something sleeps: then the page may go
// to disk, and its frame to somebody else. Writing through the window sets no Dirty bit, and a page without
// it could be dropped as what its file or its slot on disk has anyway: so the entry must have it already.
Result<std::byte *> writable_page(mm::AddressSpace &space, mm::VirtAddr page)
{
    for (;;) {
        const mm::PageTableEntry *entry = space.page_table().find(page);
        bool present = entry != nullptr && entry->present();
        if (present && entry->writable() && entry->dirty())
            return static_cast<std::byte *>(mm::machine::window(entry->address()));
        switch (
            space.fault({.address = page, .access = mm::Access::Write, .user = false, .present = present})) {
        case mm::FaultResult::Resolved:
            break;
        case mm::FaultResult::NoMemory:
            return Errno::NoMemory;
        default:
            return Errno::BadAddress;
        }
    }
}

template <typename Store>
Result<void> for_each_page(mm::AddressSpace &space, mm::VirtAddr to, size_t bytes, Store &&store)
{
    for (size_t done = 0; done < bytes;) {
        mm::VirtAddr at = to + done;
        size_t part = std::min<size_t>(bytes - done, mm::PageSize - at.offset_in_page());
        std::byte *page = TRY(writable_page(space, at.page_down()));
        store(page + at.offset_in_page(), done, part);
        done += part;
    }
    return {};
}

} // namespace

Result<void> write_to_space(mm::AddressSpace &space, mm::VirtAddr to, const void *from, size_t bytes)
{
    return for_each_page(space, to, bytes, [&](std::byte *place, size_t done, size_t part) {
        std::memcpy(place, static_cast<const std::byte *>(from) + done, part);
    });
}

Result<void> zero_in_space(mm::AddressSpace &space, mm::VirtAddr to, size_t bytes)
{
    return for_each_page(space, to, bytes,
                         [&](std::byte *place, size_t, size_t part) { std::memset(place, 0, part); });
}

} // namespace kernel
