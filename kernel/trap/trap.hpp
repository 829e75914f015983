// Traps: what enters the kernel, and who answers. entry.asm builds the frame, dispatch.cpp chooses.
//
// Rules of the house:
// - Kernel code runs with interrupts off. Code that waits or works long may enable them in between
//   (kernel/cpu/interrupts.hpp) while it holds no lock.
// - The kernel is not preempted: an interrupt that arrives in kernel mode returns to the very code it
// interrupted.
//   Another thread runs only where code sleeps (docs/architecture.md, "What may sleep": every page fault may,
//   and so every copy from or to user memory), or on the way back to user mode (return_work below).
#pragma once

#include "kernel/trap/trap_frame.hpp"

#include <string_view>

namespace kernel {

// --- Implemented by other rooms
// -----------------------------------------------------------------------------------

// kernel/trap/page_fault.cpp: every #PF, from user and from kernel mode; CR2 still holds the address. It ends
// by returning (try again), by recover_from_user_copy(), by user_exception() or by panic_unhandled().
extern "C" void page_fault(TrapFrame &frame);
// kernel/process/: an exception in user mode that is not a page fault. Returns when the program shall
// continue or has been marked dead (WorkPending is then set and return_work() ends it).
void user_exception(TrapFrame &frame, Exception exception);
// kernel/process/: the timer armed with timer_arm() has fired. From interrupt context.
void timer_tick();
// kernel/process/: called on the way to user mode, interrupts off, while this processor's work_pending is not
// zero: reschedule, end the program, deliver … It must clear what it has done. May switch to another thread
// and come back.
extern "C" void return_work(TrapFrame &frame);
// kernel/syscall/: the table and its size. The entry stub calls syscall_table[number](frame) with interrupts
// off and puts the result into frame.rax; numbers beyond the table go to syscall_unknown().
using SyscallHandler = int64_t (*)(TrapFrame &frame);
extern "C" const SyscallHandler syscall_table[];
extern "C" const uint64_t syscall_count;
extern "C" int64_t syscall_unknown(TrapFrame &frame);

// --- For other rooms
// -----------------------------------------------------------------------------------------------

// Loads the IDT and the SYSCALL registers of this processor, and puts CLAC and STAC where they belong when it
// has SMAP. After init_features(), before init_address_map() (which makes the text read-only).
void init_traps();

// Whether `rip` is one of the instructions of user_copy.asm that may fault: the only places where the kernel
// touches user memory. A page fault on a user address from anywhere else in the kernel is a bug, whatever is
// mapped there.
bool is_user_copy(uint64_t rip);
// When is_user_copy(frame.rip): lets it continue at its recovery point (the copy then reports how much is
// missing) and returns true. Only for faults on user addresses; the callers' range check keeps all others
// out.
bool recover_from_user_copy(TrapFrame &frame);

// A trap in kernel mode that nothing explains: panics with the best reason it can give.
[[noreturn]] void panic_unhandled(const TrapFrame &frame);

// "page fault", "divide error", …
std::string_view exception_name(uint64_t vector);

// Device interrupts: takes a free vector, and calls `handler(context)` with interrupts off each time it
// fires. The end-of-interrupt is signalled by the caller of the handler. 0: no vector is left.
using InterruptHandler = void (*)(void *context);
uint8_t allocate_interrupt_vector(InterruptHandler handler, void *context);

} // namespace kernel
