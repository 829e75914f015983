// sendfile, copy_file_range: from one file to another without the program's memory in between.
#include "kernel/file/file_table.hpp"
#include "kernel/process/process.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/signal/signal.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/trap/user_copy.hpp"
#include "mm/kernel_heap.hpp"

#include <algorithm>

namespace kernel::syscalls {

namespace {

constexpr size_t MaxTransfer = 0x7ffff000; // MAX_RW_COUNT
// How much is under way at once, the program's only cost in kernel memory.
constexpr size_t PieceSize = 4 * mm::PageSize;

class Piece {
public:
    Piece() : memory_(static_cast<std::byte *>(mm::heap_allocate(PieceSize))) {}
    ~Piece() { mm::heap_free(memory_); }
    Piece(const Piece &) = delete;
    Piece &operator=(const Piece &) = delete;

    explicit operator bool() const { return memory_ != nullptr; }
    std::span<std::byte> first(size_t bytes) const { return {memory_, bytes}; }

private:
    std::byte *memory_;
};

// Where a file is read or written: at a place of its own, or at the file's position, which moves on.
class Place {
public:
    Place(File &file, bool has_own, uint64_t offset) : file_(file), has_own_(has_own), offset_(offset) {}

    uint64_t offset() const { return has_own_ ? offset_ : file_.position(); }
    void advance(size_t bytes)
    {
        if (has_own_)
            offset_ += bytes;
        else
            file_.set_position(file_.position() + bytes);
    }
    Result<size_t> read(UserBuffer &to) { return file_.inode().read(file_, offset(), to); }
    Result<size_t> write(UserBuffer &from)
    {
        size_t count;
        if (has_own_)
            count = TRY(file_.write_at(offset_, from));
        else
            return file_.write(from);
        offset_ += count;
        return count;
    }

private:
    File &file_;
    bool has_own_;
    uint64_t offset_;
};

// Until `bytes` are done, the first file ends, or the second takes no more. An error counts when nothing was
// done.
Result<uint64_t> copy(Place &from, Place &to, uint64_t bytes)
{
    Piece piece;
    if (!piece) return Errno::NoMemory;
    uint64_t done = 0;
    while (done < bytes) {
        std::span<std::byte> memory = piece.first(std::min<uint64_t>(bytes - done, PieceSize));
        UserBuffer in(memory);
        auto read = from.read(in);
        if (!read.ok()) return done ? Result<uint64_t>{done} : read.error();
        if (*read == 0) break;
        UserBuffer out(memory.first(*read));
        auto written = to.write(out);
        if (!written.ok()) return done ? Result<uint64_t>{done} : written.error();
        from.advance(*written);
        done += *written;
        if (*written < *read) break;
        if (!continue_long_work() && is_dying(current_thread())) break;
    }
    return done;
}

Result<uint64_t> checked_offset(VirtAddr offset)
{
    int64_t value = TRY(read_user<int64_t>(offset));
    if (value < 0) return Errno::Invalid;
    return static_cast<uint64_t>(value);
}

} // namespace

Result<uint64_t> sendfile(uint32_t out, uint32_t in, VirtAddr offset, uint64_t bytes)
{
    bool has_own = offset != VirtAddr{};
    uint64_t at = has_own ? TRY(checked_offset(offset)) : 0;
    TRY_LET(from, current_process().files().find(static_cast<int>(in)));
    if (!from->is_readable()) return Errno::BadDescriptor;
    if (has_own && !from->inode().is_seekable()) return Errno::IllegalSeek;
    TRY_LET(to, current_process().files().find(static_cast<int>(out)));
    if (!to->is_writable()) return Errno::BadDescriptor;
    if (!from->inode().is_regular() && from->inode().type() != FileType::BlockDevice) return Errno::Invalid;
    if (to->flags() & open_flags::Append) return Errno::Invalid;
    if (!has_own) at = from->position();
    if (bytes > static_cast<uint64_t>(INT64_MAX) - at) return Errno::Invalid; // (rw_verify_area)
    // Neither position is locked, as on Linux: both may be the same one, and two programs may copy crosswise.
    Place source(*from, true, at), target(*to, false, 0);
    uint64_t done = TRY(copy(source, target, std::min<uint64_t>(bytes, MaxTransfer)));
    if (has_own)
        TRY_VOID(write_user(offset, static_cast<int64_t>(source.offset())));
    else
        from->set_position(source.offset());
    return done;
}

Result<uint64_t> copy_file_range(uint32_t in, VirtAddr in_offset, uint32_t out, VirtAddr out_offset,
                                 uint64_t bytes, uint32_t flags)
{
    TRY_LET(from, current_process().files().find(static_cast<int>(in)));
    TRY_LET(to, current_process().files().find(static_cast<int>(out)));
    bool has_from = in_offset != VirtAddr{}, has_to = out_offset != VirtAddr{};
    uint64_t from_at = has_from ? TRY(checked_offset(in_offset)) : from->position();
    uint64_t to_at = has_to ? TRY(checked_offset(out_offset)) : to->position();
    if (flags != 0) return Errno::Invalid;
    if (from->inode().is_directory() || to->inode().is_directory()) return Errno::IsDirectory;
    if (!from->inode().is_regular() || !to->inode().is_regular()) return Errno::Invalid;
    if (!from->is_readable() || !to->is_writable() || (to->flags() & open_flags::Append))
        return Errno::BadDescriptor;
    FileStatus from_status = from->inode().status(), to_status = to->inode().status();
    if (from_status.device != to_status.device) return Errno::CrossDevice;
    if (from_at + bytes < from_at || to_at + bytes < to_at) return Errno::Overflow;
    if (from_at >= from_status.size) return uint64_t{0};
    bytes = std::min<uint64_t>({bytes, from_status.size - from_at, MaxTransfer});
    bool overlap = from_at < to_at + bytes && to_at < from_at + bytes;
    if (&from->inode() == &to->inode() && overlap) return Errno::Invalid;
    Place source(*from, has_from, from_at), target(*to, has_to, to_at);
    uint64_t done = TRY(copy(source, target, bytes));
    if (has_from) TRY_VOID(write_user(in_offset, static_cast<int64_t>(source.offset())));
    if (has_to) TRY_VOID(write_user(out_offset, static_cast<int64_t>(target.offset())));
    return done;
}

} // namespace kernel::syscalls
