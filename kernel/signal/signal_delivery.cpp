// What comes of pending signals on the way back to user mode (signal.hpp, "Delivering").
#include "kernel/process/init.hpp"
#include "kernel/process/lesson.hpp"
#include "kernel/process/process_group.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/signal/restartable_sequence.hpp"
#include "kernel/signal/signal_entry.hpp"

#include <optional>

namespace kernel {

namespace {

constexpr uint64_t SyscallInstructionSize = 2; // 0f 05
constexpr uint64_t RestartSyscallNumber = 219; // restart_syscall(2)

// By value: the lesson reads the program's code, and a fault there may force another signal.
[[noreturn]] void end_by_signal(SignalInfo info, HandlerFate handler)
{
    // What init ends at the end of the run has done nothing that there would be a lesson about.
    bool by_init = info.origin == SignalInfo::Origin::Program && info.sender == InitPid;
    if (!by_init) tell_death(current_process(), current_thread().trap_frame(), info, handler);
    end_current_process({ExitHow::Killed, static_cast<uint8_t>(info.signal)});
}

std::optional<Errno> restart_wish(const TrapFrame &frame)
{
    if (!frame.is_syscall()) return std::nullopt;
    auto error = static_cast<Errno>(-static_cast<int64_t>(frame.rax));
    switch (error) {
    case Errno::RestartSystem:
    case Errno::RestartNoHandler:
    case Errno::RestartBlock:
        return error;
    default:
        return std::nullopt;
    }
}

// The program will execute its SYSCALL instruction once more.
void call_again(TrapFrame &frame, uint64_t number)
{
    frame.rax = number;
    frame.rip -= SyscallInstructionSize;
    frame.use_full_return();
}

// A handler will run: the call is either over, or begins anew when the handler returns.
void settle_interrupted_call(TrapFrame &frame, const SignalAction &action)
{
    auto wish = restart_wish(frame);
    if (!wish) return;
    if (*wish == Errno::RestartSystem && (action.flags & SignalAction::Restart))
        call_again(frame, frame.syscall_number());
    else
        frame.rax = static_cast<uint64_t>(-static_cast<int64_t>(Errno::Interrupted));
}

// No handler has run: the program does not notice that there was a signal.
void resume_interrupted_call(TrapFrame &frame)
{
    auto wish = restart_wish(frame);
    if (!wish) return;
    call_again(frame, *wish == Errno::RestartBlock ? RestartSyscallNumber : frame.syscall_number());
}

SignalSet take_saved_mask(Thread &thread)
{
    if (!thread.has_saved_mask) return thread.blocked;
    thread.has_saved_mask = false;
    return thread.saved_mask;
}

void handler_failed(const SignalInfo &info)
{
    if (current_thread().has_forced) return; // it was killed meanwhile
    if (info.signal == Signal::Segmentation) end_by_signal(info, HandlerFate::NoRoom);
    SignalInfo failed = info;
    failed.signal = Signal::Segmentation;
    failed.origin = SignalInfo::Origin::BadStack;
    failed.code = signal_code::Kernel;
    force_signal(failed);
}

// No handler can run with it, not that of the SIGSEGV either, which would go round in circles (Linux,
// force_sigsegv).
void sequence_failed(const SignalInfo &info)
{
    if (current_thread().has_forced) return; // it was killed meanwhile
    constexpr SignalInfo Failed{.signal = Signal::Segmentation, .code = signal_code::Kernel};
    if (info.signal == Signal::Segmentation) end_by_signal(Failed, HandlerFate::None);
    force_signal(Failed);
}

void call_handler(TrapFrame &frame, const SignalInfo &info)
{
    Thread &thread = current_thread();
    SignalHandlers &handlers = thread.process->handlers();
    SignalAction action = handlers.of(info.signal);
    settle_interrupted_call(frame, action);
    if (!abort_restartable_sequence(frame)) return sequence_failed(info);
    if (action.flags & SignalAction::ResetHandler) {
        SignalAction reset = action;
        reset.handler = SignalAction::Default;
        handlers.set(info.signal, reset);
    }
    if (!enter_handler(frame, info, action, take_saved_mask(thread))) return handler_failed(info);
    SignalSet blocked = thread.blocked.with(action.mask);
    if (!(action.flags & SignalAction::NoDefer)) blocked.add(info.signal);
    set_signal_mask(thread, blocked);
    if (thread.alternate_stack.disarms_itself()) thread.alternate_stack = {};
}

void deliver(TrapFrame &frame, const SignalInfo &info)
{
    const SignalAction &action = current_process().handlers().of(info.signal);
    if (action.does_nothing(info.signal)) return;
    if (action.has_handler()) return call_handler(frame, info);
    if (default_action(info.signal) == DefaultAction::Stop) {
        // Whom nobody could continue the terminal does not stop (setpgid(2), "orphaned").
        bool by_force = info.signal == Signal::Stop;
        if (by_force || !current_process().group()->is_orphaned(nullptr)) stop_current_process(info.signal);
        return;
    }
    end_by_signal(info, HandlerFate::None);
}

// What cannot be ignored or blocked is then as if nothing had ever been said about it (Linux,
// force_sig_info).
void deliver_forced(TrapFrame &frame)
{
    Thread &thread = current_thread();
    SignalInfo info = thread.forced;
    thread.has_forced = false;
    const SignalAction &action = thread.process->handlers().of(info.signal);
    if (!action.has_handler()) end_by_signal(info, HandlerFate::None);
    if (thread.blocked.contains(info.signal)) end_by_signal(info, HandlerFate::Blocked);
    call_handler(frame, info);
}

} // namespace

void deliver_signals(TrapFrame &frame)
{
    Thread &thread = current_thread();
    for (;;) {
        SignalSet deliverable = pending_among(thread, SignalSet{~thread.blocked.raw()});
        // SIGKILL comes first, whatever followed from it: a copy from or to a dying program's memory fails.
        if (deliverable.contains(Signal::Kill))
            end_by_signal(take_signal(thread, SignalSet::of(Signal::Kill)), HandlerFate::None);
        if (thread.has_forced)
            deliver_forced(frame);
        else if (!deliverable.empty())
            deliver(frame, take_signal(thread, deliverable));
        else
            break;
    }
    resume_interrupted_call(frame);
    if (thread.has_saved_mask) {
        set_signal_mask(thread, take_saved_mask(thread)); // what that lets through comes in the next round
    }
}

} // namespace kernel
