"""Debian's Linux in QEMU with a given initramfs, whose first process is tests/guest/oracle_init.c: what its tests print
and how they end. Used by tests/guest/oracle and tests/scripts/oracle.
"""
import pathlib
import subprocess

from tests import debian_linux

ARGUMENTS = debian_linux.ARGUMENTS + " panic=-1 norandmaps mitigations=off"
SECONDS = 600


def pack(root: pathlib.Path, image: pathlib.Path) -> pathlib.Path:
    """The directory as an initramfs."""
    subprocess.run("find . | LC_ALL=C sort | cpio --quiet -R 0:0 --reproducible -o -H newc | gzip -n -1 > " + str(image),
                   shell=True, cwd=root, check=True)
    return image


def run(kernel: pathlib.Path, image: pathlib.Path) -> tuple[str, dict[str, tuple[bytes, int]]]:
    """The kernel's release, and for each test its output and status."""
    return parse(boot(kernel, image))


def boot(kernel: pathlib.Path, image: pathlib.Path) -> str:
    command = ["timeout", str(SECONDS), *debian_linux.MACHINE, "-kernel", str(kernel), "-initrd", str(image),
               "-append", ARGUMENTS]
    process = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return process.stdout.decode("latin-1").replace("\r", "")


def parse(transcript: str) -> tuple[str, dict[str, tuple[bytes, int]]]:
    """The kernel's release, and for each test its output and status."""
    release, results, name, out = "", {}, "", b""
    for line in transcript.split("\n"):
        word, _, value = line.partition(" ")
        if word == "kernel":
            release = value
        elif word == "begin":
            name, out = value, b""
        elif word == "out":
            out += bytes.fromhex(value)
        elif word == "status":
            results[name] = (out, int(value))
        elif word == "done":
            return release, results
        elif line:
            print(f"Linux says: {line}")
    raise SystemExit(f"oracle: Linux did not finish; the last test begun was {name}")
