// TreeNode and TreeDirectory: the files that are there from boot to the end: those of the archive, /dev, and
// the fixed part of /proc. Nothing in a tree is ever removed, so its inodes, names and links last as long as
// the kernel.
#pragma once

#include "kernel/file/inode.hpp"

namespace kernel {

class TreeDirectory;

// What an archive says about each file, whatever its kind.
struct FileAttributes {
    uint32_t permissions = 0755;
    int64_t modified = 0; // seconds since 1970
};

// An inode with a place in the tree. A file with several names knows the first.
class TreeNode : public Inode {
public:
    TreeNode(FileType type, FileAttributes attributes);

    FileStatus status() const override;
    void write_path(lib::TextSink &sink) const override;
    // A hard link: one name more for this file.
    void count_link() { links_++; }
    void set_attributes(FileAttributes attributes) { attributes_ = attributes; }

protected:
    uint64_t number() const { return number_; }
    Result<Ref<Inode>> parent_directory() const;

private:
    friend class TreeDirectory;

    FileAttributes attributes_;
    uint64_t number_; // st_ino, in the order of creation
    uint64_t links_ = 1;
    TreeDirectory *parent_ = nullptr;
    std::string_view name_;
};

class TreeDirectory : public TreeNode {
public:
    explicit TreeDirectory(FileAttributes attributes = {}) : TreeNode(FileType::Directory, attributes) {}

    // A new name for `node`, or what the name means from now on. `name` must stay. NoMemory.
    Result<void> add(std::string_view name, TreeNode &node);
    // The node with that name, or null.
    TreeNode *find(std::string_view name) const;

    FileStatus status() const override;
    Result<Ref<Inode>> lookup(std::string_view name) override;
    Result<Ref<Inode>> parent() override { return parent_directory(); }
    Result<void> list(uint64_t after, DirectoryVisitor &visitor) override;
    Result<void> may_write() const override { return Errno::ReadOnlyFileSystem; }
    Result<void> synchronise() override { return {}; }

private:
    struct Entry {
        Entry(std::string_view name, uint64_t cookie) : name(name), cookie(cookie) {}
        std::string_view name;
        uint64_t cookie;
        TreeNode *node = nullptr;
        Entry *next = nullptr;
    };
    Entry *find_entry(std::string_view name) const;

    Entry *first_ = nullptr;
    Entry *last_ = nullptr;
    uint64_t directories_ = 0; // entries that are directories: each is a link to this one by its ".."
};

// A symbolic link whose text stays.
class TreeLink final : public TreeNode {
public:
    TreeLink(std::string_view text, FileAttributes attributes)
        : TreeNode(FileType::SymbolicLink, attributes), text_(text)
    {}
    std::string_view link_text() const override { return text_; }
    Result<void> may_write() const override { return Errno::ReadOnlyFileSystem; }
    FileStatus status() const override;

private:
    std::string_view text_;
};

} // namespace kernel
