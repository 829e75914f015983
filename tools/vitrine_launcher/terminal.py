"""Our terminal: what programs may know about it, and what they may set."""
import contextlib
import os
import termios

from .kernel_options import encode, word

ALWAYS_PASSED = ("TERM", "VITRINE_LANG")  # what kind of terminal; the language of the exhibits

LOCAL_FLAGS, CHARACTERS = 3, 6  # where tcgetattr(3) has c_lflag and c_cc
DISABLED = b"\0"  # _POSIX_VDISABLE


def describe():
    """The kernel options tty=, winsize= and env=TERM=…"""
    terminals = [fd for fd in (0, 1, 2) if os.isatty(fd)]
    words = [word("tty", "".join(str(fd) for fd in terminals))]
    for fd in sorted(terminals, key=(1, 2, 0).index):
        try:
            columns, lines = os.get_terminal_size(fd)
        except OSError:
            continue
        if columns > 0 and lines > 0:
            words.append(word("winsize", f"{columns}x{lines}"))
            break
    return words


def environment(settings):
    """env= words of --env K=V and --env K (our own value), and of ALWAYS_PASSED unless they speak of it."""
    chosen = {}
    for setting in [*ALWAYS_PASSED, *settings]:
        key, is_set, value = setting.partition("=")
        if not is_set:
            value = os.environ.get(key)
        if value is not None:
            chosen.pop(key, None)
            chosen[key] = value
    return [f"env={encode(key)}={encode(value)}" for key, value in chosen.items()]


class Keyboard:
    """The terminal on our standard input, when it is one, as programs in the guest set it (tcsetattr(3)): whole
    lines or every key at once, with echo or without, Ctrl-C and Ctrl-Z as signals or as keys; Ctrl-\\ always
    ends the run. Its other settings are its own, and in the end all are as they were. Nothing changes while it is in other hands: a background process that tries would be stopped.
    """

    def __init__(self, fd):
        self.fd_ = fd
        self.wanted_ = None  # c_lflag's two bits as they were last asked for
        self.signals_ = True
        self.before_ = None

    def set(self, *, lines, echo, signals=True):
        self.wanted_ = (termios.ICANON if lines else 0) | (termios.ECHO if echo else 0)
        self.signals_ = bool(signals)
        self.apply_()

    @contextlib.contextmanager
    def handed_back(self):
        """As it was before the run, for as long as the run stands still."""
        self.restore_()
        yield
        if self.wanted_ is not None:
            self.apply_()

    def close(self):
        self.restore_()

    def apply_(self):
        if not self.is_ours_():
            return
        attributes = termios.tcgetattr(self.fd_)
        if self.before_ is None:
            self.before_ = [*attributes[:CHARACTERS], list(attributes[CHARACTERS])]
        changed = termios.ICANON | termios.ECHO
        attributes[LOCAL_FLAGS] = attributes[LOCAL_FLAGS] & ~changed | self.wanted_
        for key in (termios.VINTR, termios.VSUSP):
            attributes[CHARACTERS][key] = self.before_[CHARACTERS][key] if self.signals_ else DISABLED
        termios.tcsetattr(self.fd_, termios.TCSADRAIN, attributes)

    def restore_(self):
        if self.before_ is not None and self.is_ours_():
            termios.tcsetattr(self.fd_, termios.TCSADRAIN, self.before_)
            self.before_ = None

    def is_ours_(self):
        try:
            return os.tcgetpgrp(self.fd_) == os.getpgrp()
        except OSError:  # not the terminal that controls us: then it stops nobody
            return os.isatty(self.fd_)
