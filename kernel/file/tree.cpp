// Nodes and their attributes, and looking names up. See tree.hpp; tree_directory.cpp changes names.
#include "kernel/file/tree.hpp"

#include "kernel/file/tree_turn.hpp"
#include "mm/kernel_heap.hpp"

#include <cstring>

namespace kernel {

constinit lib::Spinlock TreeTurn::lock_;

namespace {

constexpr int64_t DayInSeconds = 24 * 60 * 60;

// Nodes that nobody has any more. One is freed after the other, not each from within the one before it: a
// directory gives up its parent, and there may be a long row of them.
constinit TreeNode *nodes_to_free = nullptr;
constinit bool is_freeing = false;

} // namespace

Result<TreeEntry *> TreeEntry::create(std::string_view name, TreeDirectory &parent, TreeNode &node)
{
    void *place = mm::heap_allocate(sizeof(TreeEntry) + name.size());
    if (!place) return Errno::NoMemory;
    char *copy = static_cast<char *>(place) + sizeof(TreeEntry);
    std::memcpy(copy, name.data(), name.size());
    return new (place) TreeEntry({copy, name.size()}, parent, node);
}

void TreeEntry::free(TreeEntry *entry)
{
    if (!entry || entry->is_permanent) return;
    mm::destroy(entry);
}

TreeNode::TreeNode(FileType type, FileAttributes attributes)
    : Inode(type), permissions_(attributes.permissions), user_(attributes.user), group_(attributes.group)
{
    set_attributes(attributes);
}

void TreeNode::set_attributes(FileAttributes attributes)
{
    permissions_ = attributes.permissions;
    user_ = attributes.user;
    group_ = attributes.group;
    accessed_ = modified_ = changed_ = created_ = attributes.modified;
    original_ = attributes;
}

TreeNode::~TreeNode()
{
    set_former(nullptr);
    if (is_counted_) file_system_->remove_node();
}

void TreeNode::destroy()
{
    {
        TreeTurn turn;
        next_to_free_ = std::exchange(nodes_to_free, this);
        if (is_freeing) return;
        is_freeing = true;
    }
    for (;;) {
        TreeNode *node;
        {
            TreeTurn turn;
            node = nodes_to_free;
            if (!node) {
                is_freeing = false;
                return;
            }
            nodes_to_free = node->next_to_free_;
        }
        node->free();
    }
}

// Takes over the entry, and with it a reference to its directory.
void TreeNode::set_former(TreeEntry *entry)
{
    TreeEntry *before = std::exchange(former_, entry);
    if (!before || before->is_permanent) return;
    static_cast<TreeNode *>(before->parent)->drop();
    TreeEntry::free(before);
}

FileStatus TreeNode::status() const
{
    return {.device = file_system_ ? file_system_->device : 0,
            .number = number_,
            .type = type(),
            .permissions = permissions_,
            .links = links_,
            .modified = modified_,
            .accessed = accessed_,
            .changed = changed_,
            .created = created_,
            .user = user_,
            .group = group_};
}

Result<void> TreeNode::change_attributes(const AttributeChange &change)
{
    if (change.permissions != AttributeChange::Keep) permissions_ = change.permissions & 07777;
    bool gets_owner = change.user != AttributeChange::Keep || change.group != AttributeChange::Keep;
    if (change.user != AttributeChange::Keep) user_ = change.user;
    if (change.group != AttributeChange::Keep) group_ = change.group;
    // Whoever gets a program does not get the rights of its owner before (chown(2)).
    if (gets_owner && !is_directory()) {
        constexpr uint32_t SetUser = 04000, SetGroup = 02000, GroupExecute = 010;
        permissions_ &= ~SetUser;
        if (permissions_ & GroupExecute) permissions_ &= ~SetGroup;
    }
    if (change.accessed.is_known()) accessed_ = change.accessed;
    if (change.modified.is_known()) modified_ = change.modified;
    note_change();
    return {};
}

// As mounted with relatime (mount(8)): often enough to tell whether a file was read since it was written.
void TreeNode::note_access()
{
    if (accessed_ > modified_ && accessed_ > changed_) [[likely]] {
        Timestamp now = file_time();
        if (now.seconds - accessed_.seconds < DayInSeconds) return;
    }
    accessed_ = file_time();
}

void TreeNode::note_modification()
{
    modified_ = changed_ = file_time();
}

void TreeNode::note_change()
{
    changed_ = file_time();
}

void TreeNode::mount(FileSystem &file_system)
{
    file_system_ = &file_system;
    number_ = file_system.take_number();
    is_mounted_ = true;
    if (links_ == 0) links_ = 1; // the root
}

const TreeEntry *TreeNode::shown_entry() const
{
    const TreeEntry *entry = entries_.front();
    return entry ? entry : former_;
}

Result<Ref<Inode>> TreeNode::parent_directory() const
{
    TreeTurn turn;
    // The root is its own parent.
    const TreeEntry *entry = shown_entry();
    return Ref<Inode>(entry ? static_cast<Inode &>(*entry->parent) : const_cast<TreeNode &>(*this));
}

// From the root down, without recursion: directories may be nested deeper than a kernel stack.
void TreeNode::write_path(lib::TextSink &sink) const
{
    unsigned depth = 0;
    for (const TreeEntry *entry = shown_entry(); entry; entry = entry->parent->shown_entry()) depth++;
    if (depth == 0) sink.put("/");
    for (; depth > 0; depth--) {
        const TreeEntry *entry = shown_entry();
        for (unsigned up = 1; up < depth; up++) entry = entry->parent->shown_entry();
        sink.put("/");
        sink.put(entry->name.text);
    }
    if (is_removed() && former_) sink.put(" (deleted)");
}

TreeNode *TreeDirectory::find(std::string_view name) const
{
    TreeTurn turn;
    TreeEntry *entry = names_.find(name);
    return entry ? entry->node : nullptr;
}

// As tmpfs counts: each entry has 20 bytes, "." and ".." too (Linux's BOGO_DIRENT_SIZE).
FileStatus TreeDirectory::status() const
{
    constexpr uint64_t BytesPerEntry = 20;
    FileStatus status = TreeNode::status();
    status.links = is_removed() ? 0 : 2 + directories_;
    status.size = (2 + names_.size()) * BytesPerEntry;
    return status;
}

Result<Ref<Inode>> TreeDirectory::lookup(std::string_view name)
{
    TreeTurn turn;
    TreeEntry *entry = names_.find(name);
    if (!entry) return Errno::NoEntry;
    return Ref<Inode>(static_cast<Inode &>(*entry->node));
}

Result<void> TreeDirectory::list(uint64_t after, DirectoryVisitor &visitor)
{
    for (;;) {
        Ref<Inode> node; // while the visitor sleeps, the entry may go
        char name[256];
        std::string_view text;
        uint64_t number;
        {
            TreeTurn turn;
            TreeEntry *entry = cookies_.first_above(after);
            if (!entry) return {};
            after = entry->cookie;
            text = {name, entry->name.text.copy(name, sizeof name)};
            node = Ref<Inode>(static_cast<Inode &>(*entry->node));
            number = entry->node->number();
        }
        if (!visitor.entry(text, number, node->type(), after)) return {};
    }
}

Result<TreeLink *> TreeLink::create(std::string_view text)
{
    auto *copy = static_cast<char *>(mm::heap_allocate(text.size()));
    if (!copy) return Errno::NoMemory;
    std::memcpy(copy, text.data(), text.size());
    auto *link = mm::create<TreeLink>(std::string_view{copy, text.size()}, FileAttributes{});
    if (!link) {
        mm::heap_free(copy);
        return Errno::NoMemory;
    }
    link->copy_ = copy;
    return link;
}

TreeLink::~TreeLink()
{
    mm::heap_free(copy_);
}

FileStatus TreeLink::status() const
{
    FileStatus status = TreeNode::status();
    status.permissions = 0777;
    status.size = text_.size();
    return status;
}

FileStatus TreeSpecial::status() const
{
    FileStatus status = TreeNode::status();
    status.device_number = device_number_;
    return status;
}

void TreeDirectory::free()
{
    mm::destroy(this);
}
void TreeLink::free()
{
    mm::destroy(this);
}
void TreeSpecial::free()
{
    mm::destroy(this);
}

} // namespace kernel
