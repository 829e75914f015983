// What an inode answers when its kind of file cannot do what it is asked. See inode.hpp.
#include "kernel/file/inode.hpp"

#include "kernel/file/file.hpp"
#include "kernel/file/file_locks.hpp"
#include "kernel/file/poll.hpp"
#include "kernel/time/clock.hpp"
#include "mm/machine.hpp"

#include <cstring>

namespace kernel {

Timestamp file_time()
{
    constexpr uint64_t Second = 1'000'000'000;
    uint64_t now = wall_clock_nanoseconds();
    return {static_cast<int64_t>(now / Second), static_cast<uint32_t>(now % Second)};
}

Inode::~Inode()
{
    free_file_locks(locks_);
}

void Inode::drop()
{
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy();
}

Result<Ref<Inode>> Inode::lookup(std::string_view)
{
    return Errno::NotDirectory;
}
Result<Ref<Inode>> Inode::parent()
{
    return Errno::NotDirectory;
}
Result<void> Inode::list(uint64_t, DirectoryVisitor &)
{
    return Errno::NotDirectory;
}
Result<Ref<Inode>> Inode::create(std::string_view, const NewNode &)
{
    return is_directory() ? creation_error() : Errno::NotDirectory;
}
Result<Ref<Inode>> Inode::create_unnamed(uint32_t, bool)
{
    return is_directory() ? Errno::NotSupported : Errno::NotDirectory;
}
// What cannot be removed at all is looked at as if it could (may_delete).
Result<void> Inode::remove(std::string_view name, Removal how)
{
    TRY_LET(found, lookup(name));
    if (how == Removal::Directory && !found->is_directory()) return Errno::NotDirectory;
    if (how == Removal::Name && found->is_directory()) return Errno::IsDirectory;
    return Errno::NotPermitted;
}
Result<size_t> Inode::append(File &file, UserBuffer &from, uint64_t &end)
{
    end = file.position();
    size_t count = TRY(write(file, end, from));
    end += count;
    return count;
}
// A text that is made while it is read is as long as it was (Linux: proc_setattr).
Result<void> Inode::truncate(uint64_t)
{
    if (is_directory()) return Errno::IsDirectory;
    return is_regular() ? Result<void>{} : Errno::Invalid;
}
// fallocate(2) knows regular files only (Linux: vfs_fallocate).
Result<void> Inode::allocate(const Allocation &)
{
    if (type_ == FileType::Fifo) return Errno::IllegalSeek;
    if (is_directory()) return Errno::IsDirectory;
    return is_regular() ? Errno::NotSupported : Errno::NoDevice;
}
Result<void> Inode::change_attributes(const AttributeChange &)
{
    return Errno::NotPermitted;
}
Result<mm::MemoryObject *> Inode::memory_object(bool)
{
    return Errno::NoDevice;
}

Result<void> Inode::read_link(lib::TextSink &sink)
{
    if (!is_symbolic_link()) return Errno::Invalid;
    sink.put(link_text());
    return {};
}

Result<size_t> Inode::read(File &, uint64_t, UserBuffer &)
{
    return is_directory() ? Errno::IsDirectory : Errno::Invalid;
}
Result<size_t> Inode::write(File &, uint64_t, UserBuffer &)
{
    return Errno::Invalid;
}
// As Linux's generic_file_llseek; directories know no end.
Result<uint64_t> Inode::seek(const File &file, int64_t offset, Whence whence)
{
    int64_t base = 0;
    switch (whence) {
    case Whence::Set:
        break;
    case Whence::Current:
        base = static_cast<int64_t>(file.position());
        break;
    case Whence::End:
        if (is_directory()) return Errno::Invalid;
        base = static_cast<int64_t>(size());
        break;
    case Whence::Data: // all of a file is data, and behind it is one hole
    case Whence::Hole:
        if (is_directory()) return Errno::Invalid;
        if (static_cast<uint64_t>(offset) >= size()) return Errno::NoSuchDevice;
        return whence == Whence::Data ? static_cast<uint64_t>(offset) : size();
    default:
        return Errno::Invalid;
    }
    int64_t position;
    if (__builtin_add_overflow(base, offset, &position) || position < 0) return Errno::Invalid;
    return static_cast<uint64_t>(position);
}

uint32_t Inode::poll(const File &, PollWatch &)
{
    return poll_event::AlwaysReady;
}

Result<size_t> Inode::read_at(uint64_t, std::span<std::byte>)
{
    return is_directory() ? Errno::IsDirectory : Errno::Invalid;
}

Result<void> Inode::read_page(uint64_t index, mm::PhysAddr frame)
{
    auto *page = static_cast<std::byte *>(mm::machine::window(frame));
    size_t count = TRY(read_at(index << mm::PageShift, {page, mm::PageSize}));
    std::memset(page + count, 0, mm::PageSize - count);
    return {};
}

} // namespace kernel
