"""Runs with memory=pool, /proc/pool as text, and the model of a pool that both are compared with."""
import dataclasses
import os
import re
import struct

from tests.boot.vitrine import BUILD, VitrineTest, run

PAGE = 4096
GUARD_KIB = 4


def program(name, *arguments):
    """The words of a command."""
    return [os.path.join(BUILD, "pool", name), *map(str, arguments)]


def line(name, *arguments):
    """The same for --with, --then and --queue."""
    return " ".join(program(name, *arguments))


def options(**values):
    """--option for each: pool_heap=2 …"""
    return [word for key, value in {"memory": "pool", **values}.items() for word in ("--option", f"{key}={value}")]


def image_kib(name):
    """From the first to the last page of what the program's file has to be in memory (elf(5), PT_LOAD)."""
    with open(program(name)[0], "rb") as file:
        header = file.read(64)
        offset, = struct.unpack_from("<Q", header, 32)
        size, count = struct.unpack_from("<HH", header, 54)
        file.seek(offset)
        table = file.read(size * count)
    loaded = [struct.unpack_from("<IIQQQQQQ", table, at) for at in range(0, len(table), size)]
    loaded = [(address, memory) for kind, _, _, address, _, _, memory, _ in loaded if kind == 1]
    begin = min(address for address, _ in loaded) // PAGE
    end = max(address + memory + PAGE - 1 for address, memory in loaded) // PAGE
    return (end - begin) * PAGE // 1024


class Model:
    """A pool of so many KiB as a list of [KiB, name or None]: slow and obvious."""

    def __init__(self, kib, fit, queue, size):
        self.fit, self.queue, self.size = fit, list(queue), size
        self.extents = [[kib, None]]
        self.refused = 0
        self.last_refused = ("", 0)
        self.started = 0

    def admit(self, name):
        wanted = self.size(name)
        fitting = [at for at, (kib, owner) in enumerate(self.extents) if owner is None and kib >= wanted]
        if not fitting:
            self.refused += 1
            self.last_refused = (name, wanted)
            return False
        kib = {at: self.extents[at][0] for at in fitting}
        at = {"first": min(fitting), "best": min(fitting, key=lambda at: (kib[at], at)),
              "worst": min(fitting, key=lambda at: (-kib[at], at))}[self.fit]
        self.extents[at:at + 1] = [[wanted, name], [kib[at] - wanted, None]][:2 if kib[at] > wanted else 1]
        return True

    def end(self, index):
        """The index-th program leaves, counted by address without the first; the queue's next comes."""
        at = [at for at, (_, owner) in enumerate(self.extents) if owner is not None][1:][index]
        self.extents[at][1] = None
        joined = []
        for kib, owner in self.extents:
            if joined and owner is None and joined[-1][1] is None:
                joined[-1][0] += kib
            else:
                joined.append([kib, owner])
        self.extents = joined
        while self.queue:
            if self.admit(self.queue.pop(0)):
                self.started += 1
                break

    def tenants(self):
        return sum(owner is not None for _, owner in self.extents) - 1


@dataclasses.dataclass
class State:
    """What /proc/pool said."""
    fit: str
    kib: int
    free: int
    holes: int
    largest: int
    refused: int
    refused_kib: int
    refused_name: str
    waiting: int
    started: int
    extents: list  # (begin, end, KiB, pid or None, name or None)


def parse(text):
    lines = text.splitlines()
    first = re.fullmatch(r"pool fit=(\w+) kib=(\d+) free=(\d+) holes=(\d+) largest=(\d+)", lines[0])
    second = re.fullmatch(r"refused count=(\d+) kib=(\d+) name=(\S*)", lines[1])
    third = re.fullmatch(r"queue waiting=(\d+) started=(\d+)", lines[2])
    extents = []
    for each in lines[3:]:
        found = re.fullmatch(r"0x([0-9a-f]+)-0x([0-9a-f]+) (\d+) (?:hole|(\d+) (\S+))", each)
        extents.append((int(found[1], 16), int(found[2], 16), int(found[3]), found[4] and int(found[4]), found[5]))
    return State(first[1], *map(int, first.groups()[1:]), int(second[1]), int(second[2]), second[3],
                 *map(int, third.groups()), extents)


class PoolTest(VitrineTest):
    def pool_run(self, *words, status=0, memory=64, frames=True, **values):
        outcome = run("--lessons", "--memory", memory, *options(**values), *words)
        self.assert_runs(outcome, status)
        if frames:
            self.assert_frames_returned(outcome)
        return outcome

    def assert_refuses_to_start(self, words, sentence, memory=64):
        outcome = run("--memory", memory, *words)
        self.assertEqual(outcome.status, 125, outcome.log[-2000:])
        self.assertRegex(outcome.err, "the kernel refused to start: " + sentence)
