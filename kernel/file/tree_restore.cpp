// The tree as it was when the first program began: remembered then, and restored at the end, so that an
// account of all frames tells whether anything is missing. See tree.hpp.
#include "kernel/file/tree.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel {

// The nodes and entries of boot, each in a list; of a directory's entries the oldest comes first, as it did.
class TreeRestorer {
public:
    void remember(TreeDirectory &root)
    {
        remember(static_cast<TreeNode &>(root));
        for (TreeNode *node = first_node_; node; node = node->next_permanent_) {
            TreeDirectory *directory = node->tree_directory();
            if (!directory) continue;
            auto &entries = directory->cookies_;
            for (TreeEntry *entry = entries.first(); entry; entry = entries.first_above(entry->cookie))
                remember(*entry);
        }
    }

    void restore()
    {
        for (TreeNode *node = first_node_; node; node = node->next_permanent_) {
            if (TreeDirectory *directory = node->tree_directory()) directory->clear();
        }
        for (TreeNode *node = first_node_; node; node = node->next_permanent_) {
            node->set_former(nullptr);
            node->links_ = node == first_node_ ? 1 : 0;
            node->set_attributes(node->original_);
            node->restore_contents();
        }
        for (TreeEntry *entry = first_entry_; entry; entry = entry->next_permanent)
            entry->parent->attach(*entry);
    }

    TreeNode *find_device(FileType type, uint64_t number) const
    {
        for (TreeNode *node = first_node_; node; node = node->next_permanent_) {
            if (node->type() == type && node->status().device_number == number) return node;
        }
        return nullptr;
    }

private:
    void remember(TreeNode &node)
    {
        if (node.is_permanent_) return;
        node.is_permanent_ = true;
        if (&node.file_system() != &root_file_system() && node.original_.modified == Timestamp{}) {
            FileAttributes attributes = node.original_; // not from the archive: it is new
            attributes.modified = file_time();
            node.set_attributes(attributes);
        }
        (last_node_ ? last_node_->next_permanent_ : first_node_) = &node;
        last_node_ = &node;
    }
    void remember(TreeEntry &entry)
    {
        entry.is_permanent = true;
        entry.next_permanent = first_entry_;
        first_entry_ = &entry;
        remember(*entry.node);
    }

    TreeNode *first_node_ = nullptr, *last_node_ = nullptr;
    TreeEntry *first_entry_ = nullptr;
};

namespace {

constinit TreeRestorer restorer;

} // namespace

void remember_tree(TreeDirectory &root)
{
    restorer.remember(root);
}

void restore_tree()
{
    restorer.restore();
}

TreeNode *find_device(FileType type, uint64_t number)
{
    return restorer.find_device(type, number);
}

} // namespace kernel
