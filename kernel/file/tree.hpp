// The tree of files: directories and the nodes in them. What is there from boot (the archive's files, /dev)
// and what programs create are the same kinds of nodes; the former are never freed, and come back to what
// they were when the tree is restored (tree_restore.cpp).
//
// A name is an entry: it belongs to a directory and leads to a node. A node counts the names it has, and
// lives until the last name, open file, mapping and working directory are gone. Walking and changing the tree
// does not sleep, so that whoever looks something up and then changes it does both at once.
#pragma once

#include "kernel/file/file_system.hpp"
#include "kernel/file/inode.hpp"
#include "lib/intrusive_list.hpp"
#include "lib/intrusive_tree.hpp"

namespace kernel {

class TreeDirectory;

// More names than this no file has (Linux: tmpfs has no limit of its own; a 32-bit count).
inline constexpr uint64_t MaxNames = UINT32_MAX;

// What an archive says about each file, whatever its kind.
struct FileAttributes {
    uint32_t permissions = 0755;
    Timestamp modified{};
    uint32_t user = 0, group = 0;
};

// A name as directories compare it: most differ in their hash (FNV-1a).
struct EntryName {
    EntryName(std::string_view text) : text(text)
    {
        for (char each : text) hash = (hash ^ static_cast<unsigned char>(each)) * 16777619u;
    }
    bool operator<(const EntryName &other) const
    {
        return hash != other.hash ? hash < other.hash : text < other.text;
    }

    std::string_view text;
    uint32_t hash = 2166136261u;
};

struct TreeEntry {
    TreeEntry(std::string_view name, TreeDirectory &parent, TreeNode &node)
        : name(name), parent(&parent), node(&node)
    {}
    // With a copy of `name`. NoMemory.
    static Result<TreeEntry *> create(std::string_view name, TreeDirectory &parent, TreeNode &node);
    static void free(TreeEntry *entry);

    EntryName name;
    TreeDirectory *parent;
    TreeNode *node;
    uint64_t cookie = 0;                      // its position in the directory's listing
    mutable const TreeEntry *below = nullptr; // while a path is written: the next name of it
    bool is_permanent = false;
    bool is_counted = false; // as a node of the file system: a name more than its node's first one
    lib::TreeLinks<TreeEntry> by_name, by_cookie;
    lib::ListNode of_node;
    TreeEntry *next_permanent = nullptr;
};

// An inode with a place in the tree.
class TreeNode : public Inode {
public:
    TreeNode(FileType type, FileAttributes attributes);

    FileStatus status() const override;
    // By the name it has had longest, or had last; then " (deleted)" follows.
    void write_path(lib::TextSink &sink) const override;
    void set_attributes(FileAttributes attributes);
    Result<void> change_attributes(const AttributeChange &change) override;
    void note_access() override;
    bool is_removed() const override { return links_ == 0; }
    TreeNode *tree_node() final { return this; }
    // As a directory of the tree; null: it is something else.
    virtual TreeDirectory *tree_directory() { return nullptr; }

    FileSystem &file_system() const { return *file_system_; }
    // Boot: it is the topmost of this one, whatever directory it is in. It has a name, or is the root.
    void mount(FileSystem &file_system);
    bool is_mounted() const { return is_mounted_; }

protected:
    ~TreeNode() override;
    void destroy() final;
    // Frees it, as the class it is. Those of boot never come here.
    virtual void free() {}
    // Contents become what they were at boot.
    virtual void restore_contents() {}

    uint64_t number() const { return number_; }
    uint64_t names() const { return links_; }
    Result<Ref<Inode>> parent_directory() const;
    void note_modification(); // of contents: now
    void note_change();       // of attributes or names: now

private:
    friend class TreeDirectory;
    friend class TreeRestorer;

    const TreeEntry *shown_entry() const;
    void set_former(TreeEntry *entry);

    FileSystem *file_system_ = nullptr;
    uint32_t permissions_, user_, group_;
    Timestamp accessed_, modified_, changed_, created_;
    uint64_t number_ = 0; // st_ino
    uint64_t links_ = 0;  // names; a directory has one
    lib::List<&TreeEntry::of_node> entries_;
    TreeEntry *former_ = nullptr; // the name it had last; of one that it does not belong to, a reference of
                                  // the directory
    bool is_permanent_ = false, is_mounted_ = false, is_counted_ = false;
    bool may_get_first_name_ = false; // made without one, to get it later (O_TMPFILE)
    FileAttributes original_;
    TreeNode *next_permanent_ = nullptr;
    TreeNode *next_to_free_ = nullptr;
};

class TreeDirectory : public TreeNode {
public:
    explicit TreeDirectory(FileAttributes attributes = {}) : TreeNode(FileType::Directory, attributes) {}

