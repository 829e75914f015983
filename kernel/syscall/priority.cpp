// getpriority, setpriority: the nice value of processes. It decides whose pages come first when memory is
// short (mm/waiting.hpp) and how long a turn of the processor lasts (scheduler.hpp).
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "mm/reclaim.hpp"

#include <algorithm>

namespace kernel::syscalls {

namespace {

// PRIO_PROCESS, PRIO_PGRP, PRIO_USER (include/uapi/linux/resource.h).
constexpr int OfProcess = 0, OfGroup = 1, OfUser = 2;
constexpr int MostUrgent = -20, LeastUrgent = 19;

// visitor(thread) for each process that is meant. Invalid, NoProcess.
template <typename Visitor> Result<void> for_each_meant(int which, int32_t who, Visitor &&visitor)
{
    if (which < OfProcess || which > OfUser) return Errno::Invalid;
    if (which == OfUser && who != 0) return Errno::NoProcess; // all belong to root
    const Process &self = current_process();
    Pid wanted = who != 0 ? who : which == OfGroup ? self.group_id() : self.pid();
    auto is_meant = [&](const Process &process) {
        if (process.is_ending()) return false;
        if (which == OfGroup) return process.group_id() == wanted;
        return which == OfUser || process.pid() == wanted;
    };
    bool found = false;
    for (Process *process = next_process(1); process != nullptr; process = next_process(process->pid() + 1)) {
        if (!is_meant(*process)) continue;
        visitor(process->main_thread());
        found = true;
    }
    return found ? Result<void>{} : Errno::NoProcess;
}

} // namespace

// Not the nice value but 20 - nice, which is no error number (getpriority(2), "C library/kernel
// differences").
Result<int> getpriority(int which, int32_t who)
{
    int nice = LeastUrgent;
    TRY_VOID(for_each_meant(which, who, [&](const Thread &thread) { nice = std::min(nice, thread.nice); }));
    return 20 - nice;
}

Result<void> setpriority(int which, int32_t who, int nice)
{
    nice = std::clamp(nice, MostUrgent, LeastUrgent);
    TRY_VOID(for_each_meant(which, who, [&](Thread &thread) { thread.nice = nice; }));
    mm::priorities_changed();
    return {};
}

} // namespace kernel::syscalls
