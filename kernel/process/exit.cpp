// The end of a process: its memory and files go back while its last thread still stands on its kernel stack;
// the stack and the thread are freed by whoever runs next, the process by its parent, who wants to know how
// it ended. Until then it is a zombie.
#include "kernel/file/file_table.hpp"
#include "kernel/log.hpp"
#include "kernel/process/fork.hpp"
#include "kernel/process/init.hpp"
#include "kernel/process/out_of_memory.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/process/terminal.hpp"
#include "kernel/process/wait.hpp"
#include "kernel/signal/process_timers.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/trap/user_copy.hpp"
#include "mm/address_space.hpp"
#include "mm/page_frame.hpp"
#include "mm/swap.hpp"

namespace kernel {

namespace {

void log_end(const Process &process, ExitStatus status)
{
    ResourceUsage usage = process.usage();
    log_info("{}[{}] {} {}: {} us in user mode, {} us in the kernel, {} page faults, {} KiB at most",
             process.name(), process.pid(),
             status.how == ExitHow::Exited ? "exited with status" : "was killed by signal", status.value,
             usage.times.user / 1000, usage.times.system / 1000, usage.minor_faults + usage.major_faults,
             usage.resident_peak << (mm::PageShift - 10));
}

} // namespace

void Process::leave_memory()
{
    if (vfork_wait_ != nullptr) std::exchange(vfork_wait_, nullptr)->end();
    if (space_ != nullptr) std::exchange(space_, nullptr)->drop();
}

void Process::give_children_to_init()
{
    Process &init = init_process();
    bool has_zombies = false;
    while (Process *child = children_.pop_front()) {
        child->parent_ = &init;
        child->exit_signal_ = Signal::Child;
        init.children_.push_back(*child);
        has_zombies |= child->ended_;
    }
    if (has_zombies) init.child_changed_.wake_all();
}

void clear_child_tid(Thread &thread)
{
    constexpr uint32_t Wake = 1;
    mm::VirtAddr word = std::exchange(thread.clear_child_tid, {});
    if (word == mm::VirtAddr{} || !thread.space->is_shared()) return;
    if (!write_user(word, int32_t{0}).ok()) return;
    (void)syscalls::futex(word, Wake, 1, {}, {}, 0);
}

void end_current_process(ExitStatus status)
{
    Process &process = current_process();
    clear_child_tid(current_thread());
    process.ending_ = true;
    if (is_started_by_init(process)) log_end(process, status);
#if VITRINE_CHECKED
    process.space().audit();
    mm::page_ring().audit();
    mm::audit_swap();
#endif
    process.final_usage_ = process.usage();
    process.exit_status_ = status;
    use_address_space(nullptr);
    process.pending.clear();
    current_thread().pending.clear();
    end_timers(process);
    process.release_resources();
    tell_orphaned_groups(process);
    abandon_terminal(process);
    process.give_children_to_init();
    process.ended_ = true;
    process.main_thread_ = nullptr;
    current_thread().process = nullptr;
    bool is_wanted = !process.is_reaped_alone();
    notify_parent(process, ChildEvent::Ended);
    if (!is_wanted) process.destroy();
    memory_was_returned();
    leave_dead_thread();
}

} // namespace kernel
