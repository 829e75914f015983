#include "kernel/process/process.hpp"

#include "kernel/cpu/clock.hpp"
#include "kernel/file/file_table.hpp"
#include "kernel/process/scheduler.hpp"
#include "mm/address_space.hpp"
#include "mm/frame_allocator.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel {

// All processes, by pid: new ones have the highest.
struct ProcessTable {
    lib::List<&Process::table_node_> processes;
    Pid last_pid = 0;
    uint64_t count = 0;

    void add(Process &process)
    {
        process.pid_ = ++last_pid;
        processes.push_back(process);
        count++;
    }
    void remove(Process &process)
    {
        processes.remove(process);
        count--;
    }
};

namespace {
constinit lib::Guarded<ProcessTable> table;
}

Result<Process *> Process::create(Pid parent, Ref<Inode> cwd, Thread::Entry entry)
{
    auto *process = mm::create<Process>();
    if (process == nullptr) return Errno::NoMemory;
    process->parent_pid_ = parent;
    process->cwd_ = std::move(cwd);
    process->limits_ = ResourceLimits::defaults(mm::frames().total() * mm::PageSize);
    process->start_time = clock_nanoseconds();
    table.lock()->add(*process);

    Result<void> made = process->make_parts(entry);
    if (made.ok()) return process;
    process->destroy();
    return made.error();
}

Result<void> Process::make_parts(Thread::Entry entry)
{
    handlers_ = TRY(SignalHandlers::create());
    files_ = TRY(FileTable::create());
    TRY_VOID(files_->open_console());
    main_thread_ = TRY(Thread::create(this, pid_, entry));
    return {};
}

void Process::begin()
{
    begun_ = true;
    wake(*main_thread_);
}

void Process::release_resources()
{
    if (files_ != nullptr) std::exchange(files_, nullptr)->drop();
    if (handlers_ != nullptr) std::exchange(handlers_, nullptr)->drop();
    executable_ = nullptr;
    cwd_ = nullptr;
    if (space_ != nullptr) std::exchange(space_, nullptr)->drop();
}

void Process::destroy()
{
    release_resources();
    pending.clear();
    if (main_thread_ != nullptr) main_thread_->destroy(); // it has never run
    table.lock()->remove(*this);
    mm::destroy(this);
}

void Process::set_name(std::string_view name)
{
    name_ = {};
    name.copy(name_.data(), name_.size() - 1);
}

Result<void> Process::set_limit(Resource resource, Limit limit)
{
    TRY_VOID(limits_.set(resource, limit));
    if (space_ != nullptr) space_->limits = limits_.memory_limits();
    return {};
}

Process *next_process(Pid from)
{
    auto held = table.lock();
    for (Process &process : held->processes) {
        if (process.pid() >= from && process.has_begun()) return &process;
    }
    return nullptr;
}

Process *find_process(Pid pid)
{
    Process *process = next_process(pid);
    return process != nullptr && process->pid() == pid ? process : nullptr;
}

uint64_t process_count()
{
    return table.lock()->count;
}

} // namespace kernel
