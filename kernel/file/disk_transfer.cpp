#include "kernel/file/disk_transfer.hpp"

#include "kernel/file/user_pages.hpp"
#include "kernel/process/block_wait.hpp"
#include "mm/kernel_heap.hpp"
#include "mm/page_frame.hpp"

#include <algorithm>
#include <cstring>

namespace kernel {

namespace {

constexpr size_t FewPieces = 33;   // 128 KiB at any address
constexpr size_t ManyPieces = 256; // 1 MiB
constexpr size_t MaxRequests = 4;  // of one transfer, under way together
constexpr size_t MaxFrames = 32;   // of a transfer through frames

// Room for many pieces on the heap, or for few on the stack.
class Pieces {
public:
    explicit Pieces(size_t bytes)
    {
        if (bytes > (FewPieces - 1) * mm::PageSize)
            many_ = static_cast<BlockSegment *>(mm::heap_allocate(ManyPieces * sizeof(BlockSegment)));
    }
    ~Pieces() { mm::heap_free(many_); }
    Pieces(const Pieces &) = delete;
    Pieces &operator=(const Pieces &) = delete;

    std::span<BlockSegment> room() { return many_ ? std::span(many_, ManyPieces) : std::span(few_); }

private:
    BlockSegment *many_ = nullptr;
    BlockSegment few_[FewPieces];
};

// Holds the frames of up to `bytes` bytes at `address`; neighbours become one piece. Fewer where the memory
// ends.
std::span<BlockSegment> hold_pieces(std::span<BlockSegment> room, mm::VirtAddr address, size_t bytes,
                                    uint32_t max_piece, bool device_writes, size_t &held)
{
    size_t count = 0;
    for (held = 0; held < bytes;) {
        mm::VirtAddr at = address + held;
        auto part = static_cast<uint32_t>(std::min<size_t>(bytes - held, mm::PageSize - at.offset_in_page()));
        auto frame = hold_user_page(at, device_writes);
        if (!frame.ok()) break;
        mm::PhysAddr place = *frame + at.offset_in_page();
        BlockSegment *last = count == 0 ? nullptr : &room[count - 1];
        if (last != nullptr && last->address + last->bytes == place && part <= max_piece - last->bytes) {
            last->bytes += part;
        } else {
            if (count == room.size()) {
                mm::unpin(*frame);
                break;
            }
            room[count++] = {place, part};
        }
        held += part;
    }
    return room.first(count);
}

// All pieces, in as many requests as it takes; the bytes moved before the first failure.
Result<size_t> perform_all(BlockDevice &disk, BlockOperation operation, uint64_t sector,
                           std::span<const BlockSegment> pieces)
{
    BlockRequest requests[MaxRequests];
    size_t count = 0;
    {
        BlockWait wait;
        while (!pieces.empty()) {
            BlockRequest &request = requests[count++];
            request.operation = operation;
            request.sector = sector;
            request.segments = pieces.first(std::min<size_t>(pieces.size(), disk.geometry().max_segments));
            Result<void> submitted = wait.submit(disk, request);
            if (!submitted.ok()) {
                request.result = submitted;
                break;
            }
            sector += request.bytes() / SectorSize;
            pieces = pieces.subspan(request.segments.size());
        }
    }
    size_t done = 0;
    for (size_t i = 0; i < count; i++) {
        if (!requests[i].result.ok()) return done != 0 ? Result<size_t>{done} : requests[i].result.error();
        done += requests[i].bytes();
    }
    return done;
}

// Frames of the kernel's, as the pieces of a request.
class Frames {
public:
    Frames() = default;
    ~Frames() { release_pages({pieces_, count_}); }
    Frames(const Frames &) = delete;
    Frames &operator=(const Frames &) = delete;

