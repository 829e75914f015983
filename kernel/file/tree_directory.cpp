// Names come and go: create, link, remove, rename. See tree.hpp.
//
// Whatever can fail for want of memory is done first. Then the turn is taken, everything is looked at, and
// the change made; what is no longer needed is given up after that.
#include "kernel/file/fifo.hpp"
#include "kernel/file/path.hpp"
#include "kernel/file/tree.hpp"
#include "kernel/file/tree_file.hpp"
#include "kernel/file/tree_turn.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel {

namespace {

// An entry that is being made, until it has its place in a directory.
class NewEntry {
public:
    NewEntry() = default;
    ~NewEntry() { TreeEntry::free(entry_); }
    NewEntry(const NewEntry &) = delete;
    NewEntry &operator=(const NewEntry &) = delete;

    Result<void> make(std::string_view name, TreeDirectory &parent, TreeNode &node)
    {
        entry_ = TRY(TreeEntry::create(name, parent, node));
        return {};
    }
    TreeEntry &operator*() const { return *entry_; }
    TreeEntry *operator->() const { return entry_; }
    TreeEntry &release() { return *std::exchange(entry_, nullptr); }

private:
    TreeEntry *entry_ = nullptr;
};

} // namespace

// Whether something new could be created in it.
Result<void> TreeDirectory::check_new_name(std::string_view name) const
{
    if (name.size() > MaxName) return Errno::NameTooLong;
    if (is_removed()) return Errno::NoEntry;
    return {};
}

// The entry gets its place, and a reference to its node.
void TreeDirectory::attach(TreeEntry &entry)
{
    TreeNode &node = *entry.node;
    node.share();
    entry.cookie = next_cookie_--;
    names_.insert(entry);
    cookies_.insert(entry);
    node.entries_.push_back(entry);
    node.links_++;
    if (node.is_directory()) directories_++;
}

// The entry leaves its place; what is returned was its reference to the node. With the last name the entry
// becomes the one that the node had last; otherwise it is the caller's.
Ref<Inode> TreeDirectory::detach(TreeEntry &entry)
{
    TreeNode &node = *entry.node;
    names_.remove(entry);
    cookies_.remove(entry);
    node.entries_.remove(entry);
    node.links_--;
    if (node.is_directory()) directories_--;
    return Ref<Inode>::adopt(&node);
}

// A detached entry is not needed any more, but for telling the name of a node that has no other.
void TreeDirectory::forget(TreeEntry &entry)
{
    if (entry.node->links_ != 0) return TreeEntry::free(&entry);
    if (!entry.is_permanent) share();
    entry.node->set_former(&entry);
}

// Without its entries, which nobody will ask for their names.
void TreeDirectory::clear()
{
    while (TreeEntry *entry = cookies_.first()) {
        Ref<Inode> node = detach(*entry);
        TreeEntry::free(entry);
    }
    next_cookie_ = LastCookie;
}

Result<void> TreeDirectory::add(std::string_view name, TreeNode &node)
{
    auto *entry = mm::create<TreeEntry>(name, *this, node);
    if (!entry) return Errno::NoMemory;
    if (!node.file_system_) node.file_system_ = &file_system();
    if (node.number_ == 0) node.number_ = node.file_system_->take_number();
    if (TreeEntry *before = names_.find(name)) {
        (void)detach(*before).release(); // of one that stays for ever
        mm::destroy(before);
    }
    attach(*entry);
    return {};
}

Result<Ref<Inode>> TreeDirectory::make_node(const NewNode &what, FileSystem &file_system) const
{
    constexpr uint32_t SetGroup = 02000;
    FileAttributes attributes{.permissions = what.permissions & 07777, .modified = file_time()};
    if (permissions_ & SetGroup) { // what is made in it is of its group (inode(7))
        attributes.group = group_;
        if (what.type == FileType::Directory) attributes.permissions |= SetGroup;
    }
    if (!memory_has_room_for_files()) return Errno::NoSpace;
    TRY_VOID(file_system.add_node());
    TreeNode *node = nullptr;
    switch (what.type) {
    case FileType::Regular:
        node = mm::create<TreeFile>(attributes);
        break;
    case FileType::Directory:
        node = mm::create<TreeDirectory>(attributes);
        break;
    case FileType::SymbolicLink:
        if (auto link = TreeLink::create(what.text); link.ok()) node = *link;
        break;
    case FileType::Fifo:
        node = make_fifo(attributes);
        break;
    default:
        node = mm::create<TreeSpecial>(what.type, what.device_number, attributes);
        break;
    }
    if (!node) {
        file_system.remove_node();
        return Errno::NoMemory;
    }
    node->set_attributes(attributes);
    node->file_system_ = &file_system;
    node->number_ = file_system.take_number();
    node->is_counted_ = true;
    return Ref<Inode>::adopt(node);
}

Result<Ref<Inode>> TreeDirectory::create(std::string_view name, const NewNode &what)
{
    TRY_VOID(check_new_name(name));
    if (find(name)) return Errno::Exists;
    TRY_LET(made, make_node(what, file_system()));
    NewEntry entry;
    TRY_VOID(entry.make(name, *this, *made->tree_node()));
    TreeTurn turn;
    TRY_VOID(check_new_name(name));
    if (names_.find(name)) return Errno::Exists;
    attach(entry.release());
    note_modification();
    return made;
}

// A node without a name has one to be shown by.
Result<void> TreeDirectory::name_unnamed(TreeNode &node, std::string_view name)
{
    auto *entry = TRY(TreeEntry::create(name, *this, node));
    share();
    node.set_former(entry);
    return {};
}

