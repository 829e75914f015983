// How a signal becomes pending (signal.hpp, "Sending").
#include "kernel/process/process.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/process/shutdown.hpp"

namespace kernel {

namespace {

// Going on and stopping cancel each other when they are sent, whatever is blocked or ignored (signal(7)).
void cancel_opposite(Thread &thread, Signal signal)
{
    SignalSet opposite;
    if (signal == Signal::Continue) opposite = StoppingSignals;
    if (StoppingSignals.contains(signal)) opposite.add(Signal::Continue);
    if (opposite.empty()) return;
    thread.process->pending.remove(opposite);
    thread.pending.remove(opposite);
    if (signal == Signal::Continue) continue_process(*thread.process);
}

// A blocked signal is kept even when it is ignored: the program may change its mind before it lets it
// through. (Who waits for one by sigwait(3) has it blocked; otherwise it does not come, as on Linux.)
bool is_dropped(const Thread &thread, Signal signal)
{
    return !thread.blocked.contains(signal) && thread.process->handlers().of(signal).does_nothing(signal);
}

// Not while it is ending; and init hears of signals in its own way (shutdown.hpp). One that is still being
// made hears what its group is sent: fork(2) may sleep, and nobody escapes a Ctrl-C that way.
bool is_reachable(const Process *process)
{
    return process != nullptr && !process->is_ending() && process->has_handlers();
}

void tell(Thread &thread)
{
    if (!has_deliverable_signal(thread)) return;
    if (!thread.process->has_begun()) return; // it finds the signal when it begins
    request_work(thread, work::Signals);
    wake(thread);
}

Result<void> make_pending(Thread &thread, PendingSignals &pending, const SignalInfo &info, uint64_t limit)
{
    if (!is_reachable(thread.process)) return {};
    cancel_opposite(thread, info.signal);
    if (is_dropped(thread, info.signal)) return {};
    TRY_VOID(pending.add(info, limit));
    tell(thread);
    return {};
}

} // namespace

void send_signal(Process &target, const SignalInfo &info)
{
    // Without a limit the signal itself always arrives; if there is no memory, without what it says.
    if (is_reachable(&target)) (void)make_pending(target.main_thread(), target.pending, info, UINT64_MAX);
}

void send_signal(Thread &target, const SignalInfo &info)
{
    (void)make_pending(target, target.pending, info, UINT64_MAX);
}

Result<void> queue_signal(Process &target, const SignalInfo &info)
{
    if (!is_reachable(&target)) {
        if (target.parent() == nullptr) signal_init(info.signal);
        return {};
    }
    return make_pending(target.main_thread(), target.pending, info,
                        target.limits().soft(Resource::PendingSignals));
}

Result<void> queue_signal(Thread &target, const SignalInfo &info)
{
    if (!is_reachable(target.process)) return {};
    return make_pending(target, target.pending, info,
                        target.process->limits().soft(Resource::PendingSignals));
}

bool queue_signal(Process &target, QueuedSignal &queued, bool thread_only)
{
    if (!is_reachable(&target)) return false;
    Thread &thread = target.main_thread();
    cancel_opposite(thread, queued.info.signal);
    if (is_dropped(thread, queued.info.signal)) return false;
    (thread_only ? thread.pending : target.pending).add(queued);
    tell(thread);
    return true;
}

void force_signal(const SignalInfo &info)
{
    Thread &thread = current_thread();
    // Nothing comes before the end.
    if (thread.has_forced && thread.forced.signal == Signal::Kill) return;
    if (info.origin == SignalInfo::Origin::PageFault) thread.last_trap.fault_address = info.address.value();
    if (info.has_address()) {
        thread.last_trap.number = info.exception;
        thread.last_trap.error_code = info.error_code;
    }
    thread.forced = info;
    thread.has_forced = true;
    request_work(thread, work::Signals);
}

void request_signal_work()
{
    request_work(current_thread(), work::Signals);
}

} // namespace kernel
