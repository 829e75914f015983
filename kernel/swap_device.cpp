// Transfers of pages as requests of a disk. A transfer is nearly always one request; of a disk that takes
// fewer pieces at a time it is several, one after the other. All that they need is here from the start:
// memory is short when pages go out.
#include "kernel/swap_device.hpp"

#include "kernel/log.hpp"
#include "mm/page_io.hpp"

#include <algorithm>
#include <array>

namespace kernel {

namespace {

using Direction = mm::PageTransfer::Direction;

constexpr uint64_t SectorsPerPage = mm::PageSize / SectorSize;

// What a transfer under way needs, by its number.
struct Job {
    mm::PageTransfer *transfer = nullptr;
    unsigned begun = 0; // pages that the present request and those before it move
    BlockRequest request;
    std::array<BlockSegment, mm::PageTransfer::MaxPages> segments;
};

[[gnu::section(".data.large")]] constinit std::array<Job, mm::page_io::MaxUnderWay> jobs{};
constinit std::array<BlockDevice *, mm::SwapSlot::MaxAreas> disks{};

// The next request: as many of the pages that are left as the disk takes at once; frames that are neighbours
// are one segment.
void prepare(Job &job, const BlockGeometry &geometry)
{
    const mm::PageTransfer &transfer = *job.transfer;
    size_t most = std::min<size_t>(job.segments.size(), geometry.max_segments);
    size_t count = 0;
    job.request.sector = (uint64_t{transfer.first.offset()} + job.begun) * SectorsPerPage;
    for (; job.begun < transfer.count; job.begun++) {
        mm::PhysAddr frame = mm::PhysAddr::of_page(transfer.frames[job.begun]);
        BlockSegment *last = count == 0 ? nullptr : &job.segments[count - 1];
        if (last != nullptr && last->address + last->bytes == frame &&
            mm::PageSize <= geometry.max_segment_bytes - last->bytes) {
            last->bytes += mm::PageSize;
        } else {
            if (count == most) break;
            job.segments[count++] = {frame, mm::PageSize};
        }
    }
    job.request.segments = {job.segments.data(), count};
}

Result<void> submit_next(Job &job)
{
    BlockDevice &disk = *disks[job.transfer->first.area()];
    prepare(job, disk.geometry());
    return disk.submit(job.request).ok() ? Result<void>{} : Errno::InputOutput;
}

void explain_failure(const mm::PageTransfer &transfer, uint64_t sector)
{
    const BlockDevice &disk = *disks[transfer.first.area()];
    if (disk.is_broken()) return; // that was said, once
    bool in = transfer.direction == Direction::In;
    char slots[48];
    uint32_t first = transfer.first.offset();
    lib::BufferSink sink(slots);
    lib::format(sink, "slot {}", first);
    if (transfer.count > 1) lib::format(sink, " to {}", first + transfer.count - 1);
    log_error("{}: swap: {} {} failed (the request at sector {}): {}", disk.name(),
              in ? "reading" : "writing", sink.text(), sector,
              in ? "the programs that need a page which the disk has lost get SIGBUS, all others go on"
                 : "the pages stay in memory, and a slot that cannot be written is not used again");
}

// One request is done: the next, or the transfer has ended.
void completed(BlockRequest &request)
{
    Job &job = *static_cast<Job *>(request.context);
    mm::PageTransfer &transfer = *job.transfer;
    Result<void> result = request.result;
    if (result.ok() && job.begun < transfer.count) {
        result = submit_next(job);
        if (result.ok()) return;
    }
    if (!result.ok()) explain_failure(transfer, request.sector);
    transfer.result = result;
    mm::transfer_completed(transfer);
}

} // namespace

void bind_swap_area(unsigned area, BlockDevice &disk)
{
    disks[area] = &disk;
}

void unbind_swap_area(unsigned area)
{
    disks[area] = nullptr;
}

BlockDevice *swap_disk(unsigned area)
{
    return disks[area];
}

} // namespace kernel

lib::Result<void> mm::page_io::submit(PageTransfer &transfer)
{
    using namespace kernel;
    if (disks[transfer.first.area()] == nullptr) return Errno::InputOutput;
    Job &job = jobs[transfer.number];
    job.transfer = &transfer;
    job.begun = 0;
    job.request.operation =
        transfer.direction == Direction::In ? BlockOperation::Read : BlockOperation::Write;
    job.request.completed = completed;
    job.request.context = &job;
    Result<void> submitted = submit_next(job);
    if (!submitted.ok()) explain_failure(transfer, job.request.sector);
    return submitted;
}
