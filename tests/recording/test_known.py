"""What is recorded of programs whose references are known: all of them, in order, and nothing else."""
import os
import subprocess

from tests.boot.vitrine import BUILD, run

from .support import PROGRAM, RecordingTest, agrees, cut, references


class KnownTest(RecordingTest):
    def check(self, mode, pages, *count, interval=8, memory=64, options=(), **more):
        run = self.record(mode, pages, *count, interval=interval, options=["--memory", memory, *options], **more)
        data = [cut(recorded, run.base, pages) for _, recorded in run.intervals]
        self.assertIsNone(agrees(references(mode, pages, *count), data))
        for _, recorded in run.intervals[:-1]:
            self.assertEqual(len({page for page, _ in recorded}), interval, recorded)
        times = [time for time, _ in run.intervals]
        self.assertEqual(times, sorted(times))
        return run

    def test_a_walk_there_and_back(self):
        run = self.check("walk", 40, 2)
        data = [each for _, recorded in run.intervals for each in cut(recorded, run.base, 40)]
        there = [(page, True) for page in range(40)]
        # Where it turns round, some of the pages are noted in the present interval already.
        self.assertEqual(data[:40], there)
        back = data[40 : data.index((0, False)) + 1] if (0, False) in data else []
        self.assertEqual(back, [(page, False) for page in range(back[0][0], -1, -1)])
        self.assertGreaterEqual(back[0][0], 39 - 8)

    def test_random_order(self):
        for interval in (8, 16, 100):
            with self.subTest(interval=interval):
                self.check("random", 200, 5000, interval=interval)

    def test_the_kernels_uses_for_the_program(self):
        self.check("copy", 300)
        # Far more pages than there is room for records, in one system call.
        self.check("copy", 9000, interval=16)

    def test_populated_pages_are_not_used(self):
        self.check("populate", 90)

    def test_many_references(self):
        self.check("loop", 3000, 20)

    def test_one_instruction_is_one_nanosecond(self):
        one = self.check("random", 100, 3000, options=["--icount"])
        self.assertEqual(one, self.check("random", 100, 3000, options=["--icount"]), "every run is the same")

    def test_the_checked_kernel(self):
        self.check("random", 200, 5000, options=["--checked"])

    def test_while_it_swaps(self):
        for policy in ("clock", "random"):
            with self.subTest(policy=policy):
                run = self.check("any", 7000, 12000, memory=24,
                                 options=["--swap", 64, "--option", f"swap_policy={policy}", "--checked"])
                self.assertGreater(run.major, 100)

    def test_nonsense_is_refused(self):
        outcome = run("--option", "record_references=7", PROGRAM, "walk", 1, 1)
        self.assertIn("option record_references: it must be the pages of an interval, from 8 to 1024", outcome.err)

    def test_without_a_launcher_it_is_refused(self):
        """By hand, on a serial line: there is nobody to tell."""
        done = subprocess.run(
            ["qemu-system-x86_64", "-kernel", os.path.join(BUILD, "vitrine.elf"), "-append",
             "record_references=16 run=/program", "-m", "64", "-nodefaults", "-display", "none", "-serial", "stdio",
             "-device", "isa-debug-exit,iobase=0xf4,iosize=4", "-no-reboot", "-cpu", "max"],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
        self.assertIn(b"refused: option record_references: what is recorded goes to tools/vitrine", done.stdout)
