// Process: a running program: references to what it could share with others (address space, open files,
// signal handlers) and what is its own (identity, limits, names).
//
// One thread a process for now; everything that belongs to a thread is in Thread, so that more can join.
#pragma once

#include "kernel/device/console.hpp"
#include "kernel/file/inode.hpp"
#include "kernel/process/limits.hpp"
#include "kernel/process/thread.hpp"

#include <array>
#include <string_view>

namespace kernel {

class FileTable;
struct Execution;

using Pid = int32_t;

// How a process ended: exit code, or the signal that killed it.
struct ExitStatus {
    ExitHow how = ExitHow::Exited;
    uint8_t value = 0;
};

// exit_group(2): ends the current process. Its memory and files are given back here, on its own kernel stack;
// never returns, so the caller must hold nothing (no lock, no Ref).
[[noreturn]] void end_current_process(ExitStatus status);

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
    // A process that has no program yet: console on 0 to 2, default limits and handlers, and one thread,
    // asleep, which will begin in `entry`. Nobody finds it by its pid: giving it a program may take a while.
    // NoMemory.
    static Result<Process *> create(Pid parent, Ref<Inode> cwd, Thread::Entry entry);
    // It has its program (execute()): from now on others see it, and its thread runs.
    void begin();
    bool has_begun() const { return begun_; }
    // Its thread has left for ever, or has never run.
    void destroy();
    Process() = default;
    Process(const Process &) = delete;
    Process &operator=(const Process &) = delete;

    Pid pid() const { return pid_; }
    Pid parent_pid() const { return parent_pid_; }
    Thread &main_thread() const { return *main_thread_; } // until it has ended

    mm::AddressSpace &space() const { return *space_; } // not before exec, and not while it is ending
    FileTable &files() const { return *files_; }
    SignalHandlers &handlers() const { return *handlers_; }

    // comm: the last part of the program's path, at most 15 bytes.
    std::string_view name() const { return {name_.data()}; }
    void set_name(std::string_view name);

    const Ref<Inode> &executable() const { return executable_; } // /proc/self/exe; null before exec
    const Ref<Inode> &cwd() const { return cwd_; }
    void set_cwd(Ref<Inode> directory) { cwd_ = std::move(directory); }

    const ResourceLimits &limits() const { return limits_; }
    // setrlimit(2); the address space learns of it.
    Result<void> set_limit(Resource resource, Limit limit);

    ImageLayout image;
    PendingSignals pending;  // sent to the process, whichever thread takes them
    bool stopped = false;    // by a signal, until SIGCONT (signal_stop.cpp)
    uint64_t start_time = 0; // clock_nanoseconds() when created
    uint32_t umask = 022;
    bool huge_pages_disabled = false; // prctl(PR_SET_THP_DISABLE)

    // It is giving back what it has, which may take a while; nothing reaches it any more.
    bool is_ending() const { return ending_; }
    bool has_ended() const { return ended_; }
    ExitStatus exit_status() const { return exit_status_; }

private:
    friend struct ProcessTable;
    friend Result<void> execute(Process &, const Execution &, const char *&);
    friend void end_current_process(ExitStatus);
    friend CpuTimes cpu_times(const Process &process);

    Result<void> make_parts(Thread::Entry entry);
    // Everything but its identity: memory, files, handlers. What it is loaded on must have left it.
    void release_resources();

    Pid pid_ = 0;
    Pid parent_pid_ = 0;
    Thread *main_thread_ = nullptr;
    mm::AddressSpace *space_ = nullptr;
    FileTable *files_ = nullptr;
    SignalHandlers *handlers_ = nullptr;
    std::array<char, 16> name_{};
    Ref<Inode> executable_;
    Ref<Inode> cwd_;
    ResourceLimits limits_;
    bool begun_ = false;
    bool ending_ = false;
    bool ended_ = false;
    ExitStatus exit_status_;
    CpuTimes final_times_;
    lib::ListNode table_node_;
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

// Woken whenever a process has ended (and waits for destroy()).
extern WaitQueue process_ended;

// Time used so far, the current run included.
CpuTimes cpu_times(const Process &process);
CpuTimes cpu_times(const Thread &thread);

} // namespace kernel
