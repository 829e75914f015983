// Relative to which directory? See path_argument.hpp.
#include "kernel/syscall/path_argument.hpp"

#include "kernel/file/file_table.hpp"
#include "kernel/process/process.hpp"

namespace kernel {

Result<Ref<Inode>> path_base(int directory, std::string_view path)
{
    if (path.starts_with('/')) return Ref<Inode>(root_directory());
    if (directory == at::CurrentDirectory) return current_process().cwd();
    TRY_LET(file, current_process().files().find_any(directory));
    return Ref<Inode>(file->inode());
}

Result<Ref<Inode>> find_at(int directory, std::string_view path, LastLink last, bool empty_path)
{
    if (path.empty() && !empty_path) return Errno::NoEntry;
    TRY_LET(base, path_base(directory, path));
    if (path.empty()) return base;
    return lookup(path, *base, last);
}

Result<PathParent> find_parent(int directory, std::string_view path)
{
    if (path.empty()) return Errno::NoEntry;
    TRY_LET(base, path_base(directory, path));
    return lookup_parent(path, *base);
}

uint32_t new_permissions(uint32_t mode)
{
    return mode & 07777 & ~current_process().umask();
}

} // namespace kernel
