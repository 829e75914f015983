"""Starts an exhibit and hands back what it said: on Linux, or on Vitrine with VITRINE_RUNNER="tools/vitrine run"."""
import fcntl
import os
import pty
import re
import select
import shlex
import struct
import subprocess
import termios
import unittest

RUNNER = shlex.split(os.environ.get("VITRINE_RUNNER", ""))
DIRECTORY = os.path.abspath(os.path.join(os.environ.get("BUILD", "build"), "user"))
ON_LINUX = not RUNNER
LIMIT = 60  # seconds; a boot and an exhibit take two


def program(name):
    return os.path.join(DIRECTORY, name)


def status_of(returncode):
    """As a shell and the launcher say it: 128 + N for signal N."""
    return 128 - returncode if returncode < 0 else returncode


def run(name, *arguments, status=0, beside=None, **options):
    """The standard output of an exhibit that is not on a terminal. `beside`: on Vitrine, the arguments of a second
    one that starts together with it. Fails the test if the exit status is another than `status`."""
    together = ["--with", shlex.join([program(name), *beside])] if beside is not None else []
    done = subprocess.run([*RUNNER, *together, program(name), *arguments], stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=LIMIT, **options)
    if status_of(done.returncode) != status:
        raise AssertionError(f"{name} {arguments}: status {status_of(done.returncode)}, not {status}\n"
                             f"{done.stdout.decode()}\n{done.stderr.decode()}")
    return done.stdout.decode()


def run_with_swap(name, *arguments, memory, swap, count=1, status=0, language=None):
    """The standard output of an exhibit on a machine of Vitrine's with so much memory and swap, in MiB; `count`: so many
    of it together, the first one with the arguments."""
    together = ["--with", program(name)] * (count - 1)
    words = [*RUNNER, "--memory", str(memory), "--swap", str(swap), *together, program(name), *arguments]
    environment = {**os.environ, **({"VITRINE_LANG": language} if language else {})}
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT, env=environment)
    if status_of(done.returncode) != status:
        raise AssertionError(f"{words}: status {status_of(done.returncode)}, not {status}\n"
                             f"{done.stdout.decode()}\n{done.stderr.decode()}")
    return done.stdout.decode()


def last_words(name, *arguments, status):
    """The standard output of an exhibit that is killed, and what Vitrine says of it (nothing on Linux)."""
    lessons = ["--lessons"] if RUNNER else []
    done = subprocess.run([*RUNNER, *lessons, program(name), *arguments], stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=LIMIT)
    if status_of(done.returncode) != status:
        raise AssertionError(f"{name} {arguments}: status {status_of(done.returncode)}, not {status}\n"
                             f"{done.stdout.decode()}\n{done.stderr.decode()}")
    return done.stdout.decode(), done.stderr.decode()


def run_on_terminal(name, *arguments, term="xterm-256color", launcher=()):
    """What an exhibit writes to a terminal of 80 columns; on Vitrine with these options of the launcher's."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    attributes = termios.tcgetattr(theirs)
    attributes[1] &= ~termios.OPOST  # line ends as they were written
    termios.tcsetattr(theirs, termios.TCSANOW, attributes)
    process = subprocess.Popen([*RUNNER, *launcher, program(name), *arguments], stdin=theirs, stdout=theirs,
                               stderr=subprocess.DEVNULL, env={**os.environ, "TERM": term})
    os.close(theirs)
    output = b""
    try:
        while select.select([ours], [], [], LIMIT)[0]:
            piece = os.read(ours, 65536)
            if not piece:
                break
            output += piece
    except OSError:  # EIO: the last one at the other side is gone
        pass
    finally:
        os.close(ours)
        process.kill()
        process.wait()
    return output.decode()


def number(text):
    """1,048,576 -> 1048576; 0x1000 -> 4096."""
    return int(text.replace(",", ""), 0)


class ExhibitTest(unittest.TestCase):
    def find(self, pattern, text):
        """The groups of the one line that matches; more or fewer than one fail."""
        found = re.findall(pattern, text, re.M)
        self.assertEqual(len(found), 1, f"{pattern!r} in\n{text}")
        return found[0]
