// Signals with a value: rt_sigqueueinfo, rt_tgsigqueueinfo (sigqueue(3), pthread_sigqueue(3)).
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/trap/user_copy.hpp"

#include <algorithm>

namespace kernel::syscalls {

namespace {

constexpr int32_t LowestKnownCode = -7; // SI_DETHREAD
constexpr int32_t NameLookup = -60;     // SI_ASYNCNL

// What the kernel keeps of a siginfo_t is its first 48 bytes. Of one that it knows, there is nothing behind
// them; of any other, there must not be (Linux, post_copy_siginfo_from_user).
bool has_known_layout(int32_t code)
{
    return (code >= LowestKnownCode && code <= 0) || code == NameLookup || code == signal_code::Kernel;
}

Result<UserSignalInfo> read_info(VirtAddr from)
{
    auto told = TRY(read_user<UserSignalInfo>(from));
    if (!has_known_layout(told.code) && std::ranges::any_of(told.rest, [](uint64_t word) { return word; }))
        return Errno::ArgumentListTooLong;
    return told;
}

// Codes that say "from the kernel" or "from tgkill" a program may use towards itself alone.
bool may_say(int32_t code, int32_t pid)
{
    return (code < 0 && code != signal_code::ThreadKill) || pid == current_process().pid();
}

} // namespace

Result<void> rt_sigqueueinfo(int32_t pid, int number, VirtAddr info)
{
    UserSignalInfo told = TRY(read_info(info));
    if (!may_say(told.code, pid)) return Errno::NotPermitted;
    Process *process = pid > 0 ? find_process(pid) : nullptr;
    if (!process) return Errno::NoProcess;
    if (number != 0 && !is_signal_number(number)) return Errno::Invalid;
    if (number == 0 || process->has_ended()) return {};
    return queue_signal(*process, SignalInfo::from_user(static_cast<Signal>(number), told));
}

Result<void> rt_tgsigqueueinfo(int32_t pid, int32_t tid, int number, VirtAddr info)
{
    UserSignalInfo told = TRY(read_info(info));
    if (pid <= 0 || tid <= 0) return Errno::Invalid;
    if (!may_say(told.code, tid)) return Errno::NotPermitted;
    Process *process = pid == tid ? find_process(pid) : nullptr; // a process has one thread
    if (!process || process->has_ended()) return Errno::NoProcess;
    if (number != 0 && !is_signal_number(number)) return Errno::Invalid;
    if (number == 0) return {};
    return queue_signal(process->main_thread(), SignalInfo::from_user(static_cast<Signal>(number), told));
}

} // namespace kernel::syscalls
