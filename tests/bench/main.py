"""make bench: boots the machines one after the other, one line each, then shows what was measured.

usage: tests/bench/bench [--linux] [--config tuned|off|default] [--boots N] [--write] [--from FILE]
                         [--groups NAME,NAME…] [--vitrine="OPTION…"]
  --linux      measure Debian's Linux as well, instead of taking its recorded figures
  --config     which Linux: tuned (the leanest, the default), off (mitigations=off), default (Debian's own)
  --boots N    boots per kernel and clock, default 3; the median counts
  --write      write docs/benchmarks.md and its picture
  --from FILE  measure nothing: show (or write) the results of an earlier run, build/bench/results.json
  --groups     these groups of membench only (disk: its group blk); nothing is kept
  --vitrine=   more options of tools/vitrine run, such as --vitrine="--option swap_policy=lru"; nothing is kept
"""
import argparse
import os
import shlex
import signal
import sys
import time

from . import host, page, results as results_file, table
from .boot import BenchError
from .figures import recorded
from .floor_guest import FloorGuest
from .linux_guest import CONFIGURATIONS, LinuxDisks, LinuxGuest
from .metrics import BEST_PAGE_CLUSTER, DISK_GROUPS, GROUPS, ZEROING_GROUPS
from .results import Results, Side
from .turns import Series, Turns
from .vitrine_guest import PlainVitrineGuest, VitrineDisks, VitrineGuest

LINUX_BEST = f"Linux, page-cluster={BEST_PAGE_CLUSTER}"
ALIASES = {"disk": "blk"}


def plan(said, build):
    """What has to boot for the groups that were asked for."""
    groups = [group for group in GROUPS if group in said.groups]
    zeroing = [group for group in ZEROING_GROUPS if group in said.groups]
    on_disks = [group for group in DISK_GROUPS if group in said.groups]
    linux = LinuxGuest(build, said.config) if said.linux else None  # first, for it may have to be fetched
    series = []
    if groups:
        floor, vitrine = FloorGuest(build), VitrineGuest(build, said.vitrine)
        series += [Series("floor", "icount", floor.boot, once=True), Series("floor", "wall", floor.boot)]
        series += both_clocks("Vitrine", vitrine, groups)
        series += both_clocks("Linux", linux, groups) if linux else []
    if zeroing:
        plain = PlainVitrineGuest(build, said.vitrine)
        series.append(Series("no AVX", "icount", lambda icount, hz: plain.boot(icount, hz, zeroing), once=True))
    if on_disks:
        machines = {"Vitrine": VitrineDisks(build, said.vitrine)}
        if linux:
            machines["Linux"] = LinuxDisks(linux)
            if "swap" in on_disks:
                machines[LINUX_BEST] = LinuxDisks(linux, BEST_PAGE_CLUSTER)
        for name, machine in machines.items():
            # A raw disk does not care how many pages come back at once.
            own = ["swap"] if name == LINUX_BEST else on_disks
            series.append(Series(name, "disks", booting(machine, own)))
    return series


def both_clocks(name, guest, groups):
    return [Series(name, clock, booting(guest, groups)) for clock in ("icount", "wall")]


def booting(guest, groups):
    return lambda icount, hz: guest.boot(icount, hz, groups)


def measure(said, build):
    series = plan(said, build)
    processor, qemu = host.processor(), host.qemu_version()
    print(f"QEMU {qemu} on {processor}, load {os.getloadavg()[0]:.1f}", flush=True)
    turns = Turns(series, said.boots, host.ticks_per_second(f"{build}/bench/membench"))
    turns.all()
    known = recorded_side(said.config)
    return Results(
        date=time.strftime("%Y-%m-%d", time.gmtime()),
        qemu=qemu,
        processor=processor,
        others=turns.load.processors,
        vitrine=turns.side("Vitrine"),
        plain=turns.side("no AVX"),
        linux=turns.side("Linux") if said.linux else known,
        linux_measured=said.linux,
        configuration=said.config,
        floor=turns.side("floor"),
        recorded=Side("Linux", known.instructions, {**recorded_side("off").wall, **known.wall}, {}, known.facts),
        # Recorded with `off` only, like the raw disk.
        linux_best=turns.side(LINUX_BEST) if said.linux else recorded_side(f"off,page-cluster={BEST_PAGE_CLUSTER}"),
    )


def recorded_side(configuration):
    facts, instructions, wall = recorded(configuration)
    return Side("Linux", instructions, wall, {}, facts)


def arguments(words):
    parser = argparse.ArgumentParser(usage=__doc__.partition("usage: ")[2], add_help=False)
    parser.add_argument("--linux", action="store_true")
    parser.add_argument("--config", choices=list(CONFIGURATIONS), default="tuned")
    parser.add_argument("--boots", type=int, choices=range(1, 21), metavar="N", default=3)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--from", dest="source")
    parser.add_argument("--groups", type=group_names, default=[*GROUPS, *DISK_GROUPS])
    parser.add_argument("--vitrine", type=shlex.split, default=[])
    said = parser.parse_args(words)
    said.is_whole = said.groups == [*GROUPS, *DISK_GROUPS] and not said.vitrine
    if said.write and not said.is_whole:
        parser.error("--write needs a whole run: without --groups and --vitrine")
    return said


def group_names(text):
    names = [ALIASES.get(name, name) for name in text.split(",")]
    for name in names:
        if name not in GROUPS and name not in DISK_GROUPS:
            raise argparse.ArgumentTypeError(f"there is no group {name}; there are: {' '.join([*GROUPS, 'disk', 'swap'])}")
    return names


def main(words):
    said = arguments(words)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: nothing is left running
    build = os.environ.get("BUILD", "build")
    try:
        if said.source:
            results = results_file.load(said.source)
        else:
            results = measure(said, build)
            if said.is_whole:
                results_file.save(results, f"{build}/bench/results.json")
        print(table.text(results, None if said.is_whole else said.groups))
        if said.write:
            for path in page.write(results):
                print(f"written: {path}")
    except (BenchError, OSError) as why:
        print(f"\nbench: {why}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
