// open, openat, creat, memfd_create, close.
#include "kernel/file/file_table.hpp"
#include "kernel/file/tree.hpp"
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
    if (asks_to_write(flags)) {
        if (inode.is_directory()) return Errno::IsDirectory;
        if ((flags & flag::AccessMode) != flag::AccessMode) TRY_VOID(inode.may_write());
    }
    if ((flags & flag::Direct) && !inode.takes_direct()) return Errno::Invalid;
    return {};
}

struct Opened {
    Ref<Inode> inode;
    bool is_new = false;
};

// The file that the path names; with O_CREAT one that is made where there is none.
Result<Opened> find_or_create(int directory, std::string_view path, uint32_t flags, uint32_t permissions)
{
    if (path.empty()) return Errno::NoEntry;
    bool keep = (flags & flag::NoFollow) || ((flags & flag::Create) && (flags & flag::Exclusive));
    TRY_LET(base, path_base(directory, path));
    TRY_LET(end, lookup_end(path, *base, keep ? LastLink::Keep : LastLink::Follow));
    if ((flags & flag::Create) && end.trailing_slash) return Errno::IsDirectory;
    if (end.inode && end.trailing_slash && !end.inode->is_directory()) return Errno::NotDirectory;
    if (end.inode) return Opened{std::move(end.inode), false};
    if (!(flags & flag::Create)) return Errno::NoEntry;
    TRY_LET(made, end.directory->create(end.name, {.type = FileType::Regular, .permissions = permissions}));
    return Opened{std::move(made), true};
}

// O_TMPFILE: the path names a directory. With O_EXCL the file never gets a name.
Result<Opened> create_unnamed(int directory, std::string_view path, uint32_t flags, uint32_t permissions)
{
    TRY_LET(inode, find_at(directory, path, LastLink::Follow));
    if (!inode->is_directory()) return Errno::NotDirectory;
    TRY_LET(made, inode->create_unnamed(permissions, !(flags & flag::Exclusive)));
    return Opened{std::move(made), true};
}

// Whoever has just made the file may write to it whatever its permissions say.
Result<Ref<File>> open_file(Opened opened, uint32_t flags)
{
    if (!opened.is_new) TRY_VOID(may_open(*opened.inode, flags));
    // A device by its number, wherever its name is.
    if (!(flags & flag::Path)) {
        FileType type = opened.inode->type();
        if (type == FileType::CharacterDevice || type == FileType::BlockDevice) {
            if (TreeNode *device = find_device(type, opened.inode->status().device_number);
                device && device != opened.inode->tree_node() && opened.inode->tree_node())
                opened.inode = Ref<Inode>(*device);
        }
    }
    Ref<Inode> inode = opened.inode;
    // A terminal asks about the one.
    uint32_t lasting = flags & ~OpeningFlags;
    TRY_LET(file, File::open(std::move(opened.inode), lasting | (flags & flag::NoControllingTerminal)));
    file->set_flags(lasting);
    if ((flags & flag::Truncate) && inode->is_regular() && !opened.is_new) {
        // Truncating is writing, however the file is opened.
        if (!file->is_writable()) {
            TRY_LET(writer, File::open(inode, flag::WriteOnly));
            TRY_VOID(inode->truncate(0));
        } else {
            TRY_VOID(inode->truncate(0));
        }
    }
    return file;
}

} // namespace

Result<int> openat(int directory, VirtAddr path, uint32_t flags, uint32_t mode)
{
    flags = TRY(checked_flags(flags));
    PathArgument name;
    TRY_VOID(name.copy(path));
    Process &process = current_process();
    uint64_t limit = process.limits().soft(Resource::OpenFiles);
    TRY_VOID(process.files().check_room(limit));
    uint32_t permissions = new_permissions(mode);
    TRY_LET(opened, flags & flag::TemporaryFile ? create_unnamed(directory, name.text(), flags, permissions)
                                                : find_or_create(directory, name.text(), flags, permissions));
    TRY_LET(file, open_file(std::move(opened), flags));
    return process.files().add(std::move(file), flags & flag::CloseOnExec, limit);
}

Result<int> creat(VirtAddr path, uint32_t mode)
{
    return openat(at::CurrentDirectory, path, flag::Create | flag::WriteOnly | flag::Truncate, mode);
}

Result<int> open(VirtAddr path, uint32_t flags, uint32_t mode)
{
    return openat(at::CurrentDirectory, path, flags, mode);
}

Result<int> memfd_create(VirtAddr name, uint32_t flags)
{
    constexpr uint32_t CloseOnExec = 1, AllowSealing = 2, HugePages = 4; // MFD_…
    constexpr uint32_t HugeSize = 0x3fu << 26;
    constexpr size_t LongestName = MaxName - std::string_view("memfd:").size();
    if (flags & ~(CloseOnExec | AllowSealing | HugePages | (flags & HugePages ? HugeSize : 0)))
        return Errno::Invalid;
    PathArgument text;
    TRY_VOID(text.copy(name));
    if (text.text().size() > LongestName) return Errno::Invalid;
    if (flags & HugePages) return Errno::NoMemory; // as on a Linux whose pool of them is empty
    auto *root = root_directory().tree_node()->tree_directory();
    TRY_LET(inode, root->create_memory_file(text.text(), flags & AllowSealing));
    // It does not count as one that has the file open for writing: as on Linux, the program in it can be
    // executed (fexecve(3)).
    TRY_LET(file, File::create(std::move(inode), flag::ReadWrite | flag::LargeFile));
    Process &process = current_process();
    return process.files().add(std::move(file), flags & CloseOnExec,
                               process.limits().soft(Resource::OpenFiles));
}

Result<void> close(uint32_t descriptor)
{
    return current_process().files().close(static_cast<int>(descriptor));
}

} // namespace kernel::syscalls
