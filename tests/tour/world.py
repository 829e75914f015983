"""What the tour is to be (user/tour.txt, read here once more and by other means), and a terminal to see it on."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
ISO = os.path.join(BUILD, "vitrine.iso")
LAUNCHER = os.path.join(ROOT, "tools", "vitrine")
LIMIT = 240  # seconds; the tour takes ten on a machine with nothing else to do

with open(os.path.join(ROOT, "user", "tour.txt"), encoding="utf-8") as file:
    TEXT = re.sub("^ *#.*\n", "", file.read(), flags=re.M)
MEMORY = int(re.search(r"^memory (\d+)$", TEXT, re.M)[1])
SWAP = int(re.search(r"^swap (\d+)$", TEXT, re.M)[1])
EXHIBITS = re.findall("^([a-z]+)$", TEXT, re.M)
# (number, title, sentence, whether it dies), in the order of the tour.
RUNS = [
    (number, title, sentence, how == "dies")
    for number, block in enumerate(re.split("^[a-z]+$", TEXT, flags=re.M)[1:], 1)
    for sentence, how, title in re.findall("^    (.+)\n    (run|dies) (.+)$", block, re.M)
]


def boot(*options, swap=SWAP, iso=ISO, language=None, stdin=subprocess.DEVNULL):
    machine = ["--swap", str(swap)] if swap else []
    environment = {**os.environ, **({"VITRINE_LANG": language} if language else {})}
    return subprocess.run([LAUNCHER, "boot", "--lessons", *machine, *map(str, options), iso], stdin=stdin, capture_output=True,
                          text=True, timeout=LIMIT, env=environment)


class Terminal:
    """A command on a terminal of 80 columns of its own; with `output`, its standard output goes there instead."""

    def __init__(self, *command, output=None, **environment):
        self.master_, self.slave_ = pty.openpty()
        fcntl.ioctl(self.slave_, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.before = termios.tcgetattr(self.slave_)

        def take_terminal():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process_ = subprocess.Popen(
            command, cwd=ROOT, stdin=self.slave_, stdout=output or self.slave_, stderr=self.slave_,
            env={**os.environ, "TERM": "xterm", **environment}, preexec_fn=take_terminal)
        self.unseen_ = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process_.poll() is None:
            os.killpg(self.process_.pid, signal.SIGKILL)
            self.process_.wait()
        os.close(self.master_)
        os.close(self.slave_)

    def attributes(self):
        return termios.tcgetattr(self.slave_)

    def is_shown_within(self, seconds):
        return bool(select.select([self.master_], [], [], seconds)[0])

    def until(self, text):
        """What it shows up to `text`."""
        deadline = time.monotonic() + LIMIT
        while text.encode() not in self.unseen_:
            if not self.is_shown_within(0.1) and (self.process_.poll() is not None or time.monotonic() > deadline):
                raise AssertionError(f"{text!r} never came after {self.unseen_.decode()}")
            self.take_()
        shown, _, self.unseen_ = self.unseen_.partition(text.encode())
        return shown.decode() + text

    def press(self, keys):
        """When the keys are asked for one by one."""
        deadline = time.monotonic() + LIMIT
        while self.attributes()[3] & (termios.ICANON | termios.ECHO):
            if time.monotonic() > deadline:
                raise AssertionError("it waits for whole lines")
            time.sleep(0.002)
        os.write(self.master_, keys)

    def wait_until_stopped(self):
        os.waitid(os.P_PID, self.process_.pid, os.WSTOPPED)

    def resume(self):
        os.kill(self.process_.pid, signal.SIGCONT)

    def end(self):
        """(status, what it shows up to its end)."""
        deadline = time.monotonic() + LIMIT
        while self.process_.poll() is None or self.is_shown_within(0):
            if time.monotonic() > deadline:
                raise AssertionError(f"no end after {self.unseen_.decode()}")
            if self.is_shown_within(0.1):
                self.take_()
        return self.process_.returncode, self.unseen_.decode()

    def take_(self):
        if self.is_shown_within(0):
            self.unseen_ += os.read(self.master_, 65536)
