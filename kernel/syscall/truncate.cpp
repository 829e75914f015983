// truncate, ftruncate, fallocate.
#include "kernel/file/file_table.hpp"
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/path_argument.hpp"

namespace kernel::syscalls {

namespace {

// FALLOC_FL_… (include/uapi/linux/falloc.h).
constexpr uint32_t KeepSize = 1, PunchHole = 2;

} // namespace

Result<void> truncate(VirtAddr path, int64_t size)
{
    if (size < 0) return Errno::Invalid;
    PathArgument name;
    TRY_VOID(name.copy(path));
    TRY_LET(inode, find_at(at::CurrentDirectory, name.text(), LastLink::Follow));
    if (inode->is_directory()) return Errno::IsDirectory;
    if (!inode->is_regular()) return Errno::Invalid;
    TRY_VOID(inode->may_write());
    // As if it were open for writing meanwhile: a running program stays as it is.
    TRY_LET(file, File::open(inode, open_flags::WriteOnly));
    return inode->truncate(static_cast<uint64_t>(size));
}

Result<void> ftruncate(uint32_t descriptor, int64_t size)
{
    if (size < 0) return Errno::Invalid;
    TRY_LET(file, current_process().files().find(static_cast<int>(descriptor)));
    if (!file->inode().is_regular() || !file->is_writable()) return Errno::Invalid;
    return file->inode().truncate(static_cast<uint64_t>(size));
}

// As shmem_fallocate: room, or a hole.
Result<void> fallocate(uint32_t descriptor, uint32_t mode, int64_t offset, int64_t length)
{
    TRY_LET(file, current_process().files().find(static_cast<int>(descriptor)));
    if (offset < 0 || length <= 0) return Errno::Invalid;
    if (mode & ~uint32_t{0x7f}) return Errno::NotSupported;
    if ((mode & PunchHole) && !(mode & KeepSize)) return Errno::NotSupported;
    if (!file->is_writable()) return Errno::BadDescriptor;
    const Inode &inode = file->inode();
    if (inode.is_regular() && (mode & ~(KeepSize | PunchHole))) return Errno::NotSupported;
    if (inode.is_regular() && offset > INT64_MAX - length) return Errno::FileTooBig;
    return file->inode().allocate({.offset = static_cast<uint64_t>(offset),
                                   .length = static_cast<uint64_t>(length),
                                   .keep_size = (mode & KeepSize) != 0,
                                   .punch_hole = (mode & PunchHole) != 0});
}

} // namespace kernel::syscalls
