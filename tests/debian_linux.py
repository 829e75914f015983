"""Debian's Linux kernel, to compare with: fetched by apt-get when missing, and how QEMU starts it.

Used by tests/guest/oracle (what programs must do) and tests/bench (what it costs).
"""
import os
import pathlib
import re
import subprocess

MACHINE = ["qemu-system-x86_64", "-machine", "pc", "-cpu", "max,la57=off,erms=off,fsrm=off", "-smp", "1", "-m", "256M",
           "-accel", "tcg", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-serial", "stdio"]
# No huge pages and no address randomisation, so that counts can be compared; the clock is believed without trials.
ARGUMENTS = "console=ttyS0 quiet loglevel=1 transparent_hugepage=never nokaslr tsc=reliable"


class NoKernel(Exception):
    """One line for the person: why there is none, and what helps."""


def find_kernel(build: pathlib.Path) -> pathlib.Path:
    """The newest cloud kernel below build/linux, downloaded when there is none."""
    directory = build.resolve() / "linux"
    found = sorted(directory.glob("boot/vmlinuz-*-cloud-amd64"),
                   key=lambda path: [int(n) for n in re.findall(r"\d+", path.name)])
    if found:
        return found[-1]
    download(directory)
    return find_kernel(build)


def modules_of(kernel: pathlib.Path) -> pathlib.Path:
    """The directory of the kernel's drivers."""
    release = kernel.name.removeprefix("vmlinuz-")
    return kernel.parent.parent / "lib/modules" / release / "kernel"


def download(directory: pathlib.Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    try:
        fetch(directory)
    except NoKernel:
        # Lists of packages may be missing, or older than the archive. Only root can have new ones.
        if os.geteuid() or command(["apt-get", "-q", "update"], directory).returncode:
            raise
        fetch(directory)
    for package in directory.glob("linux-image-*.deb"):
        if command(["dpkg-deb", "-x", str(package), "."], directory).returncode:
            raise NoKernel(f"{package} cannot be unpacked: is the disk full?")
        package.unlink()
    if not list(directory.glob("boot/vmlinuz-*-cloud-amd64")):
        raise NoKernel("Debian's package of the cloud kernel holds no kernel that is known here")


def fetch(directory: pathlib.Path) -> None:
    """Leaves the package in the directory."""
    name = package_name()
    print(f"downloading {name}", flush=True)
    said = command(["apt-get", "-q", "download", name], directory)
    if said.returncode:
        lines = [line for line in said.stderr.splitlines() if line.startswith("E:")] or ["apt-get failed"]
        raise NoKernel(f"{name} cannot be downloaded ({lines[0].removeprefix('E: ')}); run: apt-get update")


def package_name() -> str:
    depends = command(["apt-cache", "depends", "linux-image-cloud-amd64"], pathlib.Path("."))
    names = re.findall(r"Depends: (linux-image-\S+)", depends.stdout)
    if not names:
        raise NoKernel("no linux-image-cloud-amd64 in the package lists; run: apt-get update")
    return names[0]


def command(words: list[str], directory: pathlib.Path) -> subprocess.CompletedProcess:
    try:
        return subprocess.run(words, cwd=directory, capture_output=True, text=True, timeout=300, check=False)
    except FileNotFoundError as error:
        raise NoKernel(f"{words[0]} is not there: this needs Debian") from error
    except subprocess.TimeoutExpired as error:
        raise NoKernel(f"{words[0]} gave no answer in 300 seconds: is there a network?") from error