    // Boot: a new name for `node`, or what the name means from now on. `name` must stay. NoMemory.
    Result<void> add(std::string_view name, TreeNode &node);
    // The node with that name, or null.
    TreeNode *find(std::string_view name) const;

    FileStatus status() const override;
    Result<Ref<Inode>> lookup(std::string_view name) override;
    Result<Ref<Inode>> parent() override { return parent_directory(); }
    Result<void> list(uint64_t after, DirectoryVisitor &visitor) override;
    Result<void> synchronise() override { return {}; }

    Result<Ref<Inode>> create(std::string_view name, const NewNode &what) override;
    Result<Ref<Inode>> create_unnamed(uint32_t permissions, bool may_get_name) override;
    // The same in a file system of its own, shown by the name "memfd:" and `name` (memfd_create(2)).
    Result<Ref<Inode>> create_memory_file(std::string_view name, bool allow_seals);
    Result<void> remove(std::string_view name, Removal how) override;
    // link(2): one name more. Also of a file without any (O_TMPFILE). Exists, CrossDevice, NotPermitted for
    // directories, and what create() says.
    Result<void> link(std::string_view name, TreeNode &node);
    // rename(2), renameat2(2).
    enum class RenameMode : uint8_t { Replace, NoReplace, Exchange };
    Result<void> rename(std::string_view name, TreeDirectory &to, std::string_view new_name, RenameMode mode);

    // Whether it is `node` or lies somewhere below it.
    bool is_in(const TreeNode &node) const;
    TreeDirectory *tree_directory() override { return this; }
    ~TreeDirectory() override { clear(); }

protected:
    void free() override;

private:
    friend class TreeRestorer;
    using ByName = lib::Tree<&TreeEntry::by_name, &TreeEntry::name>;
    using ByCookie = lib::Tree<&TreeEntry::by_cookie, &TreeEntry::cookie>;

    Result<void> check_new_name(std::string_view name) const;
    Result<Ref<Inode>> make_node(const NewNode &what, FileSystem &file_system) const;
    Result<void> name_unnamed(TreeNode &node, std::string_view name);
    void attach(TreeEntry &entry);
    [[nodiscard]] Ref<Inode> detach(TreeEntry &entry);
    void forget(TreeEntry &entry);
    void clear();

    ByName names_;
    ByCookie cookies_;
    // Falls, as on Linux's tmpfs: who lists a directory and makes or renames what is in it would otherwise
    // meet what is new, and might never come to an end.
    uint64_t next_cookie_ = LastCookie;
    uint64_t directories_ = 0; // entries that are directories: each is a link to this one by its ".."
};

// A symbolic link. The text of one that is there from boot stays where it is; of others there is a copy.
class TreeLink final : public TreeNode {
public:
    TreeLink(std::string_view text, FileAttributes attributes)
        : TreeNode(FileType::SymbolicLink, attributes), text_(text)
    {}
    // NoMemory.
    static Result<TreeLink *> create(std::string_view text);
    std::string_view link_text() const override { return text_; }
    FileStatus status() const override;

    ~TreeLink() override;

private:
    void free() override;

    std::string_view text_;
    char *copy_ = nullptr;
};

// A node that only stands for something: a device by its number, a socket (mknod(2)).
class TreeSpecial final : public TreeNode {
public:
    TreeSpecial(FileType type, uint64_t device_number, FileAttributes attributes)
        : TreeNode(type, attributes), device_number_(device_number)
    {}
    FileStatus status() const override;
    Result<void> opened(File &) override { return Errno::NoSuchDevice; }

private:
    void free() override;

    uint64_t device_number_;
};

// What is in the tree now is what will be in it when it is restored: all else is forgotten then, and what has
// changed is as it was. Nobody uses a file when it is restored.
void remember_tree(TreeDirectory &root);
void restore_tree();

// The device node of boot with this type and number; null: there is none (mknod(2)).
TreeNode *find_device(FileType type, uint64_t number);

} // namespace kernel
