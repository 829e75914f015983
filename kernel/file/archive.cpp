// The files of the initial archive: from cpio entries to a tree of inodes. Contents stay where the loader put
// them, until they are changed (tree_file.hpp).
#include "kernel/file/archive.hpp"

#include "kernel/file/tree_file.hpp"
#include "kernel/log.hpp"
#include "kernel/panic.hpp"
#include "lib/cpio.hpp"
#include "mm/kernel_heap.hpp"

#include <algorithm>

namespace kernel {

namespace {

// Names of one file in the archive: the contents come with any one of them, usually the last.
struct LinkGroup {
    uint32_t archive, major, minor, inode;
    TreeFile *file;
    LinkGroup *next;
};

[[noreturn]] void refuse_entry(const lib::CpioEntry &entry, const char *why)
{
    refuse("the archive's entry '{}' {}", entry.name, why);
}

template <typename T, typename... Arguments> T &make_or_refuse(Arguments &&...arguments)
{
    T *made = mm::create<T>(std::forward<Arguments>(arguments)...);
    if (!made) refuse("there is not enough memory for the archive's list of files");
    return *made;
}

class ArchiveBuilder {
public:
    explicit ArchiveBuilder(TreeDirectory &root) : root_(root) {}
    void add(const lib::CpioEntry &entry);
    void forget_links();

private:
    TreeDirectory &directory_of(const lib::CpioEntry &entry, std::string_view &name);
    void add_directory(const lib::CpioEntry &entry, FileAttributes attributes);
    void add_file(const lib::CpioEntry &entry, FileAttributes attributes);
    void add_node(const lib::CpioEntry &entry, TreeNode &node);

    TreeDirectory &root_;
    LinkGroup *groups_ = nullptr;
};

// The directory that `entry` belongs into, made if the archive does not have it (yet), and the last part of
// the name; empty for the root itself. Leading slashes and "." mean nothing, as for cpio -i.
TreeDirectory &ArchiveBuilder::directory_of(const lib::CpioEntry &entry, std::string_view &last)
{
    TreeDirectory *directory = &root_;
    std::string_view rest = entry.name;
    last = {};
    while (!rest.empty()) {
        size_t length = std::min(rest.find('/'), rest.size());
        std::string_view name = rest.substr(0, length);
        rest.remove_prefix(std::min(length + 1, rest.size()));
        if (name.empty() || name == ".") continue;
        if (name == "..") refuse_entry(entry, "leads out of its directory by '..'");
        if (!last.empty()) {
            TreeNode *node = directory->find(last);
            if (!node) {
                node = &make_or_refuse<TreeDirectory>();
                if (!directory->add(last, *node).ok()) refuse_entry(entry, "does not fit into memory");
            }
            if (!node->is_directory()) refuse_entry(entry, "lies in something that is not a directory");
            directory = static_cast<TreeDirectory *>(node);
        }
        last = name;
    }
    return *directory;
}

void ArchiveBuilder::add_node(const lib::CpioEntry &entry, TreeNode &node)
{
    std::string_view name;
    TreeDirectory &directory = directory_of(entry, name);
    TreeNode *before = name.empty() ? &root_ : directory.find(name);
    if (before && before->is_directory()) refuse_entry(entry, "has the name of a directory");
    if (!directory.add(name, node).ok()) refuse_entry(entry, "does not fit into memory");
}

void ArchiveBuilder::add_directory(const lib::CpioEntry &entry, FileAttributes attributes)
{
    std::string_view name;
    TreeDirectory &directory = directory_of(entry, name);
    TreeNode *before = name.empty() ? &root_ : directory.find(name);
    if (!before) {
        if (!directory.add(name, make_or_refuse<TreeDirectory>(attributes)).ok())
            refuse_entry(entry, "does not fit into memory");
        return;
    }
    if (!before->is_directory()) refuse_entry(entry, "is a directory with the name of a file");
    before->set_attributes(attributes);
}

void ArchiveBuilder::add_file(const lib::CpioEntry &entry, FileAttributes attributes)
{
    if (entry.links > 1) {
        for (LinkGroup *group = groups_; group; group = group->next) {
            if (group->archive != entry.archive || group->inode != entry.inode ||
                group->major != entry.device_major || group->minor != entry.device_minor)
                continue;
            if (!entry.contents.empty()) group->file->set_contents(entry.contents);
            add_node(entry, *group->file);
            return;
        }
    }
    auto &file = make_or_refuse<TreeFile>(entry.contents, attributes);
    add_node(entry, file);
    if (entry.links > 1) {
        groups_ = &make_or_refuse<LinkGroup>(LinkGroup{.archive = entry.archive,
                                                       .major = entry.device_major,
                                                       .minor = entry.device_minor,
                                                       .inode = entry.inode,
                                                       .file = &file,
                                                       .next = groups_});
    }
}

void ArchiveBuilder::forget_links()
{
    while (groups_) {
        LinkGroup *group = groups_;
        groups_ = group->next;
        mm::destroy(group);
    }
}

void ArchiveBuilder::add(const lib::CpioEntry &entry)
{
    FileAttributes attributes{.permissions = entry.mode & 07777, .modified = Timestamp(entry.modified)};
    switch (static_cast<FileType>(entry.mode & 0170000)) {
    case FileType::Directory:
        return add_directory(entry, attributes);
    case FileType::Regular:
        return add_file(entry, attributes);
    case FileType::SymbolicLink: {
        std::string_view text(reinterpret_cast<const char *>(entry.contents.data()), entry.contents.size());
        return add_node(entry, make_or_refuse<TreeLink>(text.substr(0, text.find('\0')), attributes));
    }
    default:
        log_warning("archive: '{}' is a special file and is left out; /dev has Vitrine's own", entry.name);
    }
}

} // namespace

void add_archive(TreeDirectory &root, std::span<const std::byte> bytes)
{
    lib::CpioReader reader(bytes);
    ArchiveBuilder builder(root);
    uint64_t entries = 0;
    while (const lib::CpioEntry *entry = reader.next()) {
        builder.add(*entry);
        entries++;
    }
    if (reader.problem()) refuse("malformed archive: {} (at byte {})", reader.problem(), reader.offset());
    builder.forget_links();
    log_info("archive: {} entries, {} KiB", entries, bytes.size() / 1024);
}

} // namespace kernel
