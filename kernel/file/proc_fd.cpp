// /proc/PID/fd: a link to each open file, by which it can be opened once more (/dev/stdin is one of them).
#include "kernel/file/file_table.hpp"
#include "kernel/file/proc.hpp"
#include "lib/command_line.hpp"
#include "lib/format.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel::proc {

namespace {

constexpr uint64_t DirectoryIndex = 1000; // behind those of proc.cpp's table; the descriptors follow
constexpr uint64_t FirstLinkIndex = DirectoryIndex + 1;

class DescriptorLink final : public Inode {
public:
    DescriptorLink(Pid pid, int descriptor)
        : Inode(FileType::SymbolicLink), pid_(pid), descriptor_(descriptor)
    {}
    FileStatus status() const override
    {
        return {.device = Device,
                .number = inode_number(pid_, FirstLinkIndex + static_cast<uint64_t>(descriptor_)),
                .type = FileType::SymbolicLink,
                .permissions = permissions(),
                .size = 64, // as on Linux, whatever the length
                .block_size = 1024,
                .modified = modified(pid_)};
    }
    void write_path(lib::TextSink &sink) const override
    {
        lib::format(sink, "/proc/{}/fd/{}", pid_, descriptor_);
    }
    Result<Ref<Inode>> link_target() override
    {
        Process *process = TRY(living_process(pid_));
        auto file = process->files().find_any(descriptor_);
        if (!file.ok()) return Errno::NoEntry;
        return Ref<Inode>((*file)->inode());
    }
    Result<void> read_link(lib::TextSink &sink) override
    {
        TRY_LET(target, link_target());
        target->write_path(sink);
        return {};
    }

protected:
    void destroy() override { mm::destroy(this); }

private:
    // What the file was opened for.
    uint32_t permissions() const
    {
        auto process = living_process(pid_);
        if (!process.ok()) return 0700;
        auto file = (*process)->files().find_any(descriptor_);
        if (!file.ok()) return 0700;
        return ((*file)->is_readable() ? 0500 : 0) | ((*file)->is_writable() ? 0300 : 0);
    }

    Pid pid_;
    int descriptor_;
};

class DescriptorDirectory final : public Inode {
public:
    explicit DescriptorDirectory(Pid pid) : Inode(FileType::Directory), pid_(pid) {}
    FileStatus status() const override
    {
        return {.device = Device,
                .number = inode_number(pid_, DirectoryIndex),
                .type = FileType::Directory,
                .permissions = 0500,
                .links = 2,
                .block_size = 1024,
                .modified = modified(pid_)};
    }
    void write_path(lib::TextSink &sink) const override { lib::format(sink, "/proc/{}/fd", pid_); }
    Result<Ref<Inode>> lookup(std::string_view name) override
    {
        auto number = lib::parse_decimal(name);
        if (!number || *number > INT32_MAX || (name.size() > 1 && name.front() == '0')) return Errno::NoEntry;
        auto descriptor = static_cast<int>(*number);
        auto process = living_process(pid_);
        if (!process.ok() || !(*process)->files().find_any(descriptor).ok()) return Errno::NoEntry;
        auto *link = mm::create<DescriptorLink>(pid_, descriptor);
        if (!link) return Errno::NoMemory;
        return Ref<Inode>::adopt(link);
    }
    Result<Ref<Inode>> parent() override { return make_process_directory(pid_); }
    Errno creation_error() const override { return Errno::NoEntry; }
    Result<void> list(uint64_t after, DirectoryVisitor &visitor) override
    {
        TRY(known_process(pid_));
        // The position is the program's to choose (lseek(2)).
        uint64_t first = after < FirstCookie ? 0 : after - FirstCookie + 1;
        if (first > INT32_MAX) return {};
        auto from = static_cast<int>(first);
        // The visitor may sleep: the table is looked up for each entry.
        for (auto process = living_process(pid_); process.ok(); process = living_process(pid_)) {
            int descriptor = (*process)->files().next_open(from);
            if (descriptor < 0) break;
            from = descriptor + 1;
            char name[16];
            auto number = static_cast<uint64_t>(descriptor);
            if (!visitor.entry(lib::format_to(name, "{}", number),
                               inode_number(pid_, FirstLinkIndex + number), FileType::SymbolicLink,
                               FirstCookie + number))
                break;
        }
        return {};
    }

protected:
    void destroy() override { mm::destroy(this); }

private:
    Pid pid_;
};

} // namespace

Result<Ref<Inode>> make_descriptor_directory(Pid pid)
{
    auto *directory = mm::create<DescriptorDirectory>(pid);
    if (!directory) return Errno::NoMemory;
    return Ref<Inode>::adopt(directory);
}

} // namespace kernel::proc
