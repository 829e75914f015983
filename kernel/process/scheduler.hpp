// The scheduler: who runs next. Round robin: the runnable threads stand in a queue, each runs until it sleeps
// or its time slice is over, and then joins the end.
//
// Programs are preempted on their way back to user mode; kernel code never is. Everything here is called with
// interrupts off.
#pragma once

#include "kernel/process/thread.hpp"

namespace kernel {

// A turn, when others wait for theirs; also how often the clock ticks while a program runs.
inline constexpr uint64_t TimeSlice = 10'000'000; // ns

// Makes the code that calls it the kernel's first thread.
void init_scheduler();

// sched_yield(2): to the end of the queue.
void yield();

// Makes a sleeping thread runnable; of a thread that has announced its sleep, the sleep does not begin.
void wake(Thread &thread);

// --- For wait_queue.cpp, sleep.cpp, exit.cpp

// Announces a sleep: a wake() from now on counts.
void prepare_sleep(Thread &thread, bool interruptible);
// Sleeps until wake() or the deadline. Returns at once when wake() has come already.
void sleep_until_woken(uint64_t deadline);
// Gives up the processor for ever; the stack is freed by whoever runs next.
[[noreturn]] void leave_dead_thread();

// How many threads are runnable or running (/proc/loadavg, sysinfo).
uint64_t runnable_count();
// Nanoseconds in which nobody was runnable (/proc/uptime).
uint64_t idle_nanoseconds();

} // namespace kernel
