// read, write, pread64, pwrite64, readv, writev, preadv, pwritev, preadv2, pwritev2, lseek.
#include "kernel/file/file_table.hpp"
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "mm/kernel_heap.hpp"

#include <algorithm>

namespace kernel::syscalls {

namespace {

constexpr uint64_t MaxSegments = 1024; // UIO_MAXIOV
constexpr uint32_t LastWhence = static_cast<uint32_t>(Whence::Hole);

inline Result<Ref<File>> open_file(uint32_t descriptor)
{
    return current_process().files().find(static_cast<int>(descriptor));
}

// The vector of readv and writev, copied: few segments on the stack, many on the heap.
class SegmentVector {
public:
    SegmentVector() = default;
    ~SegmentVector() { mm::heap_free(large_); }
    SegmentVector(const SegmentVector &) = delete;
    SegmentVector &operator=(const SegmentVector &) = delete;

    // Invalid: too many segments, a length that is negative as ssize_t. BadAddress. NoMemory.
    Result<void> copy(VirtAddr from, uint64_t count)
    {
        if (count > MaxSegments) return Errno::Invalid;
        UserBuffer::Segment *segments = few_;
        if (count > std::size(few_)) {
            large_ = mm::heap_allocate(count * sizeof(UserBuffer::Segment));
            if (!large_) return Errno::NoMemory;
            segments = static_cast<UserBuffer::Segment *>(large_);
        }
        TRY_VOID(copy_from_user(segments, from, count * sizeof(UserBuffer::Segment)));
        segments_ = {segments, count};
        for (const UserBuffer::Segment &segment : segments_) {
            if (segment.size > INT64_MAX) return Errno::Invalid;
        }
        for (const UserBuffer::Segment &segment : segments_) {
            if (!is_user_range(segment.address, segment.size)) return Errno::BadAddress;
            total_ += std::min(segment.size, File::MaxTransfer - total_);
        }
        return {};
    }
    std::span<const UserBuffer::Segment> segments() const { return segments_; }
    size_t total() const { return total_; }

private:
    UserBuffer::Segment few_[8]; // UIO_FASTIOV
    void *large_ = nullptr;
    std::span<const UserBuffer::Segment> segments_;
    size_t total_ = 0;
};
static_assert(sizeof(UserBuffer::Segment) == 16, "struct iovec");

} // namespace

[[gnu::hot]] Result<uint64_t> read(uint32_t descriptor, VirtAddr buffer, uint64_t size)
{
    TRY_LET(file, open_file(descriptor));
    UserBuffer to(buffer, size);
    return file->read(to);
}

[[gnu::hot]] Result<uint64_t> write(uint32_t descriptor, VirtAddr buffer, uint64_t size)
{
    TRY_LET(file, open_file(descriptor));
    UserBuffer from(buffer, size);
    return file->write(from);
}

Result<uint64_t> pread64(uint32_t descriptor, VirtAddr buffer, uint64_t size, int64_t offset)
{
    if (offset < 0) return Errno::Invalid;
    TRY_LET(file, open_file(descriptor));
    UserBuffer to(buffer, size);
    return file->read_at(static_cast<uint64_t>(offset), to);
}

Result<uint64_t> pwrite64(uint32_t descriptor, VirtAddr buffer, uint64_t size, int64_t offset)
{
    if (offset < 0) return Errno::Invalid;
    TRY_LET(file, open_file(descriptor));
    UserBuffer from(buffer, size);
    return file->write_at(static_cast<uint64_t>(offset), from);
}

Result<uint64_t> readv(uint32_t descriptor, VirtAddr vector, uint64_t count)
{
    TRY_LET(file, open_file(descriptor));
    SegmentVector segments;
    TRY_VOID(segments.copy(vector, count));
    if (segments.total() == 0) return file->is_readable() ? Result<uint64_t>{0} : Errno::BadDescriptor;
    UserBuffer to(segments.segments(), segments.total());
    return file->read(to);
}

Result<uint64_t> writev(uint32_t descriptor, VirtAddr vector, uint64_t count)
{
    TRY_LET(file, open_file(descriptor));
    SegmentVector segments;
    TRY_VOID(segments.copy(vector, count));
    if (segments.total() == 0) return file->is_writable() ? Result<uint64_t>{0} : Errno::BadDescriptor;
    UserBuffer from(segments.segments(), segments.total());
    return file->write(from);
}

Result<uint64_t> lseek(uint32_t descriptor, int64_t offset, uint32_t whence)
{
    TRY_LET(file, open_file(descriptor));
    if (whence > LastWhence) return Errno::Invalid;
    if (!file->inode().is_seekable()) return Errno::IllegalSeek;
    File::PositionHold hold(*file);
    if (!hold) return Errno::Interrupted;
    uint64_t position = TRY(file->inode().seek(*file, offset, static_cast<Whence>(whence)));
    file->set_position(position);
    return position;
}

namespace {

// The offset -1 of preadv2 and pwritev2 is the file's own position.
constexpr int64_t OwnPosition = -1;
// RWF_… (include/uapi/linux/fs.h): hints that change nothing here, and RWF_APPEND.
constexpr uint32_t HighPriority = 1, DataSynchronous = 2, Synchronous = 4, NoWait = 8, Append = 16;

Result<void> check_flags(uint32_t flags, bool writes)
{
    uint32_t known = HighPriority | DataSynchronous | Synchronous | NoWait | (writes ? Append : 0);
    return flags & ~known ? Errno::NotSupported : Result<void>{};
}

} // namespace

// The offset comes in two halves, of which the lower holds all of it on a machine with 64 bits.
Result<uint64_t> preadv2(uint32_t descriptor, VirtAddr vector, uint64_t count, int64_t offset,
                         uint64_t /*high*/, uint32_t flags)
{
    if (offset == OwnPosition) {
        TRY_VOID(check_flags(flags, false));
        return readv(descriptor, vector, count);
    }
    if (offset < 0) return Errno::Invalid;
    TRY_LET(file, open_file(descriptor));
    TRY_VOID(check_flags(flags, false));
    SegmentVector segments;
    TRY_VOID(segments.copy(vector, count));
    UserBuffer to(segments.segments(), segments.total());
    return file->read_at(static_cast<uint64_t>(offset), to);
}

Result<uint64_t> pwritev2(uint32_t descriptor, VirtAddr vector, uint64_t count, int64_t offset,
                          uint64_t /*high*/, uint32_t flags)
{
    if (offset == OwnPosition && !(flags & Append)) {
        TRY_VOID(check_flags(flags, true));
        return writev(descriptor, vector, count);
    }
    if (offset < 0 && !(flags & Append)) return Errno::Invalid;
    TRY_LET(file, open_file(descriptor));
    TRY_VOID(check_flags(flags, true));
    SegmentVector segments;
    TRY_VOID(segments.copy(vector, count));
    UserBuffer from(segments.segments(), segments.total());
    if ((flags & Append) && file->is_writable() && file->inode().is_regular()) {
        uint64_t end;
        size_t done = TRY(file->inode().append(*file, from, end));
        if (offset == OwnPosition) file->set_position(end);
        return done;
    }
    return file->write_at(static_cast<uint64_t>(offset), from);
}

Result<uint64_t> preadv(uint32_t descriptor, VirtAddr vector, uint64_t count, int64_t offset)
{
    if (offset < 0) return Errno::Invalid;
    return preadv2(descriptor, vector, count, offset, 0, 0);
}
Result<uint64_t> pwritev(uint32_t descriptor, VirtAddr vector, uint64_t count, int64_t offset)
{
    if (offset < 0) return Errno::Invalid;
    return pwritev2(descriptor, vector, count, offset, 0, 0);
}

} // namespace kernel::syscalls
