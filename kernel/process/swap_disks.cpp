#include "kernel/process/swap_disks.hpp"

#include "kernel/file/disk_file.hpp"
#include "kernel/file/path.hpp"
#include "kernel/log.hpp"
#include "kernel/options.hpp"
#include "kernel/panic.hpp"
#include "kernel/process/block_wait.hpp"
#include "kernel/swap_device.hpp"
#include "mm/frame_allocator.hpp"
#include "mm/kernel_heap.hpp"
#include "mm/swap.hpp"

#include <array>

namespace kernel {

namespace {

constexpr int NextLowerPriority = -1;

// A swapoff(2) is under way: for all others the area is gone already.
constinit std::array<bool, mm::SwapSlot::MaxAreas> is_leaving{};

struct FoundArea {
    bool found = false;
    unsigned number = 0;
};

FoundArea area_on(const BlockDevice &disk)
{
    for (unsigned area = 0; area < mm::SwapSlot::MaxAreas; area++) {
        if (swap_disk(area) == &disk) return {true, area};
    }
    return {};
}

Result<void> check_disk(const BlockDevice &disk, std::string_view &why)
{
    const BlockGeometry &geometry = disk.geometry();
    if (geometry.read_only) {
        why = "the disk is read-only";
        return Errno::AccessDenied;
    }
    if (geometry.block_size > mm::PageSize) {
        why = "the disk's blocks are larger than a page";
        return Errno::Invalid;
    }
    if (disk.bytes() < mm::PageSize) {
        why = "the disk is smaller than a page";
        return Errno::Invalid;
    }
    return {};
}

// The page at the beginning of the disk, into a frame of its own.
Result<void> read_first_page(BlockDevice &disk, mm::PhysAddr frame)
{
    BlockSegment segment{frame, mm::PageSize};
    BlockRequest request;
    request.operation = BlockOperation::Read;
    request.segments = {&segment, 1};
    return perform(disk, request);
}

Result<void> read_header(BlockDevice &disk, mm::SwapHeader &header, std::string_view &why)
{
    mm::PhysAddr frame = TRY(mm::frames().allocate(mm::FrameKind::Buffer));
    Result<void> read = read_first_page(disk, frame);
    if (read.ok()) {
        auto *page = static_cast<const std::byte *>(mm::machine::window(frame));
        read = mm::read_swap_header({page, mm::PageSize}, disk.bytes() / mm::PageSize, header, why);
    } else {
        why = "its first page could not be read";
    }
    mm::frames().drop(frame);
    return read;
}

void log_area(const BlockDevice &disk, unsigned area, const mm::SwapHeader &header)
{
    auto information = mm::swap_area_information(area);
    if (!information) return; // somebody has been quick with swapoff(2)
    std::string_view label(header.label.data());
    log_info("{}: swap: {} KiB in use, {}{}, priority {}", disk.name(),
             uint64_t{information->size} << (mm::PageShift - 10), label.empty() ? "no label" : "label ",
             label, information->priority);
    if (header.bad_count != 0)
        log_info("{}: swap: {} pages are marked bad and not used", disk.name(), header.bad_count);
}

// The area's number is known and so is its disk.
Result<void> add_area(unsigned area, BlockDevice &disk, int priority, std::string_view &why)
{
    auto *header = mm::create<mm::SwapHeader>(); // too big for a kernel stack
    if (header == nullptr) return Errno::NoMemory;
    Result<void> result = read_header(disk, *header, why);
    if (result.ok()) result = mm::add_swap_area(area, *header, priority);
    if (result.ok()) log_area(disk, area, *header);
    mm::destroy(header);
    return result;
}

const char *explain(Errno error)
{
    switch (error) {
    case Errno::NotPermitted:
        return "there are as many swap areas as there can be";
    case Errno::NoMemory:
        return "there is not enough memory to keep count of its pages";
    case Errno::NoEntry:
        return "there is no such file";
    default:
        return "it cannot be used";
    }
}

// It is given up already.
void let_go_of_disk(unsigned area)
{
    const BlockDevice &disk = *swap_disk(area);
    unbind_swap_area(area);
    mm::release_swap_area(area);
    log_info("{}: swap: no longer in use", disk.name());
}

void start_swap_on(std::string_view path)
{
    std::string_view why;
    auto inode = lookup(path, root_directory());
    if (!inode.ok()) refuse("option swap={}: {}", path, explain(inode.error()));
    if (!swap_on(**inode, NextLowerPriority, why).ok()) refuse("option swap={}: {}", path, why);
}

} // namespace

Result<void> swap_on(const Inode &inode, int priority, std::string_view &why)
{
    BlockDevice *disk = disk_of(inode);
    if (disk == nullptr) {
        why = "it is not a disk (a file would need a file system that can tell where on a disk it is)";
        return Errno::Invalid;
    }
    TRY_VOID(check_disk(*disk, why));
    auto area = mm::reserve_swap_area();
    if (!area.ok()) {
        why = explain(area.error());
        return area.error();
    }
    Result<void> result;
    if (area_on(*disk).found) {
        why = "it is in use already";
        result = Errno::Busy;
    } else {
        bind_swap_area(*area, *disk);
        result = add_area(*area, *disk, priority, why);
        if (!result.ok()) unbind_swap_area(*area);
    }
    if (result.ok()) return result;
    mm::release_swap_area(*area);
    if (why.empty()) why = explain(result.error());
    return result;
}

Result<void> swap_off(const Inode &inode)
{
    BlockDevice *disk = disk_of(inode);
    if (disk == nullptr) return Errno::Invalid;
    FoundArea area = area_on(*disk);
    // It may be about to come, or to go.
    if (!area.found || is_leaving[area.number] || !mm::swap_area_information(area.number))
        return Errno::Invalid;
    is_leaving[area.number] = true;
    Result<void> removed = mm::remove_swap_area(area.number);
    is_leaving[area.number] = false;
    if (removed.ok()) let_go_of_disk(area.number);
    return removed;
}

void start_swap()
{
    for (std::string_view path : options().swap) start_swap_on(path);
}

void stop_swap()
{
    for (unsigned area = 0; area < mm::SwapSlot::MaxAreas; area++) {
        auto information = mm::swap_area_information(area);
        if (!information) continue;
        if (information->in_use != 0)
            log_error("{}: swap: {} slots are in use after the last program", swap_disk(area)->name(),
                      information->in_use);
        else if (mm::remove_swap_area(area).ok())
            let_go_of_disk(area);
    }
}

} // namespace kernel
