// Process: a running program: references to what it could share with others (address space, open files,
// signal handlers) and what is its own (identity, limits, names), and its place in the tree of processes.
//
// One thread a process for now; everything that belongs to a thread is in Thread, so that more can join.
//
// The root of the tree is init, pid 1: the kernel's own thread that starts programs (init.hpp). It has no
// memory, no files and no handlers: whoever walks over processes asks has_memory() first.
#pragma once

#include "kernel/device/console.hpp"
#include "kernel/file/running_file.hpp"
#include "kernel/process/accounting.hpp"
#include "kernel/process/directories.hpp"
#include "kernel/process/limits.hpp"
#include "kernel/process/thread.hpp"

#include <array>
#include <string_view>

namespace kernel {

class FileTable;
struct ProcessTimers;
struct Execution;
struct CloneRequest;
struct ChildReport;
struct WaitSelection;
enum class ChildEvent : uint8_t;
class VforkWait;
struct ProcessGroup;

using Pid = int32_t;

// How a process ended: exit code, or the signal that killed it.
struct ExitStatus {
    ExitHow how = ExitHow::Exited;
    uint8_t value = 0;
};

// exit_group(2): ends the current process. Its memory and files are given back here, on its own kernel stack;
// never returns, so the caller must hold nothing (no lock, no Ref).
[[noreturn]] void end_current_process(ExitStatus status);
// fork(2) and its relatives (fork.hpp).
Result<Pid> fork_process(const CloneRequest &request);

// Where exec put things; /proc/PID/stat and cmdline ask. The names are those of proc(5).
struct ImageLayout {
    mm::VirtAddr code_begin, code_end;
    mm::VirtAddr data_begin, data_end;
    mm::VirtAddr stack_begin; // the stack pointer the program started with
    mm::VirtAddr argument_begin, argument_end;
    mm::VirtAddr environment_begin, environment_end;
    mm::VirtAddr auxiliary_begin, auxiliary_end;
    mm::VirtAddr entry;
};

class Process {
public:
    // A child of `parent` with the limits and in the group of `model`, without memory, files and handlers,
    // and with one thread, asleep, which will begin in `entry`. Nobody finds it by its pid: what it lacks may
    // take a while. NoMemory. TryAgain: there are as many processes as there can be.
    static Result<Process *> create(Process &parent, const Process &model, Thread::Entry entry);
    // For a program that init starts: the console on 0 to 2 and default handlers. NoMemory.
    Result<void> make_first_parts();
    // It has its program: from now on others see it, and its thread runs.
    void begin();
    bool has_begun() const { return begun_; }
    // Its thread has left for ever, or has never run. Out of the tree, and out of memory.
    void destroy();
    Process() = default;
    Process(const Process &) = delete;
    Process &operator=(const Process &) = delete;

    Pid pid() const { return pid_; }
    Process *parent() const { return parent_; }  // null for init
    auto &children() const { return children_; } // not yet waited for
    Pid parent_pid() const { return parent_ != nullptr ? parent_->pid_ : 0; }
    Thread &main_thread() const { return *main_thread_; } // until it has ended

    // Process group and session, by their numbers (credentials(7)).
    ProcessGroup *group() const { return group_; }
    Pid group_id() const;
    Pid session_id() const;

    // Not init, and not one that has given its memory back: what the next three lines promise.
    bool has_memory() const { return space_ != nullptr && !ending_; }
    mm::AddressSpace &space() const { return *space_; }
    FileTable &files() const { return *files_; }
    SignalHandlers &handlers() const { return *handlers_; }
    // The first that it gets, when it is made.
    bool has_handlers() const { return handlers_ != nullptr; }

    // comm: the last part of the program's path, at most 15 bytes.
    std::string_view name() const { return {name_.data()}; }
    void set_name(std::string_view name);

    const Ref<Inode> &executable() const { return executable_.inode(); } // /proc/self/exe; null before exec
    const Ref<Inode> &cwd() const { return directories_->current; }
    void set_cwd(Ref<Inode> directory) { directories_->current = std::move(directory); }
    uint32_t umask() const { return directories_->umask; }
    uint32_t set_umask(uint32_t mask) { return std::exchange(directories_->umask, mask); } // the old one

    const ResourceLimits &limits() const { return limits_; }
    // From now on the table of its descriptors is its own. NoMemory.
    Result<void> stop_sharing_files();
    // setrlimit(2); the address space learns of it.
    Result<void> set_limit(Resource resource, Limit limit);

