// FileSystem: what the nodes of one mounted file system have in common: its numbers and how much room it has.
//
// All that can be written are tmpfs: names and contents are memory. A file system is mounted by being the one
// that a directory of another belongs to (TreeDirectory::mount); there is no mount(2).
#pragma once

#include "lib/result.hpp"

#include <atomic>
#include <cstdint>
#include <string_view>

namespace kernel {

class Inode;

class FileSystem {
public:
    // `path`, `type`, `source`: as /proc/mounts shows them. They must stay.
    constexpr FileSystem(std::string_view path, std::string_view source, std::string_view type,
                         uint64_t device, uint64_t magic)
        : path(path), source(source), type(type), device(device), magic(magic)
    {}
    FileSystem(const FileSystem &) = delete;
    FileSystem &operator=(const FileSystem &) = delete;

    const std::string_view path, source, type;
    const uint64_t device; // st_dev
    const uint64_t magic;  // f_type (statfs(2))

    uint64_t take_number() { return last_number_.fetch_add(1, std::memory_order_relaxed) + 1; }

    // Pages that its files hold, and how many they may; nodes likewise. Limit 0: it holds no pages and counts
    // nothing.
    void set_limits(uint64_t pages, uint64_t nodes)
    {
        page_limit_ = pages;
        node_limit_ = nodes;
    }
    uint64_t page_limit() const { return page_limit_; }
    uint64_t node_limit() const { return node_limit_; }
    uint64_t pages() const { return pages_.load(std::memory_order_relaxed); }
    uint64_t nodes() const { return nodes_.load(std::memory_order_relaxed); }
    bool has_room(uint64_t pages) const { return this->pages() + pages <= page_limit_; }
    void count_pages(int64_t change)
    {
        pages_.fetch_add(static_cast<uint64_t>(change), std::memory_order_relaxed);
    }
    // One node more. NoSpace.
    lib::Result<void> add_node()
    {
        if (nodes() >= node_limit_) return lib::Errno::NoSpace;
        nodes_.fetch_add(1, std::memory_order_relaxed);
        return {};
    }
    void remove_node() { nodes_.fetch_sub(1, std::memory_order_relaxed); }

private:
    std::atomic<uint64_t> last_number_{0};
    std::atomic<uint64_t> pages_{0}, nodes_{0};
    uint64_t page_limit_ = 0, node_limit_ = 0;
};

// Whether files may have one more frame. The last of memory is kept for programs, which must run to make
// room: a file that would take it is told NoSpace, as when its file system is full.
bool memory_has_room_for_files();

// The mounted ones, in the order of /proc/mounts.
inline constexpr unsigned FileSystemCount = 5;
FileSystem &file_system(unsigned index);
FileSystem &root_file_system();
FileSystem &device_file_system(); // /dev
// Of files that have no place in the tree (memfd_create(2)); not mounted, and without a limit but memory.
FileSystem &memory_file_system();
// The one that `inode` belongs to; null: none that is mounted (a pipe).
const FileSystem *file_system_of(const Inode &inode);

} // namespace kernel
