"""docs/benchmarks.md: the template page.md with the tables of one run in it."""
import os
import pathlib
import shlex
import string

from . import picture
from .disks import MEMORY_MIB, SWAP_MIB
from .metrics import BEST_PAGE_CLUSTER, SECTIONS
from .rows import (clock_trust, disk_rows, fair_rows, kernel_rows, missing_of, number, rows_of, swapped_pages, times,
                   wall_number)
from .table import load_note
from .turns import CLOCKS

HERE = pathlib.Path(__file__).parent
DOCS = HERE.parents[1] / "docs"


def write(results, directory=DOCS):
    """The paths of what was written."""
    page, image = directory / "benchmarks.md", directory / "benchmarks.svg"
    page.write_text(text(results), encoding="utf-8")
    image.write_text(picture.draw(results), encoding="utf-8")
    return [page, image]


def text(results):
    template = string.Template((HERE / "page.md").read_text(encoding="utf-8"))
    return template.substitute(
        date=results.date,
        qemu=results.qemu,
        processor=results.processor,
        load=load_note(results),
        linux=linux_name(results),
        how=how_linux(results),
        configuration=results.configuration,
        tables=tables(results),
        disks=disk_tables(results),
        memory=MEMORY_MIB,
        swap=SWAP_MIB,
        page_cluster=BEST_PAGE_CLUSTER,
        fair=fair(results),
        losses=losses(results),
        nearest=nearest(results),
        floors=floors(results),
        missing=missing(results),
        commands=commands(results),
    )


def linux_name(results):
    facts = results.linux.facts
    return f"Debian's Linux {facts.get('kernel', 'of unknown version')}, *{results.configuration}*"


def how_linux(results):
    if results.linux_measured:
        return "Both kernels were measured in the same run, boot by boot in turns."
    return (f"Linux's figures are recorded ones ({results.linux.facts.get('date')}, on another machine): instructions can "
            "be compared, wall times hardly. `make bench LINUX=1` measures both.")


def markdown_table(head, rows, words=2):
    """The first columns are words and the others numbers."""
    align = ["---" if index < words else "--:" for index in range(len(head))]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, align, *rows])


def tables(results):
    parts = []
    for section, rows in rows_of(results).items():
        head = ["metric", "what it is", "Vitrine, insns", "Linux, insns", "times", "floor",
                "Vitrine, ns (min–max)", "Linux, ns (min–max)", "times"]
        body = [[f"`{row.metric.name}`", row.metric.what, number(row.instructions.vitrine),
                 counted(row.instructions.linux), times(row.instructions.times),
                 number(row.instructions.floor) if row.instructions.floor else "", span(row.wall.vitrine),
                 span(row.wall.linux), times(row.wall.times)] for row in rows]
        parts.append(f"### {SECTIONS[section]}\n\n{markdown_table(head, body)}")
    return "\n\n".join(parts)


def disk_tables(results):
    """Rates, without instructions: see page.md."""
    parts = []
    for section, rows in disk_rows(results).items():
        head = ["metric", "what it is", "Vitrine (min–max)", "Linux (min–max)", "times", "wanted"]
        body = [[f"`{row.metric.name}`", row.metric.what, span(row.vitrine), span(row.linux), times(row.times),
                 wanted(row.goals[0])] for row in rows]
        if any(row.linux_best for row in rows):
            head += [f"Linux, page-cluster={BEST_PAGE_CLUSTER} (min–max)", "times", "wanted"]
            for cells, row in zip(body, rows):
                cells += [span(row.linux_best), times(row.times_best), wanted(row.goals[1])]
        parts.append(f"### {SECTIONS[section]}\n\n{markdown_table(head, body)}")
    pages = swapped_pages(results.vitrine)
    if pages:
        parts.append(f"On Vitrine {pages[0]:,} of {pages[1]:,} pages came back right, every word, in each boot.")
    return "\n\n".join(parts) or "Not measured in this run."


def wanted(goal):
    return "" if goal is None else times(goal)


def counted(figure):
    """With its ends when boots disagreed by more than 2 %."""
    return span(figure) if figure is not None and figure.high > 1.02 * figure.low else number(figure)


def span(figure):
    if figure is None or figure.low == figure.high:
        return wall_number(figure)
    return f"{wall_number(figure)} ({number(figure.low)}–{number(figure.high)})"


