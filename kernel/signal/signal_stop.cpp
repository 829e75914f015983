// Processes that are stopped (signal.hpp, "Stopping"). One thread a process: the thread that takes the signal
// sleeps here, on its way back to user mode.
#include "kernel/log.hpp"
#include "kernel/process/process.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/process/wait.hpp"

namespace kernel {

namespace {

// Nothing but SIGCONT and SIGKILL ends it: what else is sent waits.
bool goes_on(const Thread &thread)
{
    return !thread.process->stopped || !pending_among(thread, SignalSet::of(Signal::Kill)).empty();
}

} // namespace

void stop_current_process(Signal signal)
{
    Thread &thread = current_thread();
    Process &process = *thread.process;
    process.stopped = true;
    // Once: it may be stopped again and again.
    if (!std::exchange(process.was_stopped, true))
        log_info("{}[{}] is stopped by {}", process.name(), process.pid(), signal_name(signal));
    notify_parent(process, ChildEvent::Stopped, signal);
    for (;;) {
        prepare_sleep();
        if (goes_on(thread)) break;
        sleep_until_woken(NoDeadline);
    }
    if (process.stopped) { // killed
        process.stopped = false;
        return;
    }
    notify_parent(process, ChildEvent::Continued);
}

void continue_process(Process &process)
{
    if (!process.stopped) return;
    process.note_continue();
    wake(process.main_thread());
}

} // namespace kernel
