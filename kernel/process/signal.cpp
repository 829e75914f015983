#include "kernel/process/signal.hpp"

#include "kernel/log.hpp"
#include "kernel/process/lesson.hpp"
#include "kernel/process/process.hpp"
#include "kernel/process/scheduler.hpp"
#include "mm/kernel_heap.hpp"

#include <bit>

namespace kernel {

namespace {

enum class Disposition : uint8_t { Terminate, Ignore, Stop };

struct SignalKind {
    std::string_view name;
    Disposition disposition; // when the action is SIG_DFL (signal(7))
};

// By number, from 1. A core dump is never written, so those that would only terminate.
constexpr SignalKind kinds[] = {
    {"SIGHUP", Disposition::Terminate},  {"SIGINT", Disposition::Terminate},
    {"SIGQUIT", Disposition::Terminate}, {"SIGILL", Disposition::Terminate},
    {"SIGTRAP", Disposition::Terminate}, {"SIGABRT", Disposition::Terminate},
    {"SIGBUS", Disposition::Terminate},  {"SIGFPE", Disposition::Terminate},
    {"SIGKILL", Disposition::Terminate}, {"SIGUSR1", Disposition::Terminate},
    {"SIGSEGV", Disposition::Terminate}, {"SIGUSR2", Disposition::Terminate},
    {"SIGPIPE", Disposition::Terminate}, {"SIGALRM", Disposition::Terminate},
    {"SIGTERM", Disposition::Terminate}, {"SIGSTKFLT", Disposition::Terminate},
    {"SIGCHLD", Disposition::Ignore},    {"SIGCONT", Disposition::Ignore},
    {"SIGSTOP", Disposition::Stop},      {"SIGTSTP", Disposition::Stop},
    {"SIGTTIN", Disposition::Stop},      {"SIGTTOU", Disposition::Stop},
    {"SIGURG", Disposition::Ignore},     {"SIGXCPU", Disposition::Terminate},
    {"SIGXFSZ", Disposition::Terminate}, {"SIGVTALRM", Disposition::Terminate},
    {"SIGPROF", Disposition::Terminate}, {"SIGWINCH", Disposition::Ignore},
    {"SIGIO", Disposition::Terminate},   {"SIGPWR", Disposition::Terminate},
    {"SIGSYS", Disposition::Terminate},
};
constexpr SignalKind real_time{"a real-time signal", Disposition::Terminate};

constexpr SignalSet set_of(std::initializer_list<Signal> signals)
{
    SignalSet set;
    for (Signal signal : signals) set.add(signal);
    return set;
}
constexpr SignalSet Unblockable = set_of({Signal::Kill, Signal::Stop});
constexpr SignalSet Stopping =
    set_of({Signal::Stop, Signal::TerminalStop, Signal::TerminalInput, Signal::TerminalOutput});
// Delivered before others, because their cause is the instruction that was just executed.
constexpr SignalSet Synchronous = set_of({Signal::Segmentation, Signal::Bus, Signal::Illegal, Signal::Trap,
                                          Signal::FloatingPoint, Signal::BadSystemCall});

// The SA_… flags that exist; a program can find out which others do not (sigaction(2), "Dynamically
// probing").
constexpr uint64_t KnownFlags =
    0x1 | 0x2 | 0x4 | 0x800 | 0x04000000 | 0x08000000 | 0x10000000 | 0x40000000 | 0x80000000;

const SignalKind &kind_of(Signal signal)
{
    unsigned index = static_cast<unsigned>(signal) - 1;
    return index < std::size(kinds) ? kinds[index] : real_time;
}

bool does_nothing(Signal signal, const SignalAction &action)
{
    if (action.handler == SignalAction::Ignore) return true;
    return action.handler == SignalAction::Default && kind_of(signal).disposition == Disposition::Ignore;
}

// Handlers cannot run yet: what would call one ends the process as well.
bool ends_process(Signal signal, const SignalAction &action)
{
    if (does_nothing(signal, action)) return false;
    return action.handler != SignalAction::Default || kind_of(signal).disposition != Disposition::Stop;
}

SignalSet deliverable(const Thread &thread)
{
    return thread.pending.set().with(thread.process->pending.set()).without(thread.blocked);
}

Signal first_of(SignalSet set)
{
    SignalSet urgent{set.raw() & Synchronous.raw()};
    return static_cast<Signal>(std::countr_zero(urgent.empty() ? set.raw() : urgent.raw()) + 1);
}

// By value: the lesson reads the program's code, and a fault there may force another signal.
[[noreturn]] void end_by_signal(SignalInfo info, bool handler_missing)
{
    {
        Process &process = current_process();
        tell_death(process, current_thread().trap_frame(), info, handler_missing);
    }
    end_current_process({ExitHow::Killed, static_cast<uint8_t>(info.signal)});
}

void deliver(const SignalInfo &info, const SignalAction &action)
{
    if (ends_process(info.signal, action)) end_by_signal(info, action.handler != SignalAction::Default);
    if (does_nothing(info.signal, action)) return;
    log_info("{}[{}] was sent {}: stopping is not possible yet, it goes on", current_process().name(),
             current_process().pid(), signal_name(info.signal));
}

// What cannot be ignored or blocked is then as if nothing had ever been said about it (Linux,
// force_sig_info).
SignalAction forced_action(const Thread &thread)
{
    Signal signal = thread.forced.signal;
    SignalAction action = thread.process->handlers().of(signal);
    if (action.handler == SignalAction::Ignore || thread.blocked.contains(signal)) action = {};
    return action;
}

} // namespace

std::string_view signal_name(Signal signal)
{
    return kind_of(signal).name;
}

Result<SignalHandlers *> SignalHandlers::create()
{
    auto *handlers = mm::create<SignalHandlers>();
    if (handlers == nullptr) return Errno::NoMemory;
    return handlers;
}

Result<SignalHandlers *> SignalHandlers::clone() const
{
    auto *copy = mm::create<SignalHandlers>();
    if (copy == nullptr) return Errno::NoMemory;
    copy->actions_ = actions_;
    return copy;
}

void SignalHandlers::forget_handlers()
{
    for (SignalAction &action : actions_) {
        if (action.handler != SignalAction::Ignore) action.handler = SignalAction::Default;
        action.flags = 0;
        action.restorer = 0;
        action.mask = {};
    }
}

void SignalHandlers::drop()
{
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) mm::destroy(this);
}