def losses(results):
    """By which clock Vitrine needs more, said plainly. A wall ratio within what equal rows differ by says nothing."""
    lines = []
    lowest = min(1, (clock_trust(results) or (1, 1))[0])
    for row in kernel_rows(results):
        lost = [(name, cell.times) for name, cell in (("instructions", row.instructions), ("wall clock", row.wall))
                if cell.times and cell.times < (1 if cell is row.instructions else lowest)]
        if lost:
            said = ", ".join(f"{times(ratio)} by {name}" for name, ratio in lost)
            lines.append(f"* `{row.metric.name}` ({row.metric.what}): {said}")
    for row in [row for rows in disk_rows(results).values() for row in rows]:
        compared = (row.times, ""), (row.times_best, f" (page-cluster={BEST_PAGE_CLUSTER})")
        ratios = [(ratio, name) for ratio, name in compared if ratio and ratio < 1]
        if ratios:
            said = ", ".join(f"{times(ratio)} by wall clock{name}" for ratio, name in ratios)
            lines.append(f"* `{row.metric.name}` ({row.metric.what}): {said}")
    return "\n".join(lines) or "In this run no metric that both kernels have was dearer on Vitrine."


def fair(results):
    head = ["metric", "what it is", "Vitrine, insns", "with `rep stosq`", "Linux, insns", "times"]
    return markdown_table(head, [[f"`{row.metric.name}`", row.metric.what, number(row.vitrine), number(row.plain),
                                  counted(row.linux), times(row.times)] for row in fair_rows(results)])


def nearest(results, count=5):
    rows = sorted((row for row in kernel_rows(results) if row.instructions.times), key=lambda row: row.instructions.times)
    return "\n".join(f"* `{row.metric.name}`: {times(row.instructions.times)} by instructions, "
                     f"{times(row.wall.times)} by the clock" for row in rows[:count])


def floors(results):
    head = ["floor", "", "instructions", "ns"]
    side = results.floor
    return markdown_table(head, [[f"`{name}`", FLOORS.get(name, ""), number(side.instructions[name]),
                                  span(side.wall.get(name))] for name in side.instructions])


FLOORS = {
    "floor_syscall_full_frame": "system call: all registers saved, stack switched, a call through a table",
    "floor_syscall_bare": "`syscall` and `sysretq`, nothing else",
    "floor_cr3_load_fresh": "load of CR3, small TLB",
    "floor_fault_prezeroed": "page fault: take a page, store the entry, return; the page is zero already",
    "floor_fault_stosq": "the same, zeroing with `rep stosq`",
    "floor_fault_stosb": "with `rep stosb`",
    "floor_fault_mov": "with 8-byte stores",
    "floor_fault_sse": "with 16-byte stores",
    "floor_fault_avx": "with 32-byte stores",
    "floor_touch_mapped": "the touching loop itself",
    "floor_cr3_load_after_64m_touch": "load of CR3 after 64 MiB were touched",
    "floor_invlpg": "one `invlpg`",
}


def missing(results):
    rows = missing_of(results)
    body = [[f"`{one.metric.name}`", one.metric.what, one.why, marked(number(one.instructions), one.is_recorded),
             marked(wall_with_unit(one.wall), one.is_recorded)] for one in rows]
    if not body:
        return "Nothing: every metric has a figure."
    table = markdown_table(["metric", "what it is", "why not", "Linux, insns", "Linux, wall"], body, words=3)
    if any(one.is_recorded for one in rows):
        table += "\n\n† recorded earlier, not measured in this run"
    return table


def marked(text, is_recorded):
    return f"{text} †" if is_recorded and text != "-" else text


def wall_with_unit(figure):
    if figure is None:
        return "-"
    if figure.unit == "ns" and figure.median >= 1e6:
        return f"{figure.median / 1e6:.2f} ms"
    return f"{number(figure)} {figure.unit}"


def commands(results):
    lines = []
    for side in (results.vitrine, results.plain, results.linux, results.linux_best, results.floor):
        for clock, name in CLOCKS.items():
            words = side.facts.get(clock)
            if isinstance(words, list):
                lines += [f"# {side.name}, {name}", plain(words), ""]
    return "\n".join(lines).rstrip()


def plain(words):
    """As one would type it in the repository; Vitrine's many --then "PROGRAM ARGS" as one word."""
    places = {os.path.realpath(os.environ.get("BUILD", "build")): "build", str(HERE.parents[1]) + "/": ""}
    shown, skip = [], False
    for word in words:
        if word == "--then" and "[--then …]" not in shown:
            shown.append("[--then …]")
        elif word != "--then" and not skip:
            for place, name in places.items():
                word = word.replace(place, name)
            shown.append(shlex.quote(word))
        skip = word == "--then"
    return " ".join(shown)
