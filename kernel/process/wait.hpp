// What a parent learns of its children (wait(2)): that one has ended, was stopped, or goes on.
#pragma once

#include "kernel/process/process.hpp"

namespace kernel {

enum class ChildEvent : uint8_t { Ended, Stopped, Continued };

// The state of `child` has changed: the parent is sent SIGCHLD, as its sigaction(2) asks for it, and whoever
// waits is woken. `signal`: what stopped it; otherwise not used.
void notify_parent(Process &child, ChildEvent event, Signal signal = Signal::Stop);

} // namespace kernel
