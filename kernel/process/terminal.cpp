// The rules of Linux's drivers/tty/tty_jobctrl.c.
#include "kernel/process/terminal.hpp"

#include "kernel/device/console.hpp"

#include <initializer_list>

namespace kernel {

namespace {

struct Terminal {
    Session *session = nullptr;
    Pid foreground = 0;
};
constinit Terminal terminal;

bool is_leader(const Process &process)
{
    return process.pid() == process.session_id();
}

// Null: none is in the foreground any more; its number may be that of a group elsewhere.
ProcessGroup *group_in_foreground()
{
    ProcessGroup *group = find_group(terminal.foreground);
    return group != nullptr && group->session == terminal.session ? group : nullptr;
}

// Who was in the foreground hears of it.
void tell_foreground(std::initializer_list<Signal> signals)
{
    if (group_in_foreground() == nullptr) return;
    for (Signal signal : signals) signal_group(terminal.foreground, signal);
}

void let_go()
{
    if (terminal.session != nullptr) terminal.session->has_terminal = false;
    terminal = {};
    console_take_signals(false);
}

} // namespace

bool has_terminal(const Process &process)
{
    return process.group()->session->has_terminal;
}

Result<void> take_terminal(Process &process, bool steal)
{
    Session *session = process.group()->session;
    if (is_leader(process) && terminal.session == session) return {};
    if (!is_leader(process) || session->has_terminal) return Errno::NotPermitted;
    if (terminal.session != nullptr && !steal) return Errno::NotPermitted;
    let_go();
    terminal = {session, process.group_id()};
    session->has_terminal = true;
    console_signal_hook = signal_from_terminal;
    return {};
}

Result<void> leave_terminal(Process &process)
{
    if (!has_terminal(process)) return Errno::NotTerminal;
    // Without threads of control of its own a process has its session's terminal or none: only a leader can
    // give it up, and then for all.
    if (!is_leader(process)) return {};
    tell_foreground({Signal::Hangup, Signal::Continue});
    let_go();
    return {};
}

void abandon_terminal(Process &leader)
{
    if (!is_leader(leader) || !has_terminal(leader)) return;
    tell_foreground({Signal::Hangup});
    let_go();
}

Result<Pid> foreground_group(const Process &process)
{
    if (!has_terminal(process)) return Errno::NotTerminal;
    return group_in_foreground() != nullptr ? terminal.foreground : 0;
}

Result<void> set_foreground_group(Process &process, Pid id)
{
    if (!has_terminal(process)) return Errno::NotTerminal;
    Result<void> allowed = check_foreground(process, Signal::TerminalOutput);
    if (allowed.error() == Errno::InputOutput)
        return Errno::NotTerminal; // as Linux says it here, and only here
    TRY_VOID(allowed);
    if (id < 0) return Errno::Invalid;
    const ProcessGroup *group = find_group(id);
    if (group == nullptr) return Errno::NoProcess;
    if (group->session != process.group()->session) return Errno::NotPermitted;
    terminal.foreground = id;
    // A shell does this. Until one does, Ctrl-C ends the run, for the person may have nothing else.
    console_take_signals(true);
    return {};
}

void signal_from_terminal(uint8_t number)
{
    if (number == 0 || number > SignalCount) return;
    tell_foreground({static_cast<Signal>(number)});
}

Result<Pid> terminal_session(const Process &process)
{
    if (!has_terminal(process)) return Errno::NotTerminal;
    return process.session_id();
}

Result<void> check_foreground(Process &process, Signal signal)
{
    if (!has_terminal(process) || terminal.foreground == 0) return {};
    const ProcessGroup &group = *process.group();
    if (group.id == terminal.foreground) return {};
    bool is_unheard = current_thread().blocked.contains(signal) ||
                      process.handlers().of(signal).handler == SignalAction::Ignore;
    if (is_unheard && signal == Signal::TerminalInput) return Errno::InputOutput;
    if (is_unheard) return {};
    if (group.is_orphaned(nullptr)) return Errno::InputOutput;
    signal_group(group.id, signal);
    return Errno::RestartSystem;
}

} // namespace kernel