Result<Ref<Inode>> TreeDirectory::create_unnamed(uint32_t permissions, bool may_get_name)
{
    if (is_removed()) return Errno::NoEntry;
    TRY_LET(made, make_node({.type = FileType::Regular, .permissions = permissions}, file_system()));
    TreeNode &node = *made->tree_node();
    char text[24];
    TRY_VOID(name_unnamed(node, lib::format_to(text, "#{}", node.number_)));
    node.may_get_first_name_ = may_get_name;
    return made;
}

Result<Ref<Inode>> TreeDirectory::create_memory_file(std::string_view name, bool allow_seals)
{
    constexpr uint32_t ForAll = 0777;
    TRY_LET(made, make_node({.type = FileType::Regular, .permissions = ForAll}, memory_file_system()));
    char text[MaxName + 1];
    TRY_VOID(name_unnamed(*made->tree_node(), lib::format_to(text, "memfd:{}", name)));
    if (allow_seals) static_cast<TreeFile *>(made->tree_node())->allow_seals();
    return made;
}

Result<void> TreeDirectory::link(std::string_view name, TreeNode &node)
{
    TRY_VOID(check_new_name(name));
    // Names are memory that nobody gives back when the program that made them is killed: each counts like a
    // file (shmem_link).
    if (!memory_has_room_for_files()) return Errno::NoSpace;
    NewEntry entry;
    TRY_VOID(entry.make(name, *this, node));
    if (node.links_ != 0) {
        TRY_VOID(file_system().add_node());
        entry->is_counted = true;
    }
    TreeEntry *former = nullptr;
    {
        TreeTurn turn;
        TRY_VOID(check_new_name(name));
        if (names_.find(name)) return Errno::Exists;
        if (&node.file_system() != &file_system()) return Errno::CrossDevice;
        if (node.is_directory()) return Errno::NotPermitted;
        // A file whose last name has gone stays without one; one that never had any (O_TMPFILE) may get it.
        if (node.links_ == 0 && !node.may_get_first_name_) return Errno::NoEntry;
        if (node.links_ >= MaxNames) return Errno::TooManyNames;
        node.may_get_first_name_ = false;
        attach(entry.release());
        former = node.former_;
        node.note_change();
        note_modification();
    }
    if (former) node.set_former(nullptr);
    return {};
}

Result<void> TreeDirectory::remove(std::string_view name, Removal how)
{
    Ref<Inode> node;
    TreeEntry *entry;
    {
        TreeTurn turn;
        entry = names_.find(name);
        if (!entry) return name.size() > MaxName ? Errno::NameTooLong : Errno::NoEntry;
        TreeNode &found = *entry->node;
        bool is_directory = found.is_directory();
        if (how == Removal::Name && is_directory) return Errno::IsDirectory;
        if (how == Removal::Directory && !is_directory) return Errno::NotDirectory;
        if (found.is_mounted()) return Errno::Busy;
        if (is_directory && !static_cast<TreeDirectory &>(found).names_.empty()) return Errno::NotEmpty;
        node = detach(*entry);
        found.note_change();
        note_modification();
    }
    forget(*entry);
    return {};
}

bool TreeDirectory::is_in(const TreeNode &node) const
{
    for (const TreeNode *at = this;;) {
        if (at == &node) return true;
        const TreeEntry *entry = at->shown_entry();
        if (!entry) return false;
        at = entry->parent;
    }
}

Result<void> TreeDirectory::rename(std::string_view name, TreeDirectory &to, std::string_view new_name,
                                   RenameMode mode)
{
    if (&to.file_system() != &file_system()) return Errno::CrossDevice;
    TRY_LET(moved, lookup(name));
    TRY_VOID(to.check_new_name(new_name));
    TreeNode &node = *moved->tree_node();
    NewEntry entry, other_entry;
    TRY_VOID(entry.make(new_name, to, node));
    bool exchanges = mode == RenameMode::Exchange;
    if (exchanges) {
        TRY_LET(other, to.lookup(new_name));
        TRY_VOID(other_entry.make(name, *this, *other->tree_node()));
    }

    Ref<Inode> old_reference, replaced_reference; // given up last of all
    TreeEntry *old, *replaced;
    {
        TreeTurn turn;
        old = names_.find(name);
        if (!old || old->node != &node) return Errno::NoEntry;
        TRY_VOID(to.check_new_name(new_name));
        replaced = to.names_.find(new_name);
        if (replaced && mode == RenameMode::NoReplace) return Errno::Exists;
        if (exchanges && (!replaced || replaced->node != other_entry->node)) return Errno::NoEntry;
        if (node.is_directory() && to.is_in(node)) return Errno::Invalid;
        if (replaced && replaced->node->is_directory() && is_in(*replaced->node))
            return exchanges ? Errno::Invalid : Errno::NotEmpty;
        if (replaced && replaced->node == &node) return {}; // two names of one file stay
        if (replaced && !exchanges) {
            bool is_directory = replaced->node->is_directory();
            if (node.is_directory() && !is_directory) return Errno::NotDirectory;
            if (!node.is_directory() && is_directory) return Errno::IsDirectory;
        }
        if (node.is_mounted() || (replaced && replaced->node->is_mounted())) return Errno::Busy;
        if (replaced && !exchanges && replaced->node->is_directory() &&
            !static_cast<TreeDirectory *>(replaced->node)->names_.empty())
            return Errno::NotEmpty;

        if (replaced) replaced_reference = to.detach(*replaced);
        old_reference = detach(*old);
        entry->is_counted = std::exchange(old->is_counted, false);
        if (exchanges) other_entry->is_counted = std::exchange(replaced->is_counted, false);
        to.attach(entry.release());
        if (exchanges) attach(other_entry.release());
        if (replaced) replaced->node->note_change();
        node.note_change();
        note_modification();
        to.note_modification();
    }
    forget(*old);
    if (replaced) to.forget(*replaced);
    return {};
}

} // namespace kernel