void send_signal(Process &target, const SignalInfo &info)
{
    if (target.is_ending()) return;
    if (!target.has_memory()) return; // init
    Thread &thread = target.main_thread();
    // Going on and stopping cancel each other (signal(7)).
    SignalSet opposite;
    if (info.signal == Signal::Continue) opposite = Stopping;
    if (Stopping.contains(info.signal)) opposite.add(Signal::Continue);
    target.pending.remove(opposite);
    thread.pending.remove(opposite);
    // A blocked signal is kept even when it is ignored: the program may change its mind before it lets it
    // through.
    if (!thread.blocked.contains(info.signal) && does_nothing(info.signal, target.handlers().of(info.signal)))
        return;

    // tgkill(2) means one thread, kill(2) whichever takes it.
    (info.code == signal_code::ThreadKill ? thread.pending : target.pending).add(info);
    if (!has_deliverable_signal(thread)) return;
    request_work(thread, work::Signals);
    wake(thread);
}

void force_signal(const SignalInfo &info)
{
    Thread &thread = current_thread();
    thread.forced = info;
    thread.has_forced = true;
    request_work(thread, work::Signals);
}

bool has_deliverable_signal(const Thread &thread)
{
    return thread.process != nullptr && (thread.has_forced || !deliverable(thread).empty());
}

bool is_dying(const Thread &thread)
{
    if (thread.process == nullptr) return false;
    if (thread.process->is_ending()) return true;
    if (thread.has_forced && ends_process(thread.forced.signal, forced_action(thread))) return true;
    const SignalHandlers &handlers = thread.process->handlers();
    for (SignalSet set = deliverable(thread); !set.empty();) {
        Signal signal = first_of(set);
        if (ends_process(signal, handlers.of(signal))) return true;
        set.remove(signal);
    }
    return false;
}

void deliver_signals(TrapFrame &)
{
    Thread &thread = current_thread();
    SignalHandlers &handlers = thread.process->handlers();
    // SIGKILL comes first, whatever followed from it: a copy from or to a dying program's memory fails.
    if (thread.has_forced && !deliverable(thread).contains(Signal::Kill)) {
        thread.has_forced = false;
        deliver(thread.forced, forced_action(thread));
    }
    for (SignalSet set = deliverable(thread); !set.empty(); set = deliverable(thread)) {
        Signal signal = first_of(set);
        PendingSignals &from =
            thread.pending.set().contains(signal) ? thread.pending : thread.process->pending;
        SignalInfo info = from.info(signal);
        from.remove(signal);
        deliver(info, handlers.of(signal));
    }
}

Result<SignalAction> change_signal_action(Process &process, Signal signal, const SignalAction *action)
{
    SignalAction old = process.handlers().of(signal);
    if (action == nullptr) return old;
    if (Unblockable.contains(signal)) return Errno::Invalid;

    SignalAction changed = *action;
    changed.flags &= KnownFlags;
    changed.mask = changed.mask.without(Unblockable);
    process.handlers().set(signal, changed);
    if (does_nothing(signal, changed)) {
        process.pending.remove(signal);
        process.main_thread().pending.remove(signal);
    }
    return old;
}

void set_signal_mask(Thread &thread, SignalSet mask)
{
    thread.blocked = mask.without(Unblockable);
    if (has_deliverable_signal(thread)) request_work(thread, work::Signals);
}

SignalSet pending_signals(const Thread &thread)
{
    return SignalSet{(thread.pending.raw() | thread.process->pending.raw()) & thread.blocked.raw()};
}

} // namespace kernel
