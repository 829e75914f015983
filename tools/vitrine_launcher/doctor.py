"""`vitrine doctor`: does this machine have what is needed? With the exact command that mends it."""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from . import kernel_file, qemu
from .failure import Failure, reason

LIST = os.path.join(kernel_file.ROOT, "tools", "packages.txt")
GROUPS = {
    "run": "to build and run (make run)",
    "debug": "to debug (make debug)",
    "test": "to test (make test)",
}
# What must not only be there: command -> (oldest version, how it is found in what --version prints).
OLDEST = {qemu.BINARY: (qemu.OLDEST, r"version (\d+)\.(\d+)"), "g++": ((12, 0), r"\) (\d+)\.(\d+)")}
OLDEST_PYTHON = (3, 11)
ROOM = 1 << 30  # for a build and its test programs
ROOM_FOR_AN_ISO = 64 << 20


@dataclass
class Need:
    group: str
    package: str
    found_by: str
    purpose: str


def examine():
    """(lines, status): the status is 1 when something is missing."""
    lines, missing, other_trouble = [], [], False

    def say(good, text):
        lines.append(f"  {'ok     ' if good else 'MISSING'}  {text}")

    needs = read_list()
    for group, title in GROUPS.items():
        lines.append(f"{title}:")
        for need in needs:
            if need.group != group:
                continue
            good, found = look_for(need)
            say(good, f"{need.package} ({found}): {need.purpose}")
            if not good:
                missing.append(need.package)
    lines.append("this machine:")
    for good, text in machine_checks():
        say(good, text)
        other_trouble |= not good
    if missing:
        lines += [
            "",
            f"To mend it, as root: apt-get update && apt-get install -y {' '.join(missing)}",
            "(or: tools/setup test)",
        ]
    elif not other_trouble:
        lines += ["", "Everything is there."]
    return lines, 1 if missing or other_trouble else 0


def read_list():
    try:
        with open(LIST, encoding="utf-8") as file:
            lines = [line.split(maxsplit=3) for line in file]
    except OSError as error:
        raise Failure(f"cannot read {LIST}: {reason(error)}") from error
    return [
        Need(*fields[:3], fields[3].strip()) for fields in lines if len(fields) == 4 and fields[0] in GROUPS
    ]


def look_for(need):
    """(good, what was found)."""
    if need.found_by.startswith("/"):
        found = glob.glob(need.found_by)
        return (True, found[0]) if found else (False, f"there is no {need.found_by}")
    path = shutil.which(need.found_by)
    if path is None:
        return False, f"there is no command {need.found_by}"
    if need.found_by not in OLDEST:
        return True, path
    oldest, pattern = OLDEST[need.found_by]
    try:
        printed = subprocess.run(
            [path, "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            stderr=subprocess.DEVNULL,
            timeout=20,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        return False, f"{path} does not start: {error}"
    version = re.search(pattern, printed)
    if not version:
        return False, f"{path} --version says no version"
    text = f"{path}, version {version[1]}.{version[2]}"
    if (int(version[1]), int(version[2])) < oldest:
        return False, f"{text} is too old, needed is {oldest[0]}.{oldest[1]} or newer"
    return True, text


def machine_checks():
    yield os.uname().machine == "x86_64", f"processor: {os.uname().machine} (needed is x86_64)"
    yield sys.version_info[:2] >= OLDEST_PYTHON, (
        f"Python {sys.version_info[0]}.{sys.version_info[1]} "
        f"(needed is {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} or newer)"
    )
    yield writable(kernel_file.build_directory(), "the build directory")
    yield writable(tempfile.gettempdir(), "temporary files", ROOM_FOR_AN_ISO)


def writable(directory, purpose, room=ROOM):
    """(good, text): may we write there, and is there room?"""
    while not os.path.isdir(directory):
        directory = os.path.dirname(directory) or "."
    free = shutil.disk_usage(directory).free
    if not os.access(directory, os.W_OK):
        return False, f"{purpose}: cannot write to {directory}: make it yours, or use another place"
    good = free >= room
    return good, f"{purpose}: {free >> 20} MiB free in {directory}" + (
        "" if good else f", needed are {room >> 20}"
    )
