"""pool: pieces and holes as a model says, for each way to choose a hole; then the same programs under demand paging."""
import os
import re
import subprocess
import unittest
from unittest import mock

import runner
from runner import ON_LINUX, ExhibitTest, number, program, run, run_on_terminal
from test_terminal import ESCAPE, columns

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
START = os.path.join(ROOT, "user", "pool", "run")
MACHINE = ["--memory", "64", "--swap", "128"]
POOL = 44 * 1024  # KiB, as in user/pool/run
HEAP, GUARD, STACK = 1024, 4, 256

with open(os.path.join(ROOT, "user", "pool", "jobs.txt"), encoding="utf-8") as file:
    JOBS = {key: words.split() for key, words in re.findall(r"^(together|queue|leave) (.*)$", file.read(), re.M)}
TABLES = {name: int(mib) * 1024 for job in JOBS["together"] + JOBS["queue"] for name, mib in [job.split(":")]}
TOGETHER, QUEUE = ([job.split(":")[0] for job in JOBS[key]] for key in ("together", "queue"))

PICTURE = re.compile(r"^  \+[-+]*\+\n  (\|.*\|)\n  (\|.*\|)\n  \+[-+]*\+$", re.M)
REFUSED = re.compile(r"^cannot run \S*/(\w+): it needs one piece of (.+?) \(image (.+?), heap (.+?), guard page (.+?), "
                     r"stack (.+?)\); (.+?) are free in (\d+) holes?(?:, the largest (.+))?$", re.M)
SWAPPING = re.compile(r"^  ([a-z]+) +([#+]*) +([\d.]+ \w+) +([\d.]+ \w+)$", re.M)


def kib(text):
    """"18616 KiB", "44 MiB"; with a decimal it was rounded."""
    figure, unit = text.split()
    return float(figure) * {"bytes": 1 / 1024, "KiB": 1, "MiB": 1024}[unit]


class Model:
    """The pool as a list of [KiB, name or None]."""

    def __init__(self, fit, piece):
        self.fit, self.piece = fit, piece  # piece: a name's KiB
        self.extents = [[POOL, None]]
        self.refused = []  # (name, free, holes, largest) in their order
        self.queue = list(QUEUE)

    def holes(self):
        return [size for size, name in self.extents if name is None]

    def admit(self, name):
        size = self.piece(name)
        fitting = [at for at, (room, owner) in enumerate(self.extents) if owner is None and room >= size]
        if not fitting:
            self.refused.append((name, sum(self.holes()), len(self.holes()), max(self.holes(), default=0)))
            return False
        choose = {"first": lambda at: at, "best": lambda at: (self.extents[at][0], at),
                  "worst": lambda at: (-self.extents[at][0], at)}[self.fit]
        at = min(fitting, key=choose)
        rest = self.extents[at][0] - size
        self.extents[at:at + 1] = [[size, name]] + ([[rest, None]] if rest else [])
        return True

    def end(self, name):
        """It leaves; the queue's next comes. The snoop ends as soon as it has come."""
        next(extent for extent in self.extents if extent[1] == name)[1] = None
        joined = []
        for size, owner in self.extents:
            if joined and owner is None and joined[-1][1] is None:
                joined[-1][0] += size
            else:
                joined.append([size, owner])
        self.extents = joined
        while self.queue:
            come = self.queue.pop(0)
            if self.admit(come):
                if come == "snoop":
                    self.end(come)
                return

    def names(self):
        return [name for _, name in self.extents if name not in (None, "pool")]


