"""Figures: the median of several boots, conversions, and Linux's recorded ones."""
import dataclasses
import pathlib
import statistics

from .metrics import WITHOUT_INSTRUCTIONS

RECORDED = pathlib.Path(__file__).parent / "linux" / "recorded.tsv"
PAGE_IN_MIB = 4096 / (1 << 20)


@dataclasses.dataclass
class Figure:
    median: float
    low: float
    high: float
    unit: str

    @property
    def is_rate(self):
        return self.unit.endswith("/s")


def collect(boots, instructions):
    """{metric: Figure} over all boots that gave it. Under icount a virtual nanosecond is an instruction."""
    values, units = {}, {}
    for boot in boots:
        for name, (value, unit) in boot.figures().items():
            if instructions:
                if name in WITHOUT_INSTRUCTIONS:
                    continue
                if unit == "MiB/s":
                    value = PAGE_IN_MIB / value * 1e9
                unit = "instructions"
            values.setdefault(name, []).append(value)
            units[name] = unit
    return {name: Figure(statistics.median(v), min(v), max(v), units[name]) for name, v in values.items()}


def times_better(vitrine, linux):
    """How many times Vitrine is better: above 1 it needs less, or does more per second."""
    if vitrine is None or linux is None or not vitrine.median or not linux.median:
        return None
    return vitrine.median / linux.median if vitrine.is_rate else linux.median / vitrine.median


def recorded(configuration, path=RECORDED):
    """(what was recorded and how, {metric: Figure} of instructions, the same of wall time)."""
    facts, instructions, wall = {}, {}, {}
    columns = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            key, tab, value = line[1:].strip().partition("\t")
            if tab:
                facts[key] = value
            continue
        cells = line.split("\t")
        if columns is None:
            columns = cells
            continue
        row = dict(zip(columns, cells, strict=True))
        if row["configuration"] != configuration:
            continue
        name = row["metric"]
        if row["icount"] != "-":
            value = float(row["icount"])
            instructions[name] = Figure(value, value, value, "instructions")
        if row["wall"] != "-":
            value = float(row["wall"])
            low, high = (value if row[end] == "-" else float(row[end]) for end in ("min", "max"))
            wall[name] = Figure(value, low, high, row["unit"])
    return facts, instructions, wall
