"""Disks and swapping on a terminal."""
import dataclasses

from .figures import Figure
from .metrics import BEST_PAGE_CLUSTER, SECTIONS
from .rows import disk_details, disk_rows, number, swapped_pages, times, wall_number

NAME, RATE, TIMES, GOAL = 31, 15, 7, 7


def lines(results, groups=None):
    """All, or these groups' only, and then with what a developer tunes by: where the time and the pages went."""
    sections = {section: [row for row in rows if groups is None or row.metric.group in groups]
                for section, rows in disk_rows(results).items()}
    sections = {section: rows for section, rows in sections.items() if rows}
    if not sections:
        return []
    shown = ["", f"By the wall clock alone ('wanted': how many times Linux's rate; Linux at its best: "
                 f"page-cluster={BEST_PAGE_CLUSTER})",
             line("", "Vitrine", "Linux", "times", "wanted", "Linux's best", "times", "wanted")]
    for section, rows in sections.items():
        shown += ["", SECTIONS[section]]
        for row in rows:
            shown.append(row_line(row.metric.name, row))
            if groups is not None and fastest(row) != row:
                shown.append(row_line("  its fastest boot", fastest(row)))
    if groups is not None and "swap" in groups:
        shown += detail_lines(results)
    return [*shown, *correct_lines(results)]


def row_line(name, row):
    goal, goal_best = (times(goal) if goal else "" for goal in row.goals)
    best = (wall_number(row.linux_best), times(row.times_best)) if row.linux_best else ("", "")
    return line(name, wall_number(row.vitrine), wall_number(row.linux), times(row.times), goal, *best, goal_best)


def fastest(row):
    """The boots that others disturbed least, where the machine is never quiet."""
    def of(figure):
        return figure and Figure(figure.high, figure.high, figure.high, figure.unit)

    return dataclasses.replace(row, vitrine=of(row.vitrine), linux=of(row.linux), linux_best=of(row.linux_best))


def line(name, vitrine, linux, ratio, goal, best, ratio_best, goal_best):
    return (f"{name:{NAME}} {vitrine:>{RATE}} {linux:>{RATE}} {ratio:>{TIMES}} {goal:>{GOAL}} "
            f"{best:>{RATE}} {ratio_best:>{TIMES}} {goal_best:>{GOAL}}").rstrip()


def detail_lines(results):
    rows = disk_details(results)
    return ["", "Behind it (cpu_page in ns; pages, faults)"] * bool(rows) + [
        line(name, number(vitrine), number(linux), "", "", number(best), "", "") for name, vitrine, linux, best in rows]


def correct_lines(results):
    pages = swapped_pages(results.vitrine)
    return [] if pages is None else ["", f"Vitrine: {pages[0]:,} of {pages[1]:,} pages came back right, every word."]
