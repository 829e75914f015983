"""Output: our standard output and error as the program's, in the order in which the program wrote.

Writing never blocks the launcher, which has a clock and a QEMU to watch. The descriptors are shared with
whoever started us, so their O_NONBLOCK flag is not ours to change: a pipe or terminal is opened a second time
instead.
"""
import collections
import os
import select
import socket
import stat

# pipe(7): when poll() calls a pipe writable there is room for PIPE_BUF bytes, so a write of that many does
# not block.
ATOMIC = select.PIPE_BUF


class Stream:
    """One descriptor to write to."""

    def __init__(self, fd, name):
        self.fd = fd
        self.name = name
        self.write_ = self.write_all_
        self.socket_ = None
        mode = os.fstat(fd).st_mode
        if stat.S_ISFIFO(mode) or os.isatty(fd):
            try:
                self.fd = os.open(
                    f"/proc/self/fd/{fd}", os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
                )
                self.write_ = os.write
            except OSError:
                self.write_ = self.write_a_little_
        elif stat.S_ISSOCK(mode):
            self.socket_ = socket.socket(fileno=os.dup(fd))
            self.write_ = self.send_

    def write(self, data):
        """How many bytes were taken, 0 when there is no room."""
        try:
            return self.write_(self.fd, data)
        except BlockingIOError:
            return 0

    @staticmethod
    def write_all_(fd, data):
        # A file or a device such as /dev/null: always "ready".
        return os.write(fd, data)

    @staticmethod
    def write_a_little_(fd, data):
        poll = select.poll()
        poll.register(fd, select.POLLOUT)
        return os.write(fd, data[:ATOMIC]) if poll.poll(0) else 0

    def send_(self, _, data):
        return self.socket_.send(data, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)


class Output:
    """A queue before both streams: what was written first leaves first, and a full pipe holds up everything
    behind it, as it would hold up the program.
    """

    def __init__(self, streams):
        self.streams_ = streams
        self.queue_ = collections.deque()  # (stream, memoryview)

    @property
    def waiting_fd(self):
        """The descriptor that must become writable, or None when all is written."""
        return self.queue_[0][0].fd if self.queue_ else None

    def put(self, fd, data):
        """data is used up or copied before put() returns."""
        stream = self.streams_[fd]
        data = memoryview(data)
        while not self.queue_ and len(data):
            taken = self.write_(stream, data)
            if taken == 0:
                break
            data = data[taken:]
        if len(data):
            self.queue_.append((stream, memoryview(bytes(data))))

    def flush(self):
        """Write what can be written now."""
        while self.queue_:
            stream, data = self.queue_[0]
            taken = self.write_(stream, data)
            if taken == 0:
                return
            if taken == len(data):
                self.queue_.popleft()
            else:
                self.queue_[0] = (stream, data[taken:])

    def discard(self):
        self.queue_.clear()

    @staticmethod
    def write_(stream, data):
        try:
            return stream.write(data)
        except BrokenPipeError as error:
            raise ReaderGone(stream.name) from error
        except OSError as error:
            raise OutputError(stream.name, error) from error


class ReaderGone(Exception):
    """EPIPE: whoever read our output has gone. A program would die of SIGPIPE."""


class OutputError(Exception):
    """Any other failure to write: a full disk, for instance."""

    def __init__(self, name, error):
        super().__init__(name)
        self.name = name
        self.error = error
