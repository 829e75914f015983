"""make bench-policies: three programs with more memory than there is, under each replacement policy, measured.

usage: tests/bench/bench-policies [--boots N] [--write]
  --boots N    runs of each program under each policy, default 3; the medians are shown
  --write      the table goes to docs/replacement.md, too
"""
import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys
import textwrap
import time

from . import host

ROOT = pathlib.Path(__file__).resolve().parents[2]
POLICIES = ("lru", "aging", "clock", "fifo", "random")
MEMORY, SWAP = 48, 256  # MiB
# name, what references.c is told, in words
PROGRAMS = (
    ("sequential", ("loop", 14000, 4), "14,000 pages one after the other, four times"),
    ("80/20", ("eighty", 24000, 120000), "120,000 references, 80 % of them to 4,800 of 24,000 pages"),
    ("random", ("any", 14000, 60000), "60,000 references to 14,000 pages, anywhere"),
)
# The option's value, and the table's title.
WAYS = (("off", "One page at a time (`swap_read_ahead=off`): what the policy alone does"),
        ("on", "With read-ahead, as the kernel does by itself"))
PAGE = ROOT / "docs/replacement.md"
BEGIN, END = "<!-- measured: make bench-policies WRITE=1 -->\n", "<!-- end of what was measured -->\n"
LIMIT = 600  # seconds


class Failed(Exception):
    """A sentence why there is no figure."""


def run(program, policy, read_ahead, build):
    """{figure: number} of one run in a machine of its own."""
    done = subprocess.run(
        [ROOT / "tools/vitrine", "run", "--timeout", str(LIMIT), "--memory", str(MEMORY), "--swap", str(SWAP), "--option",
         f"swap_policy={policy}", "--option", f"swap_read_ahead={read_ahead}", f"{build}/recording/references",
         *map(str, program), "sample"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    said = re.fullmatch(r"base \S+\nfaults (\d+) (\d+) ms (\d+)\nswap (\d+) (\d+)\nframes (\d+) (\d+)\n", done.stdout)
    if done.returncode != 0 or said is None:
        raise Failed(f"{' '.join(map(str, program))} under {policy}: status {done.returncode}, {done.stdout}{done.stderr}")
    return dict(zip(("minor", "major", "ms", "in", "out", "least", "most"), map(int, said.groups())))


def measure(boots, build):
    """{(way, program's name, policy): {figure: median}}"""
    figures = {}
    # In turns, so that what else the machine does meets all alike.
    runs = {(way, name, policy): [] for way, _ in WAYS for name, _, _ in PROGRAMS for policy in POLICIES}
    for boot in range(boots):
        for name, program, _ in PROGRAMS:
            for way, _ in WAYS:
                for policy in POLICIES:
                    runs[way, name, policy].append(run(program, policy, way, build))
                    print(f"\r{boot + 1}/{boots} {name} {policy} read-ahead {way}{' ' * 20}", end="", file=sys.stderr)
    print("\r" + " " * 60 + "\r", end="", file=sys.stderr)
    for key, each in runs.items():
        figures[key] = {figure: statistics.median(one[figure] for one in each) for figure in each[0]}
    return figures


def tables(figures, boots, others):
    """As Markdown."""
    most = max(one["most"] for one in figures.values())
    about = (f"Measured on {time.strftime('%Y-%m-%d', time.gmtime())} with QEMU {host.qemu_version()} on {host.processor()}: "
             f"a machine with {MEMORY} MiB, in which a program gets {most:,.0f} pages at most, and {SWAP} MiB to swap to; "
             f"medians of {boots} runs. Faults are those that waited for the disk. Meanwhile others used {others:.1f} "
             f"processors{': the times are worth little, the counts as much as ever' if others > host.BUSY else ''}.")
    lines = [*textwrap.wrap(about, 118), ""]
    lines += [f"- *{name}*: {words}" for name, _, words in PROGRAMS] + [""]
    for way, title in WAYS:
        lines += [f"{title}:", "", "| program | policy | faults | pages in | pages out | time |",
                  "|---|---|---:|---:|---:|---:|"]
        for name, _, _ in PROGRAMS:
            for policy in POLICIES:
                one = figures[way, name, policy]
                shown = name if policy == POLICIES[0] else ""
                lines.append(f"| {shown} | {policy} | {one['major']:,.0f} | {one['in']:,.0f} | {one['out']:,.0f} | "
                             f"{one['ms']:,.0f} ms |")
        lines.append("")
    return "\n".join(lines) + "\n"


def write(text):
    page = PAGE.read_text(encoding="utf-8")
    between = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.S)
    if not between.search(page):
        raise Failed(f"{PAGE} has no place for the table")
    PAGE.write_text(between.sub(lambda _: BEGIN + "\n" + text + END, page), encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")


def main(words):
    parser = argparse.ArgumentParser(usage=__doc__.partition("usage: ")[2], add_help=False, allow_abbrev=False)
    parser.add_argument("--boots", type=int, choices=range(1, 21), metavar="N", default=3)
    parser.add_argument("--write", action="store_true")
    said = parser.parse_args(words)
    try:
        others = host.OthersLoad()
        others.start()
        figures = measure(said.boots, os.environ.get("BUILD", "build"))
        others.stop()
        text = tables(figures, said.boots, others.processors)
        print(text)
        if said.write:
            write(text)
    except (Failed, OSError) as why:
        print(f"\nbench-policies: {why}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
