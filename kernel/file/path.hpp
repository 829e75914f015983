// From a path to an inode (path_resolution(7)).
#pragma once

#include "kernel/file/inode.hpp"

namespace kernel {

inline constexpr size_t MaxPath = 4096;  // PATH_MAX, the final zero included
inline constexpr size_t MaxName = 255;   // NAME_MAX
inline constexpr unsigned MaxLinks = 40; // more symbolic links on the way: TooManyLinks

enum class LastLink : bool { Follow, Keep }; // when the path ends in a symbolic link

// The root directory; files.hpp makes it.
Inode &root_directory();

// The inode that `path` names, relative ones from `cwd`. NoEntry (also for an empty path), NotDirectory,
// TooManyLinks, NameTooLong, NoMemory.
Result<Ref<Inode>> lookup(std::string_view path, Inode &cwd, LastLink last = LastLink::Follow);

// The same for a path that may be about to be created: a missing last name is no error, nor a slash behind a
// file.
struct PathEnd {
    Ref<Inode> inode;            // null: the directory is there, the name in it is not
    Ref<Inode> directory;        // that directory; null when there is an inode
    std::string_view name{};     // that name, in the path or in a link's text: use it before anything sleeps
    bool trailing_slash = false; // the path can only mean a directory
};
Result<PathEnd> lookup_end(std::string_view path, Inode &cwd, LastLink last);

// The directory that the last name of a path is in, whether there is such a name in it or not: for calls that
// change names. A link of that name is not followed.
struct PathParent {
    enum class Last : uint8_t { Name, Dot, DotDot, Root };
    Ref<Inode> directory;
    std::string_view name{}; // part of the path
    Last last = Last::Name;  // what kind of name; Root: there is none
    bool trailing_slash = false;
};
Result<PathParent> lookup_parent(std::string_view path, Inode &cwd);

} // namespace kernel
