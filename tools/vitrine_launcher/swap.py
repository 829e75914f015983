"""--swap MIB and --swap-file FILE: disks that the kernel moves pages to, as mkswap(8) formats them.

What --swap makes is there for one run, in a file without a name: not even a launcher that was killed leaves it
behind. A file of the user's is used as it is: what would have to be formatted first is refused, for it may hold
something else.
"""
import contextlib
import os
import re
import shlex
import shutil
import struct
import tempfile

from . import child, disk
from .failure import Failure, one_line, reason
from .qemu import descriptor_path

MIB = 1 << 20
TOOL, PACKAGE = "mkswap", "util-linux"
SYSTEM_PATH = "/usr/sbin:/sbin"  # where it is, and which is not in the PATH of a plain user
# include/linux/swap.h, union swap_header: the first page ends with the signature; after 1024 bytes for boot blocks
# come the version and the number of the area's last page.
PAGE = 4096
SIGNATURE = b"SWAPSPACE2"
INFO = struct.Struct("<II")
INFO_AT = 1024
MOST_PAGES = 1 << 28  # mm/swap_slot.hpp
SWAPS = "/proc/swaps"  # proc(5): what this machine itself swaps to
# With --icount every run is the same, and so is what it finds on its disk.
UUID_FOR_ICOUNT = "76697472-696e-4e00-8000-000000000001"


def attach(disks, settings, resources, patience):
    """The disks, and behind them the swap areas of --swap-file and --swap."""
    found = list(disks)
    if settings.swap_file is not None:
        file = SwapFile(settings.swap_file)
        file.compare(found)
        found.append(file)
    if settings.swap is not None:
        found.append(resources.enter_context(private_area(settings.swap, settings.icount, patience)))
    return found


class SwapFile(disk.Disk):
    """An image that the user has formatted, and keeps."""

    WHAT = "swap file"
    is_swap = True

    def __init__(self, path):
        self.read_only_ = False
        self.path_ = path
        self.identity_ = None
        self.check_()

    def check_contents_(self, fd, size):
        page = os.pread(fd, PAGE, 0)
        again = f"{self.formatting_()} formats it anew"
        if page[PAGE - len(SIGNATURE) :] != SIGNATURE:
            raise self.refusal_(
                f"it has no swap signature: {self.formatting_()} gives it one, and what is in it now is lost"
            )
        version, last_page = INFO.unpack_from(page, INFO_AT)
        if version != 1:
            raise self.refusal_(f"its swap header has version {version:#x} instead of 1: {again}")
        if last_page >= MOST_PAGES:
            raise self.refusal_(f"its swap header says {last_page:#x} pages, and an area has at most 1 TiB")
        if (last_page + 1) * PAGE > size:
            raise self.refusal_(
                f"its swap header says {(last_page + 1) * PAGE} bytes, and there are {size}: {again}"
            )
        if self.is_swapped_to_(os.fstat(fd)):
            raise self.refusal_("this machine swaps to it itself")

    def advice_(self, error):
        return f": {self.making_()} makes one" if isinstance(error, FileNotFoundError) else ""

    def making_(self):
        return f"truncate -s 512M {shlex.quote(self.path_)} && {self.formatting_()}"

    def formatting_(self):
        command = TOOL if shutil.which(TOOL) else shutil.which(TOOL, path=SYSTEM_PATH) or f"/usr/sbin/{TOOL}"
        return f"{command} {shlex.quote(self.path_)}"

    @staticmethod
    def is_swapped_to_(status):
        try:
            with open(SWAPS, "rb") as file:
                names = [line.split()[0] for line in file.readlines()[1:] if line.strip()]
        except OSError:
            return False
        for name in names:
            # Blanks and the like are written as \040.
            name = re.sub(rb"\\([0-7]{3})", lambda digits: bytes([int(digits[1], 8)]), name)
            with contextlib.suppress(OSError):
                other = os.stat(name)
                if os.path.samestat(other, status) or other.st_rdev == status.st_rdev != 0:
                    return True
        return False


class PrivateArea:
    """A swap area that is open in the descriptor fd."""

    is_swap = True

    def __init__(self, fd):
        self.fds = (fd,)

    def arguments(self, number, io_uring):
        # Nobody needs it after the run: what the guest flushes need not reach a medium.
        return disk.drive(number, descriptor_path(self.fds[0]), io_uring, cache="unsafe")


@contextlib.contextmanager
def private_area(mebibytes, icount, patience):
    """A new one: only what the guest writes takes room on the host's file system."""
    tool = shutil.which(TOOL) or shutil.which(TOOL, path=SYSTEM_PATH)
    if tool is None:
        raise Failure(f"{TOOL} is not installed: apt-get install {PACKAGE} (or run tools/setup)")
    with contextlib.ExitStack() as resources:
        try:
            file = resources.enter_context(tempfile.TemporaryFile(prefix="vitrine.", buffering=0))
            os.ftruncate(file.fileno(), mebibytes * MIB)
        except OSError as error:
            raise Failure(
                f"cannot make a swap area of {mebibytes} MiB: {reason(error)}: set TMPDIR to a place with room"
            ) from error
        format_area(tool, file.fileno(), UUID_FOR_ICOUNT if icount else None, patience)
        yield PrivateArea(file.fileno())


def format_area(tool, fd, uuid, patience):
    command = [tool, *(["--uuid", uuid] if uuid else []), descriptor_path(fd)]
    # It warns of holes, which the host's own swapon would not take; ours are QEMU's business.
    result = child.run(command, patience=patience, pass_fds=(fd,), env=dict(os.environ, LC_ALL="C"))
    if result is None:
        raise Failure(f"{TOOL} did not end in time (--timeout)")
    status, printed = result
    if status != 0:
        lines = [line for line in printed.decode("utf-8", "replace").splitlines() if line.strip()]
        raise Failure(f"{TOOL} failed: {one_line(lines[-1] if lines else f'status {status}')}")
    if os.pread(fd, PAGE, 0)[PAGE - len(SIGNATURE) :] != SIGNATURE:
        raise Failure(f"{tool} wrote no swap signature: reinstall {PACKAGE}")
