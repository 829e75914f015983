"""Vitrine in QEMU, through tools/vitrine: all groups in one boot, a process per group, as on Linux."""
import array
import os
import pathlib
import shlex
import tempfile

from . import disks
from .boot import Boot, run_qemu
from .metrics import DISK_GROUPS, GROUPS, ZEROING_GROUPS

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS = 240
FILE_WORDS = (16 << 20) // 8


class VitrineGuest:
    MACHINE = ()  # options of tools/vitrine

    def __init__(self, build, more=()):
        self.more_ = list(more)
        self.membench_ = os.path.abspath(f"{build}/bench/membench")
        self.log_ = os.path.abspath(f"{build}/log/bench.log")
        self.file_ = os.path.abspath(f"{build}/bench/file.dat")
        self.tiny_ = os.path.abspath(f"{build}/bench/tiny")
        make_file(self.file_)

    def command(self, icount, hz, groups=GROUPS, options=(), machine=()):
        """tools/vitrine's command line; options are membench's, machine is tools/vitrine's."""
        runs = [[self.membench_, f"hz={hz}", *options, *options_of(group), group] for group in groups]
        # The file lies in the machine's memory, as does the program to execute.
        file = ["--add", f"{self.file_}=/bench/file.dat"] if "file" in groups else []
        file += ["--add", f"{self.tiny_}=/bin/tiny"] if "exec" in groups else []
        then = [word for run in runs[1:] for word in ("--then", shlex.join(run))]
        return [str(ROOT / "tools/vitrine"), "run", *(["--icount"] if icount else []), *self.MACHINE, *machine, *self.more_,
                "--timeout", str(SECONDS), "--log", self.log_, *file, *then, *runs[0]]

    def boot(self, icount, hz, groups=GROUPS, options=()):
        command = self.command(icount, hz, groups, options)
        output, seconds = run_qemu(command, SECONDS + 30)
        return Boot(output, seconds, command)


class PlainVitrineGuest(VitrineGuest):
    """Vitrine on a processor without AVX, where it zeroes pages as Linux does, with rep stosq."""

    MACHINE = ("--cpu", "max,la57=off,erms=off,fsrm=off,avx=off")

    def boot(self, icount, hz, groups=ZEROING_GROUPS, options=()):
        return super().boot(icount, hz, groups, options)


class VitrineDisks(VitrineGuest):
    """Vitrine with a disk to read and write and one to swap to."""

    def boot(self, icount, hz, groups=DISK_GROUPS, options=()):
        assert not icount, "a guest that waits for a disk counts nothing"
        with tempfile.TemporaryDirectory(dir=disks.memory_directory()) as directory:
            command = self.command(False, hz, groups, options, disks.vitrine_options(disks.make_raw(directory)))
            output, seconds = run_qemu(command, SECONDS + 30, environment={"TMPDIR": directory})
            shown = [word.replace(directory, "TMP") for word in ["TMPDIR=" + directory, *command]]
        return Boot(output, seconds, shown)


def options_of(group):
    """The file for group file comes with the archive: it is read, not made."""
    return {"file": ["file=/bench/file.dat"], "blk": [f"dev={disks.RAW}", "blkw=1"]}.get(group, [])


def make_file(path):
    """The content that membench/group_file.c expects."""
    if os.path.exists(path) and os.path.getsize(path) == FILE_WORDS * 8:
        return
    words = array.array("Q", ((w * 0x9E3779B97F4A7C15 + 1) & 0xFFFFFFFFFFFFFFFF for w in range(FILE_WORDS)))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "wb") as file:
        words.tofile(file)
    os.rename(path + ".new", path)
