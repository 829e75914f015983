// /proc/PID/pagemap, cmdline, environ and auxv: read at a position from what the process's memory is.
#include "kernel/file/proc.hpp"
#include "kernel/process/scheduler.hpp"
#include "mm/address_space.hpp"
#include "mm/machine.hpp"

#include <algorithm>
#include <array>
#include <cstring>

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

// What pagemap says about the pages from `page` on.
void fill_entries(const mm::AddressSpace &space, uint64_t page, std::span<uint64_t> entries)
{
    const mm::VmArea *area = nullptr;
    for (size_t i = 0; i < entries.size(); i++, page++) {
        mm::VirtAddr address = mm::VirtAddr::of_page(page);
        if (!area || area->range.end <= address) area = space.areas().first_ending_above(address);
        if (!area) {
            std::ranges::fill(entries.subspan(i), 0);
            return;
        }
        // Nobody can have cleared the soft-dirty mark that every area begins with.
        entries[i] = area->range.contains(address) ? entry_of(space, address) | SoftDirty : 0;
    }
}

// Copies what is in one page of a process's memory. False when nothing is there (any more). May sleep, when
// the page must be fetched: hence the reference.
bool copy_from_space(const Ref<mm::AddressSpace> &space, mm::VirtAddr from, std::span<std::byte> to)
{
    mm::VirtAddr page = from.page_down();
    for (;;) {
        mm::PageInformation information = space->inspect(page);
        if (information.present) {
            auto *frame = static_cast<const std::byte *>(mm::machine::window(information.frame));
            std::memcpy(to.data(), frame + from.offset_in_page(), to.size());
            return true;
        }
        // In a hole, a fault would let the stack grow.
        if (!space->areas().find(page)) return false;
        mm::Fault fault{.address = page, .access = mm::Access::Read, .user = false, .present = false};
        if (space->fault(fault) != mm::FaultResult::Resolved) return false;
    }
}

} // namespace

Result<size_t> read_pagemap(Pid pid, uint64_t offset, UserBuffer &to)
{
    if (offset % EntrySize != 0 || to.size() % EntrySize != 0) return Errno::Invalid;
    uint64_t page = offset / EntrySize;
    size_t done = 0;
    while (!to.empty() && page < mm::UserEnd.page()) {
        std::array<uint64_t, 64> entries;
        size_t count = std::min({entries.size(), to.size() / EntrySize, mm::UserEnd.page() - page});
        auto process = living_process(pid);
        if (!process.ok()) return done != 0 ? Result<size_t>{done} : process.error();
        fill_entries((*process)->space(), page, {entries.data(), count});
        if (to.store(entries.data(), count * EntrySize) < count * EntrySize) return Errno::BadAddress;
        page += count;
        done += count * EntrySize;
        if (!continue_long_work()) break; // the range may be all of the user half
    }
    return done;
}

Result<size_t> read_memory(Pid pid, mm::VirtAddr begin, mm::VirtAddr end, uint64_t offset, UserBuffer &to)
{
    if (offset >= end - begin) return size_t{0};
    mm::VirtAddr from = begin + offset;
    size_t wanted = std::min<uint64_t>(to.size(), end - from);
    size_t done = 0;
    while (done < wanted) {
        std::byte piece[512];
        mm::VirtAddr at = from + done;
        size_t count = std::min({wanted - done, sizeof piece, mm::PageSize - at.offset_in_page()});
        auto process = living_process(pid);
        if (!process.ok()) return done != 0 ? Result<size_t>{done} : process.error();
        bool copied = copy_from_space(Ref<mm::AddressSpace>((*process)->space()), at, {piece, count});
        // The program has unmapped it: the end.
        if (!copied) break;
        size_t stored = to.store(piece, count);
        done += stored;
        if (stored < count) return done_or_fault(done, true);
    }
    return done;
}

} // namespace kernel::proc
