"""The disks of a machine that is measured: one to read and write as it is, one to swap to. The same for both kernels.

Both are files in the host's memory, so that none of its disks is measured, and QEMU is given them by the launcher's
own words (tools/vitrine_launcher/disk.py): what waits for what differs by several times with how QEMU does the I/O.
"""
import os
import pathlib
import shutil
import subprocess
import sys

from .boot import BenchError

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from vitrine_launcher import disk  # noqa: E402 (the path had to be set first)

QEMU = "qemu-system-x86_64"
RAW, SWAP = disk.device_path(0), disk.device_path(1)  # as both kernels call them
MEMORY_MIB = 256
RAW_MIB = 256
SWAP_MIB = 1024
MIB = 1 << 20


def memory_directory():
    """Where files are in memory."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def make_raw(directory):
    """The path of the disk to read and write; what membench writes comes into being at its first repetition."""
    path = f"{directory}/raw.img"
    with open(path, "wb") as file:
        file.truncate(RAW_MIB * MIB)
    return path


def vitrine_options(raw):
    """For tools/vitrine; the swap area is where TMPDIR says."""
    return ["--memory", str(MEMORY_MIB), "--disk", raw, "--swap", str(SWAP_MIB)]


def qemu_arguments(raw, directory):
    """The same for QEMU, with a swap area in that directory."""
    swap = f"{directory}/swap.img"
    with open(swap, "wb") as file:
        file.truncate(SWAP_MIB * MIB)
    # It says that the file has holes, which matters to nobody here.
    subprocess.run([find_tool("mkswap", "util-linux"), swap], check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
    qemu = shutil.which(QEMU)
    if qemu is None:
        raise BenchError(f"{QEMU} is not installed: run tools/setup")
    io_uring = disk.can_use_io_uring(qemu)
    return [*disk.Disk(raw).arguments(0, io_uring), *disk.drive(1, swap, io_uring, cache="unsafe")]


def find_tool(name, package):
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if path is None:
        raise BenchError(f"{name} is not installed: apt-get install {package}")
    return path
