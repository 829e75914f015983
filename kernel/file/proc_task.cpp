// /proc/PID/task: the threads of a process. There is one, with the number of the process.
#include "kernel/file/proc.hpp"
#include "lib/command_line.hpp"
#include "lib/format.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel::proc {

namespace {

constexpr uint64_t Index = 900; // of its inode number; that of the thread's own directory follows

class TaskDirectory final : public Inode {
public:
    explicit TaskDirectory(Pid pid) : Inode(FileType::Directory), pid_(pid) {}
    FileStatus status() const override
    {
        return {.device = Device,
                .number = inode_number(pid_, Index),
                .type = FileType::Directory,
                .permissions = 0555,
                .links = 3,
                .block_size = 1024,
                .modified = modified(pid_)};
    }
    void write_path(lib::TextSink &sink) const override { lib::format(sink, "/proc/{}/task", pid_); }
    Result<Ref<Inode>> lookup(std::string_view name) override
    {
        auto number = lib::parse_decimal(name);
        if (!number || name.front() == '0' || *number != static_cast<uint64_t>(pid_)) return Errno::NoEntry;
        if (!known_process(pid_).ok()) return Errno::NoEntry;
        return make_thread_directory(pid_);
    }
    Result<Ref<Inode>> parent() override { return make_process_directory(pid_); }
    Result<void> list(uint64_t after, DirectoryVisitor &visitor) override
    {
        if (after >= FirstCookie || !known_process(pid_).ok()) return {};
        char name[16];
        visitor.entry(lib::format_to(name, "{}", pid_), inode_number(pid_, Index + 1), FileType::Directory,
                      FirstCookie);
        return {};
    }

protected:
    void destroy() override { mm::destroy(this); }

private:
    Pid pid_;
};

} // namespace

Result<Ref<Inode>> make_task_directory(Pid pid)
{
    auto *directory = mm::create<TaskDirectory>(pid);
    if (!directory) return Errno::NoMemory;
    return Ref<Inode>::adopt(directory);
}

} // namespace kernel::proc