    ImageLayout image;
    PendingSignals pending;           // sent to the process, whichever thread takes them
    ProcessTimers *timers = nullptr;  // null: none was ever set (process_timers.hpp)
    bool stopped = false;             // by a signal, until SIGCONT (signal_stop.cpp)
    bool was_stopped = false;         // at some time
    int16_t oom_score_adjustment = 0; // out_of_memory.hpp
    uint64_t start_time = 0;          // clock_nanoseconds() when created
    bool huge_pages_disabled = false; // prctl(PR_SET_THP_DISABLE)

    // It is giving back what it has, which may take a while; nothing reaches it any more.
    bool is_ending() const { return ending_; }
    bool has_ended() const { return ended_; }
    ExitStatus exit_status() const { return exit_status_; }
    // What its parent is sent when it ends; 0: nothing (clone(2)).
    Signal exit_signal() const { return exit_signal_; }
    bool has_executed() const { return has_executed_; } // since it was forked
    // SIGCONT was sent to it: who waits for its parent's children learns that at once, and of the stop no
    // more, though it has not run again yet.
    void note_continue()
    {
        stopped = false;
        unreported_stop_ = {};
        unreported_continue_ = true;
    }

    // What it has used until now, and what its children had used that were waited for.
    ResourceUsage usage() const;
    const ResourceUsage &children_usage() const { return children_usage_; }

private:
    friend class ProcessTable;
    friend struct ProcessGroup;
    friend void join_group(Process &, ProcessGroup &);
    friend void leave_group(Process &);
    friend Result<void> execute(Process &, Execution &, const char *&);
    friend Result<Pid> fork_process(const CloneRequest &);
    friend void end_current_process(ExitStatus);
    friend void notify_parent(Process &, ChildEvent, Signal);
    friend Result<ChildReport> wait_for_child(Process &, const WaitSelection &);
    friend Process &init_process();
    friend void become_init(Ref<Inode>);
    friend Process *wait_for_child_of_init(uint64_t);
    friend void wake_init();

    // fork.cpp: copies of the parent's parts, or shares in them.
    Result<void> take_parts(const Process &parent, const CloneRequest &request);
    // exec.cpp
    Result<void> stop_sharing();
    void become(const Execution &execution, RunningFile file, mm::AddressSpace &space,
                const ImageLayout &layout);
    // exit.cpp: it leaves its memory for ever or for a new one: whoever waited for that (vfork(2),
    // CLONE_CHILD_CLEARTID) is told. The processor must not be using it.
    void leave_memory();
    // Everything but its identity: memory, files, handlers.
    void release_resources();
    void give_children_to_init();
    // wait.cpp
    bool is_reaped_alone() const;
    bool is_meant(const WaitSelection &selection) const;
    bool report(const WaitSelection &selection, ChildReport &report);

    Pid pid_ = 0;
    Process *parent_ = nullptr;
    Process *next_in_bucket_ = nullptr; // the process table's
    ProcessGroup *group_ = nullptr;     // process_group.hpp
    lib::ListNode group_node_;
    lib::ListNode sibling_node_;
    lib::List<&Process::sibling_node_> children_; // not yet waited for
    WaitQueue child_changed_;
    Thread *main_thread_ = nullptr;
    mm::AddressSpace *space_ = nullptr;
    FileTable *files_ = nullptr;
    SignalHandlers *handlers_ = nullptr;
    std::array<char, 16> name_{};
    RunningFile executable_;
    Directories *directories_ = nullptr; // until it is ending
    ResourceLimits limits_;
    Signal exit_signal_ = Signal::Child;
    bool begun_ = false;
    bool ending_ = false;
    bool ended_ = false;
    bool has_executed_ = false;
    ExitStatus exit_status_;
    Signal unreported_stop_{};         // 0: none
    bool unreported_continue_ = false; // waitid(2), WCONTINUED
    ResourceUsage earlier_usage_;      // of the programs it was before exec; memory only
    ResourceUsage final_usage_;        // of its own, when it has ended
    ResourceUsage children_usage_;
    VforkWait *vfork_wait_ = nullptr; // the parent sleeps until this one leaves its memory
};

// The process whose thread runs here. Not for kernel threads.
inline Process &current_process()
{
    return *current_thread().process;
}

// The process with this pid that has begun, or null. For as long as nothing sleeps, copying from or to a
// program's memory included: look again afterwards.
Process *find_process(Pid pid);
// The one with the lowest pid that is at least `from`, or null: for listing them.
Process *next_process(Pid from);
// How many there are (sysinfo(2)).
uint64_t process_count();

// Time used so far, the current run included.
CpuTimes cpu_times(const Process &process);
CpuTimes cpu_times(const Thread &thread);

} // namespace kernel
