"""Relay: one loop, one thread, between our descriptors, QEMU's two sockets, the clock and the signals.

Nothing in it blocks. The guest's output is read only when the last of it was written: whoever is slow holds
up the other side, and nothing piles up here. Our input is read only when a program in the guest waits for
some, and no more than it asked for: what follows us on the same input (a shell's next command) finds the
rest.
"""
import errno
import os
import select
import signal
import time

from . import frames
from .failure import Failure, one_line, reason
from .output import OutputError, ReaderGone
from .signals import Interrupted

RECEIVE = 256 * 1024
FIRST_WORD_PATIENCE = 120.0  # seconds without a byte from the guest after the start
TERM_PATIENCE = 2.0  # from SIGTERM to SIGKILL
DRAIN_PATIENCE = 2.0  # from QEMU's end to the end of its sockets
BACKGROUND_PAUSE = 0.3  # between looks whether we are in the terminal's foreground again
SETUP_PAUSE = 0.004  # between looks whether QEMU has opened its sockets
LATE = "no end after {:g} seconds (--timeout): the programs were stopped"
NOT_BOOTED = "the UEFI firmware could not boot this: there is nothing for UEFI in it, or it is damaged"
SILENT = "the kernel said nothing for {:g} seconds: it did not start"
ERRORS_KEPT = 8192
# What a shell in the guest does with its jobs. Ctrl-\ and SIGTERM end the run in any case.
GUESTS_SIGNALS = (signal.SIGINT, signal.SIGTSTP)

READABLE = select.POLLIN | select.POLLHUP | select.POLLERR
WRITABLE = select.POLLOUT | select.POLLHUP | select.POLLERR


