// /proc/PID/pagemap, cmdline, environ and auxv: read at a position from what the process's memory is.
#include "kernel/cpu/interrupts.hpp"
#include "kernel/file/proc.hpp"
#include "mm/machine.hpp"

#include <algorithm>
#include <array>

namespace kernel::proc {

namespace {

// Documentation/admin-guide/mm/pagemap.rst.
constexpr uint64_t Present = uint64_t{1} << 63;
constexpr uint64_t Swapped = uint64_t{1}
                             << 62; // then bits 0 to 4 are the area, and above is the offset in it
constexpr unsigned SlotShift = 5;
constexpr uint64_t FileOrShared = uint64_t{1} << 61;
constexpr uint64_t Exclusive = uint64_t{1} << 56;
constexpr uint64_t SoftDirty = uint64_t{1} << 55;
constexpr size_t EntrySize = sizeof(uint64_t);

uint64_t entry_of(const mm::AddressSpace &space, mm::VirtAddr page)
{
    mm::PageInformation information = space.inspect(page);
    if (information.swapped) {
        mm::SwapSlot slot = information.slot;
        return Swapped | slot.area() | uint64_t{slot.offset()} << SlotShift |
               (information.file_or_shared ? FileOrShared : 0);
    }
    if (!information.present) return 0;
    return information.frame.page() | Present | (information.file_or_shared ? FileOrShared : 0) |
           (information.exclusive ? Exclusive : 0);
}

// The kernel's view of a byte of another process's memory; null where nothing is (yet).
const std::byte *window_on(const mm::AddressSpace &space, mm::VirtAddr address)
{
    mm::PageInformation information = space.inspect(address.page_down());
    if (!information.present) return nullptr;
    return static_cast<const std::byte *>(mm::machine::window(information.frame)) + address.offset_in_page();
}

} // namespace

Result<size_t> read_pagemap(Process &process, uint64_t offset, UserBuffer &to)
{
    if (offset % EntrySize != 0 || to.size() % EntrySize != 0) return Errno::Invalid;
    mm::AddressSpace &space = process.space();
    uint64_t page = offset / EntrySize;
    size_t done = 0;
    while (!to.empty() && page < mm::UserEnd.page()) {
        std::array<uint64_t, 64> entries;
        size_t count = std::min({entries.size(), to.size() / EntrySize, mm::UserEnd.page() - page});
        mm::VmArea *area = nullptr;
        for (size_t i = 0; i < count; i++, page++) {
            mm::VirtAddr address = mm::VirtAddr::of_page(page);
            if (!area || area->range.end <= address) area = space.areas().first_ending_above(address);
            // Nobody can have cleared the soft-dirty mark that every area begins with.
            bool mapped = area && area->range.contains(address);
            entries[i] = mapped ? entry_of(space, address) | SoftDirty : 0;
            if (!area) {
                std::fill_n(entries.begin() + i, count - i, 0);
                page += count - i;
                break;
            }
        }
        if (to.store(entries.data(), count * EntrySize) < count * EntrySize) return Errno::BadAddress;
        done += count * EntrySize;
        let_interrupts_in(); // the range may be all of the user half
    }
    return done;
}

Result<size_t> read_memory(Process &process, mm::VirtAddr begin, mm::VirtAddr end, uint64_t offset,
                           UserBuffer &to)
{
    if (offset >= end - begin) return size_t{0};
    mm::VirtAddr from = begin + offset;
    size_t wanted = std::min<uint64_t>(to.size(), end - from);
    size_t done = 0;
    while (done < wanted) {
        mm::VirtAddr at = from + done;
        size_t count = std::min<uint64_t>(wanted - done, mm::PageSize - at.offset_in_page());
        const std::byte *bytes = window_on(process.space(), at);
        // The program has unmapped it: the end.
        if (!bytes) break;
        size_t stored = to.store(bytes, count);
        done += stored;
        if (stored < count) return done_or_fault(done, true);
    }
    return done;
}

} // namespace kernel::proc
