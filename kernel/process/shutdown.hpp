// The machine is to stop before its programs have ended: init was sent a signal, as busybox's halt, poweroff
// and reboot do, or somebody has called reboot(2).
//
// All that runs is ended, and the run ends as it does after the last program. A restart is no different:
// there is nothing that the machine would do another time, and whoever wants that starts the launcher again.
#pragma once

#include "kernel/signal/signal_number.hpp"

#include <cstdint>

namespace kernel {

enum class Shutdown : uint8_t { None, Halt, PowerOff, Restart };

// Wakes init. `at_once`: programs are not asked to end before they are killed (reboot(2)). Does not sleep.
void request_shutdown(Shutdown kind, bool at_once);
// What busybox's init does about a signal: SIGUSR1 halts, SIGUSR2 turns off, SIGTERM restarts. Others:
// nothing.
void signal_init(Signal signal);

bool is_shutdown_requested();

// init's: ends all other processes, for the reason that was given or because the last program has ended.
void end_all_processes();

} // namespace kernel
