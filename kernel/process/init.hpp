// init: the process with pid 1, the root of the tree. It is the kernel's own thread that starts the programs
// which the options name and waits for them (programs.hpp); orphans become its children, and it waits for
// those too.
//
// It has no memory of its own: /proc/1 shows it as Linux shows a thread of the kernel.
#pragma once

#include "kernel/process/process.hpp"

namespace kernel {

inline constexpr Pid InitPid = 1;

// The current thread, which belongs to the kernel, is init from now on, with the default limits; `cwd` is
// where its children begin. Before any other process.
void become_init(Ref<Inode> cwd);

// After that.
Process &init_process();

// A program that the options name, not what such a one has started and left to init (as far as it does not
// lead a session of its own, as a daemon does).
bool is_started_by_init(const Process &process);

// A child of init that has ended, which the caller destroys; sleeps until there is one, or until the
// deadline, or until wake_init(): null.
Process *wait_for_child_of_init(uint64_t deadline);
void wake_init();

} // namespace kernel
