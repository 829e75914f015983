"""make bench: boots the machines one after the other, one line each, then shows what was measured.

usage: tests/bench/bench [--linux] [--config tuned|off|default] [--boots N] [--write] [--from FILE]
  --linux      measure Debian's Linux as well, instead of taking its recorded figures
  --config     which Linux: tuned (the leanest, the default), off (mitigations=off), default (Debian's own)
  --boots N    boots per kernel and clock, default 3; the median counts
  --write      write docs/benchmarks.md and its picture
  --from FILE  measure nothing: show (or write) the results of an earlier run, build/bench/results.json
"""
import argparse
import os
import signal
import sys
import time

from . import host, page, results as results_file, table
from .boot import BenchError
from .figures import collect, recorded
from .floor_guest import FloorGuest
from .linux_guest import CONFIGURATIONS, LinuxGuest
from .results import Results, Side
from .vitrine_guest import PlainVitrineGuest, VitrineGuest

INSTRUCTIONS_HZ = 1_000_000_000  # under icount an instruction is a virtual nanosecond


class Run:
    """All boots of one run, in an order that lets a busy moment hit every kernel alike."""

    def __init__(self, guests, boots, hz):
        self.guests_, self.boots_, self.hz_ = guests, boots, hz
        self.load = host.OthersLoad()
        self.done = {name: {True: [], False: []} for name in guests}

    def all(self):
        # What is only counted, or counts without an operating system, never varies: one boot tells all.
        plan = [(name, icount) for icount in (True, False) for turn in range(self.boots_) for name in self.guests_
                if not (name == "floor" and icount and turn or name == "no AVX" and (turn or not icount))]
        for index, (name, icount) in enumerate(plan):
            print(f"{index + 1:3}/{len(plan)} {name:8} {'instructions' if icount else 'wall clock'} …", end="",
                  flush=True)
            self.boot_(name, icount)

    def boot_(self, name, icount):
        if not icount:
            self.load.start()
        boot = self.guests_[name].boot(icount, INSTRUCTIONS_HZ if icount else self.hz_)
        if not icount:
            self.load.stop()
        print(f" {len(boot.figures())} figures, {boot.seconds:.0f} s", flush=True)
        self.done[name][icount].append(boot)

    def side(self, name):
        counted, timed = self.done[name][True], self.done[name][False]
        return Side(name, collect(counted, True), collect(timed, False), counted[0].failures(),
                    {**counted[0].information(), "icount": counted[0].command,
                     "wall": timed[0].command if timed else None})


def measure(said, build):
    linux = {"Linux": LinuxGuest(build, said.config)} if said.linux else {}  # first, for it may have to be fetched
    guests = {"floor": FloorGuest(build), "Vitrine": VitrineGuest(build), "no AVX": PlainVitrineGuest(build), **linux}
    processor, qemu = host.processor(), host.qemu_version()
    print(f"QEMU {qemu} on {processor}, load {os.getloadavg()[0]:.1f}", flush=True)
    run = Run(guests, said.boots, host.ticks_per_second(f"{build}/bench/membench"))
    run.all()
    known = recorded_side(said.config)
    return Results(
        date=time.strftime("%Y-%m-%d", time.gmtime()),
        qemu=qemu,
        processor=processor,
        others=run.load.processors,
        vitrine=run.side("Vitrine"),
        plain=run.side("no AVX"),
        linux=run.side("Linux") if said.linux else known,
        linux_measured=said.linux,
        configuration=said.config,
        floor=run.side("floor"),
        recorded=Side("Linux", known.instructions, {**recorded_side("off").wall, **known.wall}, {}, known.facts),
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
    return parser.parse_args(words)


def main(words):
    said = arguments(words)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: nothing is left running
    build = os.environ.get("BUILD", "build")
    try:
        if said.source:
            results = results_file.load(said.source)
        else:
            results = measure(said, build)
            results_file.save(results, f"{build}/bench/results.json")
        print(table.text(results))
        if said.write:
            for path in page.write(results):
                print(f"written: {path}")
    except (BenchError, OSError) as why:
        print(f"\nbench: {why}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
