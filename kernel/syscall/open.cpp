// open, openat, close.
#include "kernel/file/file_table.hpp"
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/path_argument.hpp"

namespace kernel::syscalls {

namespace {

namespace flag = open_flags;

constexpr uint32_t KnownFlags =
    flag::AccessMode | flag::Create | flag::Exclusive | flag::NoControllingTerminal | flag::Truncate |
    flag::Append | flag::NonBlocking | flag::DataSynchronous | flag::Asynchronous | flag::Direct |
    flag::LargeFile | flag::Directory | flag::NoFollow | flag::NoAccessTime | flag::CloseOnExec |
    flag::Synchronous | flag::Path | flag::TemporaryFile;
// All that counts with O_PATH.
constexpr uint32_t PathFlags = flag::Path | flag::Directory | flag::NoFollow | flag::CloseOnExec;
// Said once, when opening, or about the descriptor alone; fcntl(F_GETFL) does not show them.
constexpr uint32_t OpeningFlags =
    flag::Create | flag::Exclusive | flag::NoControllingTerminal | flag::Truncate | flag::CloseOnExec;

// Also O_ACCMODE itself, which asks for permission to read and write and then gives neither.
bool asks_to_write(uint32_t flags)
{
    return (flags & flag::AccessMode) != 0 || (flags & flag::Truncate);
}

Result<uint32_t> checked_flags(uint32_t flags)
{
    if (flags & flag::Path) return flags & PathFlags;
    if ((flags & flag::Directory) && (flags & flag::Create)) return Errno::Invalid;
    if (flags & flag::TemporaryFile) {
        // O_TMPFILE is the bit together with O_DIRECTORY, and makes a file to write to.
        if (!(flags & flag::Directory) || (flags & flag::AccessMode) == 0) return Errno::Invalid;
    }
    return (flags & KnownFlags) | flag::LargeFile;
}

// What open(2) says about a file that is there (Linux: do_open, may_open).
Result<void> may_open(const Inode &inode, uint32_t flags)
{
    if (flags & flag::Create) {
        if (flags & flag::Exclusive) return Errno::Exists;
        if (inode.is_directory()) return Errno::IsDirectory;
    }
    if ((flags & flag::Directory) && !inode.is_directory()) return Errno::NotDirectory;
    if (flags & flag::Path) return {};
    if (inode.is_symbolic_link()) return Errno::TooManyLinks;
    if (inode.is_directory() && (flags & flag::TemporaryFile)) return Errno::ReadOnlyFileSystem;
    if (asks_to_write(flags)) {
        if (inode.is_directory()) return Errno::IsDirectory;
        if ((flags & flag::AccessMode) != flag::AccessMode) TRY_VOID(inode.may_write());
    }
    if ((flags & flag::Direct) && !inode.takes_direct()) return Errno::Invalid;
    return {};
}

Result<Ref<Inode>> find_to_open(int directory, std::string_view path, uint32_t flags)
{
    if (path.empty()) return Errno::NoEntry;
    bool keep = (flags & flag::NoFollow) || ((flags & flag::Create) && (flags & flag::Exclusive));
    TRY_LET(base, path_base(directory, path));
    TRY_LET(end, lookup_end(path, *base, keep ? LastLink::Keep : LastLink::Follow));
    if ((flags & flag::Create) && end.trailing_slash) return Errno::IsDirectory;
    if (end.inode && end.trailing_slash && !end.inode->is_directory()) return Errno::NotDirectory;
    if (!end.inode) return flags & flag::Create ? end.directory->creation_error() : Errno::NoEntry;
    return std::move(end.inode);
}

} // namespace

Result<int> openat(int directory, VirtAddr path, uint32_t flags, uint32_t)
{
    flags = TRY(checked_flags(flags));
    PathArgument name;
    TRY_VOID(name.copy(path));
    Process &process = current_process();
    uint64_t limit = process.limits().soft(Resource::OpenFiles);
    TRY_VOID(process.files().check_room(limit));
    TRY_LET(inode, find_to_open(directory, name.text(), flags));
    TRY_VOID(may_open(*inode, flags));
    TRY_LET(file, File::open(std::move(inode), flags & ~OpeningFlags));
    return process.files().add(std::move(file), flags & flag::CloseOnExec, limit);
}

Result<int> open(VirtAddr path, uint32_t flags, uint32_t mode)
{
    return openat(at::CurrentDirectory, path, flags, mode);
}

Result<void> close(uint32_t descriptor)
{
    return current_process().files().close(static_cast<int>(descriptor));
}

} // namespace kernel::syscalls
