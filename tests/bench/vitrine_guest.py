"""Vitrine in QEMU, through tools/vitrine: all groups in one boot, a process per group, as on Linux."""
import array
import os
import pathlib
import shlex

from .boot import Boot, run_qemu
from .metrics import GROUPS, ZEROING_GROUPS

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS = 240
FILE_WORDS = (16 << 20) // 8
DISK = "/dev/vda"


class VitrineGuest:
    MACHINE = ()  # options of tools/vitrine

    def __init__(self, build):
        self.membench_ = os.path.abspath(f"{build}/bench/membench")
        self.log_ = os.path.abspath(f"{build}/log/bench.log")
        self.file_ = os.path.abspath(f"{build}/bench/file.dat")
        make_file(self.file_)

    def command(self, icount, hz, groups=GROUPS, options=()):
        """tools/vitrine's command line."""
        runs = [[self.membench_, f"hz={hz}", *options, *options_of(group), group] for group in groups]
        then = [word for run in runs[1:] for word in ("--then", shlex.join(run))]
        return [str(ROOT / "tools/vitrine"), "run", *(["--icount"] if icount else []), *self.MACHINE, "--timeout", str(SECONDS),
                "--log", self.log_, "--add", f"{self.file_}=/bench/file.dat", *then, *runs[0]]

    def boot(self, icount, hz, groups=GROUPS, options=()):
        command = self.command(icount, hz, groups, options)
        output, seconds = run_qemu(command, SECONDS + 30)
        return Boot(output, seconds, command)


class PlainVitrineGuest(VitrineGuest):
    """Vitrine on a processor without AVX, where it zeroes pages as Linux does, with rep stosq."""

    MACHINE = ("--cpu", "max,la57=off,erms=off,fsrm=off,avx=off")

    def boot(self, icount, hz, groups=ZEROING_GROUPS, options=()):
        return super().boot(icount, hz, groups, options)


def options_of(group):
    """Vitrine's files cannot be written: the one for group file comes with the archive."""
    return {"file": ["file=/bench/file.dat"], "blk": [f"dev={DISK}"]}.get(group, [])


def make_file(path):
    """The content that membench/group_file.c expects."""
    if os.path.exists(path) and os.path.getsize(path) == FILE_WORDS * 8:
        return
    words = array.array("Q", ((w * 0x9E3779B97F4A7C15 + 1) & 0xFFFFFFFFFFFFFFFF for w in range(FILE_WORDS)))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "wb") as file:
        words.tofile(file)
    os.rename(path + ".new", path)
