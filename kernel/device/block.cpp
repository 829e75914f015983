// Requests on their way to a disk and back. See block.hpp; block_timeout.cpp has what happens when none comes
// back.
#include "kernel/device/block.hpp"

#include "kernel/cpu/clock.hpp"

#include <algorithm>

namespace kernel {

constinit DiskWatchHook disk_watch_hook = nullptr;

uint64_t BlockRequest::bytes() const
{
    uint64_t bytes = 0;
    for (const BlockSegment &segment : segments) bytes += segment.bytes;
    return bytes;
}

void BlockDevice::set_serial(std::string_view serial)
{
    serial_length_ = static_cast<uint8_t>(std::min(serial.size(), serial_.size()));
    std::copy_n(serial.data(), serial_length_, serial_.data());
}

Result<void> BlockDevice::check(const BlockRequest &request) const
{
    if (request.operation == BlockOperation::Flush)
        return request.segments.empty() ? Result<void>{} : Errno::Invalid;
    if (request.operation == BlockOperation::Write && geometry_.read_only) return Errno::NotPermitted;
    if (request.segments.empty() || request.segments.size() > geometry_.max_segments) return Errno::Invalid;
    for (const BlockSegment &segment : request.segments) {
        if (segment.bytes == 0 || segment.bytes > geometry_.max_segment_bytes) return Errno::Invalid;
    }
    uint64_t bytes = request.bytes();
    uint64_t block_mask = geometry_.block_size - 1;
    if ((bytes | request.sector * SectorSize) & block_mask) return Errno::Invalid;
    uint64_t sectors = bytes / SectorSize;
    if (sectors > geometry_.sectors || request.sector > geometry_.sectors - sectors) return Errno::Invalid;
    return {};
}

Result<void> BlockDevice::submit(BlockRequest &request)
{
    TRY_VOID(check(request));
    Requests done;
    bool needs_watch = false;
    {
        auto state = state_.lock();
        if (state->broken) return Errno::InputOutput;
        uint64_t now = clock_nanoseconds();
        request.since = now;
        if (request.operation == BlockOperation::Flush && !geometry_.has_write_cache) {
            complete(*state, request, {}, done, now); // what was written is on the medium already
        } else {
            state->waiting.push_back(request);
            begin_waiting(*state, now);
            needs_watch = timeout_ != 0 && !state->watched && disk_watch_hook != nullptr;
            state->watched |= needs_watch;
        }
    }
    if (needs_watch) disk_watch_hook();
    call(done);
    return {};
}

// The request leaves the disk; its callback comes when the lock is free again.
void BlockDevice::complete(State &state, BlockRequest &request, Result<void> result, Requests &done,
                           uint64_t now)
{
    BlockStatistics &statistics = state.statistics[static_cast<size_t>(request.operation)];
    statistics.requests++;
    statistics.sectors += request.bytes() / SectorSize;
    statistics.nanoseconds += now - request.since;
    request.result = result;
    done.push_back(request);
}

void BlockDevice::call(Requests &done)
{
    while (BlockRequest *request = done.pop_front()) request->completed(*request);
}

void BlockDevice::begin_waiting(State &state, uint64_t now)
{
    bool began = false;
    for (unsigned i = 0; i < MaxUnderWay && !state.waiting.empty(); i++) {
        Slot &slot = state.slots[i];
        if (slot.use != Slot::Use::Free) continue;
        BlockRequest &request = *state.waiting.front();
        if (!begin(i, request)) break;
        state.waiting.pop_front();
        slot = {.use = Slot::Use::UnderWay,
                .request = &request,
                .deadline = timeout_ == 0 ? NoDeadline : now + timeout_};
        began = true;
    }
    if (began) notify();
}

void BlockDevice::collect()
{
    Requests done;
    {
        auto state = state_.lock();
        uint64_t now = clock_nanoseconds();
        take_all_finished(*state, done, now);
        begin_waiting(*state, now);
    }
    call(done);
}

std::array<BlockStatistics, 3> BlockDevice::statistics() const
{
    return state_.lock()->statistics;
}

unsigned BlockDevice::under_way() const
{
    auto state = state_.lock();
    unsigned count = 0;
    for (const Slot &slot : state->slots) count += slot.use == Slot::Use::UnderWay;
    for (auto each = state->waiting.begin(); each != state->waiting.end(); ++each) count++;
    return count;
}

uint64_t BlockDevice::held_frames() const
{
    return state_.lock()->held_frames;
}

bool BlockDevice::is_broken() const
{
    return state_.lock()->broken;
}

} // namespace kernel
