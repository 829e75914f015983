// A process makes another one (fork(2), vfork(2), clone(2)): a copy of itself, which shares with it what the
// request says and has copies of all else. Private memory is copied when one of the two writes to it.
#pragma once

#include "kernel/process/process.hpp"

namespace kernel {

struct CloneRequest {
    bool share_memory = false;          // CLONE_VM
    bool wait_for_memory = false;       // CLONE_VFORK: until the child leaves the memory it has
    bool share_files = false;           // CLONE_FILES
    bool share_directories = false;     // CLONE_FS
    bool share_handlers = false;        // CLONE_SIGHAND
    bool clear_handlers = false;        // CLONE_CLEAR_SIGHAND
    bool is_sibling = false;            // CLONE_PARENT
    Signal exit_signal = Signal::Child; // 0: none

    mm::VirtAddr stack_pointer{}; // null: the caller's
    bool set_thread_pointer = false;
    uint64_t thread_pointer = 0;
    mm::VirtAddr parent_tid{}; // each null: not wanted
    mm::VirtAddr child_tid{};
    mm::VirtAddr clear_child_tid{};
};

// The child's pid; the child itself returns 0 from the same system call. TryAgain: RLIMIT_NPROC, or there are
// as many processes as there can be. NoMemory. Invalid. May sleep.
Result<Pid> fork_process(const CloneRequest &request);

// The current thread leaves its memory: whoever shares it finds a zero where the thread wanted it
// (CLONE_CHILD_CLEARTID, set_tid_address(2)) and, if it sleeps there on a futex, wakes. May sleep.
void clear_child_tid(Thread &thread);

// Where a parent sleeps until its child no longer uses its memory. On the parent's stack.
class VforkWait {
public:
    explicit VforkWait(Thread &parent) : parent_(parent) {}
    // Until end(), or until the parent is to die: then false.
    bool wait();
    void end();

private:
    Thread &parent_;
    bool ended_ = false;
};

} // namespace kernel
