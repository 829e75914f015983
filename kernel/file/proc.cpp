// /proc as a directory: the processes by number (proc_process.cpp), and the files of the machine by a table.
// See proc.hpp.
#include "kernel/file/proc.hpp"

#include "kernel/file/text_file.hpp"
#include "kernel/file/tree.hpp"
#include "kernel/panic.hpp"
#include "lib/command_line.hpp"
#include "lib/format.hpp"
#include "mm/kernel_heap.hpp"
#include "mm/pool.hpp"

#include <algorithm>

namespace kernel {

namespace proc {

namespace {

TreeNode *proc_root;

struct SystemEntry {
    std::string_view name;
    WriteText text = nullptr;
    Result<uint64_t> (*records)(uint64_t cursor, lib::TextSink &sink) = nullptr;
    std::string_view link{}; // of a symbolic link
};
constexpr SystemEntry SystemEntries[] = {
    {.name = "self"},
    {.name = "mounts", .link = "self/mounts"},
    {.name = "sys"},
    {"cpuinfo", write_cpuinfo},
    {"diskstats", write_diskstats},
    {"filesystems", write_filesystems},
    {"loadavg", write_loadavg},
    {"meminfo", write_meminfo},
    {"memory_events", nullptr, write_memory_event},
    {"partitions", write_partitions},
    {"pool", write_pool},
    {"stat", write_machine_stat},
    {"swaps", write_swaps},
    {"uptime", write_uptime},
    {"version", write_version},
    {"vmstat", write_vmstat},
};
// Without a pool there is nothing to tell about it, and as on Linux no such file.
bool exists(const SystemEntry &entry)
{
    return entry.text != write_pool || mm::pool().exists();
}

constexpr uint64_t FirstSystemIndex = 2;
Inode *system_inodes[std::size(SystemEntries)];

class SystemText final : public TextFile {
public:
    SystemText(const SystemEntry &entry, uint64_t index) : entry_(entry), index_(index) {}
    FileStatus status() const override
    {
        return {.device = Device,
                .number = inode_number(0, index_),
                .permissions = 0444,
                .block_size = 1024,
                .modified = modified(0)};
    }
    void write_path(lib::TextSink &sink) const override { lib::format(sink, "/proc/{}", entry_.name); }
    // It can be opened for writing, but takes nothing (Linux: pde_write).
    Result<size_t> write(File &, uint64_t, UserBuffer &) override { return Errno::InputOutput; }
    Result<uint64_t> write_record(uint64_t cursor, lib::TextSink &sink) override
    {
        if (entry_.records) return entry_.records(cursor, sink);
        if (cursor == 0) entry_.text(sink);
        return End;
    }

private:
    const SystemEntry &entry_;
    uint64_t index_;
};

// /proc/self: a link that reads differently for everybody.
class SelfLink final : public Inode {
public:
    explicit SelfLink(uint64_t index) : Inode(FileType::SymbolicLink), index_(index) {}
    FileStatus status() const override
    {
        return {.device = Device,
                .number = inode_number(0, index_),
                .type = FileType::SymbolicLink,
                .permissions = 0777,
                .block_size = 1024,
                .modified = modified(0)};
    }
    void write_path(lib::TextSink &sink) const override { sink.put("/proc/self"); }
    Result<Ref<Inode>> link_target() override
    {
        if (current_thread().process == nullptr) return Errno::NoEntry; // the kernel's own, starting programs
        return make_process_directory(current_process().pid());
    }
    Result<void> read_link(lib::TextSink &sink) override
    {
        lib::format(sink, "{}", current_process().pid());
        return {};
    }

private:
    uint64_t index_;
};

// A link with a text of its own: /proc/mounts.
class TextLink final : public Inode {
public:
    TextLink(const SystemEntry &entry, uint64_t index)
        : Inode(FileType::SymbolicLink), entry_(entry), index_(index)
    {}
    FileStatus status() const override
    {
        return {.device = Device,
                .number = inode_number(0, index_),
                .type = FileType::SymbolicLink,
                .permissions = 0777,
                .size = entry_.link.size(),
                .block_size = 1024,
                .modified = modified(0)};
    }
    void write_path(lib::TextSink &sink) const override { lib::format(sink, "/proc/{}", entry_.name); }
    std::string_view link_text() const override { return entry_.link; }

private:
    const SystemEntry &entry_;
    uint64_t index_;
};

class ProcDirectory final : public TreeNode {
public:
    ProcDirectory() : TreeNode(FileType::Directory, {.permissions = 0555}) {}
    FileStatus status() const override
    {
        FileStatus status = TreeNode::status();
        status.device = Device;
        status.number = inode_number(0, 1);
        status.links = 2 + process_count();
        status.block_size = 1024;
        status.modified = modified(0);
        return status;
    }
    Result<Ref<Inode>> lookup(std::string_view name) override
    {
        for (size_t i = 0; i < std::size(SystemEntries); i++) {
            if (SystemEntries[i].name == name && exists(SystemEntries[i]))
                return Ref<Inode>(*system_inodes[i]);
        }
        auto number = lib::parse_decimal(name);
        if (!number || *number > INT32_MAX || name.front() == '0') return Errno::NoEntry;
        auto pid = static_cast<Pid>(*number);
        if (!known_process(pid).ok()) return Errno::NoEntry;
        return make_process_directory(pid);
    }
    Result<Ref<Inode>> parent() override { return parent_directory(); }
    Errno creation_error() const override { return Errno::NoEntry; }
    Result<void> list(uint64_t after, DirectoryVisitor &visitor) override
    {
        constexpr uint64_t FirstProcessCookie = FirstCookie + std::size(SystemEntries);
        for (size_t i = 0; i < std::size(SystemEntries); i++) {
            uint64_t cookie = FirstCookie + i;
            if (cookie <= after || !exists(SystemEntries[i])) continue;
            Inode &inode = *system_inodes[i];
            if (!visitor.entry(SystemEntries[i].name, inode.status().number, inode.type(), cookie)) return {};
        }
        // The position is the program's to choose (lseek(2)).
        uint64_t from = after < FirstProcessCookie ? 1 : after - FirstProcessCookie + 1;
        if (from > INT32_MAX) return {};
        auto next = static_cast<Pid>(from);
        while (Process *process = next_process(next)) {
            Pid pid = process->pid(); // the visitor may sleep: then the process may be gone
            next = pid + 1;
            char name[16];
            auto number = static_cast<uint64_t>(pid);
            if (!visitor.entry(lib::format_to(name, "{}", number), inode_number(pid, 1), FileType::Directory,
                               FirstProcessCookie + number))
                break;
        }
        return {};
    }
};

} // namespace
Ref<Inode> proc_directory()
{
    return Ref<Inode>(*proc_root);
}

} // namespace proc

void add_proc(TreeDirectory &root)
{
    using namespace proc;
    proc_root = mm::create<ProcDirectory>();
    bool complete = proc_root && root.add("proc", *proc_root).ok();
    for (size_t i = 0; complete && i < std::size(SystemEntries); i++) {
        const SystemEntry &entry = SystemEntries[i];
        uint64_t index = FirstSystemIndex + i;
        if (entry.text || entry.records)
            system_inodes[i] = mm::create<SystemText>(entry, index);
        else if (!entry.link.empty())
            system_inodes[i] = mm::create<TextLink>(entry, index);
        else if (entry.name == "sys")
            system_inodes[i] = make_settings_directory().value().release();
        else
            system_inodes[i] = mm::create<SelfLink>(index);
        complete = system_inodes[i];
    }
    if (!complete) refuse("there is not enough memory for /proc");
}

} // namespace kernel
