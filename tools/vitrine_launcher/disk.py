"""--disk FILE[,ro]: a raw image that QEMU gives the machine as a virtio disk.

What can be wrong with it is said here, in one line, before QEMU starts.
"""
import errno
import fcntl
import os
import stat
import struct

from .failure import Failure, reason

SECTOR = 512
MOST = 26
# Where QEMU puts its locks (block/file-posix.c, RAW_LOCK_PERM_BASE, RAW_LOCK_SHARED_BASE) for the permission to write
# (BLK_PERM_WRITE, bit 1): a byte locked says that somebody writes; that somebody wants nobody else to.
WRITES, FORBIDS_WRITING = 101, 201
IO_URING_SETUP = 425  # the system call, x86-64
QEMU_ENTRIES = 128  # block/io_uring.c, MAX_ENTRIES
FLOCK = "hhqqi"  # struct flock of x86-64: l_type, l_whence, l_start, l_len, l_pid


def open_all(texts):
    """The disks of all --disk options."""
    disks = [Disk(text) for text in texts]
    for number, disk in enumerate(disks):
        disk.compare(disks[:number])
    return disks


class Disk:
    WHAT = "disk"
    is_swap = False
    fds = ()  # that QEMU must inherit

    def __init__(self, text):
        path, comma, mode = text.rpartition(",")
        self.read_only_ = comma == "," and mode == "ro"
        self.path_ = path if self.read_only_ else text
        self.identity_ = None
        self.check_()

    def refusal_(self, why):
        return Failure(f"cannot use the {self.WHAT} {self.path_}: {why}")

    def check_(self):
        name = self.path_
        try:
            # O_NONBLOCK: a FIFO would wait for its other end.
            flags = (os.O_RDONLY if self.read_only_ else os.O_RDWR) | os.O_NONBLOCK | os.O_CLOEXEC
            fd = os.open(name, flags)
        except OSError as error:
            raise self.refusal_(f"{reason(error)}{self.advice_(error)}") from error
        try:
            status = os.fstat(fd)
            if not (stat.S_ISREG(status.st_mode) or stat.S_ISBLK(status.st_mode)):
                raise self.refusal_("it is neither a file nor a block device")
            self.identity_ = (status.st_dev, status.st_ino)
            size = os.lseek(fd, 0, os.SEEK_END)
            if size == 0:
                raise self.refusal_(f"it is empty: {self.making_()} makes it larger")
            if size % SECTOR:
                raise self.refusal_(
                    f"its size, {size} bytes, is not a multiple of {SECTOR}: "
                    f"truncate -s %{SECTOR} {name} makes it larger"
                )
            if self.is_in_use_(fd):
                raise self.refusal_("another machine is using it")
            self.check_contents_(fd, size)
        finally:
            os.close(fd)

    def check_contents_(self, fd, size):
        """A disk may hold anything."""

    def compare(self, others):
        for other in others:
            if other.identity_ == self.identity_ and not (other.read_only_ and self.read_only_):
                raise Failure(f"the disk {self.path_} is named twice: only ,ro disks can be shared")

    def advice_(self, error):
        if error.errno == errno.ENOENT:
            return f": {self.making_()} makes one"
        if error.errno in (errno.EACCES, errno.EROFS) and not self.read_only_ and os.access(self.path_, os.R_OK):
            return f": say --disk {self.path_},ro if it is not to be written"
        return ""

    def making_(self):
        return f"truncate -s 64M {self.path_}"

    def is_in_use_(self, fd):
        """Whether QEMU would fail to get its locks; where locks do not work it does without."""
        if self.is_locked_(fd, WRITES):
            return True
        return not self.read_only_ and self.is_locked_(fd, FORBIDS_WRITING)

    @staticmethod
    def is_locked_(fd, byte):
        wanted = struct.pack(FLOCK, fcntl.F_WRLCK, os.SEEK_SET, byte, 1, 0)
        try:
            found = fcntl.fcntl(fd, fcntl.F_OFD_GETLK, wanted)
        except OSError:
            return False
        return struct.unpack(FLOCK, found)[0] != fcntl.F_UNLCK

    def arguments(self, number, io_uring):
        """QEMU's arguments for the disk, the number-th from 0."""
        # Writes are with the host when they are done, and on its medium after a flush.
        return drive(number, os.path.abspath(self.path_), io_uring, cache="writeback", read_only=self.read_only_)


def drive(number, path, io_uring, *, cache, read_only=False):
    """QEMU's arguments for an image as the number-th disk from 0."""
    path = path.replace(",", ",,")
    name = f"disk{number}"
    return [
        "-drive",
        # An error of the host's goes to the guest, instead of stopping the machine.
        f"if=none,id={name},format=raw,file={path},cache={cache},werror=report,rerror=report"
        + (",aio=io_uring" if io_uring else "")
        + (",readonly=on" if read_only else ""),
        "-device",
        # What the host has in memory, io_uring does at once, while the guest's processor waits: no other thread
        # has to wake up, which costs several times what a small request does. Without it one has to, and then
        # handing over the request in that thread, too, is faster.
        f"virtio-blk-pci,drive={name},disable-legacy=on,serial={name}"
        + (",ioeventfd=off" if io_uring else ",ioeventfd=on"),
    ]


def device_path(number):
    """What the kernel calls the number-th disk from 0 (kernel/device/disks.hpp: vda to vdz)."""
    if number >= MOST:
        raise Failure(f"these are more than {MOST} disks, the most that the kernel has names for: leave some out")
    return f"/dev/vd{chr(ord('a') + number)}"


def can_use_io_uring(qemu):
    """Whether this QEMU and this kernel have it: containers and administrators often forbid it."""
    import ctypes
    import mmap

    try:
        # QEMU has no way to be asked; one that has it is linked with the library.
        with open(qemu, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as binary:
            if binary.find(b"liburing.so") < 0:
                return False
        parameters = ctypes.create_string_buffer(120)  # struct io_uring_params, all zeros
        ring = ctypes.CDLL(None).syscall(IO_URING_SETUP, QEMU_ENTRIES, parameters)
    except (OSError, ValueError):
        return False
    if ring < 0:
        return False
    os.close(ring)
    return True


def arguments(disks, qemu):
    """QEMU's arguments for all disks."""
    io_uring = bool(disks) and can_use_io_uring(qemu)
    return [argument for number, each in enumerate(disks) for argument in each.arguments(number, io_uring)]


def without_firmware(disks):
    """Arguments for a machine that does not boot from a disk: SeaBIOS leaves them alone.

    Otherwise it takes memory for each from the end of RAM, where with four of them the archive is that QEMU's PVH loader
    put there (128 KiB below the end).
    """
    return ["-boot", "strict=on"] if disks else []


def words(disks, settings):
    """Words for the kernel's command line.

    A swap area is a disk that the kernel is told to use as one. With --icount the clock does not wait for a disk:
    it jumps to the next alarm, which would be the one that says that the disk has taken too long.
    """
    found = [f"swap={device_path(number)}" for number, each in enumerate(disks) if each.is_swap]
    if disks and settings.icount and not any(text.startswith("disk_timeout=") for text in settings.option):
        found.append("disk_timeout=0")
    return found
