// Process groups and sessions: getpgrp, getpgid, setpgid, getsid, setsid.
#include "kernel/process/process_group.hpp"
#include "kernel/syscall/calls.hpp"

namespace kernel::syscalls {

namespace {

Result<Process *> process_or_self(int32_t pid)
{
    Process *process = pid == 0 ? &current_process() : find_process(pid);
    if (!process) return Errno::NoProcess;
    return process;
}

} // namespace

int32_t getpgrp()
{
    return current_process().group_id();
}

Result<int32_t> getpgid(int32_t pid)
{
    return TRY(process_or_self(pid))->group_id();
}

// A shell moves its children into groups, each from both sides: whoever comes first does it.
Result<void> setpgid(int32_t pid, int32_t group)
{
    Process &self = current_process();
    if (pid == 0) pid = self.pid();
    if (group == 0) group = pid;
    if (group < 0) return Errno::Invalid;
    Process &process = *TRY(process_or_self(pid));
    if (process.parent() == &self) {
        if (process.session_id() != self.session_id()) return Errno::NotPermitted;
        if (process.has_executed()) return Errno::AccessDenied;
    } else if (&process != &self) {
        return Errno::NoProcess;
    }
    return change_group(process, group);
}

Result<int32_t> getsid(int32_t pid)
{
    return TRY(process_or_self(pid))->session_id();
}

Result<int32_t> setsid()
{
    Process &process = current_process();
    if (find_group(process.pid()) != nullptr) return Errno::NotPermitted;
    TRY_VOID(begin_session(process));
    return process.pid();
}

} // namespace kernel::syscalls
