"""Results become rows: one per metric, as table, page and picture show them."""
import dataclasses
import errno
import os

from .figures import Figure, times_better
from .metrics import BY_NAME, DISK_SECTIONS, GOALS, METRICS, SECTIONS
from .results import Side

WHY = {
    errno.ENOSYS: "there is no such system call",
    errno.EROFS: "files can be read, not written",
    errno.ENOENT: "this run gives the machine no disk",
}


@dataclasses.dataclass
class Cell:
    """One metric by one clock."""

    vitrine: Figure | None
    linux: Figure | None
    floor: Figure | None

    @property
    def times(self):
        return times_better(self.vitrine, self.linux)


@dataclasses.dataclass
class Row:
    metric: object
    instructions: Cell
    wall: Cell


def rows_of(results):
    """{section: [Row]} of what Vitrine gave a figure for, in the catalogue's order; disks have rows of their own."""
    sections = {}
    for metric in METRICS:
        if metric.section in DISK_SECTIONS:
            continue
        if metric.name not in results.vitrine.instructions and metric.name not in results.vitrine.wall:
            continue
        row = Row(metric, cell(results, metric, "instructions"), cell(results, metric, "wall"))
        sections.setdefault(metric.section, []).append(row)
    return {name: sections[name] for name in SECTIONS if name in sections}


def cell(results, metric, clock):
    vitrine, linux, floor = (getattr(side, clock) for side in (results.vitrine, results.linux, results.floor))
    return Cell(vitrine.get(metric.name), linux.get(metric.name), floor.get(metric.floor))


@dataclasses.dataclass
class DiskRow:
    """A rate of a disk or of swapping, by the wall clock."""

    metric: object
    vitrine: Figure | None
    linux: Figure | None
    linux_best: Figure | None

    @property
    def times(self):
        return times_better(self.vitrine, self.linux)

    @property
    def times_best(self):
        return times_better(self.vitrine, self.linux_best)

    @property
    def goals(self):
        """(times Linux, times Linux at its best) that it should be, or None."""
        return GOALS.get(self.metric.name, (None, None))


def disk_rows(results):
    """{section: [DiskRow]} of what any kernel gave a figure for; recorded ones only where they can be compared."""
    sections = {}
    sides = (results.vitrine, results.linux if results.linux_measured else results.recorded, results.linux_best)
    if not results.linux_measured and not clocks_agree(results):
        sides = (results.vitrine, Side("", {}, {}), Side("", {}, {}))
    for metric in METRICS:
        figures = [side.wall.get(metric.name) for side in sides]
        if metric.section in DISK_SECTIONS and any(figures):
            sections.setdefault(metric.section, []).append(DiskRow(metric, *figures))
    return sections


def swapped_pages(side):
    """(correct, checked) over one boot, or None where nothing was swapped."""
    found = [side.wall.get(f"swap_pages_{word}") for word in ("correct", "checked")]
    return tuple(int(figure.median) for figure in found) if all(found) else None


def disk_details(results):
    """[(name, Vitrine's, Linux's, Linux's at its best)]: what explains the rates of swapping, by membench's names."""
    sides = [side.wall for side in (results.vitrine, results.linux, results.linux_best)]
    names = {name: None for side in sides for name in side if name.startswith("swap_") and name not in BY_NAME}
    return [(name, *(side.get(name) for side in sides)) for name in names]


@dataclasses.dataclass
class Missing:
    """What Linux has a figure for and Vitrine none, and why."""

    metric: object
    why: str
    instructions: Figure | None
    wall: Figure | None
    is_recorded: bool


def missing_of(results):
    missing = []
    for metric in METRICS:
        if metric.name in results.vitrine.instructions or metric.name in results.vitrine.wall:
            continue
        number = results.vitrine.failures.get(metric.group)
        why = "it gave no figure" if number is None else reason(number)
        side = results.linux
        if metric.name not in side.wall and metric.name not in side.instructions:
            side = results.recorded
        missing.append(Missing(metric, why, side.instructions.get(metric.name), side.wall.get(metric.name),
                               side is results.recorded))
    return missing


def reason(number):
    return f"{errno.errorcode.get(number, number)}: {WHY.get(number, os.strerror(number).lower())}"


def kernel_rows(results):
    """Without the processor's own, which compare nothing."""
    return [row for section, rows in rows_of(results).items() if section != "processor" for row in rows]


@dataclasses.dataclass
class Fair:
    """A metric whose operation zeroes pages: as Vitrine does it, and as Linux does."""

    metric: object
    vitrine: Figure
    plain: Figure
    linux: Figure

    @property
    def times(self):
        return times_better(self.plain, self.linux)


def fair_rows(results):
    """Those that the way of zeroing changes by more than 5 %."""
    rows = []
    for metric in METRICS:
        vitrine, plain, linux = (side.instructions.get(metric.name)
                                 for side in (results.vitrine, results.plain, results.linux))
        if vitrine and plain and linux and plain.median > 1.05 * vitrine.median:
            rows.append(Fair(metric, vitrine, plain, linux))
    return rows


def clock_trust(results):
    """(lowest, highest) ratio by the clock where both must be equal: how far the other ratios can be trusted."""
    ratios = [row.wall.times for row in rows_of(results).get("processor", []) if row.wall.times]
    return (min(ratios), max(ratios)) if ratios else None


def clocks_agree(results):
    """Whether a ratio of wall times means anything: what runs on the processor alone must take the same time."""
    trust = clock_trust(results)
    return trust is None or (trust[0] >= 0.8 and trust[1] <= 1.25)


def number(value):
    """For people: 1,234 or 12.3; never more than it is worth."""
    if value is None:
        return "-"
    if isinstance(value, Figure):
        value = value.median
    if value >= 1e6:
        return f"{value / 1e6:,.3f} M"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def times(value):
    if value is None:
        return "-"
    return f"{value:.0f}x" if value >= 99.5 else f"{value:.1f}x" if value >= 9.95 else f"{value:.2f}x"


def wall_number(figure):
    if figure is None:
        return "-"
    return number(figure) + (f" {figure.unit}" if figure.is_rate else "")
