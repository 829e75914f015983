// CpuArea: what each processor has for itself, found through the GS base while in the kernel.
//
// Assembly uses the fields by the offsets asserted below (kernel/cpu/offsets.inc). In user mode GS is the
// program's; every entry from user mode swaps (SWAPGS), every way back swaps again.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace kernel {

class Thread; // kernel/process/

struct CpuArea {
    CpuArea *self;             // so that `mov %gs:0, %reg` finds the area
    uint64_t user_rsp;         // scratch for the system call entry: the program's stack until it is pushed
    uint64_t kernel_stack_top; // where a system call from the current thread begins its stack
    // Not zero: return_work() (kernel/trap/trap.hpp) must run before this processor returns to user mode. The
    // bits belong to kernel/process. An interrupt handler may set some while the owner clears others: one
    // instruction each.
    std::atomic<uint32_t> work_pending;
    uint32_t index;         // number of this processor, 0 is the one that booted
    Thread *current_thread; // owned by kernel/process
};

static_assert(offsetof(CpuArea, self) == 0);
static_assert(offsetof(CpuArea, user_rsp) == 8);
static_assert(offsetof(CpuArea, kernel_stack_top) == 16);
static_assert(offsetof(CpuArea, work_pending) == 24);
static_assert(offsetof(CpuArea, index) == 28);
static_assert(offsetof(CpuArea, current_thread) == 32);

// The area of the processor that executes this.
[[gnu::always_inline]] inline CpuArea &this_cpu()
{
    CpuArea *area;
    asm("movq %%gs:0, %0" : "=r"(area));
    return *area;
}

// From now on entries from user mode on this processor start at `top` (16-byte aligned): system calls through
// the CpuArea, interrupts through the TSS. At each switch of threads.
void set_kernel_stack(uint64_t top);

// Descriptor tables, TSS and the area itself of this processor. First thing in kernel_main: traps, logs and
// locks of other rooms rely on it.
void init_cpu_area();

} // namespace kernel
