"""Runs of build/recording/references, with and without a recording, and what they say."""
import dataclasses
import os
import re
import tempfile

from tests.boot.vitrine import BUILD, VitrineTest, run

PROGRAM = os.path.join(BUILD, "recording", "references")


def generator():
    """As in references.c."""
    state = 2026
    while True:
        state = (state * 6364136223846793005 + 1442695040888963407) & (1 << 64) - 1
        yield state >> 33


def references(mode, pages, count=0):
    """[(page, written)], as the program makes them."""
    draw = generator()
    if mode == "walk":
        there = [(page, True) for page in range(pages)]
        return (there + [(page, False) for page in reversed(range(pages))]) * count
    if mode == "loop":
        return [(page, True) for page in range(pages)] * count
    if mode == "any":
        return [(next(draw) % pages, True) for _ in range(count)]
    if mode == "random":
        return [(next(draw) % pages, next(draw) % 2 == 0) for _ in range(count)]
    if mode == "copy":
        return [(page, True) for page in range(pages)]
    if mode == "populate":
        return [(page, False) for page in range(0, pages, 3)]
    raise ValueError(mode)


@dataclasses.dataclass
class Run:
    base: int  # the first page's number
    minor: int  # faults of the references alone
    major: int
    frames: tuple  # the least and the most frames that it had, once memory was short
    faults: int  # of the whole program, as the kernel's log has it
    intervals: list  # recorded: [(nanoseconds, [(page, written)])]


class RecordingTest(VitrineTest):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="recording-test.")
        self.addCleanup(place.cleanup)
        self.trace = os.path.join(place.name, "trace")

    def record(self, *words, interval=8, **more):
        return self.run_program(*words, options=["--record-references", self.trace, "--record-interval", interval,
                                                 *more.pop("options", ())], recorded=True, **more)

    def run_program(self, *words, options=(), recorded=False):
        outcome = run(*options, PROGRAM, *words)
        self.assert_runs(outcome)
        self.assert_frames_returned(outcome)
        numbers = re.fullmatch(r"base (0x[0-9a-f]+)\nfaults (\d+) (\d+) ms \d+\nswap \d+ \d+\n(?:frames (\d+) (\d+)\n)?", outcome.out)
        self.assertIsNotNone(numbers, outcome.out)
        base, minor, major, least, most = numbers.groups()
        faults = int(re.search(r"references\[2\] exited .* (\d+) page faults", outcome.log)[1])
        return Run(int(base, 16), int(minor), int(major), (int(least or 0), int(most or 0)), faults,
                   read_trace(self.trace) if recorded else [])


def read_trace(path):
    """The intervals; a last time without pages is that of the end."""
    intervals = []
    with open(path, encoding="ascii") as file:
        words = [word for line in file for word in line.partition("#")[0].split()]
    for word in words:
        if word.startswith("@"):
            intervals.append((int(word[1:]), []))
        else:
            intervals[-1][1].append((int(word.rstrip("w"), 16), word.endswith("w")))
    end, nothing = intervals.pop()
    assert not nothing and intervals and end > intervals[-1][0], (end, nothing)
    return intervals


def cut(interval, base, pages):
    """What an interval has of the pages from base on, numbered from there."""
    return [(page - base, written) for page, written in interval if base <= page < base + pages]


def first_uses_end(uses, begin, recorded):
    """Where the part of `uses` that begins there may end, if an interval recorded this: a range, perhaps an empty one.

    The rule (mm/reference_recorder.hpp): the first use of each page, and its first write.
    """
    seen, at = {}, begin
    for page, written in recorded:
        while at < len(uses) and is_silent(seen, *uses[at]):
            at += 1
        if at == len(uses) or uses[at] != (page, written):
            return range(0)
        seen[page] = written
        at += 1
    first = at
    while at < len(uses) and is_silent(seen, *uses[at]):
        at += 1
    return range(first, at + 1)


def is_silent(seen, page, written):
    return page in seen and (seen[page] or not written)


def agrees(uses, intervals):
    """None when `uses` can be cut into parts, one for each interval, which it has recorded; else what is wrong."""
    ends = {0}
    for number, recorded in enumerate(intervals):
        ends = {end for begin in ends for end in first_uses_end(uses, begin, recorded)}
        if not ends:
            return f"interval {number} recorded {recorded}"
    return None if len(uses) in ends else f"not recorded: from use {max(ends)} on, {uses[max(ends):][:8]}"
