// What a program has said about signals, and which of the pending ones that lets through (signal.hpp).
#include "kernel/process/process.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/signal/process_timers.hpp"

namespace kernel {

namespace {

// The SA_… flags that exist; a program can find out which others do not (sigaction(2), "Dynamically
// probing"). 0x800 is SA_EXPOSE_TAGBITS.
constexpr uint64_t KnownFlags = SignalAction::NoChildStop | SignalAction::NoChildWait |
                                SignalAction::WantsInfo | 0x800 | SignalAction::HasRestorer |
                                SignalAction::OnAlternateStack | SignalAction::Restart |
                                SignalAction::NoDefer | SignalAction::ResetHandler;

SignalSet all_pending(const Thread &thread)
{
    return thread.pending.set().with(thread.process->pending.set());
}

} // namespace

Result<SignalAction> change_signal_action(Process &process, Signal signal, const SignalAction *action)
{
    SignalAction old = process.handlers().of(signal);
    if (action == nullptr) return old;
    if (UnblockableSignals.contains(signal)) return Errno::Invalid;

    SignalAction changed = *action;
    changed.flags &= KnownFlags;
    changed.mask = changed.mask.without(UnblockableSignals);
    process.handlers().set(signal, changed);
    if (changed.does_nothing(signal)) {
        process.pending.remove(signal);
        process.main_thread().pending.remove(signal);
    }
    if (process.timers != nullptr) heed_timers(*process.timers);
    return old;
}

void set_signal_mask(Thread &thread, SignalSet mask)
{
    thread.blocked = mask.without(UnblockableSignals);
    if (has_deliverable_signal(thread)) request_work(thread, work::Signals);
    if (thread.process->timers != nullptr) heed_timers(*thread.process->timers);
}

void set_temporary_mask(SignalSet mask)
{
    Thread &thread = current_thread();
    thread.saved_mask = thread.blocked;
    thread.has_saved_mask = true;
    set_signal_mask(thread, mask);
}

void finish_temporary_mask(bool interrupted)
{
    Thread &thread = current_thread();
    if (interrupted) return request_signal_work();
    thread.has_saved_mask = false;
    set_signal_mask(thread, thread.saved_mask);
}

SignalSet pending_signals(const Thread &thread)
{
    return all_pending(thread).common(thread.blocked);
}

SignalSet pending_among(const Thread &thread, SignalSet wanted)
{
    return all_pending(thread).common(wanted);
}

// What was sent to this very thread comes before what any could take (Linux, dequeue_signal).
SignalInfo take_signal(Thread &thread, SignalSet wanted)
{
    SignalSet own = thread.pending.set().common(wanted);
    if (!own.empty()) return thread.pending.take(first_signal(own));
    Process &process = *thread.process;
    Signal signal = first_signal(process.pending.set().common(wanted));
    if (signal == Signal::Alarm && process.timers != nullptr) alarm_was_taken(*process.timers);
    return process.pending.take(signal);
}

[[gnu::hot]] bool has_deliverable_signal(const Thread &thread)
{
    if (thread.process == nullptr) return false;
    SignalSet held_back = thread.blocked.without(thread.waited_signals);
    return thread.has_forced || !all_pending(thread).without(held_back).empty();
}

[[gnu::hot]] bool has_signal_work(const Thread &thread)
{
    return has_deliverable_signal(thread) || thread.has_saved_mask;
}

bool is_killed(const Thread &thread)
{
    if (thread.process == nullptr) return false;
    bool is_forced = thread.has_forced && thread.forced.signal == Signal::Kill;
    return thread.process->is_ending() || is_forced ||
           !pending_among(thread, SignalSet::of(Signal::Kill)).empty();
}

bool is_dying(const Thread &thread)
{
    if (thread.process == nullptr) return false;
    if (is_killed(thread)) return true;
    const SignalHandlers &handlers = thread.process->handlers();
    if (thread.has_forced) {
        const SignalAction &action = handlers.of(thread.forced.signal);
        if (!action.has_handler() || thread.blocked.contains(thread.forced.signal)) return true;
    }
    for (SignalSet set = all_pending(thread).without(thread.blocked); !set.empty();) {
        Signal signal = first_signal(set);
        if (handlers.of(signal).ends_process(signal)) return true;
        set.remove(signal);
    }
    return false;
}

} // namespace kernel
