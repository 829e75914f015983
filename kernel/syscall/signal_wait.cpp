// Waiting for signals, and going on with what one has interrupted: pause, rt_sigsuspend, rt_sigtimedwait,
// restart_syscall.
#include "kernel/process/process.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/signal_arguments.hpp"
#include "kernel/syscall/wait_arguments.hpp"
#include "kernel/time/clock.hpp"
#include "kernel/trap/user_copy.hpp"

namespace kernel::syscalls {

namespace {

// TryAgain: the time is over. Interrupted: by a signal that was not wanted, also when its handler has
// SA_RESTART (signal(7)).
Result<SignalInfo> wait_for_signal(SignalSet wanted, uint64_t deadline)
{
    Thread &thread = current_thread();
    auto is_there = [&] { return !pending_among(thread, wanted).empty(); };
    WaitQueue nobody_wakes; // who sends a signal wakes the thread itself
    thread.waited_signals = wanted;
    WaitResult result = wait_until(nobody_wakes, is_there, deadline);
    thread.waited_signals = {};
    if (result == WaitResult::Ready) return take_signal(thread, wanted);
    return result == WaitResult::TimedOut ? Errno::TryAgain : Errno::Interrupted;
}

} // namespace

Result<void> pause()
{
    (void)sleep_until(NoDeadline);
    return Errno::RestartNoHandler;
}

Result<void> rt_sigsuspend(VirtAddr mask, uint64_t set_size)
{
    set_temporary_mask(TRY(read_signal_set(mask, set_size)));
    (void)sleep_until(NoDeadline);
    finish_temporary_mask(true);
    return Errno::RestartNoHandler;
}

Result<int> rt_sigtimedwait(VirtAddr set, VirtAddr info, VirtAddr timeout, uint64_t set_size)
{
    SignalSet wanted = TRY(read_signal_set(set, set_size)).without(UnblockableSignals);
    uint64_t deadline = TRY(read_timeout<UserTimespec>(timeout));
    SignalInfo taken = TRY(wait_for_signal(wanted, deadline));
    if (info != VirtAddr{}) TRY_VOID(write_user(info, taken.to_user()));
    return static_cast<int>(taken.signal);
}

Result<int64_t> restart_syscall()
{
    CallRestart restart = current_thread().restart;
    if (restart.again == nullptr) return Errno::Interrupted;
    return restart.again(restart);
}

} // namespace kernel::syscalls
