"""Child processes that never outlive the launcher, and that can be killed with all that they started."""
import ctypes
import os
import signal
import subprocess

from .failure import Failure, reason

PR_SET_PDEATHSIG = 1  # prctl(2)


def dying_with_us():
    """To be called in a child before its exec: it is killed by the kernel when the launcher dies."""
    libc = ctypes.CDLL(None)
    launcher = os.getpid()

    def die_with_the_launcher():
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
    process = start(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **how)
    try:
        output = process.communicate(timeout=patience)[0]
        return process.returncode, output
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.returncode is None:
            signal_group(process, signal.SIGKILL)
            process.wait()
        process.stdout.close()
