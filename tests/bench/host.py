"""The machine underneath: what it is, and how much of it others used while we measured."""
import os
import re
import resource
import subprocess
import time

from .boot import BenchError

# More than this many processors used by others, and wall-clock figures are worth little.
BUSY = 0.5


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = re.findall(r"^model name\s*: (.*)$", file.read(), re.M)
    return f"{names[0] if names else 'unknown processor'}, {os.cpu_count()} processors"


def qemu_version():
    said = subprocess.run(["qemu-system-x86_64", "--version"], capture_output=True, text=True, timeout=30, check=False)
    found = re.search(r"version (\S+)", said.stdout)
    if not found:
        raise BenchError("qemu-system-x86_64 says no version: run tools/setup")
    return found[1]


def ticks_per_second(membench):
    """Of the clock that a guest's rdtsc reads when nothing is counted: the host's."""
    said = subprocess.run([membench, "cal"], capture_output=True, text=True, timeout=30, check=False)
    found = re.search(r"^tsc_hz (\d+)", said.stdout)
    if not found:
        raise BenchError(f"{membench} cannot measure this machine's clock")
    return int(found[1])


class OthersLoad:
    """How many processors' worth of time others used between start() and stop(); spans add up."""

    def __init__(self):
        self.elapsed_ = self.busy_ = self.ours_ = 0.0

    def start(self):
        self.begin_ = (time.monotonic(), busy_seconds(), our_seconds())

    def stop(self):
        end = (time.monotonic(), busy_seconds(), our_seconds())
        elapsed, busy, ours = (b - a for a, b in zip(self.begin_, end))
        self.elapsed_ += elapsed
        self.busy_ += busy
        self.ours_ += ours

    @property
    def processors(self):
        return max(0.0, self.busy_ - self.ours_) / self.elapsed_ if self.elapsed_ else 0.0


def busy_seconds():
    """All processors together, by proc(5): user nice system (idle iowait) irq softirq steal."""
    with open("/proc/stat", encoding="utf-8") as file:
        numbers = [int(word) for word in file.readline().split()[1:9]]
    return sum(numbers[:3] + numbers[5:]) / os.sysconf("SC_CLK_TCK")


def our_seconds():
    return sum(usage.ru_utime + usage.ru_stime
               for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
