"""--record-references FILE: which pages the program used, as text for `make policies`, and its working set as a chart.

The kernel sends 64-bit words (kernel/device/channel.hpp, References). The file has no name until it is whole: nobody
sees a part of it, and a launcher that is killed leaves nothing behind. (On file systems where a file must have a name it
has another one until then.)
"""
import contextlib
import errno
import os
import secrets
import stat
import struct
import tempfile
import textwrap

from . import chart
from .failure import Failure, one_line, reason, report
from .frames import ProtocolError
from .working_set import WorkingSet

LEAST_INTERVAL, MOST_INTERVAL = 8, 1024  # mm/reference_recorder.hpp
USUAL_INTERVAL = 16
KIND_SHIFT = 62
VALUE = (1 << KIND_SHIFT) - 1
REFERENCE, TIME, END = 0, 1, 3
BUFFERED = 1 << 20
IN_A_LINE = 16
LONGEST_NAME = 72

HEAD = """\
# The pages that were used by: {program}
# Recorded by Vitrine (docs/recording.md). Intervals of {interval} pages: all pages are hidden, so that their first use is a page
# fault; when {interval} different ones were used, they are hidden again. Known is the order of first uses, and of first
# writes (w), in each interval; not how often a page was used in it. @: nanoseconds since the program's start; the last: its end.
"""


class Recording:
    def __init__(self, path, command, interval):
        """The file is begun at once, so that a wrong name is found before anything starts."""
        self.shown_ = path
        self.path_ = os.path.realpath(path)
        self.named_ = None  # what the file is called until it is whole
        words = [os.path.basename(command[0]), *command[1:]]
        self.program_ = textwrap.shorten(one_line(" ".join(words)), LONGEST_NAME, placeholder="…")
        self.interval_ = interval
        self.working_set_ = WorkingSet()
        self.rest_ = b""
        self.references_ = self.intervals_ = 0
        self.is_empty_ = False  # the present interval
        self.in_line_ = 0
        self.lost_ = None  # known at the end
        self.is_broken_ = False  # something could not be written: what follows is not the rest of a whole
        with self.failing_plainly_():
            for name, it in ((self.path_, "it"), (self.path_ + ".svg", f"{path}.svg, for the chart,")):
                if not is_file_or_nothing(name):
                    raise Failure(f"cannot record into {path}: {it} is not a regular file")
            self.file_ = os.fdopen(self.open_(), "w", encoding="utf-8", errors="backslashreplace", buffering=BUFFERED)
            self.file_.write(HEAD.format(program=self.program_, interval=interval))
            self.file_.flush()

    def open_(self):
        if os.path.exists(self.path_) and not os.access(self.path_, os.W_OK):
            raise PermissionError(0, "it may not be written")
        try:
            return os.open(os.path.dirname(self.path_), os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o644)
        except OSError as error:
            if error.errno not in (errno.EOPNOTSUPP, errno.EISDIR):  # open(2), O_TMPFILE
                raise
        new = self.other_name_()
        fd = os.open(new, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o644)
        self.named_ = new
        return fd

    # ---- while the program runs ----

    def take(self, data):
        """A piece of the kernel's stream of words."""
        data = self.rest_ + bytes(data)
        whole = len(data) & ~7
        self.rest_ = data[whole:]
        with self.failing_plainly_():
            for (word,) in struct.iter_unpack("<Q", data[:whole]):
                self.take_word_(word >> KIND_SHIFT, word & VALUE)

    def take_word_(self, kind, value):
        if self.lost_ is not None:
            raise ProtocolError("the kernel recorded a reference after the last one")
        if kind == REFERENCE and self.intervals_:
            self.references_ += 1
            self.is_empty_ = False
            self.working_set_.use(value >> 1)
            self.put_(f"{value >> 1:#x}{'w' if value & 1 else ''}")
        elif kind == TIME and value >= self.working_set_.end:
            self.intervals_ += 1
            self.is_empty_ = True
            self.working_set_.begin_interval(value)
            self.new_line_()
            self.put_(f"@{value}")
        elif kind == END:
            self.lost_ = value
            self.intervals_ -= self.is_empty_  # nothing came after the last time: it is that of the end
        else:
            raise ProtocolError(f"the kernel recorded {kind << KIND_SHIFT | value:#x}, which means nothing")

    def put_(self, word):
        if self.in_line_ == IN_A_LINE + 1:  # the time begins the first line
            self.new_line_()
        self.file_.write(f" {word}" if self.in_line_ else word)
        self.in_line_ += 1

    def new_line_(self):
        if self.in_line_:
            self.file_.write("\n")
        self.in_line_ = 0

    # ---- the end ----

    def finish(self):
        """Gives the file its name, and draws the chart; what there is, even if the run was cut off."""
        if self.is_broken_:
            return self.close()
        if self.references_ == 0:
            report(f"nothing was recorded: {self.shown_} is not written")
            return self.close()
        with self.failing_plainly_():
            self.new_line_()
            missing = self.what_is_missing_()
            if missing:
                self.file_.write(f"# {missing}\n")
            self.file_.flush()
            self.give_name_()
        sizes, window = self.working_set_.curve()
        picture = self.path_ + ".svg"
        with self.failing_plainly_(self.shown_ + ".svg"):
            write_whole(picture, chart.working_set_chart(self.program_, sizes, window))
        self.close()
        report(self.summary_(sizes, window))
        if missing:
            report(f"{self.shown_}: {missing}")

    def close(self):
        with contextlib.suppress(OSError):  # what could not be written then cannot be written now
            self.file_.close()
        if self.named_ is not None:
            with contextlib.suppress(OSError):
                os.unlink(self.named_)

    def give_name_(self):
        if self.named_ is None:
            new = self.other_name_()
            # (Python follows the link only when it is given a directory, which an absolute path does not need.)
            fd = self.file_.fileno()
            os.link(f"/proc/self/fd/{fd}", new, src_dir_fd=fd, follow_symlinks=True)
            self.named_ = new
        os.replace(self.named_, self.path_)
        self.named_ = None

    def other_name_(self):
        """One that nobody has, not even a launcher with the same process number in another container."""
        return os.path.join(os.path.dirname(self.path_), f".vitrine-{secrets.token_hex(8)}")

    def what_is_missing_(self):
        if self.lost_ is None:
            return "the recording is cut off here: the program did not end"
        return f"{self.lost_} references are missing: the launcher was too slow" if self.lost_ else ""

    def summary_(self, sizes, window):
        intervals = f"{self.intervals_:,} interval{'s' if self.intervals_ != 1 else ''} of {self.interval_}"
        largest = max(pages for _, pages in sizes)
        mean = sum(pages for _, pages in sizes) / len(sizes)
        return (
            f"recorded: {self.references_:,} references to {self.working_set_.page_count:,} pages in "
            f"{intervals}; working set of {window / 1e6:,.3g} ms: at most {largest:,} pages, {mean:,.0f} on average; "
            f"{self.shown_}, {self.shown_}.svg"
        )

    @contextlib.contextmanager
    def failing_plainly_(self, path=None):
        try:
            yield
        except OSError as error:
            self.is_broken_ = True
            raise Failure(
                f"cannot write the recording {path or self.shown_}: {reason(error)}: make room, or name another "
                "with --record-references FILE"
            ) from error


def is_file_or_nothing(path):
    """OSError when there can be no such file, as with a name that is too long."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except FileNotFoundError:
        return True


def write_whole(path, text):
    """The old file or the new one, never a part."""
    with tempfile.NamedTemporaryFile("w", dir=os.path.dirname(path), encoding="utf-8", delete=False) as file:
        try:
            file.write(text)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise
