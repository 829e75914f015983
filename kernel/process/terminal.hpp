// The console as a controlling terminal (credentials(7), "Sessions"): of one session at a time, in which one
// group is in the foreground.
#pragma once

#include "kernel/process/process_group.hpp"

namespace kernel {

// TIOCSCTTY, and what a session leader without a terminal gets by opening one: the console becomes its
// session's. NotPermitted: it leads no session or has one already, or the console is another's, unless
// `steal`.
Result<void> take_terminal(Process &process, bool steal);
// TIOCNOTTY; its session's end as well: who is in the foreground hears SIGHUP and SIGCONT when a leader
// leaves it.
Result<void> leave_terminal(Process &process);
// A session leader ends.
void abandon_terminal(Process &leader);

bool has_terminal(const Process &process);
// TIOCGPGRP: 0 when no group is in the foreground. NotTerminal: it is not the process's terminal.
Result<Pid> foreground_group(const Process &process);
// TIOCSPGRP. NotTerminal; NoProcess: no such group; NotPermitted: one of another session. From the
// background: SIGTTOU, or NotTerminal when nobody could continue whom that stops.
Result<void> set_foreground_group(Process &process, Pid group);
// A key that makes a signal was typed: for the group in the foreground. From interrupt context too.
void signal_from_terminal(uint8_t number);
// TIOCGSID.
Result<Pid> terminal_session(const Process &process);

// A read from the background (SIGTTIN); a change of its settings from there (SIGTTOU). RestartSystem: the
// signal is sent. InputOutput: nobody could continue whom it stops, or it is ignored.
Result<void> check_foreground(Process &process, Signal signal);

} // namespace kernel
