#include "kernel/process/process.hpp"

#include "kernel/cpu/clock.hpp"
#include "kernel/file/file_table.hpp"
#include "kernel/process/process_group.hpp"
#include "kernel/process/process_table.hpp"
#include "kernel/process/scheduler.hpp"
#include "mm/address_space.hpp"
#include "mm/kernel_heap.hpp"

namespace kernel {

Result<Process *> Process::create(Process &parent, const Process &model, Thread::Entry entry)
{
    auto *process = mm::create<Process>();
    if (process == nullptr) return Errno::NoMemory;
    process->limits_ = model.limits_;
    process->start_time = clock_nanoseconds();
    if (auto added = process_table().lock()->add(*process); !added.ok()) {
        mm::destroy(process);
        return added.error();
    }
    join_group(*process, *model.group_);
    process->parent_ = &parent;
    parent.children_.push_back(*process);

    auto thread = Thread::create(process, process->pid_, entry);
    if (!thread.ok()) {
        process->destroy();
        return thread.error();
    }
    process->main_thread_ = *thread;
    return process;
}

Result<void> Process::make_first_parts()
{
    directories_ = TRY(Directories::create(parent_->cwd(), parent_->umask()));
    handlers_ = TRY(SignalHandlers::create());
    files_ = TRY(FileTable::create());
    return files_->open_console();
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
    executable_ = {};
    if (directories_ != nullptr) std::exchange(directories_, nullptr)->drop();
    leave_memory();
}

void Process::destroy()
{
    release_resources();
    pending.clear();
    if (main_thread_ != nullptr) main_thread_->destroy(); // it has never run
    leave_group(*this);
    if (parent_ != nullptr) parent_->children_.remove(*this);
    process_table().lock()->remove(*this);
    mm::destroy(this);
}

Pid Process::group_id() const
{
    return group_->id;
}
Pid Process::session_id() const
{
    return group_->session->id;
}

void Process::set_name(std::string_view name)
{
    name_ = {};
    name.copy(name_.data(), name_.size() - 1);
}

Result<void> Process::set_limit(Resource resource, Limit limit)
{
    TRY_VOID(limits_.set(resource, limit));
    // Not that of a parent which waits for this one to execute a program (vfork(2)).
    if (space_ != nullptr && !space_->is_shared()) space_->limits = limits_.memory_limits();
    return {};
}

ResourceUsage Process::usage() const
{
    if (has_ended()) return final_usage_;
    ResourceUsage usage = thread_usage(*main_thread_);
    usage.add(earlier_usage_);
    if (space_ != nullptr) usage.add_memory(space_->counts());
    return usage;
}

} // namespace kernel
