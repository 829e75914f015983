"""Child processes that never outlive the launcher, and that can be killed with all that they started."""
import ctypes
import os
import signal
import subprocess

from .failure import Failure, reason
from .signals import Signals

PR_SET_PDEATHSIG = 1  # prctl(2)


def dying_with_us():
    """To be called in a child before its exec: it is killed by the kernel when the launcher dies."""
    libc = ctypes.CDLL(None)
    launcher = os.getpid()

    def die_with_the_launcher():
        signal.pthread_sigmask(signal.SIG_UNBLOCK, Signals.ENDING)  # run() has blocked them
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != launcher:  # it died before prctl
            os._exit(1)

    return die_with_the_launcher


def start(command, **how):
    """subprocess.Popen in a session of its own, killed by the kernel when the launcher dies."""
    try:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=dying_with_us(), **how
        )
    except (OSError, subprocess.SubprocessError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise Failure(f"cannot start {command[0]}: {why}") from error


def signal_group(process, number):
    """To the child and to what it started. The child must not have been waited for."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass


def run(command, *, patience, **how):
    """Wait for a child and return (status, what it printed); None when it took longer than patience."""
    process = None
    # A signal that ends us waits until there is a process to kill: an exception inside of Popen would lose it, and what
    # it starts would go on without us.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, Signals.ENDING)
    try:
        process = start(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **how)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        output = process.communicate(timeout=patience)[0]
        return process.returncode, output
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process is None:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        else:
            if process.returncode is None:
                signal_group(process, signal.SIGKILL)
                process.wait()
            process.stdout.close()
