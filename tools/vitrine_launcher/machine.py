"""Machine: the QEMU process, its two sockets, and its certain end.

QEMU gets a session of its own: the terminal's Ctrl-C and Ctrl-Z reach the launcher alone, and everything that
QEMU may have started can be killed as one process group.
"""
import os
import signal
import socket
import subprocess

from . import child


class Machine:
    """After start(): channel and log (sockets), errors (QEMU's stderr), and wait/terminate/kill."""

    def __init__(self):
        self.channel, self.channel_of_qemu_ = socket.socketpair()
        self.log, self.log_of_qemu_ = socket.socketpair()
        self.channel.setblocking(False)
        self.log.setblocking(False)
        self.errors = None
        self.status = None  # as subprocess has it: negative for a signal
        self.process_ = None

    @property
    def channel_fd(self):
        return self.channel_of_qemu_.fileno()

    @property
    def log_fd(self):
        return self.log_of_qemu_.fileno()

    def start(self, command, keep_fds):
        self.process_ = child.start(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=(self.channel_fd, self.log_fd, *keep_fds),
        )
        self.errors = self.process_.stderr
        os.set_blocking(self.errors.fileno(), False)

    def make_qemu_wait(self, guest_has_spoken=False):
        """From now on a full socket makes QEMU wait instead of losing data. False: too early, to be tried
        again.

        QEMU makes its ends non-blocking when it opens them, and what a virtconsole's write() does not take
        then is dropped (QEMU's hw/char/virtio-console.c, flush_buf). The flag belongs to the open file
        (fcntl(2), F_SETFL), which is ours as well as long as we keep these two: we wait for QEMU to set it,
        and take it back.
        """
        ends = (self.channel_of_qemu_, self.log_of_qemu_)
        if ends[0].fileno() < 0:
            return True
        if not guest_has_spoken and any(os.get_blocking(end.fileno()) for end in ends):
            return False
        for end in ends:
            end.setblocking(True)
        self.forget_the_other_ends_()
        return True

    def reap(self):
        """True when QEMU has ended; then everything else of its process group is killed as well."""
        if self.status is not None:
            return True
        # Without WNOWAIT the number of the process group could belong to somebody else before the kill.
        if os.waitid(os.P_PID, self.process_.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return False
        self.signal_group_(signal.SIGKILL)
        self.status = self.process_.wait()
        self.forget_the_other_ends_()
        return True

    def terminate(self):
        # A QEMU that waits for us in a write() hears nothing: closing the channel ends that write.
        self.channel.close()
        self.signal_group_(signal.SIGTERM)

    def kill(self):
        self.signal_group_(signal.SIGKILL)

    def pause(self):
        self.signal_group_(signal.SIGSTOP)

    def resume(self):
        self.signal_group_(signal.SIGCONT)

    def close(self):
        """Whatever happened before: afterwards nothing runs and nothing is open."""
        if self.process_ is not None and self.status is None:
            self.kill()
            self.status = self.process_.wait()
        self.forget_the_other_ends_()
        self.channel.close()
        self.log.close()
        if self.errors is not None:
            self.errors.close()

    def signal_group_(self, number):
        if self.process_ is not None and self.status is None:
            child.signal_group(self.process_, number)

    def forget_the_other_ends_(self):
        self.channel_of_qemu_.close()
        self.log_of_qemu_.close()
