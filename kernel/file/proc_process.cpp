// /proc/PID as a directory: the files of a process by a table. See proc.hpp.
#include "kernel/cpu/clock.hpp"
#include "kernel/file/path.hpp"
#include "kernel/file/proc.hpp"
#include "kernel/file/text_file.hpp"
#include "lib/format.hpp"
#include "mm/kernel_heap.hpp"

#include <algorithm>

namespace kernel::proc {

Result<Process *> known_process(Pid pid)
{
    Process *process = find_process(pid);
    if (!process) return Errno::NoProcess;
    return process;
}

Result<Process *> living_process(Pid pid)
{
    Process *process = TRY(known_process(pid));
    if (process->is_ending() || !process->has_memory()) return Errno::NoProcess;
    return process;
}

int64_t modified(Pid pid)
{
    static const uint64_t boot = wall_clock_nanoseconds() - clock_nanoseconds();
    Process *process = pid ? find_process(pid) : nullptr;
    return static_cast<int64_t>((boot + (process ? process->start_time : 0)) / 1'000'000'000);
}

namespace {

// An inode made when it is looked up and freed with its last user.
template <typename Base> class Transient : public Base {
public:
    using Base::Base;

protected:
    void destroy() override { mm::destroy(this); }
};

template <typename T, typename... Arguments> Result<Ref<Inode>> make(Arguments &&...arguments)
{
    auto *made = mm::create<Transient<T>>(std::forward<Arguments>(arguments)...);
    if (!made) return Errno::NoMemory;
    return Ref<Inode>::adopt(made);
}

struct Entry;

// Text, record by record; of some, what is written to it changes something.
class ProcessText : public TextFile {
public:
    ProcessText(Pid pid, uint64_t index, const Entry &entry) : pid_(pid), index_(index), entry_(entry) {}
    FileStatus status() const override;
    void write_path(lib::TextSink &sink) const override;
    Result<uint64_t> write_record(uint64_t cursor, lib::TextSink &sink) override;
    Result<size_t> write(File &, uint64_t offset, UserBuffer &from) override;

private:
    Pid pid_;
    uint64_t index_;
    const Entry &entry_;
};

// Bytes of its memory, or about it.
class ProcessBytes : public Inode {
public:
    using Read = Result<size_t> (*)(Pid pid, uint64_t offset, UserBuffer &to);
    ProcessBytes(Pid pid, uint64_t index, uint32_t permissions, Read read)
        : Inode(FileType::Regular), pid_(pid), index_(index), permissions_(permissions), read_(read)
    {}
    FileStatus status() const override
    {
        return {.device = Device,
                .number = inode_number(pid_, index_),
                .permissions = permissions_,
                .block_size = 1024,
                .modified = modified(pid_)};
    }
    void write_path(lib::TextSink &sink) const override;
    Result<size_t> read(File &, uint64_t offset, UserBuffer &to) override
    {
        TRY(known_process(pid_));
        if (!living_process(pid_).ok()) return size_t{0};
        return read_(pid_, offset, to);
    }

private:
    Pid pid_;
    uint64_t index_;
    uint32_t permissions_;
    Read read_;
};

// A link to an inode: exe, cwd, root.
class ProcessLink : public Inode {
public:
    using Target = Ref<Inode> (*)(Process &process);
    ProcessLink(Pid pid, uint64_t index, Target target)
        : Inode(FileType::SymbolicLink), pid_(pid), index_(index), target_(target)
    {}
    FileStatus status() const override
    {
        return {.device = Device,
                .number = inode_number(pid_, index_),
                .type = FileType::SymbolicLink,
                .permissions = 0777,
                .block_size = 1024,
                .modified = modified(pid_)};
    }
    void write_path(lib::TextSink &sink) const override;
    Result<Ref<Inode>> link_target() override
    {
        Process &process = *TRY(known_process(pid_));
        Ref<Inode> target = process.is_ending() ? Ref<Inode>{} : target_(process);
        if (!target) return Errno::NoEntry;
        return target;
    }
    Result<void> read_link(lib::TextSink &sink) override
    {
        TRY_LET(target, link_target());
        target->write_path(sink);
        return {};
    }

private:
    Pid pid_;
    uint64_t index_;
    Target target_;
};

Result<size_t> read_cmdline(Pid pid, uint64_t offset, UserBuffer &to)
{
    const ImageLayout &image = TRY(living_process(pid))->image;
    return read_memory(pid, image.argument_begin, image.argument_end, offset, to);
}
Result<size_t> read_environ(Pid pid, uint64_t offset, UserBuffer &to)
{
    const ImageLayout &image = TRY(living_process(pid))->image;
    return read_memory(pid, image.environment_begin, image.environment_end, offset, to);
}
Result<size_t> read_auxv(Pid pid, uint64_t offset, UserBuffer &to)
{
    const ImageLayout &image = TRY(living_process(pid))->image;
    return read_memory(pid, image.auxiliary_begin, image.auxiliary_end, offset, to);
}

// What every process's directory holds.
struct Entry {
    std::string_view name;
    WriteRecord text = nullptr;
    ProcessBytes::Read bytes = nullptr;
    uint32_t permissions = 0444;
    ProcessLink::Target link = nullptr;
    bool of_memory = false; // a text that is empty when there is none
    ChangeText change = nullptr;
};
constexpr Entry Entries[] = {
    {.name = "auxv", .bytes = read_auxv, .permissions = 0400},
    {.name = "cmdline", .bytes = read_cmdline},
    {.name = "comm", .text = write_comm},
    {.name = "cwd", .link = [](Process &process) { return process.cwd(); }},
    {.name = "environ", .bytes = read_environ, .permissions = 0400},
    {.name = "exe", .link = [](Process &process) { return process.executable(); }},
    {.name = "fd"},
    {.name = "limits", .text = write_limits},
    {.name = "maps", .text = write_maps, .of_memory = true},
    {.name = "mounts", .text = write_mounts},
    {.name = "oom_adj", .text = write_oom_adj, .permissions = 0644, .change = change_oom_adj},
    {.name = "oom_score", .text = write_oom_score},
    {.name = "oom_score_adj",
     .text = write_oom_score_adj,
     .permissions = 0644,
     .change = change_oom_score_adj},
    {.name = "pagemap", .bytes = read_pagemap, .permissions = 0400},
    {.name = "root", .link = [](Process &) { return Ref<Inode>(root_directory()); }},
    {.name = "smaps", .text = write_smaps, .of_memory = true},
    {.name = "stat", .text = write_stat},
    {.name = "statm", .text = write_statm},
    {.name = "status", .text = write_status},
    {.name = "task"},
};
constexpr uint64_t FirstIndex = 2; // index 1 is the directory itself

FileType type_of(const Entry &entry)
{
    if (entry.link) return FileType::SymbolicLink;
    return entry.text || entry.bytes ? FileType::Regular : FileType::Directory;
}

void write_entry_path(lib::TextSink &sink, Pid pid, uint64_t index)
{
    lib::format(sink, "/proc/{}/{}", pid, Entries[index - FirstIndex].name);
}
FileStatus ProcessText::status() const
{
    return {.device = Device,
            .number = inode_number(pid_, index_),
            .permissions = entry_.permissions,
            .block_size = 1024,
            .modified = modified(pid_)};
}
Result<uint64_t> ProcessText::write_record(uint64_t cursor, lib::TextSink &sink)
{
    if (cursor == End) return End;
    Process &process = *TRY(known_process(pid_));
    if (entry_.of_memory && !living_process(pid_).ok()) return End; // there is none any more
    return entry_.text(process, cursor, sink);
}
// Each write counts by itself, wherever it is (Linux: oom_score_adj_write).
Result<size_t> ProcessText::write(File &, uint64_t, UserBuffer &from)
{
    if (entry_.change == nullptr) return Errno::Invalid;
    char text[MaxChange];
    size_t count = std::min(from.size(), sizeof text);
    if (from.load(text, count) < count) return Errno::BadAddress;
    TRY_VOID(entry_.change(*TRY(known_process(pid_)), {text, count}));
    return count;
}
void ProcessText::write_path(lib::TextSink &sink) const
{
    write_entry_path(sink, pid_, index_);
}
void ProcessBytes::write_path(lib::TextSink &sink) const
{
    write_entry_path(sink, pid_, index_);
}
void ProcessLink::write_path(lib::TextSink &sink) const
{
    write_entry_path(sink, pid_, index_);
}

class ProcessDirectory : public Inode {
public:
    enum class Of : uint8_t { Process, Thread };
    ProcessDirectory(Pid pid, Of of) : Inode(FileType::Directory), pid_(pid), of_(of) {}
    FileStatus status() const override
    {
        return {.device = Device,
                .number = inode_number(pid_, 1),
                .type = FileType::Directory,
                .permissions = 0555,
                .links = 3, // itself, its own "." and the ".." of fd
                .block_size = 1024,
                .modified = modified(pid_)};
    }
    void write_path(lib::TextSink &sink) const override
    {
        lib::format(sink, "/proc/{}", pid_);
        if (of_ == Of::Thread) lib::format(sink, "/task/{}", pid_);
    }
    Result<Ref<Inode>> lookup(std::string_view name) override
    {
        if (!known_process(pid_).ok()) return Errno::NoEntry;
        for (uint64_t i = 0; i < std::size(Entries); i++) {
            const Entry &entry = Entries[i];
            if (entry.name != name || is_hidden(entry)) continue;
            uint64_t index = FirstIndex + i;
            if (entry.text) return make<ProcessText>(pid_, index, entry);
            if (entry.bytes) return make<ProcessBytes>(pid_, index, entry.permissions, entry.bytes);
            if (entry.link) return make<ProcessLink>(pid_, index, entry.link);
            return name == "task" ? make_task_directory(pid_) : make_descriptor_directory(pid_);
        }
        return Errno::NoEntry;
    }
    Result<Ref<Inode>> parent() override
    {
        return of_ == Of::Thread ? make_task_directory(pid_) : Result<Ref<Inode>>{proc_directory()};
    }
    Result<void> may_write() const override
    {
        return Errno::NotPermitted;
    } // it cannot change (inode_permission)
    Errno creation_error() const override { return Errno::NoEntry; }
    Result<void> list(uint64_t after, DirectoryVisitor &visitor) override
    {
        for (uint64_t i = 0; i < std::size(Entries); i++) {
            uint64_t cookie = FirstCookie + i;
            if (cookie <= after || is_hidden(Entries[i])) continue;
            uint64_t number = inode_number(pid_, FirstIndex + i);
            if (!visitor.entry(Entries[i].name, number, type_of(Entries[i]), cookie)) break;
        }
        return {};
    }

private:
    // A thread has no threads of its own.
    bool is_hidden(const Entry &entry) const { return of_ == Of::Thread && entry.name == "task"; }

    Pid pid_;
    Of of_;
};

} // namespace

Result<Ref<Inode>> make_process_directory(Pid pid)
{
    return make<ProcessDirectory>(pid, ProcessDirectory::Of::Process);
}

Result<Ref<Inode>> make_thread_directory(Pid pid)
{
    return make<ProcessDirectory>(pid, ProcessDirectory::Of::Thread);
}

} // namespace kernel::proc