class WithoutPool(ExhibitTest):
    def test_it_says_what_to_type(self):
        text = run("pool")
        self.assertTrue(text.startswith("pool: look at "))
        self.assertTrue(text.endswith(": make run EXHIBIT=pool\n"), text)

    def test_nonsense_is_refused(self):
        for arguments in (("first",), ("a:1",), ("a:1", "/"), ("a", "/", "b:1", "/"), ("a:1", "/", "b:x", "/"),
                          ("a:1", "/", "b:1", "/", "A"), ("/", "/", "/"), ("a:1", "/", "b:1", "/", "c", "/")):
            self.assertEqual(run("pool", *arguments, status=2), "")

    def test_a_tenant_alone_says_where_it_belongs(self):
        self.assertEqual(run("tenants/tax", status=2), "")

    @unittest.skipUnless(ON_LINUX, "about the script: once is enough")
    def test_another_fit_is_refused(self):
        for words in ([program("pool"), "next"], [program("pool"), "best", "worst"], []):
            done = subprocess.run([START, *words], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("first (the default), best or worst", done.stderr)


@unittest.skipIf(ON_LINUX, "takes machines of its own")
class TwoMachines(ExhibitTest):
    def start(self, *words, language="en"):
        """Both streams in the order in which they came."""
        done = subprocess.run([START, "--lessons", *MACHINE, program("pool"), *words], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=2 * runner.LIMIT,
                              env={**os.environ, "VITRINE_LANG": language})
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def check_lines(self, text):
        lesson = re.compile(r"cannot run |snoop\[\d+\] killed by SIGSEGV: ")
        for line in text.splitlines():
            if not lesson.match(line):
                self.assertLessEqual(columns(ESCAPE.sub("", line)), 80, line)

    def model(self, text, fit):
        """What the first refusal says of itself tells how large the others' pieces are, and the clerk's."""
        name, wanted, image, heap, guard, stack, *_ = REFUSED.findall(text)[0]
        self.assertEqual((kib(heap), kib(guard), kib(stack)), (HEAP, GUARD, STACK))
        self.assertEqual(kib(wanted), kib(image) + HEAP + GUARD + STACK)
        program_kib = kib(image) - TABLES[name]
        self.assertTrue(0 < program_kib < 1536, "code and constants")
        tenant = {each: table + program_kib + HEAP + GUARD + STACK for each, table in TABLES.items()}
        clerk = [size for size in range(2048, 5120, 4)
                 if self.play(size, tenant, fit).refused[0][1] == kib(REFUSED.findall(text)[0][6])]
        self.assertEqual(len(clerk), 1, "the size of the clerk's own piece that agrees with what was free")
        return lambda each: clerk[0] if each == "pool" else tenant[each]

    def play(self, clerk, tenant, fit, seen=lambda model: None):
        model = Model(fit, lambda name: clerk if name == "pool" else tenant[name])
        for name in ["pool", *TOGETHER]:
            self.assertTrue(model.admit(name), name)
        seen(model)
        for name in JOBS["leave"]:
            model.end(name)
            seen(model)
        while model.names():
            model.end(model.names()[0] if len(model.names()) == 1 else self.oldest(model))
        return model

    @staticmethod
    def oldest(model):
        """Who has come first is the first to leave in the end."""
        return min(model.names(), key=[*TOGETHER, *QUEUE].index)

    def check_pool(self, text, fit):
        size_of = self.model(text, fit)
        pictures = []
        model = self.play(size_of("pool"), {name: size_of(name) for name in TABLES}, fit,
                          lambda model: pictures.append([list(extent) for extent in model.extents]))
        shown = PICTURE.findall(text)
        self.assertEqual(len(shown), len(pictures), text)
        for (names, sizes), extents in zip(shown, pictures):
            names, sizes = ([cell.strip(" .") for cell in row[1:-1].split("|")] for row in (names, sizes))
            self.assertEqual(len(names), len(extents), names)
            for name, size, (room, owner) in zip(names, sizes, extents):
                self.assertTrue(name == (owner or "") or owner and name and owner.startswith(name), (name, owner))
                if size:
                    self.assertEqual(size, f"{room / 1024:.1f}")
        told = [(name, kib(free), int(holes), kib(largest or free))
                for name, _, _, _, _, _, free, holes, largest in REFUSED.findall(text)]
        self.assertEqual(told, model.refused)
        for name, wanted, *_ in REFUSED.findall(text):
            self.assertEqual(kib(wanted), size_of(name))
        return model

    def check_paging(self, text):
        second = text[text.index("pool: look at the same programs"):]
        rows = SWAPPING.findall(second)
        there = [name for name in [*TOGETHER, *QUEUE] if name != "snoop"]
        self.assertEqual([row[0] for row in rows], there * 2, second)
        for name, bar, in_memory, on_swap in rows:
            all_kib = kib(in_memory) + kib(on_swap)
            self.assertGreater(all_kib, TABLES[name] - 103, "each figure is rounded to a tenth")
            self.assertLessEqual(abs(len(bar) - all_kib / 1024), 0.6)
            self.assertLessEqual(abs(bar.count("#") - kib(in_memory) / 1024), 0.6)
        self.assertTrue(second.rstrip().endswith("no room waits on the disk."), second)
        return max(sum(kib(row[2]) for row in rows[:len(there)]), sum(kib(row[2]) for row in rows[len(there):]))

    def check_table(self, text, model, size_of, in_memory):
        table = {words: (pool, paging) for words, pool, paging in re.findall(
            r"^ +(\S.*?)  +([\d.,]+(?: \w+)?|-) +([\d.,]+(?: \w+)?|-)$", text[text.index("The same programs,"):], re.M)}
        self.assertEqual(len(table), 9, table)
        tenants = len(TABLES) - 1
        refused = len(model.refused)
        self.assertEqual(table["programs that ended with every byte right"], (str(tenants - refused), str(tenants)))
        self.assertEqual(table["programs refused"], (str(refused), "0"))
        self.assertEqual(table["programs at the same time, at most"][1], str(len(TABLES)))
        self.assertEqual(table["tables of these together"][1], f"{sum(TABLES.values()) // 1024} MiB")
        self.assertGreater(kib(table["tables of these together"][1]), 64 * 1024, "more than the machine has")
        together = sum(size_of(name) for name in TOGETHER)
        self.assertGreaterEqual(kib(table["memory that they had, at most seen"][0]), together - 52)
        self.assertLessEqual(kib(table["memory that they had, at most seen"][0]), POOL)
        self.assertAlmostEqual(kib(table["memory that they had, at most seen"][1]), in_memory, delta=1024)
        pool_faults, paging_faults = map(number, table["page faults"])
        self.assertEqual(pool_faults, 0, "all is there from the start")
        self.assertGreater(paging_faults, sum(TABLES.values()) // 4, "each page's first touch")
        out, came = (tuple(map(number, table[f"pages {how}"])) for how in ("written to the disk", "read from it"))
        self.assertEqual((out[0], came[0]), (0, 0))
        least = sum(TABLES.values()) // 4 - 64 * 256
        self.assertGreater(out[1], least, "what is not in memory is on the disk")
        self.assertGreater(came[1], least)
        return table

    def check(self, fit):
        text = self.start(*([] if fit == "first" else [fit]))
        self.assertIn(f"Holes are chosen by {fit} fit.", text)
        self.assertTrue(text.isascii())
        self.check_lines(text)
        self.assertEqual(len(re.findall(r"^snoop\[\d+\] killed by SIGSEGV: read from ", text, re.M)), 2)
        self.assertEqual(text.count("outside of its piece"), 1)
        model = self.check_pool(text, fit)
        size_of = self.model(text, fit)
        table = self.check_table(text, model, size_of, self.check_paging(text))
        return text, model, table

    def test_first_fit(self):
        text, model, table = self.check("first")
        self.assertEqual([name for name, *_ in model.refused], ["atlas", "ocean", "galaxy"])
        _, free, holes, largest = model.refused[0]
        self.assertGreaterEqual(holes, 3)
        self.assertIn("Together the holes would have been large enough for it.", text)
        self.assertEqual(table["free, but in holes, when one was refused"], (f"{free / 1024:.1f} MiB", "-"))
        self.assertGreater(free, largest * 2)

    def test_best_fit(self):
        _, model, _ = self.check("best")
        self.assertNotIn("atlas", [name for name, *_ in model.refused])

    def test_worst_fit(self):
        self.check("worst")

    def test_drawn_in_chinese(self):
        with mock.patch.object(runner, "RUNNER", [START]):
            text = run_on_terminal("pool", launcher=[*MACHINE, "--env", "VITRINE_LANG=zh"])
        self.assertRegex(text, ESCAPE)
        plain = ESCAPE.sub("", text)
        self.assertRegex(plain, "┌─+┬.*┐")
        self.assertRegex(plain, "│░+│")
        self.assertRegex(plain, "█+▒+")
        self.assertIn("空洞加在一起本来够它用。", plain)
        self.assertIn("在这里它们全都运行了", plain)
        self.check_lines(plain)


if __name__ == "__main__":
    unittest.main()
