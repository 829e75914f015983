// From a path to an inode (path_resolution(7)).
#pragma once

#include "kernel/file/inode.hpp"

namespace kernel {

inline constexpr size_t MaxPath = 4096;  // PATH_MAX, the final zero included
inline constexpr size_t MaxName = 255;   // NAME_MAX
inline constexpr unsigned MaxLinks = 40; // more symbolic links on the way: TooManyLinks

enum class LastLink : bool { Follow, Keep }; // when the path ends in a symbolic link

// Makes the root directory from the archive (cpio newc), with /dev and /proc in it. Once, at boot, after the kernel
// heap works. Refuses to start when the archive is malformed.
void init_files(std::span<const std::byte> archive);
Inode &root_directory();

// The inode that `path` names, relative ones from `cwd`. NoEntry (also for an empty path), NotDirectory,
// TooManyLinks, NameTooLong, NoMemory.
Result<Ref<Inode>> lookup(std::string_view path, Inode &cwd, LastLink last = LastLink::Follow);

} // namespace kernel
