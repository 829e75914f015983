"""The results on a terminal."""
from . import disk_table
from .host import BUSY
from .metrics import SECTIONS
from .rows import clock_trust, clocks_agree, disk_rows, fair_rows, missing_of, number, rows_of, times, wall_number

NAME, INSN, TIMES, WALL = 29, 10, 7, 12


def text(results, groups=None):
    """All of it, or what concerns these groups: then with what explains the figures of disks."""
    linux = f"Linux {results.configuration}" + ("" if results.linux_measured else " (recorded)")
    lines = ["", f"Vitrine and {linux}. Times: how often Vitrine's cost goes into Linux's; below 1 Vitrine loses."]
    lines += plain_lines(results)
    lines += disk_table.lines(results, groups)
    lines += fair_lines(results)
    lines += missing_lines(results, groups)
    lines += ["", *notes(results), ""]
    return "\n".join(lines)


def plain_lines(results):
    sections = rows_of(results)
    if not sections:
        return []
    lines = [
        "",
        f"{'':{NAME}} {' instructions ':-^{3 * INSN + TIMES + 1}}   {' wall clock, ns ':-^{2 * WALL + TIMES + 2}}",
        line(("", "Vitrine", "Linux", "times", "floor", "Vitrine", "Linux", "times")),
    ]
    compared = results.linux_measured or clocks_agree(results)
    for section, rows in sections.items():
        lines += ["", SECTIONS[section]]
        for row in rows:
            a, b = row.instructions, row.wall
            linux_wall = (wall_number(b.linux), times(b.times)) if compared else ("", "")
            lines.append(line((row.metric.name, number(a.vitrine), number(a.linux), times(a.times),
                               number(a.floor) if a.floor else "", wall_number(b.vitrine), *linux_wall)))
    return lines


def line(cells):
    name, vitrine, linux, ratio, floor, wall, linux_wall, wall_ratio = cells
    return (f"{name:{NAME}} {vitrine:>{INSN}} {linux:>{INSN}} {ratio:>{TIMES}} {floor:>{INSN - 2}}   "
            f"{wall:>{WALL}} {linux_wall:>{WALL}} {wall_ratio:>{TIMES}}").rstrip()


def fair_lines(results):
    rows = fair_rows(results)
    lines = ["", "With pages zeroed as Linux does (rep stosq, 513 counted a page; Vitrine's AVX stores count 128)"] if rows else []
    for row in rows:
        lines.append(line((row.metric.name, number(row.plain), number(row.linux), times(row.times), "", "", "", "")))
    return lines


def missing_lines(results, groups):
    by_why = {}
    for missing in missing_of(results):
        if groups is None or missing.metric.group in groups:
            by_why.setdefault(missing.why, []).append(missing.metric.name)
    lines = ["", "Not on Vitrine yet"] if by_why else []
    for why, names in by_why.items():
        lines.append(f"  {why}:")
        lines += wrapped(names, 100, "    ")
    return lines


def wrapped(words, width, indent):
    lines = [indent]
    for word in words:
        if len(lines[-1]) + len(word) > width:
            lines.append(indent)
        lines[-1] += word + " "
    return [one.rstrip() for one in lines]


def notes(results):
    said = [f"QEMU {results.qemu}, TCG, 256 MiB; {results.processor}.", load_note(results)]
    if not results.linux_measured:
        said.append("Linux's wall times were taken on another machine and day" + (
            ": " if clocks_agree(results) else ", whose processor is another: they are not shown. ") +
                    "make bench LINUX=1 measures both here.")
        if disk_rows(results):
            said.append("Its disks were QEMU's threads then, not io_uring: small requests took longer.")
    return said


def load_note(results):
    """How much the wall clock is worth this time."""
    trust = clock_trust(results) if results.linux_measured else None
    return busy_note(results) + ("" if trust is None else (
        f" Where both kernels must be equal (the processor alone) the clock's ratios went from {times(trust[0])} to "
        f"{times(trust[1])}: no other wall ratio is surer than that."))


def busy_note(results):
    used = f"While the wall clock ran, others used {results.others:.1f} processors of this machine"
    if results.others > BUSY:
        return used + ": WALL FIGURES ARE WORTH LITTLE; instructions are not affected."
    return used + "."
