"""A child in the terminal's foreground, as a shell has one: Ctrl-C and Ctrl-Z reach it, and not us nor the make
that started us."""
import contextlib
import os
import signal
import subprocess

from .child import dying_with_us
from .failure import Failure, reason


def run(command, **how):
    """Wait for a child that has our standard input; returns its status as subprocess has it."""
    terminal = terminal_of_ours()
    # A process that gives the terminal away, or takes it back, is stopped unless it ignores this (tty(4)).
    before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        process = start(command, terminal, **how)
        try:
            return wait(process, terminal)
        finally:
            if process.returncode is None:
                process.kill()
                process.wait()
            if terminal is not None:
                with contextlib.suppress(OSError):
                    os.tcsetpgrp(terminal, os.getpgrp())
    finally:
        signal.signal(signal.SIGTTOU, before)


def terminal_of_ours():
    """Standard input, when it is a terminal and we are in its foreground."""
    try:
        return 0 if os.tcgetpgrp(0) == os.getpgrp() else None
    except OSError:
        return None


def start(command, terminal, **how):
    stay = dying_with_us()

    def prepare():
        stay()
        if terminal is not None:
            os.setpgid(0, 0)
            os.tcsetpgrp(terminal, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)

    try:
        return subprocess.Popen(command, preexec_fn=prepare, **how)
    except (OSError, subprocess.SubprocessError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise Failure(f"cannot start {command[0]}: {why}") from error


def wait(process, terminal):
    """The child's end; when it is stopped (Ctrl-Z) our whole job is, until it is continued."""
    if terminal is None:
        return process.wait()
    while True:
        seen = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WSTOPPED | os.WNOWAIT)
        if seen.si_code != os.CLD_STOPPED:
            return process.wait()
        os.waitid(os.P_PID, process.pid, os.WSTOPPED)
        settings = os.tcgetpgrp(terminal)
        os.tcsetpgrp(terminal, os.getpgrp())
        os.killpg(os.getpgrp(), signal.SIGTSTP)  # here we stand, until somebody says `fg`
        os.tcsetpgrp(terminal, settings)
        os.killpg(process.pid, signal.SIGCONT)
