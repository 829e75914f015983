// The tree of all files. See files.hpp.
#include "kernel/file/files.hpp"

#include "kernel/file/archive.hpp"
#include "kernel/file/console_file.hpp"
#include "kernel/file/devices.hpp"
#include "kernel/file/path.hpp"
#include "kernel/file/proc.hpp"
#include "kernel/file/tree.hpp"
#include "kernel/panic.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel {

namespace {

constinit TreeDirectory *root = nullptr;

// The archive may have brought the directory along, with files in it.
TreeDirectory &directory_in_root(std::string_view name)
{
    TreeNode *node = root->find(name);
    if (node && node->is_directory()) return static_cast<TreeDirectory &>(*node);
    auto *made = mm::create<TreeDirectory>();
    if (!made || !root->add(name, *made).ok()) refuse("there is not enough memory for /{}", name);
    return *made;
}

} // namespace

Inode &root_directory()
{
    return *root;
}

void init_files(std::span<const std::byte> archive)
{
    root = mm::create<TreeDirectory>();
    if (!root) refuse("there is not enough memory for the root directory");
    add_archive(*root, archive);
}

void init_devices()
{
    TreeDirectory &dev = directory_in_root("dev");
    add_devices(dev);
    init_console_files(dev);
    add_proc(*root);
}

void drain_files()
{
    drain_archive_pages();
}

} // namespace kernel
