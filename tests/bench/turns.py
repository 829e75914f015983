"""The boots of one run: every machine in turns, so that a busy moment hits every kernel alike."""
import dataclasses
import errno
import typing

from . import host
from .boot import BenchError
from .figures import collect
from .results import Side

INSTRUCTIONS_HZ = 1_000_000_000  # under icount an instruction is a virtual nanosecond
CLOCKS = {"icount": "instructions", "wall": "wall clock", "disks": "disks, wall clock"}


@dataclasses.dataclass
class Series:
    """One machine by one clock."""

    name: str
    clock: str
    boot: typing.Callable  # (icount, hz) -> Boot
    once: bool = False  # what never varies: one boot tells all
    boots: list = dataclasses.field(default_factory=list)


class Turns:
    def __init__(self, series, boots, hz):
        self.series_, self.boots_, self.hz_ = series, boots, hz
        self.load = host.OthersLoad()

    def all(self):
        plan = [series for clock in CLOCKS for turn in range(self.boots_) for series in self.series_
                if series.clock == clock and not (series.once and turn)]
        for index, series in enumerate(plan):
            print(f"{index + 1:3}/{len(plan)} {series.name:23} {CLOCKS[series.clock]} …", end="", flush=True)
            self.boot_(series)

    def boot_(self, series):
        icount = series.clock == "icount"
        if not icount:
            self.load.start()
        boot = series.boot(icount, INSTRUCTIONS_HZ if icount else self.hz_)
        if not icount:
            self.load.stop()
        print(f" {len(boot.figures())} figures, {boot.seconds:.0f} s", flush=True)
        if boot.failures().get("swap") == errno.EFAULT:
            correct, checked = (int(boot.figures()[f"swap_pages_{word}"][0]) for word in ("correct", "checked"))
            raise BenchError(f"{series.name} returned {checked - correct} of {checked} pages wrong from its swap")
        series.boots.append(boot)

    def side(self, name):
        """All that this machine gave."""
        side = Side(name, {}, {})
        for series in self.series_:
            if series.name == name and series.boots:
                first = series.boots[0]
                figures = side.instructions if series.clock == "icount" else side.wall
                figures.update(collect(series.boots, series.clock == "icount"))
                side.failures.update(first.failures())
                side.facts.update({**first.information(), **side.facts, series.clock: first.command})
        return side
