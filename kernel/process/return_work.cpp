// The last stop before user mode, when there is something to do (kernel/trap/entry.asm, syscall_entry.asm).
#include "kernel/process/recording.hpp"
#include "kernel/process/scheduler.hpp"
#include "kernel/signal/signal.hpp"
#include "kernel/trap/trap.hpp"

namespace kernel {

// Called again until work_pending is zero.
extern "C" void return_work(TrapFrame &frame)
{
    uint32_t work = this_cpu().work_pending.exchange(0);
    if (work & work::Recording) send_recorded();
    if (work & work::Signals) deliver_signals(frame);
    // Last: switching sets work_pending anew for whoever runs next, and for this thread when it is back.
    if (work & work::Reschedule) preempt();
}

} // namespace kernel
