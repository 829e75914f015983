// What a parent learns of its children (wait(2)): that one has ended, was stopped, or goes on.
#pragma once

#include "kernel/process/process.hpp"

namespace kernel {

enum class ChildEvent : uint8_t { Ended, Stopped, Continued };

// The state of `child` has changed: the parent is sent SIGCHLD, as its sigaction(2) asks for it, and whoever
// waits is woken. `signal`: what stopped it; otherwise not used.
void notify_parent(Process &child, ChildEvent event, Signal signal = Signal::Stop);

// Which children are meant, and which of their news.
struct WaitSelection {
    enum class Who : uint8_t { Any, Process, Group };
    Who who = Who::Any;
    Pid id = 0;
    bool ended = false;
    bool stopped = false;   // WSTOPPED, WUNTRACED
    bool continued = false; // WCONTINUED
    bool keep = false;      // WNOWAIT: the next to ask is told the same
    bool dont_wait = false; // WNOHANG
    // Children that send something else than SIGCHLD when they end, or nothing (clone(2)).
    bool only_clones = false; // __WCLONE
    bool clones_too = false;  // __WALL
};

struct ChildReport {
    Pid pid = 0; // 0: there is no news yet (dont_wait)
    ChildEvent event = ChildEvent::Ended;
    ExitStatus status{};          // Ended
    Signal signal = Signal::Stop; // Stopped
    ResourceUsage usage{};        // its own and that of those it has waited for
};

// News of a child of `parent`; sleeps until there is some. Of one that has ended nothing is left then.
// NoChild. RestartSystem: a signal came first.
Result<ChildReport> wait_for_child(Process &parent, const WaitSelection &selection);

} // namespace kernel
