// Calls that make, move and remove names: mkdir, mknod, symlink, link, unlink, rmdir, rename, and their …at
// forms. The order of errors is Linux's (fs/namei.c).
#include "kernel/file/file_table.hpp"
#include "kernel/file/tree.hpp"
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/path_argument.hpp"

namespace kernel::syscalls {

namespace {

using Last = PathParent::Last;

// RENAME_… (include/uapi/linux/fs.h).
constexpr uint32_t RenameNoReplace = 1, RenameExchange = 2, RenameWhiteout = 4;

constexpr uint32_t TypeMask = 0170000;

// The place for a new name. Exists; NoEntry: a slash behind it, and it is to be no directory.
Result<PathParent> find_new(int directory, std::string_view path, bool makes_directory)
{
    TRY_LET(parent, find_parent(directory, path));
    if (parent.last != Last::Name) return Errno::Exists;
    if (parent.name.size() > MaxName) return Errno::NameTooLong;
    auto there = parent.directory->lookup(parent.name);
    if (there.ok()) return Errno::Exists;
    if (there.error() != Errno::NoEntry) return there.error();
    TreeNode *node = parent.directory->tree_node();
    if (!node || !node->tree_directory()) return parent.directory->creation_error();
    if (parent.trailing_slash && !makes_directory) return Errno::NoEntry;
    return parent;
}

Result<void> create_at(int directory, VirtAddr path, const NewNode &what)
{
    PathArgument name;
    TRY_VOID(name.copy(path));
    TRY_LET(parent, find_new(directory, name.text(), what.type == FileType::Directory));
    TRY_LET(made, parent.directory->create(parent.name, what));
    return {};
}

// Names lie in one file system, and in directories that can change.
Result<TreeDirectory *> tree_directory_of(Inode &directory)
{
    TreeNode *node = directory.tree_node();
    TreeDirectory *found = node ? node->tree_directory() : nullptr;
    if (!found) return Errno::NotPermitted;
    return found;
}

bool is_same_file_system(const Inode &one, const Inode &other)
{
    return one.status().device == other.status().device;
}

} // namespace

Result<void> mkdirat(int directory, VirtAddr path, uint32_t mode)
{
    constexpr uint32_t Permissions = 01777; // of what mkdir(2) is given (vfs_mkdir)
    return create_at(directory, path,
                     {.type = FileType::Directory, .permissions = new_permissions(mode & Permissions)});
}

Result<void> mkdir(VirtAddr path, uint32_t mode)
{
    return mkdirat(at::CurrentDirectory, path, mode);
}

Result<void> mknodat(int directory, VirtAddr path, uint32_t mode, uint32_t device)
{
    constexpr uint32_t Socket = 0140000;
    uint32_t type = mode & TypeMask;
    if (type == 0) type = static_cast<uint32_t>(FileType::Regular);
    bool is_device = false;
    switch (type) {
    case static_cast<uint32_t>(FileType::CharacterDevice):
    case static_cast<uint32_t>(FileType::BlockDevice):
        is_device = true;
        break;
    case static_cast<uint32_t>(FileType::Regular):
    case static_cast<uint32_t>(FileType::Fifo):
    case Socket:
        break;
    case static_cast<uint32_t>(FileType::Directory):
        return Errno::NotPermitted;
    default:
        return Errno::Invalid;
    }
    return create_at(directory, path,
                     {.type = static_cast<FileType>(type),
                      .permissions = new_permissions(mode),
                      .device_number = is_device ? device : 0});
}

Result<void> mknod(VirtAddr path, uint32_t mode, uint32_t device)
{
    return mknodat(at::CurrentDirectory, path, mode, device);
}

Result<void> symlinkat(VirtAddr target, int directory, VirtAddr path)
{
    PathArgument text;
    TRY_VOID(text.copy(target));
    if (text.text().empty()) return Errno::NoEntry;
    return create_at(directory, path,
                     {.type = FileType::SymbolicLink, .permissions = 0777, .text = text.text()});
}

Result<void> symlink(VirtAddr target, VirtAddr path)
{
    return symlinkat(target, at::CurrentDirectory, path);
}

Result<void> linkat(int old_directory, VirtAddr old_path, int new_directory, VirtAddr new_path,
                    uint32_t flags)
{
    if (flags & ~(at::SymlinkFollow | at::EmptyPath)) return Errno::Invalid;
    PathArgument old_name, new_name;
    TRY_VOID(old_name.copy(old_path));
    TRY_VOID(new_name.copy(new_path));
    LastLink last = flags & at::SymlinkFollow ? LastLink::Follow : LastLink::Keep;
    TRY_LET(inode, find_at(old_directory, old_name.text(), last, flags & at::EmptyPath));
    TRY_LET(parent, find_new(new_directory, new_name.text(), false));
    if (!is_same_file_system(*inode, *parent.directory)) return Errno::CrossDevice;
    TreeDirectory *directory = TRY(tree_directory_of(*parent.directory));
    if (!inode->tree_node()) return Errno::NotPermitted;
    return directory->link(parent.name, *inode->tree_node());
}

Result<void> link(VirtAddr old_path, VirtAddr new_path)
{
    return linkat(at::CurrentDirectory, old_path, at::CurrentDirectory, new_path, 0);
}

Result<void> unlinkat(int directory, VirtAddr path, uint32_t flags)
{
    if (flags & ~at::RemoveDirectory) return Errno::Invalid;
    PathArgument name;
    TRY_VOID(name.copy(path));
    TRY_LET(parent, find_parent(directory, name.text()));
    if (flags & at::RemoveDirectory) {
        switch (parent.last) {
        case Last::Dot:
            return Errno::Invalid;
        case Last::DotDot:
            return Errno::NotEmpty;
        case Last::Root:
            return Errno::Busy;
        case Last::Name:
            return parent.directory->remove(parent.name, Removal::Directory);
        }
    }
    if (parent.last != Last::Name) return Errno::IsDirectory;
    if (parent.trailing_slash) {
        TRY_LET(inode, parent.directory->lookup(parent.name));
        return inode->is_directory() ? Errno::IsDirectory : Errno::NotDirectory;
    }
    return parent.directory->remove(parent.name, Removal::Name);
}

Result<void> unlink(VirtAddr path)
{
    return unlinkat(at::CurrentDirectory, path, 0);
}
Result<void> rmdir(VirtAddr path)
{
    return unlinkat(at::CurrentDirectory, path, at::RemoveDirectory);
}

Result<void> renameat2(int old_directory, VirtAddr old_path, int new_directory, VirtAddr new_path,
                       uint32_t flags)
{
    if (flags & ~(RenameNoReplace | RenameExchange | RenameWhiteout)) return Errno::Invalid;
    if ((flags & RenameExchange) && (flags & (RenameNoReplace | RenameWhiteout))) return Errno::Invalid;
    if (flags & RenameWhiteout) return Errno::Invalid; // for stacked file systems, of which there are none
    PathArgument old_name, new_name;
    TRY_VOID(old_name.copy(old_path));
    TRY_VOID(new_name.copy(new_path));
    TRY_LET(from, find_parent(old_directory, old_name.text()));
    TRY_LET(to, find_parent(new_directory, new_name.text()));
    if (!is_same_file_system(*from.directory, *to.directory)) return Errno::CrossDevice;
    if (from.last != Last::Name) return Errno::Busy;
    if (to.last != Last::Name) return flags & RenameNoReplace ? Errno::Exists : Errno::Busy;
    TRY_LET(node, from.directory->lookup(from.name));
    auto replaced = to.directory->lookup(to.name);
    if (!replaced.ok() && replaced.error() != Errno::NoEntry) return replaced.error();
    if (!replaced.ok() && !tree_directory_of(*to.directory).ok()) return to.directory->creation_error();
    if (replaced.ok() && (flags & RenameNoReplace)) return Errno::Exists;
    if (flags & RenameExchange) {
        if (!replaced.ok()) return Errno::NoEntry;
        if (to.trailing_slash && !(*replaced)->is_directory()) return Errno::NotDirectory;
    }
    if (!node->is_directory()) {
        if (from.trailing_slash) return Errno::NotDirectory;
        if (!(flags & RenameExchange) && to.trailing_slash) return Errno::NotDirectory;
    }
    TreeDirectory *source = TRY(tree_directory_of(*from.directory));
    TreeDirectory *target = TRY(tree_directory_of(*to.directory));
    using Mode = TreeDirectory::RenameMode;
    Mode mode = flags & RenameExchange    ? Mode::Exchange
                : flags & RenameNoReplace ? Mode::NoReplace
                                          : Mode::Replace;
    return source->rename(from.name, *target, to.name, mode);
}

Result<void> renameat(int old_directory, VirtAddr old_path, int new_directory, VirtAddr new_path)
{
    return renameat2(old_directory, old_path, new_directory, new_path, 0);
}
Result<void> rename(VirtAddr old_path, VirtAddr new_path)
{
    return renameat2(at::CurrentDirectory, old_path, at::CurrentDirectory, new_path, 0);
}

} // namespace kernel::syscalls
