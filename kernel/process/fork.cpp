#include "kernel/process/fork.hpp"

#include "kernel/cpu/fpu.hpp"
#include "kernel/cpu/registers.hpp"
#include "kernel/file/file_table.hpp"
#include "kernel/process/process_table.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/trap/user_copy.hpp"
#include "mm/address_space.hpp"
#include "mm/pool.hpp"

namespace kernel {

namespace {

// The child's first steps: it may have to tell itself who it is (schedule_tail).
void begin_child(Thread &thread)
{
    if (thread.child_tid_to_set != mm::VirtAddr{})
        (void)write_user(std::exchange(thread.child_tid_to_set, {}), thread.tid);
    enter_user(&thread.trap_frame());
}

// What belongs to a thread: the registers as the system call has found them, but for the result.
void copy_thread(Thread &child, const CloneRequest &request)
{
    const Thread &parent = current_thread();
    TrapFrame &frame = child.trap_frame();
    frame = parent.trap_frame();
    frame.rax = 0;
    if (request.stack_pointer != mm::VirtAddr{}) frame.rsp = request.stack_pointer.value();
    save_vector_state(child.vector_state);
    child.fs_base = request.set_thread_pointer ? request.thread_pointer : read_user_fs_base();
    child.gs_base = read_user_gs_base();

    child.blocked = parent.blocked;
    child.nice = parent.nice;
    child.child_tid_to_set = request.child_tid;
    child.clear_child_tid = request.clear_child_tid;
    // On the parent's alternate stack two would get into each other's way; vfork's parent waits.
    if (!request.share_memory || request.wait_for_memory) child.alternate_stack = parent.alternate_stack;
    if (request.share_memory) return;
    child.restartable_area = parent.restartable_area;
    child.restartable_signature = parent.restartable_signature;
}

// With memory=pool the child has a piece of its own, if there is one.
Result<mm::AddressSpace *> fork_space(mm::AddressSpace &space, Pid pid)
{
    if (!space.is_flat()) [[likely]]
        return space.fork();
    mm::PoolExtent *piece = TRY(mm::pool().allocate(space.piece()->pages, static_cast<uint32_t>(pid)));
    return space.fork_into(*piece);
}

} // namespace

Result<void> Process::take_parts(const Process &parent, const CloneRequest &request)
{
    if (request.share_handlers) {
        handlers_ = parent.handlers_;
        handlers_->share();
    } else {
        handlers_ = TRY(parent.handlers_->clone());
        if (request.clear_handlers) handlers_->forget_handlers();
    }
    if (request.share_directories) {
        directories_ = parent.directories_;
        directories_->share();
    } else {
        directories_ = TRY(Directories::create(parent.cwd(), parent.umask()));
    }
    if (request.share_files) {
        files_ = parent.files_;
        files_->share();
    } else {
        files_ = TRY(parent.files_->clone());
    }
    if (request.share_memory) {
        space_ = parent.space_;
        space_->share();
    } else {
        space_ = TRY(fork_space(*parent.space_, pid()));
    }
    main_thread_->space = space_;
    name_ = parent.name_;
    image = parent.image;
    executable_ = parent.executable_;
    huge_pages_disabled = parent.huge_pages_disabled;
    oom_score_adjustment = parent.oom_score_adjustment;
    return {};
}

Result<Pid> fork_process(const CloneRequest &request)
{
    Process &self = current_process();
    // All processes are root's, and unlike on Linux the limit holds for root (init does not count).
    if (process_count() - 1 >= self.limits().soft(Resource::Processes)) return Errno::TryAgain;
    Process &parent = request.is_sibling ? *self.parent() : self;
    Process *child = TRY(Process::create(parent, self, begin_child));
    Result<void> made = child->take_parts(self, request);
    if (made.ok() && is_dying(current_thread())) made = Errno::Interrupted;
    if (!made.ok()) {
        child->destroy();
        return made.error();
    }
    copy_thread(child->main_thread(), request);
    child->exit_signal_ = request.exit_signal;

    Pid pid = child->pid();
    if (request.parent_tid != mm::VirtAddr{}) (void)write_user(request.parent_tid, pid);
    VforkWait wait(current_thread());
    if (request.wait_for_memory) child->vfork_wait_ = &wait;
    child->begin();
    if (!request.wait_for_memory || wait.wait()) return pid;
    if (Process *still_there = find_process(pid)) still_there->vfork_wait_ = nullptr;
    return pid;
}

bool VforkWait::wait()
{
    for (;;) {
        prepare_sleep();
        if (ended_) return true;
        if (is_dying(parent_)) return false;
        sleep_uninterruptibly();
    }
}

void VforkWait::end()
{
    ended_ = true;
    wake_first(parent_); // as on Linux, it goes on first
}

} // namespace kernel
