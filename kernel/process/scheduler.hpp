// The scheduler: who runs next. Round robin: the runnable threads stand in a queue, each runs until it sleeps
// or its time slice is over, and then joins the end. A thread's nice value decides how long its slice is. A
// thread of the kernel that wakes goes to the front: others wait for what it does, and it is soon done.
//
// Programs are preempted on their way back to user mode; kernel code never is. Everything here is called with
// interrupts off.
#pragma once

#include "kernel/process/thread.hpp"

namespace kernel {

// A turn of a thread with nice value 0, when others wait for theirs; also how often the clock ticks while it
// runs. From twice that (-20) down to a twentieth (19).
inline constexpr uint64_t TimeSlice = 10'000'000; // ns

// Makes the code that calls it the kernel's first thread.
void init_scheduler();

// sched_yield(2): to the end of the queue.
void yield();

// The time slice is over: the same, but against the thread's will.
void preempt();

// Between two steps of long work for a program, holding no lock: lets interrupts in, and others have their
// turn. False when a signal waits, and the call should end with what it has done so far (signal(7)). Whatever
// was known about other processes must be looked up again.
bool continue_long_work();

// Makes a sleeping thread runnable; of a thread that has announced its sleep, the sleep does not begin.
void wake(Thread &thread);

// The same, and the thread has its turn before the current one goes on in user mode.
void wake_first(Thread &thread);

// --- For those who wait (wait_queue.cpp, block_wait.cpp), exec.cpp, exit.cpp

// Gives a new thread its first context: it will begin in its entry.
void prepare_thread(Thread &thread);

// Announces a sleep of the current thread: a wake() from now on counts. Then the caller looks once more at
// what it waits for, without doing anything that may sleep itself: there is one announcement a thread, and
// the inner sleep would use it up.
void prepare_sleep();
// Sleeps until wake() or the deadline; returns at once when wake() has come since prepare_sleep(). It may
// also return for no reason: a wake() that was meant for an earlier sleep comes late.
void sleep_until_woken(uint64_t deadline);
// The same without a deadline, for what only a disk or the end of another program can bring: told as
// state D in /proc. A signal wakes as any wake() does, and the caller may ask is_dying().
void sleep_uninterruptibly();
// Lets the current thread use `space` from now on, null: none. What it used before is loaded nowhere
// afterwards.
void use_address_space(mm::AddressSpace *space);
// Gives up the processor for ever; who runs next frees the thread.
[[noreturn]] void leave_dead_thread();

// The work that `thread` has to do before it goes on in user mode has changed.
void request_work(Thread &thread, uint32_t bits);

// How many threads are runnable or running (/proc/loadavg, sysinfo).
uint64_t runnable_count();
// Nanoseconds in which nobody was runnable (/proc/uptime).
uint64_t idle_nanoseconds();

} // namespace kernel
