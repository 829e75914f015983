"""Runs a command with some of its standard descriptors on a terminal and the others on pipes."""
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import fcntl
import time
import tty

from suite import COLUMNS, ROWS


def open_terminal() -> tuple[int, int]:
    """(ours, the program's), raw, so that bytes pass unchanged in both directions."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    return ours, theirs


def status_of(process: subprocess.Popen) -> int:
    code = process.wait()
    return 128 - code if code < 0 else code


def run_on_pipes(command: list[str], stdin: bytes, environment: dict[str, str], seconds: float):
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=environment, cwd="/")
    try:
        out, err = process.communicate(stdin, seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        raise
    return out, err, status_of(process)


def run(command: list[str], on_terminal: str, stdin: bytes, environment: dict[str, str], seconds: float):
    """(standard output, standard error, status). on_terminal has the digits of the descriptors on the terminal."""
    if not on_terminal:
        return run_on_pipes(command, stdin, environment, seconds)
    ours, theirs = open_terminal()
    pipe = {number: subprocess.PIPE for number in range(3) if str(number) not in on_terminal}
    ends = [pipe.get(number, theirs) for number in range(3)]
    process = subprocess.Popen(command, stdin=ends[0], stdout=ends[1], stderr=ends[2], env=environment, cwd="/",
                               start_new_session=True)
    os.close(theirs)
    if process.stdin:
        process.stdin.write(stdin)
        process.stdin.close()
    else:
        os.write(ours, stdin)
    outputs = {1: process.stdout.fileno() if process.stdout else ours}
    outputs[2] = process.stderr.fileno() if process.stderr else outputs[1]
    texts = {descriptor: b"" for descriptor in outputs.values()}
    waiting, limit = set(texts), time.monotonic() + seconds
    try:
        while waiting:
            if time.monotonic() > limit:
                raise subprocess.TimeoutExpired(command, seconds)
            for descriptor in select.select(waiting, [], [], 1)[0]:
                try:
                    more = os.read(descriptor, 65536)
                except OSError:  # a terminal whose other end is closed
                    more = b""
                if not more:
                    waiting.discard(descriptor)
                texts[descriptor] += more
    except subprocess.TimeoutExpired:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
        raise
    finally:
        status = status_of(process)
        os.close(ours)
    return texts[outputs[1]], texts[outputs[2]], status
