// stat, lstat, fstat, newfstatat, statx, access, faccessat, faccessat2, readlink, readlinkat.
#include "kernel/file/file_table.hpp"
#include "kernel/file/tree.hpp"
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/path_argument.hpp"
#include "mm/kernel_heap.hpp"

#include <algorithm>

namespace kernel::syscalls {

namespace {

// struct stat of x86-64 (arch/x86/include/uapi/asm/stat.h).
struct UserStatus {
    uint64_t device;
    uint64_t inode;
    uint64_t links;
    uint32_t mode;
    uint32_t user;
    uint32_t group;
    uint32_t padding = 0;
    uint64_t device_number;
    int64_t size;
    int64_t block_size;
    int64_t blocks;
    int64_t accessed, accessed_nanoseconds;
    int64_t modified, modified_nanoseconds;
    int64_t changed, changed_nanoseconds;
    int64_t unused[3] = {};
};
static_assert(sizeof(UserStatus) == 144);

// Some files keep only one of the times.
Timestamp known_or_modified(Timestamp time, const FileStatus &status)
{
    return time.is_known() ? time : status.modified;
}

Result<void> write_status(VirtAddr to, const Inode &inode)
{
    FileStatus status = inode.status();
    Timestamp accessed = known_or_modified(status.accessed, status);
    Timestamp changed = known_or_modified(status.changed, status);
    UserStatus user{.device = status.device,
                    .inode = status.number,
                    .links = status.links,
                    .mode = status.mode(),
                    .user = status.user,
                    .group = status.group,
                    .device_number = status.device_number,
                    .size = static_cast<int64_t>(status.size),
                    .block_size = static_cast<int64_t>(status.block_size),
                    .blocks = static_cast<int64_t>(status.blocks),
                    .accessed = accessed.seconds,
                    .accessed_nanoseconds = accessed.nanoseconds,
                    .modified = status.modified.seconds,
                    .modified_nanoseconds = status.modified.nanoseconds,
                    .changed = changed.seconds,
                    .changed_nanoseconds = changed.nanoseconds};
    return write_user(to, user);
}

// struct statx (include/uapi/linux/stat.h).
struct ExtendedTime {
    ExtendedTime(Timestamp time) : seconds(time.seconds), nanoseconds(time.nanoseconds) {}
    int64_t seconds;
    uint32_t nanoseconds;
    int32_t reserved = 0;
};
struct ExtendedStatus {
    uint32_t mask, block_size;
    uint64_t attributes = 0;
    uint32_t links, user, group;
    uint16_t mode, padding = 0;
    uint64_t inode, size, blocks, attributes_mask = 0;
    ExtendedTime accessed, created, changed, modified;
    uint32_t special_major, special_minor, device_major, device_minor;
    uint64_t mount_id, reserved[13] = {};
};
static_assert(sizeof(ExtendedStatus) == 256);
constexpr uint32_t BasicStatus = 0x7ff, BirthTime = 0x800, MountId = 0x1000, ReservedMask = 0x80000000;
constexpr uint64_t MountRoot = 0x2000; // STATX_ATTR_MOUNT_ROOT

// The inverse of make_device().
uint32_t major_of(uint64_t device)
{
    return device >> 8 & 0xfff;
}
uint32_t minor_of(uint64_t device)
{
    return (device & 0xff) | (device >> 12 & 0xfff00);
}

Result<void> write_extended_status(VirtAddr to, Inode &inode, uint32_t mask)
{
    FileStatus status = inode.status();
    bool was_born = status.created.is_known();
    TreeNode *node = inode.tree_node();
    ExtendedStatus user{.mask = BasicStatus | (was_born ? BirthTime & mask : 0) | MountId,
                        .block_size = static_cast<uint32_t>(status.block_size),
                        .attributes = node && node->is_mounted() ? MountRoot : 0,
                        .links = static_cast<uint32_t>(status.links),
                        .user = status.user,
                        .group = status.group,
                        .mode = static_cast<uint16_t>(status.mode()),
                        .inode = status.number,
                        .size = status.size,
                        .blocks = status.blocks,
                        .attributes_mask = MountRoot,
                        .accessed = known_or_modified(status.accessed, status),
                        .created = was_born && (mask & BirthTime) ? status.created : Timestamp{},
                        .changed = known_or_modified(status.changed, status),
                        .modified = status.modified,
                        .special_major = major_of(status.device_number),
                        .special_minor = minor_of(status.device_number),
                        .device_major = major_of(status.device),
                        .device_minor = minor_of(status.device),
                        .mount_id = status.device};
    return write_user(to, user);
}

constexpr uint32_t MayExecute = 1; // X_OK
constexpr uint32_t MayWrite = 2;   // W_OK
constexpr uint32_t MayRead = 4;    // R_OK

// Root may read and write everything, and execute what anybody may execute (capabilities(7),
// CAP_DAC_OVERRIDE).
Result<void> check_access(const Inode &inode, uint32_t mode)
{
    if ((mode & MayExecute) && !inode.is_directory() && !(inode.status().permissions & 0111))
        return Errno::AccessDenied;
    if (mode & MayWrite) return inode.may_write();
    return {};
}

} // namespace

Result<void> newfstatat(int directory, VirtAddr path, VirtAddr status, uint32_t flags)
{
    if (flags & ~(at::SymlinkNoFollow | at::NoAutomount | at::EmptyPath | at::SyncType))
        return Errno::Invalid;
    PathArgument name;
    TRY_VOID(name.copy(path));
    LastLink last = flags & at::SymlinkNoFollow ? LastLink::Keep : LastLink::Follow;
    TRY_LET(inode, find_at(directory, name.text(), last, flags & at::EmptyPath));
    return write_status(status, *inode);
}

Result<void> statx(int directory, VirtAddr path, uint32_t flags, uint32_t mask, VirtAddr status)
{
    if (mask & ReservedMask) return Errno::Invalid;
    if ((flags & at::SyncType) == at::SyncType) return Errno::Invalid;
    if (flags & ~(at::SymlinkNoFollow | at::NoAutomount | at::EmptyPath | at::SyncType))
        return Errno::Invalid;
    PathArgument name;
    TRY_VOID(name.copy(path));
    LastLink last = flags & at::SymlinkNoFollow ? LastLink::Keep : LastLink::Follow;
    TRY_LET(inode, find_at(directory, name.text(), last, flags & at::EmptyPath));
    return write_extended_status(status, *inode, mask);
}

Result<void> stat(VirtAddr path, VirtAddr status)
{
    return newfstatat(at::CurrentDirectory, path, status, 0);
}

Result<void> lstat(VirtAddr path, VirtAddr status)
{
    return newfstatat(at::CurrentDirectory, path, status, at::SymlinkNoFollow);
}

Result<void> fstat(uint32_t descriptor, VirtAddr status)
{
    TRY_LET(file, current_process().files().find_any(static_cast<int>(descriptor)));
    return write_status(status, file->inode());
}

Result<void> faccessat2(int directory, VirtAddr path, uint32_t mode, uint32_t flags)
{
    if (mode & ~(MayExecute | MayWrite | MayRead)) return Errno::Invalid;
    if (flags & ~(at::EffectiveAccess | at::SymlinkNoFollow | at::EmptyPath)) return Errno::Invalid;
    PathArgument name;
    TRY_VOID(name.copy(path));
    LastLink last = flags & at::SymlinkNoFollow ? LastLink::Keep : LastLink::Follow;
    TRY_LET(inode, find_at(directory, name.text(), last, flags & at::EmptyPath));
    return check_access(*inode, mode);
}

Result<void> faccessat(int directory, VirtAddr path, uint32_t mode)
{
    return faccessat2(directory, path, mode, 0);
}
Result<void> access(VirtAddr path, uint32_t mode)
{
    return faccessat2(at::CurrentDirectory, path, mode, 0);
}

Result<uint64_t> readlinkat(int directory, VirtAddr path, VirtAddr buffer, int size)
{
    if (size <= 0) return Errno::Invalid;
    PathArgument name;
    TRY_VOID(name.copy(path));
    // An empty path is a link opened with O_PATH | O_NOFOLLOW.
    bool empty = name.text().empty();
    TRY_LET(inode, find_at(directory, name.text(), LastLink::Keep, empty));
    if (!inode->is_symbolic_link()) return empty ? Errno::NoEntry : Errno::Invalid;

    auto *text = static_cast<char *>(mm::heap_allocate(MaxPath));
    if (!text) return Errno::NoMemory;
    lib::BufferSink sink({text, MaxPath});
    Result<void> read = inode->read_link(sink);
    if (read.ok() && sink.overflowed()) read = Errno::NameTooLong;
    size_t length = std::min(sink.text().size(), static_cast<size_t>(size));
    if (read.ok()) read = copy_to_user(buffer, text, length);
    mm::heap_free(text);
    if (!read.ok()) return read.error();
    return length;
}

Result<uint64_t> readlink(VirtAddr path, VirtAddr buffer, int size)
{
    return readlinkat(at::CurrentDirectory, path, buffer, size);
}

} // namespace kernel::syscalls
