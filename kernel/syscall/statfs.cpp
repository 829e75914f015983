// statfs, fstatfs, ustat's modern relatives; sync, syncfs, fadvise64, readahead, sync_file_range: files are
// memory, and there is nothing to be written elsewhere.
#include "kernel/file/file_system.hpp"
#include "kernel/file/file_table.hpp"
#include "kernel/file/path.hpp"
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/path_argument.hpp"
#include "mm/frame_allocator.hpp"

#include <algorithm>

namespace kernel::syscalls {

namespace {

// struct statfs of x86-64 (include/uapi/asm-generic/statfs.h).
struct UserFileSystem {
    int64_t type, block_size;
    uint64_t blocks, free_blocks, available_blocks, files, free_files;
    int32_t id[2];
    int64_t name_length, fragment_size, flags;
    int64_t spare[4] = {};
};
static_assert(sizeof(UserFileSystem) == 120);

constexpr int64_t PipeMagic = 0x50495045;                     // PIPEFS_MAGIC
constexpr int64_t Valid = 0x20, RelativeAccessTimes = 0x1000; // ST_VALID, ST_RELATIME

Result<void> write_file_system(VirtAddr to, const Inode &inode)
{
    const FileSystem *found = file_system_of(inode);
    UserFileSystem user{.type = found ? static_cast<int64_t>(found->magic) : PipeMagic,
                        .block_size = mm::PageSize,
                        .blocks = 0,
                        .free_blocks = 0,
                        .available_blocks = 0,
                        .files = 0,
                        .free_files = 0,
                        .id = {0, 0},
                        .name_length = MaxName,
                        .fragment_size = mm::PageSize,
                        .flags = Valid | (found ? RelativeAccessTimes : 0)};
    if (found && found->page_limit() != 0 && found->page_limit() != UINT64_MAX) {
        user.blocks = found->page_limit();
        user.free_blocks = user.blocks - std::min(user.blocks, found->pages());
        user.available_blocks = user.free_blocks;
        user.files = found->node_limit();
        user.free_files = user.files - std::min(user.files, found->nodes());
        user.id[0] = static_cast<int32_t>(found->device);
    }
    return write_user(to, user);
}

constexpr int LastAdvice = 5; // POSIX_FADV_NOREUSE

} // namespace

Result<void> statfs(VirtAddr path, VirtAddr status)
{
    PathArgument name;
    TRY_VOID(name.copy(path));
    TRY_LET(inode, find_at(at::CurrentDirectory, name.text(), LastLink::Follow));
    return write_file_system(status, *inode);
}

Result<void> fstatfs(uint32_t descriptor, VirtAddr status)
{
    TRY_LET(file, current_process().files().find_any(static_cast<int>(descriptor)));
    return write_file_system(status, file->inode());
}

Result<void> sync()
{
    return {};
}

Result<void> syncfs(uint32_t descriptor)
{
    TRY_LET(file, current_process().files().find(static_cast<int>(descriptor)));
    return {};
}

Result<void> fadvise64(uint32_t descriptor, int64_t, int64_t length, int advice)
{
    TRY_LET(file, current_process().files().find(static_cast<int>(descriptor)));
    if (file->inode().type() == FileType::Fifo) return Errno::IllegalSeek;
    if (length < 0 || advice < 0 || advice > LastAdvice) return Errno::Invalid;
    return {};
}

Result<void> readahead(uint32_t descriptor)
{
    TRY_LET(file, current_process().files().find(static_cast<int>(descriptor)));
    if (!file->is_readable()) return Errno::BadDescriptor;
    if (!file->inode().is_regular() && file->inode().type() != FileType::BlockDevice) return Errno::Invalid;
    return {};
}

Result<void> sync_file_range(uint32_t descriptor, int64_t offset, int64_t length, uint32_t flags)
{
    TRY_LET(file, current_process().files().find(static_cast<int>(descriptor)));
    constexpr uint32_t Known = 7; // SYNC_FILE_RANGE_…
    if (flags & ~Known) return Errno::Invalid;
    if (offset < 0 || length < 0 || offset > INT64_MAX - length) return Errno::Invalid;
    const Inode &inode = file->inode();
    if (!inode.is_regular() && inode.type() != FileType::BlockDevice && !inode.is_directory() &&
        !inode.is_symbolic_link())
        return Errno::IllegalSeek;
    return {};
}

} // namespace kernel::syscalls
