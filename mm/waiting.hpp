// The seam between mm/ and whoever runs threads: sleeping until a page has come or memory is free, waking,
// and how urgent a sleeper is. Two implementations, never linked together: kernel/process/memory_sleep.cpp on
// the scheduler, tests/host/waiting.cpp on a scheduler that tries interleavings, repeatably.
#pragma once

#include <cstdint>

namespace mm::waiting {

// A thread, as mm/ knows it: a handle.
using Thread = void *;

Thread current();

// Announces a sleep of the current thread: a wake() from now on counts. Then sleep() returns when wake() was
// called, at once if that has happened already; also for no reason, so the caller looks again at what it
// waits for. Nothing of mm/ is locked meanwhile, and everything known before may have changed.
void prepare();
void sleep();
// From anywhere, interrupts included.
void wake(Thread thread);
// Between two pieces of long work: interrupts come in, and others have their turn if they are due. As with
// sleep(), nothing is locked meanwhile. False: the thread is dying.
bool pause();

// How urgent the thread is: its nice value (setpriority(2)), -20 the most urgent, 19 the least. May change at
// any time; who changes it calls mm::priorities_changed().
int priority(Thread thread);
// Whether the thread is about to be ended by a signal: it waits for nothing any more.
bool is_dying(Thread thread);
// A number that people know it by, for the event log: the process's pid.
uint32_t id(Thread thread);

// Free memory has fallen below the low watermark: somebody should call mm::balance() soon, in a thread of its
// own. May be called with locks held; never sleeps.
void wake_reclaimer();

} // namespace mm::waiting