class Relay:
    """run() returns when QEMU has ended and all it sent is written, or raises Failure or Interrupted."""

    def __init__(
        self,
        machine,
        log,
        output,
        signals,
        keyboard,
        *,
        deadline,
        timeout,
        show_lessons,
        may_be_silent,
        recording=None,
        last_words_of_firmware=(),
    ):
        self.machine_ = machine
        self.log_ = log
        self.output_ = output
        self.signals_ = signals
        self.keyboard_ = keyboard
        self.deadline_ = deadline
        self.timeout_ = timeout
        self.show_lessons_ = show_lessons
        self.recording_ = recording
        self.last_words_of_firmware_ = last_words_of_firmware
        self.decoder_ = frames.Decoder()
        self.buffer_ = bytearray(RECEIVE)
        self.to_guest_ = memoryview(b"")
        self.wanted_ = 0  # bytes of input that the guest waits for
        self.input_asleep_until_ = 0.0
        self.signals_are_the_guests_ = False
        self.open_ = {"channel", "log", "errors"}
        self.set_up_ = False
        self.first_word_by_ = None if may_be_silent else time.monotonic() + FIRST_WORD_PATIENCE
        self.kill_at_ = None
        self.drained_by_ = None
        self.stopped_by_ = None  # the exception that ends the run once QEMU is gone
        self.program_status = None
        self.kernel_spoke = False
        self.errors = b""

    # ---- the loop ----

    def run(self):
        while not self.finished_():
            self.poll_()
        if self.stopped_by_ is not None:
            raise self.stopped_by_
        if self.decoder_.inside_a_frame:
            raise Failure("the kernel's last frame on the channel is cut off")

    def finished_(self):
        ended = self.machine_.reap()
        now = time.monotonic()
        if ended and self.drained_by_ is None and self.output_.waiting_fd is None:
            self.drained_by_ = now + DRAIN_PATIENCE
        if self.stopped_by_ is None:
            if self.deadline_ is not None and now >= self.deadline_:
                self.stop_(Failure(LATE.format(self.timeout_)))
            elif self.first_word_by_ is not None and now >= self.first_word_by_ and not ended:
                self.stop_(Failure(SILENT.format(FIRST_WORD_PATIENCE)))
        if self.kill_at_ is not None and now >= self.kill_at_:
            self.machine_.kill()
        if not ended:
            return False
        if self.stopped_by_ is not None:
            return True
        # A reader of ours may be slow for as long as it likes; QEMU's sockets have no reason to stay open in
        # silence.
        return self.output_.waiting_fd is None and (not self.open_ or now >= self.drained_by_)

    def poll_(self):
        actions = {}
        poll = select.poll()

        def watch(fd, mask, action):
            actions[fd] = action
            poll.register(fd, mask)

        waiting = self.output_.waiting_fd
        watch(self.signals_.fd, select.POLLIN, self.take_signals_)
        if "log" in self.open_:
            watch(self.machine_.log.fileno(), select.POLLIN, self.read_log_)
        if "errors" in self.open_:
            watch(self.machine_.errors.fileno(), select.POLLIN, self.read_errors_)
        if "channel" in self.open_:
            mask = (select.POLLIN if waiting is None else 0) | (select.POLLOUT if len(self.to_guest_) else 0)
            if mask:
                watch(self.machine_.channel.fileno(), mask, self.serve_channel_)
        if self.wanted_ and self.stopped_by_ is None and time.monotonic() >= self.input_asleep_until_:
            watch(0, select.POLLIN, self.read_input_)
        if waiting is not None:
            watch(waiting, select.POLLOUT, lambda _: self.guarded_(self.output_.flush))
        for fd, event in poll.poll(self.patience_()):
            if event & select.POLLNVAL:
                raise Failure(f"a descriptor of the launcher's was closed: {fd}")
            actions[fd](event)
        if not self.set_up_:
            self.set_up_ = self.machine_.make_qemu_wait()

    def patience_(self):
        """Milliseconds to the next thing that the clock has to do."""
        moments = [self.kill_at_, self.drained_by_]
        now = time.monotonic()
        if self.stopped_by_ is None:
            moments += [self.deadline_, self.first_word_by_]
        if self.wanted_ and self.input_asleep_until_ > now:
            moments.append(self.input_asleep_until_)
        if not self.set_up_:
            moments.append(now + SETUP_PAUSE)
        moments = [moment for moment in moments if moment is not None]
        return max(0, (min(moments) - now) * 1000 + 1) if moments else None

    # ---- from the guest ----

    def serve_channel_(self, event):
        if event & select.POLLOUT:
            self.send_input_()
        if event & READABLE and self.output_.waiting_fd is None and "channel" in self.open_:
            self.read_channel_()

    def read_channel_(self):
        try:
            size = self.machine_.channel.recv_into(self.buffer_)
        except (BlockingIOError, InterruptedError):
            return
        except ConnectionError:
            size = 0
        if size == 0:
            self.open_.discard("channel")
            return
        self.guest_spoke_()
        self.drained_by_ = None
        self.guarded_(lambda: self.take_frames_(memoryview(self.buffer_)[:size]))

    def take_frames_(self, data):
        gathered, target = [], None
        for kind, piece in self.decoder_.feed(data):
            if kind == frames.STATUS:
                if self.program_status is not None:
                    raise frames.ProtocolError("the kernel sent two exit statuses")
                self.program_status = piece
                continue
            if kind == frames.WANT_INPUT:
                self.want_input_(int.from_bytes(piece, "little"))
                continue
            if kind == frames.TERMINAL_MODE:
                self.take_terminal_mode_(piece[0])
                continue
            if kind == frames.REFERENCES:
                if self.recording_ is None:
                    raise frames.ProtocolError("the kernel recorded references, and nobody asked for them")
                self.recording_.take(piece)
                continue
            if kind == frames.LESSON:
                if not self.show_lessons_:
                    continue
                piece = piece.rstrip(b"\n") + b"\n"
            fd = 1 if kind == frames.STDOUT else 2
            if fd != target and gathered:
                self.output_.put(target, b"".join(gathered))
                gathered = []
            target = fd
            gathered.append(piece)
        if gathered:
            self.output_.put(target, gathered[0] if len(gathered) == 1 else b"".join(gathered))

    def take_terminal_mode_(self, mode):
        self.keyboard_.set(
            lines=mode & frames.LINES, echo=mode & frames.ECHO, signals=mode & frames.SIGNALS
        )
        self.signals_are_the_guests_ = bool(mode & frames.FOREGROUND)

    def read_log_(self, _):
        try:
            data = self.machine_.log.recv(RECEIVE)
        except (BlockingIOError, InterruptedError):
            return
        except ConnectionError:
            data = b""
        if not data:
            self.open_.discard("log")
            return
        self.guest_spoke_()
        self.drained_by_ = None
        self.guarded_(lambda: self.take_log_(data))

    def take_log_(self, data):
        self.log_.write(data)
        # It would wait for somebody at its keyboard now.
        if any(self.log_.shows(words) for words in self.last_words_of_firmware_):
            raise Failure(NOT_BOOTED)

    def read_errors_(self, _):
        try:
            data = os.read(self.machine_.errors.fileno(), RECEIVE)
        except BlockingIOError:
            return
        if not data:
            self.open_.discard("errors")
        self.errors = (self.errors + data)[-ERRORS_KEPT:]

    def guest_spoke_(self):
        self.kernel_spoke = True
        self.first_word_by_ = None
        if not self.set_up_:
            self.set_up_ = self.machine_.make_qemu_wait(guest_has_spoken=True)

    # ---- to the guest ----

    def want_input_(self, count):
        if self.wanted_ or count == 0:
            raise frames.ProtocolError("the kernel asked for input twice, or for none")
        self.wanted_ = min(count, frames.LARGEST_PAYLOAD)

    def read_input_(self, _):
        if self.stopped_by_ is not None:
            return
        try:
            data = os.read(0, self.wanted_)
        except InterruptedError:
            return
        except OSError as error:
            if error.errno in (errno.EIO, errno.EAGAIN):
                # EIO: a terminal whose foreground is somebody else's (tty(4); SIGTTIN is ignored). EAGAIN:
                # another process made our input non-blocking. Both pass.
                self.input_asleep_until_ = time.monotonic() + BACKGROUND_PAUSE
                return
            data = b""  # a directory, for one: the program would get an error, here it gets the end
        self.wanted_ = 0
        self.send_(frames.encode(frames.STDIN if data else frames.STDIN_END, data))

    def send_(self, frame):
        self.to_guest_ = memoryview(bytes(self.to_guest_) + frame)
        self.send_input_()

    def send_input_(self):
        try:
            sent = self.machine_.channel.send(self.to_guest_)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:  # QEMU has gone; the loop will see it
            sent = len(self.to_guest_)
        self.to_guest_ = self.to_guest_[sent:]

    # ---- the end ----

    def guarded_(self, action):
        """Failures inside the loop stop QEMU first and are raised when it has gone."""
        try:
            action()
        except ReaderGone:
            self.stop_(Interrupted(signal.SIGPIPE))
        except OutputError as error:
            self.stop_(Failure(f"cannot write {error.name}: {reason(error.error)}"))
        except frames.ProtocolError as error:
            self.stop_(Failure(str(error)))
        except Failure as failure:
            self.stop_(failure)

    def stop_(self, why):
        if self.stopped_by_ is not None:
            return
        self.stopped_by_ = why
        self.open_.discard("channel")
        self.output_.discard()
        self.machine_.terminate()
        self.kill_at_ = time.monotonic() + TERM_PATIENCE

    def take_signals_(self, _):
        for number in self.signals_.take():
            if number in GUESTS_SIGNALS and self.signals_are_the_guests_ and self.stopped_by_ is None:
                self.send_(frames.encode(frames.SIGNAL, bytes([number])))
            elif number == signal.SIGTSTP:
                self.stop_with_the_job_()
            elif number in self.signals_.ENDING:
                if self.stopped_by_ is None:
                    self.stop_(Interrupted(number))
                else:
                    self.machine_.kill()  # asked twice: no more patience

    def stop_with_the_job_(self):
        """Ctrl-Z: QEMU stands still as well, and so does --timeout's clock."""
        before = time.monotonic()
        self.machine_.pause()
        with self.keyboard_.handed_back():
            os.kill(os.getpid(), signal.SIGSTOP)
        self.machine_.resume()
        if self.deadline_ is not None:
            self.deadline_ += time.monotonic() - before
        if self.first_word_by_ is not None:
            self.first_word_by_ += time.monotonic() - before

    def last_error(self):
        """QEMU's last line on its standard error, without its name before it."""
        lines = [line for line in self.errors.decode("utf-8", "replace").splitlines() if line.strip()]
        return one_line(lines[-1].removeprefix("qemu-system-x86_64: ")) if lines else ""
