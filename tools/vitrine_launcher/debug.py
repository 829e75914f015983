"""`vitrine debug`: a run that GDB holds from the first instruction on.

Two children: a launcher (`run --gdb`) for the machine and its output, and GDB in the terminal's foreground.
They meet at a Unix socket in a directory that only this user may enter: at a TCP port any user of this
computer could take over the machine and read the files that were handed to it, and two people would need two
ports.
"""
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from . import child, foreground, kernel_file, program
from .failure import Failure, one_line, reason
from .log_file import open_private

SCRIPT = os.path.join(kernel_file.ROOT, "tools", "gdb", "vitrine.py")
LAUNCHER = os.path.join(kernel_file.ROOT, "tools", "vitrine")
PATIENCE = 60.0  # for the launcher's socket, and for its end when the machine has ended
TERM_PATIENCE = 5.0
GREETING = (
    "The machine stands at its first instruction (the firmware's), and nothing has run yet.\\n"
    "Ours: translation, areas, frames, process, console, program (help NAME). A walk: docs/debugging.md\\n"
)


def debug(settings, passed_on):
    """passed_on: the options that are the launcher's, as words. Returns GDB's status."""
    if not settings.rest:
        raise Failure("no program is named: tools/vitrine debug PROGRAM [ARG...]")
    gdb = find_gdb()
    name = program.find(settings.rest[0])
    program.check(name)
    kernel = settings.kernel or kernel_file.default_path(settings.checked)
    kernel_file.memory_needed(kernel, settings.kernel is None, settings.checked)
    commands = read_commands(settings.batch)
    with contextlib.ExitStack() as resources:
        place = resources.enter_context(tempfile.TemporaryDirectory(prefix="vitrine-debug."))
        console = Console(resources)
        socket = os.path.join(place, "gdb")
        words = ["--icount", "--lessons", "--gdb", socket, "--log", console.log.path, *passed_on]
        launcher = child.start(
            [sys.executable, LAUNCHER, "run", *words, "--", *settings.rest],
            stdout=console.output.fd,
            stderr=console.output.fd,
        )
        resources.callback(end, launcher)
        wait_for_machine(launcher, console)
        left = os.path.join(place, "left")
        status = foreground.run(
            gdb_command(gdb, kernel, name, socket, commands),
            pass_fds=(console.output.fd, console.log.fd),
            env={**os.environ, **console.environment(), "VITRINE_DEBUG_LEFT": left},
        )
        if status >= 0 and not os.path.exists(left):
            tell_the_end(launcher, settings.rest[0], console)
        return status if status >= 0 else 128 - status


class Console:
    """build/debug/output (the program's output and error, and the lessons) and build/debug/log (the kernel's)."""

    class File:
        def __init__(self, name, resources):
            self.path = os.path.join(kernel_file.build_directory(), "debug", name)
            try:
                # A file of this run's own: another one that begins meanwhile does not write into it.
                os.close(open_private(self.path))
                self.fd = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
            except OSError as error:
                raise Failure(f"cannot write {self.path}: {reason(error)}") from error
            resources.callback(os.close, self.fd)

    def __init__(self, resources):
        self.output = self.File("output", resources)
        self.log = self.File("log", resources)

    def environment(self):
        """For tools/gdb/vitrine_gdb/console.py. Descriptors: the names may be another run's by now."""
        return {
            "VITRINE_DEBUG_OUTPUT": f"/proc/self/fd/{self.output.fd}",
            "VITRINE_DEBUG_LOG": f"/proc/self/fd/{self.log.fd}",
        }

    def failure(self):
        """What the launcher's last line says went wrong."""
        return self.last_line().removeprefix("vitrine: ")

    def last_line(self):
        text = os.pread(self.output.fd, 1 << 20, 0).decode("utf-8", "replace").strip()
        return text.splitlines()[-1] if text else ""


def find_gdb():
    gdb = shutil.which("gdb")
    if gdb is None:
        raise Failure("gdb is not installed: apt-get install gdb (or run tools/setup debug)")
    try:
        built = subprocess.run(
            [gdb, "--configuration"],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failure(f"{gdb} does not start: {error}: reinstall gdb") from error
    if b"--with-python" not in built or b"--without-python" in built:
        raise Failure(f"{gdb} was built without Python (Debian's gdb-minimal): apt-get install gdb")
    return gdb


def read_commands(path):
    """--batch FILE: one command of GDB's a line; None without it."""
    if path is None:
        return None
    try:
        with open(path, encoding="utf-8") as file:
            lines = [line.strip() for line in file]
    except (OSError, ValueError) as error:
        raise Failure(f"cannot read the commands in {path}: {error}") from error
    return [line for line in lines if line and not line.startswith("#")]


def gdb_command(gdb, kernel, name, socket, commands):
    # Before the kernel's symbols are read, for reading them is when GDB would ask and load things by itself.
    early = ["-iex", "set auto-load off", "-iex", "set debuginfod enabled off"]
    words = [gdb, "-nx", "-q", *early, "-x", SCRIPT]
    words += ["-ex", f'program "{name}"', "-ex", f"target remote {socket}"]
    if commands is None:
        return [*words, "-ex", f"echo {GREETING}", kernel]
    each = [word for command in commands for word in ("-ex", command)]
    return [*words, "-batch", "-ex", "set trace-commands on", *each, kernel]


def wait_for_machine(launcher, console):
    """Until the launcher has said where its machine waits, which only we need to know."""
    deadline = time.monotonic() + PATIENCE
    while "waiting for a debugger" not in console.last_line():
        if launcher.poll() is not None:
            raise Failure(console.failure() or "the launcher ended without a word")
        if time.monotonic() > deadline:
            raise Failure(f"the machine was not there after {PATIENCE:g} seconds")
        time.sleep(0.01)
    os.truncate(console.output.fd, 0)


def tell_the_end(launcher, name, console):
    """The machine ended before GDB did: how?"""
    try:
        status = launcher.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        return
    last = console.last_line()
    if status == 125 and last.startswith("vitrine: "):
        raise Failure(last.removeprefix("vitrine: "))
    shown = kernel_file.shown(console.output.path)
    print(f"{one_line(name)} ended with status {status}; its output is in {shown}", flush=True)


def end(launcher):
    """Whatever happened: neither the launcher nor its machine goes on."""
    if launcher.poll() is None:
        launcher.send_signal(signal.SIGTERM)
        try:
            launcher.wait(TERM_PATIENCE)
        except subprocess.TimeoutExpired:
            child.signal_group(launcher, signal.SIGKILL)
            launcher.wait()
