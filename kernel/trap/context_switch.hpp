// Leaving one kernel stack for another, and entering user mode for the first time. See context_switch.asm.
#pragma once

#include "kernel/trap/trap_frame.hpp"

namespace kernel {

// What a thread that is not running has on top of its kernel stack: the registers a C++ function must
// preserve (System V ABI, 3.2.1) and where it continues.
struct ContextSwitchFrame {
    uint64_t r15, r14, r13, r12, rbx, rbp;
    uint64_t rip;
};

// Saves where the caller is in *save and continues the thread whose frame is `load`. Returns when somebody
// switches back. Interrupts stay off. Page table, CpuArea and vector state are the scheduler's business,
// before the call.
extern "C" void switch_context(ContextSwitchFrame **save, ContextSwitchFrame *load);

// Leaves the kernel for the program described by `frame`, which must be the highest thing on this kernel
// stack (new_thread_frame). All registers are loaded from it.
extern "C" [[noreturn]] void enter_user(TrapFrame *frame);

// Prepares a fresh kernel stack so that the first switch_context to it calls `entry(argument)`, which never
// returns. `frame_space` bytes below `stack_top` are left for the TrapFrame of a user thread.
ContextSwitchFrame *prepare_stack(void *stack_top, size_t frame_space, void (*entry)(void *), void *argument);

} // namespace kernel
