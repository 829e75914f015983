"""Signals: they arrive as bytes on a pipe (signal.set_wakeup_fd), where the relay's loop sees them."""
import os
import signal


class Interrupted(BaseException):
    """The run was ended by a signal of ours: the status is 128 and its number, as a shell has it."""

    def __init__(self, number):
        super().__init__(number)
        self.status = 128 + number


class Signals:
    """A context: the handlers are as they were when it is left."""

    ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)

    def __enter__(self):
        self.fd, self.write_fd_ = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self.before_ = {}
        for number in (*self.ENDING, signal.SIGTSTP):
            # What nohup(1) or a shell's `&` had ignored stays ignored.
            if signal.getsignal(number) != signal.SIG_IGN:
                self.before_[number] = signal.signal(number, lambda *_: None)
        self.before_[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        self.before_[signal.SIGTTIN] = signal.signal(signal.SIGTTIN, signal.SIG_IGN)
        self.wakeup_before_ = signal.set_wakeup_fd(self.write_fd_, warn_on_full_buffer=False)
        return self

    def __exit__(self, *_):
        signal.set_wakeup_fd(self.wakeup_before_)
        for number, handler in self.before_.items():
            signal.signal(number, handler)
        os.close(self.fd)
        os.close(self.write_fd_)

    def take(self):
        """The numbers of the signals that came."""
        try:
            return list(os.read(self.fd, 4096))
        except BlockingIOError:
            return []
