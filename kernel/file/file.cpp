// Opening, reading and writing through an open file description. See file.hpp.
#include "kernel/file/file.hpp"

#include "kernel/file/file_locks.hpp"
#include "mm/kernel_heap.hpp"

#include <algorithm>

namespace kernel {

namespace {

// Positions are signed (Linux: rw_verify_area).
bool is_possible(uint64_t offset, size_t bytes)
{
    return offset <= INT64_MAX && bytes <= static_cast<uint64_t>(INT64_MAX) - offset;
}

constinit std::atomic<uint64_t> open_count{0};

} // namespace

uint64_t File::count()
{
    return open_count.load(std::memory_order_relaxed);
}

// As Linux does: a tenth of memory, for a kibibyte each (files_maxfiles_init).
uint64_t File::limit()
{
    constexpr uint64_t Least = 8192;
    return std::max(mm::frames().total() * (mm::PageSize / 1024) / 10, Least);
}

File::File(Ref<Inode> inode, uint32_t flags)
    : inode_(std::move(inode)), flags_(flags), is_readable_(!is_path_only() && (flags + 1) & 1),
      is_writable_(!is_path_only() && (flags + 1) & 2), is_seekable_(inode_->is_seekable())
{}

Result<Ref<File>> File::create(Ref<Inode> inode, uint32_t flags)
{
    if (count() >= limit()) return Errno::FileTableOverflow;
    auto file = Ref<File>::adopt(mm::create<File>(std::move(inode), flags));
    if (!file) return Errno::NoMemory;
    open_count.fetch_add(1, std::memory_order_relaxed);
    return file;
}

Result<Ref<File>> File::open(Ref<Inode> inode, uint32_t flags)
{
    TRY_LET(file, create(std::move(inode), flags));
    if (!file->is_path_only()) {
        TRY_VOID(file->inode().opened(*file));
        file->was_opened_ = true;
    }
    return file;
}

void File::close()
{
    release_locks_of(*this, *inode_);
    if (was_opened_) inode_->closed(*this);
    open_count.fetch_sub(1, std::memory_order_relaxed);
    mm::destroy(this);
}

Result<size_t> File::read_at_position(UserBuffer &to)
{
    if (!is_possible(position_, to.size())) return Errno::Invalid;
    if (!shares_position()) [[likely]]
        return read_held(to);
    PositionHold hold(*this);
    if (!hold) return Errno::Interrupted;
    return read_held(to);
}

inline Result<size_t> File::read_held(UserBuffer &to)
{
    size_t count = TRY(inode_->read(*this, position_, to));
    position_ += count;
    return count;
}

Result<size_t> File::write_at_position(UserBuffer &from)
{
    if (!is_possible(position_, from.size())) return Errno::Invalid;
    if (!shares_position()) [[likely]]
        return write_held(from);
    PositionHold hold(*this);
    if (!hold) return Errno::Interrupted;
    return write_held(from);
}

inline Result<size_t> File::write_held(UserBuffer &from)
{
    if ((flags_ & open_flags::Append) && inode_->is_regular()) [[unlikely]] {
        uint64_t end;
        size_t count = TRY(inode_->append(*this, from, end));
        position_ = end;
        return count;
    }
    size_t count = TRY(inode_->write(*this, position_, from));
    position_ += count;
    return count;
}

Result<size_t> File::read_at(uint64_t offset, UserBuffer &to)
{
    if (is_path_only()) return Errno::BadDescriptor;
    if (!is_seekable_) return Errno::IllegalSeek;
    if (!is_readable()) return Errno::BadDescriptor;
    if (!to.is_in_user_half()) return Errno::BadAddress;
    if (!is_possible(offset, to.size())) return Errno::Invalid;
    to.limit(MaxTransfer);
    return inode_->read(*this, offset, to);
}

Result<size_t> File::write_at(uint64_t offset, UserBuffer &from)
{
    if (is_path_only()) return Errno::BadDescriptor;
    if (!is_seekable_) return Errno::IllegalSeek;
    if (!is_writable()) return Errno::BadDescriptor;
    if (!from.is_in_user_half()) return Errno::BadAddress;
    if (!is_possible(offset, from.size())) return Errno::Invalid;
    from.limit(MaxTransfer);
    if ((flags_ & open_flags::Append) && inode_->is_regular()) [[unlikely]] {
        uint64_t end;
        return inode_->append(*this, from, end);
    }
    return inode_->write(*this, offset, from);
}

} // namespace kernel
