"""The tour: user/tour.txt, which says how it is written, as programs that the kernel starts one after the other.

Before each run the guide (user/tour.cpp) says what comes. It asks whether to go on (the kernel's ask=: status 0 is
yes, 1 is no), and each run has to end as the tour says (ends=); otherwise nothing more is started, and the status
says so.
"""
import os
import re
from dataclasses import dataclass, field

from .contents import Command, split_together
from .failure import Failure, reason
from .kernel_options import word

GUIDE = "tour"
KILLED_BY_SIGSEGV = 128 + 11


@dataclass
class Run:
    """One run of an exhibit: `title` is the command as it is written, "A & B"."""

    sentence: str
    title: str
    status: int


@dataclass
class Stop:
    exhibit: str
    runs: list = field(default_factory=list)


@dataclass
class Tour:
    memory: int = 0
    stops: list = field(default_factory=list)


def read(path):
    """The Tour in a file."""
    try:
        with open(path, encoding="utf-8") as file:
            return parse(path, file.read().splitlines())
    except OSError as error:
        raise Failure(f"cannot read the tour {path}: {reason(error)}") from error
    except UnicodeDecodeError as error:
        raise Failure(f"cannot read the tour {path}: it is not UTF-8") from error


def parse(path, lines):
    tour, sentence = Tour(), None
    for number, line in enumerate(lines, 1):

        def wrong(why):
            return Failure(f"{path}, line {number}: {why}")

        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if memory := re.fullmatch(r"memory (\d+)", line):
            tour.memory = int(memory[1])
        elif re.fullmatch(r"swap \d+", line):
            pass  # whoever boots it says so; without, the exhibits about swap say what is missing
        elif re.fullmatch(r"[a-z]+", line):
            tour.stops.append(Stop(line))
            sentence = None
        elif not line.startswith("    ") or not tour.stops:
            raise wrong("an exhibit's name, or what belongs to one behind four blanks")
        elif run := re.fullmatch(r"    (run|dies) (.+)", line):
            if sentence is None:
                raise wrong("a sentence must come before it that says what to look at")
            status = KILLED_BY_SIGSEGV if run[1] == "dies" else 0
            tour.stops[-1].runs.append(Run(sentence, run[2], status))
            sentence = None
        else:
            sentence = line.strip()
    empty = [stop.exhibit for stop in tour.stops if not stop.runs]
    if empty or not tour.stops or not tour.memory:
        raise Failure(f"{path}: {f'nothing is run of {empty[0]}' if empty else 'a part is missing'}")
    return tour


class Program(Command):
    """A command whose program lies in `directory`, and the words that start it."""

    def __init__(self, key, arguments, directory, ends=None):
        super().__init__([os.path.join(directory, arguments[0]), *arguments[1:]])
        self.key_ = key
        self.ends_ = ends

    def words(self):
        return [self.word(self.key_), *([] if self.ends_ is None else [word("ends", str(self.ends_))])]


def programs(tour, directory):
    """All Programs of the tour, in their order; those of the exhibits and the guide lie in `directory`."""
    count = len(tour.stops)
    found = [Program("ask", [GUIDE, "begin", str(count), str(tour.memory)], directory)]
    for number, stop in enumerate(tour.stops, 1):
        for run in stop.runs:
            announcement = [GUIDE, "show", str(number), str(count), run.title, run.sentence]
            found.append(Program("ask", announcement, directory))
            for key, arguments in split_together(run.title):
                found.append(Program(key, arguments, directory, ends=run.status))
    return [*found, Program("then", [GUIDE, "end"], directory, ends=0)]
