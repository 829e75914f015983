"""`make policies` from outside: what it prints, what it draws, what it refuses."""
import csv
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
REPLAY = os.path.abspath(os.path.join(os.environ.get("BUILD", os.path.join(ROOT, "build")), "policies", "replay"))
SVG = "{http://www.w3.org/2000/svg}"
POLICIES = ["optimal", "lru", "aging", "clock", "fifo", "random"]
LIMIT = 300  # seconds


class PoliciesTest(unittest.TestCase):
    """A build folder of its own, with the replay that is built."""

    def setUp(self):
        self.build = tempfile.mkdtemp(prefix="policies-test.")
        self.addCleanup(shutil.rmtree, self.build)
        os.mkdir(f"{self.build}/policies")
        os.symlink(REPLAY, f"{self.build}/policies/replay")

    def trace(self, text, name="mine.trace"):
        path = os.path.join(self.build, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def policies(self, *arguments, program="tools/policies/policies"):
        return subprocess.run([program, *arguments], cwd=ROOT, env={**os.environ, "BUILD": self.build},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT, check=False)

    def drawn(self, name):
        return ElementTree.parse(f"{self.build}/policies/{name}.svg").getroot()

    def refused(self, words, *arguments):
        done = self.policies(*arguments)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(words, done.stderr)
        self.assertNotIn("Traceback", done.stderr)
        self.assertEqual([name for name in os.listdir(f"{self.build}/policies") if name.endswith(".svg")], [])

    def test_beladys_anomaly_is_in_the_table_and_in_the_chart(self):
        done = self.policies("--trace=tools/policies/traces/belady.trace")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        faults = {int(row[0]): dict(zip(POLICIES, re.findall(r"(\d+) +[\d.]+ %", row[1])))
                  for row in re.findall(r"^ *(\d+)( .*%)$", done.stdout, re.M)}
        self.assertEqual((faults[3]["fifo"], faults[4]["fifo"]), ("9", "10"))
        self.assertEqual((faults[3]["lru"], faults[4]["lru"]), ("10", "8"))
        self.assertIn("policies/belady.svg\n", done.stdout)
        root = self.drawn("belady")
        fifo = next(group for group in root.iter(SVG + "g") if group.findtext(SVG + "title") == "fifo")
        heights = [float(place.split(",")[1]) for place in fifo.find(SVG + "polyline").get("points").split()]
        self.assertGreater(heights[2], heights[3], "up is less in SVG")

    def test_a_chart_has_a_curve_for_each_policy_with_all_frame_counts(self):
        path = self.trace(" ".join(str(i * i % 31) for i in range(500)))
        self.assertEqual(self.policies(f"--trace={path}", "--frames=2-12:2").returncode, 0)
        curves = {group.findtext(SVG + "title"): group.find(SVG + "polyline").get("points").split()
                  for group in self.drawn("mine").iter(SVG + "g") if group.find(SVG + "polyline") is not None}
        self.assertEqual(list(curves), POLICIES)
        self.assertEqual({len(points) for points in curves.values()}, {6})
        with open(f"{self.build}/policies/mine.csv", encoding="ascii") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([row["frames"] for row in rows], ["2", "4", "6", "8", "10", "12"])
        for row in rows:
            for policy in POLICIES:
                self.assertLessEqual(float(row["optimal"]), float(row[policy]))

    def test_a_trace_with_times_has_a_working_set(self):
        path = self.trace("".join(f"@{i * 1000} {i % 7} {i // 100}\n" for i in range(1000)))
        done = self.policies(f"--trace={path}", "--frames=1-4")
        self.assertIn("mine-working-set.svg\n", done.stdout)
        (line,) = self.drawn("mine-working-set").iter(SVG + "polyline")
        self.assertEqual(len(line.get("points").split()), 400)
        # Without times there is none, an old one neither.
        self.trace("1 2 3")
        self.assertNotIn("working-set", self.policies(f"--trace={path}").stdout)

    def test_the_tick(self):
        path = self.trace(" ".join(str(i * i % 31) for i in range(500)))
        faults = {}
        for tick in ("1", "40", "kernel"):
            self.assertEqual(self.policies(f"--trace={path}", "--frames=12", f"--tick={tick}").returncode, 0)
            with open(f"{self.build}/policies/mine.csv", encoding="ascii") as file:
                faults[tick] = next(csv.DictReader(file))
        self.assertEqual(faults["1"]["lru"], faults["1"]["aging"])
        self.assertNotEqual(faults["1"]["lru"], faults["40"]["lru"])
        self.assertEqual(len({row["fifo"] for row in faults.values()}), 1)

    def test_a_file_with_an_odd_name(self):
        path = self.trace("1 2 3", name="<a & b>\x01.trace")
        self.assertEqual(self.policies(f"--trace={path}").returncode, 0)
        self.drawn("_a___b__")

    def test_what_is_refused(self):
        self.refused("No such file", "--trace=/nowhere.trace")
        bad = self.trace("1 2\n3 x")
        self.refused('line 2: "x" is no page number', f"--trace={bad}")
        self.refused("there is no reference in it", f"--trace={self.trace('# nothing')}")
        good = self.trace("1 2 3")
        for frames in ("0-4", "4-3", "x", "1-", ""):
            self.refused("is no range", f"--trace={good}", f"--frames={frames}")
        self.refused("neither a number", f"--trace={good}", "--tick=0")
        self.refused("for the included traces", f"--trace={good}", "--write")

    def test_a_table_that_cannot_be_written_is_told(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run([REPLAY, self.trace("1 2 3")], stdout=full, stderr=subprocess.PIPE, text=True,
                                  timeout=LIMIT, check=False)
        self.assertEqual((done.returncode, done.stderr), (1, "policies: the table cannot be written\n"))

    def test_the_included_traces_are_what_their_program_writes(self):
        made = os.path.join(self.build, "made")
        self.assertEqual(self.policies(made, program="tools/policies/make-traces").returncode, 0)
        self.assertEqual(sorted(os.listdir(made)),
                         ["belady.trace", "eighty-twenty.trace", "looping.trace", "phases.trace"])
        for name in os.listdir(made):
            with open(f"{made}/{name}", encoding="utf-8") as new, \
                    open(f"{ROOT}/tools/policies/traces/{name}", encoding="utf-8") as old:
                self.assertEqual(new.read(), old.read(), name)


class MakeTest(unittest.TestCase):
    """The words of make reach the program."""

    def make(self, *words):
        command = ["make", "--no-print-directory", "--dry-run", "-o", "setup", "policies", *words]
        done = subprocess.run(command, cwd=ROOT,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT, check=True)
        return next(line for line in done.stdout.replace("\\\n", " ").splitlines() if "tools/policies/policies" in line)

    def test_what_make_passes_on(self):
        self.assertNotIn("--", self.make())
        line = self.make("TRACE=my trace", "FRAMES=1-40", "TICK=kernel")
        for word in ('--trace="my trace"', '--frames="1-40"', '--tick="kernel"'):
            self.assertIn(word, line)
        self.assertIn("--write", self.make("WRITE=1"))

    def test_help_names_it(self):
        done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=True)
        self.assertRegex(done.stdout, r"make policies .*FRAMES")


if __name__ == "__main__":
    unittest.main()
