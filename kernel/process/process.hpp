// Process: a running program: references to what it could share with others (address space, open files,
// signal handlers) and what is its own (identity, limits, names).
//
// One thread a process for now; everything that belongs to a thread is in Thread, so that more can join.
#pragma once

#include "kernel/device/console.hpp"
#include "kernel/process/limits.hpp"
#include "kernel/process/thread.hpp"
#include "lib/ref.hpp"

#include <array>
#include <string_view>

namespace kernel {

class FileTable;
class Inode;

using Pid = int32_t;

// How a process ended: exit code, or the signal that killed it.
struct ExitStatus {
    ExitHow how = ExitHow::Exited;
    uint8_t value = 0;
};

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

// getrusage(2), times(2): in nanoseconds.
struct CpuTimes {
    uint64_t user = 0;
    uint64_t system = 0;
};

class Process {
public:
    // A process without a program: empty address space, console on 0 to 2, default limits and handlers, and
    // one thread, asleep, which will begin in `entry`. NoMemory.
    static Result<Process *> create(Pid parent, lib::Ref<Inode> cwd, void (*entry)(Thread &));
    Process() = default;
    Process(const Process &) = delete;
    Process &operator=(const Process &) = delete;

    Pid pid() const { return pid_; }
    Pid parent_pid() const { return parent_pid_; }
    Thread &main_thread() const { return *main_thread_; }

    mm::AddressSpace &space() const { return *space_; }
    FileTable &files() const { return *files_; }
    SignalHandlers &handlers() const { return *handlers_; }

    // comm: the last part of the program's path, at most 15 characters.
    std::string_view name() const { return {name_.data()}; }
    void set_name(std::string_view name);

    const lib::Ref<Inode> &executable() const { return executable_; } // /proc/self/exe; null before exec
    const lib::Ref<Inode> &cwd() const { return cwd_; }
    void set_cwd(lib::Ref<Inode> directory) { cwd_ = std::move(directory); }

    const ResourceLimits &limits() const { return limits_; }
    // setrlimit(2); the address space learns of it.
    Result<void> set_limit(Resource resource, Limit limit);

    ImageLayout image;
    SignalSet pending;       // sent to the process, whichever thread takes them
    uint64_t start_time = 0; // clock_nanoseconds() when created
    uint32_t umask = 022;

    bool has_ended() const { return ended_; }
    ExitStatus exit_status() const { return exit_status_; }

private:
    friend class ProcessLife; // process.cpp, exec.cpp, exit.cpp: the three that build it up and take it down

    Pid pid_ = 0;
    Pid parent_pid_ = 0;
    Thread *main_thread_ = nullptr;
    mm::AddressSpace *space_ = nullptr;
    FileTable *files_ = nullptr;
    SignalHandlers *handlers_ = nullptr;
    std::array<char, 16> name_{};
    lib::Ref<Inode> executable_;
    lib::Ref<Inode> cwd_;
    ResourceLimits limits_;
    bool ended_ = false;
    ExitStatus exit_status_;
    Process *table_next_ = nullptr; // the process table, by pid
};

// The process whose thread runs here. Not for kernel threads.
inline Process &current_process()
{
    return *current_thread().process;
}

// The process with this pid, or null. For as long as nothing sleeps.
Process *find_process(Pid pid);
// The process with the lowest pid that is at least `from`, or null: for listing them.
Process *next_process(Pid from);
// How many there are (sysinfo(2)).
uint64_t process_count();

// exit_group(2): ends the current process. Its memory and files are given back here, on its own kernel stack;
// never returns, so the caller must hold nothing (no lock, no Ref).
[[noreturn]] void end_current_process(ExitStatus status);

// Time used so far, the current run included.
CpuTimes cpu_times(const Process &process);
CpuTimes cpu_times(const Thread &thread);

} // namespace kernel
