// Signals (signal(7)): how one is sent, and what comes of it. docs/signals.md tells the whole journey.
//
// A signal is sent (send_signal: becomes pending), and later delivered: on the way back to user mode, in
// return_work(): the process ends, stops, or its handler is entered (signal_frame.hpp). A signal caused by
// the program's own instruction (force_signal) cannot be ignored or blocked.
//
// An interruptible sleep that ends because has_deliverable_signal() makes its system call return one of the
// Restart… errors, and the way back decides whether the program sees EINTR or the call begins anew.
#pragma once

#include "kernel/signal/pending_signals.hpp"
#include "kernel/signal/signal_action.hpp"

namespace kernel {

class Process;
class Thread;
struct TrapFrame;

// --- Sending (signal_send.cpp)

// kill(2), and whatever the kernel has to say: makes the signal pending, or drops it when it is ignored. The
// delivery comes on the way back to user mode. Sleepers that may be interrupted are woken. Does not sleep;
// from an interrupt handler too. A process that is ending is left alone.
void send_signal(Process &target, const SignalInfo &info);
// The same for one thread: tgkill(2).
void send_signal(Thread &target, const SignalInfo &info);
// sigqueue(3): TryAgain when the signal would need a record and RLIMIT_SIGPENDING allows no more.
Result<void> queue_signal(Process &target, const SignalInfo &info);
Result<void> queue_signal(Thread &target, const SignalInfo &info);
// A record that is the caller's (a timer's) and in no queue; false when the signal is ignored, and was not
// queued. `thread_only`: to the process's thread alone.
bool queue_signal(Process &target, QueuedSignal &queued, bool thread_only);
// To the current thread, which caused it: delivered when it returns to user mode, ignored or blocked or not.
void force_signal(const SignalInfo &info);

// --- Delivering (signal_delivery.cpp)

// On the way back to user mode: does what the actions say about all that is deliverable, and what a call that
// was interrupted asks for. May end the process.
void deliver_signals(TrapFrame &frame);
// A system call returns one of the Restart… errors: deliver_signals() will be called.
void request_signal_work();

// --- What is said about them (signal_mask.cpp)

// rt_sigaction(2). `action` null: only ask. Invalid for changing SIGKILL and SIGSTOP. Ignoring discards what
// is pending.
Result<SignalAction> change_signal_action(Process &process, Signal signal, const SignalAction *action);
// rt_sigprocmask(2), new mask: SIGKILL and SIGSTOP stay out of it. Pending signals may become deliverable.
void set_signal_mask(Thread &thread, SignalSet mask);
// rt_sigsuspend(2), ppoll(2), pselect(2): another mask of the current thread's for the length of one call.
// Before the call returns, finish_temporary_mask(): `interrupted` when it returns because of a signal, whose
// handler then runs with the temporary mask, and the old one comes back when the handler returns.
void set_temporary_mask(SignalSet mask);
void finish_temporary_mask(bool interrupted);
// rt_sigpending(2).
SignalSet pending_signals(const Thread &thread);
// The signals of `wanted` that are pending for the thread, blocked or not; and taking the first of them, one
// at least (rt_sigtimedwait(2)).
SignalSet pending_among(const Thread &thread, SignalSet wanted);
SignalInfo take_signal(Thread &thread, SignalSet wanted);
// Whether an interruptible sleep must end now.
bool has_deliverable_signal(const Thread &thread);
// Whether the thread has to pass through deliver_signals() before it goes on in user mode.
bool has_signal_work(const Thread &thread);
// Whether the thread's process is ending, or will when it is on its way back to user mode: not even a sleep
// that other signals cannot interrupt should go on.
bool is_dying(const Thread &thread);
// Whether it ends whatever else happens. Of another process's thread is_dying() is a guess: a stopped one may
// have SIGTERM waiting until somebody continues it, and a handler may run first.
bool is_killed(const Thread &thread);

// --- Stopping (signal_stop.cpp)

// The current process stops here, because of `signal`, until it is sent SIGCONT or SIGKILL. Its parent is
// told.
void stop_current_process(Signal signal);
// SIGCONT was sent: a process that was stopped goes on, and tells its parent when it does.
void continue_process(Process &process);

} // namespace kernel
