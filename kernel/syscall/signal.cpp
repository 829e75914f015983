// kill, tkill, tgkill, rt_sigaction, rt_sigprocmask, rt_sigpending, sigaltstack.
#include "kernel/process/process_group.hpp"
#include "kernel/signal/signal_entry.hpp"
#include "kernel/syscall/calls.hpp"
#include "kernel/syscall/signal_arguments.hpp"
#include "kernel/trap/user_copy.hpp"

namespace kernel::syscalls {

namespace {

enum MaskHow { Block = 0, Unblock = 1, Set = 2 };

Result<void> send(Process &target, int number, int32_t code)
{
    if (number == 0) return {};
    if (!is_signal_number(number)) return Errno::Invalid;
    if (target.has_ended()) return {};
    SignalInfo info;
    info.signal = static_cast<Signal>(number);
    info.origin = SignalInfo::Origin::Program;
    info.code = code;
    info.sender = current_process().pid();
    if (code == signal_code::ThreadKill) return queue_signal(target.main_thread(), info);
    return queue_signal(target, info);
}

// What is answered for many: it went well when it did for one; otherwise what the last one said.
void note(Result<void> &answer, const Result<void> &sent)
{
    if (!answer.ok()) answer = sent;
}

// kill(-1): everybody else but the first process; who has ended counts until somebody has waited for it.
Result<void> send_to_all(int number)
{
    Result<void> answer = Errno::NoProcess;
    Pid own = current_process().pid();
    for (Process *process = next_process(2); process; process = next_process(process->pid() + 1)) {
        if (process->pid() == own) continue;
        note(answer, send(*process, number, signal_code::User));
    }
    return answer;
}

// kill(0) and kill(-group): some member has to take it.
Result<void> send_to_group(Pid id, int number)
{
    Result<void> answer = Errno::NoProcess;
    for_each_in_group(id, [&](Process &process) { note(answer, send(process, number, signal_code::User)); });
    return answer;
}

} // namespace

Result<void> kill(int32_t pid, int number)
{
    if (pid == -1) return send_to_all(number);
    if (pid == INT32_MIN) return Errno::NoProcess;
    if (pid <= 0) return send_to_group(pid == 0 ? current_process().group_id() : -pid, number);
    Process *process = find_process(pid);
    if (!process) return Errno::NoProcess;
    return send(*process, number, signal_code::User);
}

Result<void> tkill(int32_t tid, int number)
{
    if (tid <= 0) return Errno::Invalid;
    Process *process = find_process(tid); // a process has one thread, of the same number
    if (!process) return Errno::NoProcess;
    return send(*process, number, signal_code::ThreadKill);
}

Result<void> tgkill(int32_t pid, int32_t tid, int number)
{
    if (pid <= 0 || tid <= 0) return Errno::Invalid;
    if (pid != tid) return Errno::NoProcess;
    return tkill(tid, number);
}

Result<void> rt_sigaction(int number, VirtAddr action, VirtAddr old_action, uint64_t set_size)
{
    if (set_size != SignalSetSize) return Errno::Invalid;
    SignalAction wanted;
    bool change = action != VirtAddr{};
    if (change) wanted = TRY(read_user<SignalAction>(action));
    if (!is_signal_number(number)) return Errno::Invalid;
    SignalAction before =
        TRY(change_signal_action(current_process(), static_cast<Signal>(number), change ? &wanted : nullptr));
    if (old_action != VirtAddr{}) return write_user(old_action, before);
    return {};
}

Result<void> rt_sigprocmask(int how, VirtAddr set, VirtAddr old_set, uint64_t set_size)
{
    if (set_size != SignalSetSize) return Errno::Invalid;
    Thread &thread = current_thread();
    SignalSet before = thread.blocked;
    if (set != VirtAddr{}) {
        SignalSet wanted{TRY(read_user<uint64_t>(set))};
        switch (how) {
        case Block:
            set_signal_mask(thread, before.with(wanted));
            break;
        case Unblock:
            set_signal_mask(thread, before.without(wanted));
            break;
        case Set:
            set_signal_mask(thread, wanted);
            break;
        default:
            return Errno::Invalid;
        }
    }
    if (old_set != VirtAddr{}) return write_user(old_set, before.raw());
    return {};
}

Result<void> rt_sigpending(VirtAddr set, uint64_t set_size)
{
    if (set_size > SignalSetSize) return Errno::Invalid;
    uint64_t pending = pending_signals(current_thread()).raw();
    return copy_to_user(set, &pending, set_size);
}

Result<void> sigaltstack(VirtAddr stack, VirtAddr old_stack)
{
    Thread &thread = current_thread();
    uint64_t pointer = thread.trap_frame().rsp;
    UserStack before = thread.alternate_stack.told_at(pointer);
    if (stack != VirtAddr{}) {
        auto wanted = TRY(read_user<UserStack>(stack));
        TRY_VOID(thread.alternate_stack.set(wanted, pointer));
    }
    if (old_stack != VirtAddr{}) return write_user(old_stack, before);
    return {};
}

int64_t rt_sigreturn()
{
    TrapFrame &frame = current_thread().trap_frame();
    uint64_t at = frame.rsp;
    if (!return_from_handler(frame).ok())
        force_signal({.signal = Signal::Segmentation,
                      .origin = SignalInfo::Origin::BadFrame,
                      .code = signal_code::Kernel,
                      .address = VirtAddr{at}});
    return static_cast<int64_t>(frame.rax);
}

} // namespace kernel::syscalls
