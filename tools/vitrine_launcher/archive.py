"""The initial archive: cpio in the "new ASCII" format (cpio(5), magic 070701), uncompressed.

First everything is named, so that its size is known before a byte is copied; then it is written. Parents come
before what is in them, so that the kernel can build its tree in one pass.
"""
import os
from dataclasses import dataclass

from .failure import Failure, reason

MAGIC = b"070701"
TRAILER = "TRAILER!!!"
HEADER_SIZE = 110
LARGEST_FIELD = 0xFFFFFFFF  # eight hexadecimal digits
DIRECTORY = 0o040000
REGULAR = 0o100000
SYMBOLIC_LINK = 0o120000
COPY_AT_ONCE = 1 << 20


@dataclass
class Entry:
    """One file of the guest; its content is data, or that of the host's file."""

    name: bytes
    mode: int
    mtime: int
    size: int
    data: bytes | None
    host_path: str | None
    source: object  # what it came from, to find contradictions

    def header_size(self):
        return padded(HEADER_SIZE + len(self.name) + 1)


class Archive:
    """Owner and group of everything are root: that is who runs it."""

    def __init__(self):
        self.entries_ = {}  # guest path -> Entry
        self.trailer_ = Entry(TRAILER.encode(), 0, 0, 0, b"", None, None)

    @property
    def size(self):
        entries = [*self.entries_.values(), self.trailer_]
        return sum(entry.header_size() + padded(entry.size) for entry in entries)

    def add_directory(self, path, status=None):
        """A directory and its parents. Its mode bits and time are those of `status`, the host's os.stat_result, whether
        it was there as something's parent or not; without one it is as parents are.
        """
        path = os.path.normpath(path)
        if not path.strip("/"):
            return
        self.add_(path, DIRECTORY | 0o755, 0, b"", source=DIRECTORY)
        if status is not None:
            entry = self.entries_[path]
            entry.mode = DIRECTORY | (status.st_mode & 0o7777)
            entry.mtime = time_field(status)

    def add_bytes(self, path, data, mode=0o644):
        """A file that exists nowhere but here."""
        self.add_(os.path.normpath(path), REGULAR | mode, 0, data, source=data)

    def add_link(self, path, target):
        """A symbolic link; the target is its content."""
        data = os.fsencode(target)
        self.add_(os.path.normpath(path), SYMBOLIC_LINK | 0o777, 0, data, source=("link", data))

    def add_file(self, path, host_path):
        """A file of the host."""
        status = os.stat(host_path)
        if status.st_size > LARGEST_FIELD:
            raise Failure(
                f"{host_path} has {status.st_size >> 20} MiB: the archive's format ends at 4 GiB a file"
            )
        # Reading is tried now, when nothing has been started.
        with open(host_path, "rb"):
            pass
        self.add_(
            os.path.normpath(path),
            REGULAR | (status.st_mode & 0o7777),
            time_field(status),
            None,
            size=status.st_size,
            host_path=host_path,
            source=(status.st_dev, status.st_ino),
        )

    def add_(self, path, mode, mtime, data, *, source, size=None, host_path=None):
        known = self.entries_.get(path)
        if known is not None:
            if source not in (known.source, self.source_behind_(path, known)):
                raise Failure(f"two different things are to be at {path} in the guest: leave one of them out")
            return
        self.add_directory(os.path.dirname(path))
        name = os.fsencode(path.lstrip("/"))
        self.entries_[path] = Entry(
            name, mode, mtime, len(data) if size is None else size, data, host_path, source
        )

    def source_behind_(self, path, entry):
        """What the file came from that a symbolic link leads to; of anything else nothing."""
        if entry.mode & 0o170000 != SYMBOLIC_LINK:
            return None
        target = self.entries_.get(os.path.normpath(os.path.join(os.path.dirname(path), os.fsdecode(entry.data))))
        return target and target.source

    def write(self, output):
        """Everything to a file object."""
        try:
            for inode, entry in enumerate(self.entries_.values(), start=1):
                self.write_entry_(output, entry, inode)
            self.write_entry_(output, self.trailer_, 0)
            output.flush()
        except OSError as error:
            raise Failure(
                f"cannot write the archive: {reason(error)}: make room, or leave files out"
            ) from error

    def write_entry_(self, output, entry, inode):
        links = 2 if entry.source == DIRECTORY else 1
        fields = (inode, entry.mode, 0, 0, links, entry.mtime, entry.size, 0, 0, 0, 0, len(entry.name) + 1, 0)
        header = MAGIC + b"".join(b"%08X" % field for field in fields) + entry.name + b"\0"
        output.write(header.ljust(entry.header_size(), b"\0"))
        if entry.host_path is None:
            output.write(entry.data)
        else:
            copy(entry, output)
        output.write(b"\0" * (padded(entry.size) - entry.size))


def time_field(status):
    """Of the last change, in whole seconds, as far as a field goes."""
    return max(0, min(int(status.st_mtime), LARGEST_FIELD))


def padded(size):
    return (size + 3) & ~3


def copy(entry, output):
    """Exactly the bytes that were announced, whatever has happened to the file since."""
    left = entry.size
    try:
        source = open(entry.host_path, "rb")
    except OSError as error:
        raise Failure(f"cannot read {entry.host_path}: {reason(error)}") from error
    with source:
        while left > 0:
            try:
                chunk = source.read(min(left, COPY_AT_ONCE))
            except OSError as error:
                raise Failure(f"cannot read {entry.host_path}: {reason(error)}") from error
            if not chunk:
                raise Failure(f"{entry.host_path} became shorter while it was read: try again")
            output.write(chunk)
            left -= len(chunk)
