// The path argument of a system call, and the inode it names.
#pragma once

#include "kernel/file/path.hpp"
#include "kernel/trap/user_copy.hpp"
#include "mm/kernel_heap.hpp"

#include <string_view>

namespace kernel {

// AT_… (include/uapi/linux/fcntl.h).
namespace at {
inline constexpr int CurrentDirectory = -100; // AT_FDCWD
inline constexpr uint32_t SymlinkNoFollow = 0x100;
inline constexpr uint32_t EffectiveAccess = 0x200;
inline constexpr uint32_t RemoveDirectory = 0x200;
inline constexpr uint32_t SymlinkFollow = 0x400;
inline constexpr uint32_t NoAutomount = 0x800;
inline constexpr uint32_t EmptyPath = 0x1000;
inline constexpr uint32_t SyncType = 0x6000;
} // namespace at

class PathArgument {
public:
    PathArgument() = default;
    ~PathArgument() { mm::heap_free(buffer_); }
    PathArgument(const PathArgument &) = delete;
    PathArgument &operator=(const PathArgument &) = delete;

    // Copies the path from the program: BadAddress, NameTooLong, NoMemory.
    Result<void> copy(mm::VirtAddr from)
    {
        buffer_ = static_cast<char *>(mm::heap_allocate(MaxPath));
        if (!buffer_) return Errno::NoMemory;
        size_t length = TRY(copy_string_from_user(buffer_, from, MaxPath));
        text_ = {buffer_, length};
        return {};
    }
    std::string_view text() const { return text_; }

private:
    char *buffer_ = nullptr; // too big for a kernel stack
    std::string_view text_;
};

// Where a relative path begins: the current directory for AT_FDCWD, otherwise what `directory` is open on. An
// absolute path does not look at `directory`. BadDescriptor; a file that is not a directory is found out when
// the path goes on from it.
Result<Ref<Inode>> path_base(int directory, std::string_view path);

// The inode of a path relative to `directory`. With `empty_path` (AT_EMPTY_PATH) an empty path is `directory`
// itself, whatever it is.
Result<Ref<Inode>> find_at(int directory, std::string_view path, LastLink last, bool empty_path = false);

// Where a path's last name is, for calls that change names (lookup_parent).
Result<PathParent> find_parent(int directory, std::string_view path);
// The permissions of something new: what the program asks for without its umask.
uint32_t new_permissions(uint32_t mode);

} // namespace kernel
