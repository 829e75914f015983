// Directories that only grow. See tree.hpp.
#include "kernel/file/tree.hpp"

#include "mm/kernel_heap.hpp"

namespace kernel {

namespace {

// st_dev of everything in the tree: the number of Linux's rootfs, as /proc/self/maps shows it.
constexpr uint64_t TreeDevice = make_device(0, 2);

uint64_t take_number()
{
    static std::atomic<uint64_t> last{0};
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

} // namespace

TreeNode::TreeNode(FileType type, FileAttributes attributes)
    : Inode(type), attributes_(attributes), number_(take_number())
{}

FileStatus TreeNode::status() const
{
    return {.device = TreeDevice,
            .number = number_,
            .type = type(),
            .permissions = attributes_.permissions,
            .links = links_,
            .modified = attributes_.modified};
}

Result<Ref<Inode>> TreeNode::parent_directory() const
{
    // The root is its own parent.
    return Ref<Inode>(parent_ ? *parent_ : const_cast<TreeNode &>(*this));
}

// From the root down, without recursion: directories may be nested deeper than a kernel stack.
void TreeNode::write_path(lib::TextSink &sink) const
{
    unsigned depth = 0;
    for (const TreeNode *node = this; node->parent_; node = node->parent_) depth++;
    if (depth == 0) sink.put("/");
    for (; depth > 0; depth--) {
        const TreeNode *node = this;
        for (unsigned up = 1; up < depth; up++) node = node->parent_;
        sink.put("/");
        sink.put(node->name_);
    }
}

TreeDirectory::Entry *TreeDirectory::find_entry(std::string_view name) const
{
    for (Entry *entry = first_; entry; entry = entry->next) {
        if (entry->name == name) return entry;
    }
    return nullptr;
}

TreeNode *TreeDirectory::find(std::string_view name) const
{
    Entry *entry = find_entry(name);
    return entry ? entry->node : nullptr;
}

Result<void> TreeDirectory::add(std::string_view name, TreeNode &node)
{
    Entry *entry = find_entry(name);
    if (entry) {
        if (entry->node->is_directory()) directories_--;
    } else {
        entry = mm::create<Entry>(name, last_ ? last_->cookie + 1 : FirstCookie);
        if (!entry) return Errno::NoMemory;
        (last_ ? last_->next : first_) = entry;
        last_ = entry;
    }
    entry->node = &node;
    if (node.is_directory()) directories_++;
    if (!node.parent_) {
        node.parent_ = this;
        node.name_ = name;
    }
    return {};
}

FileStatus TreeDirectory::status() const
{
    FileStatus status = TreeNode::status();
    status.links = 2 + directories_;
    status.size = mm::PageSize;
    status.blocks = mm::PageSize / 512;
    return status;
}

Result<Ref<Inode>> TreeDirectory::lookup(std::string_view name)
{
    TreeNode *node = find(name);
    if (!node) return Errno::NoEntry;
    return Ref<Inode>(*node);
}

Result<void> TreeDirectory::list(uint64_t after, DirectoryVisitor &visitor)
{
    for (Entry *entry = first_; entry; entry = entry->next) {
        if (entry->cookie <= after) continue;
        if (!visitor.entry(entry->name, entry->node->number(), entry->node->type(), entry->cookie)) break;
    }
    return {};
}

FileStatus TreeLink::status() const
{
    FileStatus status = TreeNode::status();
    status.permissions = 0777;
    status.size = text_.size();
    return status;
}

} // namespace kernel