    // Room for `bytes`, or for less when memory is short, but for one frame at least. NoMemory.
    Result<void> allocate(size_t bytes)
    {
        size_t wanted = std::min<size_t>((bytes + mm::PageSize - 1) / mm::PageSize, MaxFrames);
        while (count_ < wanted) {
            auto frame = mm::frames().allocate(mm::FrameKind::Buffer);
            if (!frame.ok()) break;
            pieces_[count_++] = {*frame, mm::PageSize};
        }
        return count_ == 0 ? Result<void>{Errno::NoMemory} : Result<void>{};
    }
    size_t bytes() const { return count_ * mm::PageSize; }
    // The pieces of the first `bytes` bytes.
    std::span<const BlockSegment> first(size_t bytes)
    {
        size_t count = (bytes + mm::PageSize - 1) / mm::PageSize;
        for (size_t i = 0; i < count; i++)
            pieces_[i].bytes =
                static_cast<uint32_t>(std::min<size_t>(bytes - i * mm::PageSize, mm::PageSize));
        return {pieces_, count};
    }
    std::byte *at(size_t offset) const
    {
        auto *frame = static_cast<std::byte *>(mm::machine::window(pieces_[offset / mm::PageSize].address));
        return frame + offset % mm::PageSize;
    }
    // move(place, bytes) for each stretch of [offset, offset + bytes) until one moves less; how many were
    // moved.
    template <typename Move> size_t for_each_stretch(size_t offset, size_t bytes, Move &&move) const
    {
        size_t done = 0;
        while (done < bytes) {
            size_t at_offset = offset + done;
            size_t part = std::min<size_t>(bytes - done, mm::PageSize - at_offset % mm::PageSize);
            size_t moved = move(at(at_offset), part);
            done += moved;
            if (moved < part) break;
        }
        return done;
    }

private:
    BlockSegment pieces_[MaxFrames];
    size_t count_ = 0;
};

Result<void> perform_in(BlockDevice &disk, BlockOperation operation, uint64_t offset, Frames &frames,
                        size_t bytes)
{
    size_t done = 0;
    auto moved = perform_all(disk, operation, offset / SectorSize, frames.first(bytes));
    if (moved.ok()) done = *moved;
    // What failed in the middle is as good as none: the caller tries no smaller pieces.
    return done == bytes ? Result<void>{} : Result<void>{moved.ok() ? Errno::InputOutput : moved.error()};
}

// Fills the bytes [from, to) of the block that begins at `block` with what the disk has there.
Result<void> complete_block(BlockDevice &disk, uint64_t offset, Frames &frames, size_t block, size_t from,
                            size_t to)
{
    Frames whole;
    TRY_VOID(whole.allocate(disk.geometry().block_size));
    TRY_VOID(perform_in(disk, BlockOperation::Read, offset + block, whole, disk.geometry().block_size));
    std::memcpy(frames.at(block + from), whole.at(from), to - from);
    return {};
}

} // namespace

Result<size_t> transfer_straight(BlockDevice &disk, BlockOperation operation, uint64_t offset,
                                 UserBuffer &buffer)
{
    const BlockGeometry &geometry = disk.geometry();
    size_t bytes = std::min(buffer.contiguous(), ManyPieces * mm::PageSize);
    Pieces storage(bytes);
    std::span<BlockSegment> room = storage.room();
    room = room.first(std::min<size_t>(room.size(), MaxRequests * geometry.max_segments));
    size_t held;
    std::span<BlockSegment> pieces = hold_pieces(room, buffer.address(), bytes, geometry.max_segment_bytes,
                                                 operation == BlockOperation::Read, held);
    if (held == 0) return Errno::BadAddress;
    auto moved = perform_all(disk, operation, offset / SectorSize, pieces);
    release_pages(pieces);
    if (moved.ok()) buffer.skip(*moved);
    return moved;
}

Result<size_t> read_through_frames(BlockDevice &disk, uint64_t offset, UserBuffer &to)
{
    uint64_t block_mask = disk.geometry().block_size - 1;
    size_t head = offset & block_mask;
    Frames frames;
    TRY_VOID(frames.allocate(std::min(to.size(), MaxFrames * mm::PageSize) + head));
    size_t bytes = std::min(to.size(), frames.bytes() - head);
    TRY_VOID(perform_in(disk, BlockOperation::Read, offset - head, frames,
                        (head + bytes + block_mask) & ~block_mask));
    size_t stored = frames.for_each_stretch(
        head, bytes, [&](std::byte *place, size_t part) { return to.store(place, part); });
    return done_or_fault(stored, true);
}

Result<size_t> write_through_frames(BlockDevice &disk, uint64_t offset, UserBuffer &from)
{
    size_t block_size = disk.geometry().block_size;
    size_t head = offset & (block_size - 1);
    Frames frames;
    TRY_VOID(frames.allocate(std::min(from.size(), MaxFrames * mm::PageSize) + head));
    size_t bytes = std::min(from.size(), frames.bytes() - head);
    bytes = frames.for_each_stretch(head, bytes,
                                    [&](std::byte *place, size_t part) { return from.load(place, part); });
    if (bytes == 0) return Errno::BadAddress;

    uint64_t begin = offset - head;
    size_t end = head + bytes;
    size_t last_block = (end - 1) & ~(block_size - 1);
    if (head != 0) TRY_VOID(complete_block(disk, begin, frames, 0, 0, head));
    if (end != last_block + block_size)
        TRY_VOID(complete_block(disk, begin, frames, last_block, end - last_block, block_size));
    TRY_VOID(perform_in(disk, BlockOperation::Write, begin, frames, last_block + block_size));
    return bytes;
}

} // namespace kernel
