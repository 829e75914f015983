// Thread: one flow of control: a kernel stack, the registers it goes on with, and what the scheduler knows
// about it.
//
// A thread of a program has its TrapFrame as the highest thing on its kernel stack. Threads without a process
// belong to the kernel (the one that booted, and starts the programs).
#pragma once

#include "kernel/address_map.hpp"
#include "kernel/cpu/cpu_area.hpp"
#include "kernel/process/wait_queue.hpp"
#include "kernel/signal/alternate_stack.hpp"
#include "kernel/signal/call_restart.hpp"
#include "kernel/signal/signal.hpp"
#include "kernel/signal/signal_frame.hpp"
#include "kernel/time/timer.hpp"
#include "kernel/trap/context_switch.hpp"
#include "kernel/trap/trap_frame.hpp"
#include "lib/intrusive_list.hpp"

namespace mm {
class AddressSpace;
}

namespace kernel {

using Tid = int32_t;

// Bits of CpuArea::work_pending: what return_work() has to do before the program goes on.
namespace work {
inline constexpr uint32_t Reschedule = 1 << 0; // the time slice is over, or a sleeper woke
inline constexpr uint32_t Signals = 1 << 1;    // a signal may be deliverable
inline constexpr uint32_t Recording = 1 << 2;  // much is recorded that the launcher should have
} // namespace work

// getrusage(2), times(2): in nanoseconds.
struct CpuTimes {
    uint64_t user = 0;
    uint64_t system = 0;
};

class Thread {
public:
    enum class State : uint8_t { Running, Runnable, Sleeping, Dead };

    using Entry = void (*)(Thread &);

    // A thread that will begin in `entry(thread)` on a kernel stack of its own, in state Sleeping: wake() it.
    // `process` is null for a kernel thread. NoMemory.
    static Result<Thread *> create(Process *process, Tid tid, Entry entry);
    // Not while it runs.
    void destroy();
    Thread() = default;
    Thread(const Thread &) = delete;
    Thread &operator=(const Thread &) = delete;

    // Its sleep is over: sleep_timer is due.
    static void end_sleep(Timer &timer);

    // The registers with which the program goes on: of what brought it into the kernel last.
    TrapFrame &trap_frame() const { return reinterpret_cast<TrapFrame *>(stack.top.value())[-1]; }

    // Read by the fault path first.
    mm::AddressSpace *space = nullptr; // of the process; null for a kernel thread
    Process *process = nullptr;
    uint64_t last_fault_rip = 0; // for the tick's guess who used the time (accounting.hpp)

    Tid tid = 0;
    State state = State::Sleeping;

    // --- What switching saves and loads.
    KernelStack stack;
    ContextSwitchFrame *context = nullptr;
    void *vector_state = nullptr;
    uint64_t fs_base = 0;
    uint64_t gs_base = 0;

    // --- Signals.
    SignalSet blocked;
    SignalSet waited_signals;    // rt_sigtimedwait(2) is waiting for these
    PendingSignals pending;      // for this thread alone
    bool has_forced = false;     // `forced` waits to be delivered, blocked or not
    bool has_saved_mask = false; // `saved_mask` comes back when the present call is over
    SignalSet saved_mask;
    SignalInfo forced;
    LastTrap last_trap; // what uc_mcontext tells
    AlternateStack alternate_stack;
    CallRestart restart; // what restart_syscall(2) goes on with

    // --- set_tid_address(2), set_robust_list(2, only kept), rseq(2).
    mm::VirtAddr clear_child_tid;
    mm::VirtAddr child_tid_to_set; // by a new thread, before anything else (CLONE_CHILD_SETTID)
    mm::VirtAddr robust_list;
    mm::VirtAddr restartable_area; // null: none is registered
    uint32_t restartable_signature = 0;

    // --- The scheduler's.
    Entry entry = nullptr;
    lib::ListNode run_node;          // the run queue
    Timer sleep_timer{end_sleep};    // of a sleep with a deadline
    bool woken = false;              // since the sleep was announced
    bool is_uninterruptible = false; // the present sleep, or the next one
    int nice = 0;                    // setpriority(2): -20 the most urgent, 19 the least

    // --- Time used (accounting.hpp), in nanoseconds and ticks; context switches as in getrusage(2).
    uint64_t running_since = 0;
    uint64_t run_time = 0;
    uint64_t user_ticks = 0;
    uint64_t system_ticks = 0;
    mutable CpuTimes times_told; // by cpu_times
    uint64_t voluntary_switches = 0;
    uint64_t involuntary_switches = 0;
};

inline Thread &current_thread()
{
    return *this_cpu().current_thread;
}

} // namespace kernel
