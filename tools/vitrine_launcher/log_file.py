"""LogFile: what the kernel says on COM1 goes to a file; the line that says why it stopped is kept."""
import contextlib
import os
import re

from .failure import Failure, reason

# The two ways in which the kernel says its last word (and GRUB, when it could not start the kernel).
LAST_WORDS = (b"vitrine: panic: ", b"vitrine: refused: ")
TERMINAL_CONTROL = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][0-9A-Z]|\x1bc")
LONGEST_LINE = 4096
FLAGS = os.O_WRONLY | os.O_CREAT | os.O_NOCTTY | os.O_CLOEXEC


def open_private(path):
    """A file of its own for every run: two runs of one program at the same time do not mix theirs."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    while True:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        with contextlib.suppress(FileExistsError):  # somebody was faster
            return os.open(path, FLAGS | os.O_EXCL, 0o644)


class LogFile:
    """The file is created at once, so that a wrong name is found before anything starts."""

    def __init__(self, path, is_default):
        self.path = path
        self.last_words = {}  # one of LAST_WORDS -> the first such line's rest
        self.line_ = b""
        self.newest_ = []
        try:
            self.fd_ = open_private(path) if is_default else os.open(path, FLAGS | os.O_TRUNC, 0o644)
        except OSError as error:
            raise Failure(
                f"cannot write the log {path}: {reason(error)}: name another with --log FILE"
            ) from error

    def write(self, data):
        self.remember_(data)
        try:
            view = memoryview(data)
            while len(view):
                view = view[os.write(self.fd_, view) :]
        except OSError as error:
            raise Failure(
                f"cannot write the log {self.path}: {reason(error)}: make room, or name another "
                "with --log FILE"
            ) from error

    def close(self):
        if self.fd_ >= 0:
            self.remember_(b"\n")
            os.close(self.fd_)
            self.fd_ = -1

    def remember_(self, data):
        self.newest_ = (self.line_ + data).split(b"\n")
        *lines, rest = self.newest_
        for line in lines:
            line = TERMINAL_CONTROL.sub(b"", line).strip(b"\r")
            for beginning in LAST_WORDS:
                if line.startswith(beginning) and beginning not in self.last_words:
                    text = line[len(beginning) :].decode("utf-8", "replace").strip()
                    self.last_words[beginning] = text
        self.line_ = rest[:LONGEST_LINE]

    def shows(self, words):
        """Whether a line of the newest write has these words, even if it is not whole yet."""
        return any(words in line for line in self.newest_)

    @property
    def panic(self):
        return self.last_words.get(LAST_WORDS[0])

    @property
    def refusal(self):
        return self.last_words.get(LAST_WORDS[1])
