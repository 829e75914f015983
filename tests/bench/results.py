"""The results of one run, all that the table, the page and the picture are made from; kept as JSON."""
import dataclasses
import json

from .figures import Figure


@dataclasses.dataclass
class Side:
    """One kernel's figures."""

    name: str
    instructions: dict  # metric -> Figure
    wall: dict
    failures: dict = dataclasses.field(default_factory=dict)  # group -> error number
    facts: dict = dataclasses.field(default_factory=dict)  # kernel, commands…


@dataclasses.dataclass
class Results:
    date: str
    qemu: str
    processor: str
    others: float  # processors that others used meanwhile
    vitrine: Side
    plain: Side  # Vitrine zeroing pages as Linux does, instructions only
    linux: Side
    linux_measured: bool
    configuration: str
    floor: Side
    recorded: Side  # Linux's recorded figures, for what was not measured
    # Linux's swapping again, with as much read at once as serves it best; not in the results of older runs.
    linux_best: Side = dataclasses.field(default_factory=lambda: Side("Linux", {}, {}))


def save(results, path):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(dataclasses.asdict(results), file, indent=1)


def load(path):
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    for key in ("vitrine", "plain", "linux", "floor", "recorded", "linux_best"):
        if key in data:
            data[key] = load_side(data[key])
    return Results(**data)


def load_side(data):
    for clock in ("instructions", "wall"):
        data[clock] = {name: Figure(**figure) for name, figure in data[clock].items()}
    data["failures"] = {group: int(number) for group, number in data["failures"].items()}
    return Side(**data)
