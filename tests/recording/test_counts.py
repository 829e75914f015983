"""The kernel's own counts of page faults against the replay of what was recorded (docs/recording.md, "How exact").

With memory enough the two are equal. When memory is short, the kernel is asked to bring in one page at a time
(swap_read_ahead=off), and its count of all faults has to lie between two replays:

  least   with as many frames as the program ever had, one page given up when one is needed
  most    with as few as it had when memory was short, and as many given up at once as lie between the two numbers

for the kernel gives pages up ahead of need, from its low watermark to its high one. To that comes, on both sides, the
resolution of the recording: each time that pages are given up, the pages of the present interval have been noted
already, so that for each of them the replay may know of one use less or more. And what the program's own start adds is
known from a run with memory enough.
"""
import csv
import os
import subprocess

from tests.boot.vitrine import BUILD

from .support import RecordingTest, cut, references

REPLAY = os.path.join(BUILD, "policies", "replay")
POLICIES = ("aging", "clock", "fifo", "lru", "random")
INTERVAL = 8


class CountsTest(RecordingTest):
    def replay(self, frames, at_once=1):
        """{policy: faults}"""
        table = self.trace + ".csv"
        subprocess.run([REPLAY, "--frames", str(frames), "--at-once", str(at_once), "--tick", "kernel", "--csv", table,
                        "--", self.trace], check=True, stdout=subprocess.DEVNULL, timeout=60)
        with open(table, encoding="ascii") as file:
            (row,) = csv.DictReader(file)
        return {policy: float(row[policy]) for policy in POLICIES}


class PlentyTest(CountsTest):
    def test_recording_changes_no_count(self):
        for words in (("walk", 500, 2), ("random", 500, 5000), ("copy", 300), ("populate", 300)):
            plain, recorded = self.run_program(*words), self.record(*words)
            self.assertEqual((recorded.minor, recorded.major, recorded.faults), (plain.minor, 0, plain.faults), words)

    def test_every_page_is_one_fault(self):
        """And one more where it was read before it was written: the page of zeros, then a page of its own."""
        for words in (("walk", 500, 2), ("random", 500, 5000)):
            run = self.record(*words, interval=INTERVAL)
            data = [each for _, recorded in run.intervals for each in cut(recorded, run.base, 500)]
            with open(self.trace, "w", encoding="ascii") as file:
                file.write(" ".join(f"{page}{'w' if written else ''}" for page, written in data))
            first, written = {}, set()
            for page, writes in data:
                first.setdefault(page, writes)
                if writes:
                    written.add(page)
            self.assertEqual(set(first), {page for page, _ in references(*words)})
            copied = sum(not first[page] for page in written)
            for faults in self.replay(len(first)).values():
                self.assertEqual(faults, len(first))
                self.assertEqual(run.minor, faults + copied)


class ShortTest(CountsTest):
    MEMORY = ["--memory", 24, "--swap", 64, "--option", "swap_read_ahead=off"]

    def bounds(self, run, policy, at_start):
        least, most = run.frames
        evictions = run.faults - least
        moments = -(-evictions // (most - least))
        resolution = INTERVAL * moments
        return (self.replay(most)[policy] + at_start, self.replay(least, most - least)[policy] + at_start, resolution)

    known = {}

    def with_plenty(self, words):
        """How many pages the program uses, and how many faults it has besides one for each."""
        if words not in self.known:
            run = self.record(*words, "sample", interval=INTERVAL)
            pages = len({page for _, recorded in run.intervals for page, _ in recorded})
            self.known[words] = pages, run.faults - pages
        return self.known[words]

    def check(self, policy, *words):
        pages, at_start = self.with_plenty(words)
        short = self.record(*words, "sample", interval=INTERVAL,
                            options=[*self.MEMORY, "--option", f"swap_policy={policy}"])
        self.assertGreater(short.major, 500, "memory was short")
        self.assertGreater(pages, short.frames[1])
        low, high, resolution = self.bounds(short, policy, at_start)
        print(f"\n{policy} {words}: {short.faults} faults, replay {low:.0f} to {high:.0f}, each give or take {resolution}; "
              f"frames {short.frames[0]} to {short.frames[1]}", end=" ", flush=True)
        self.assertGreaterEqual(short.faults, low - resolution)
        self.assertLessEqual(short.faults, high + resolution)
        return short

    def test_a_loop(self):
        for policy in POLICIES:
            with self.subTest(policy=policy):
                self.check(policy, "loop", 5800, 3)

    def test_random_pages(self):
        for policy in POLICIES:
            with self.subTest(policy=policy):
                self.check(policy, "any", 7000, 20000)

    def test_four_fifths_of_the_references_to_one_fifth_of_the_pages(self):
        for policy in POLICIES:
            with self.subTest(policy=policy):
                self.check(policy, "eighty", 9000, 40000)

    def test_it_can_tell_policies_apart(self):
        """What one policy does lies outside of what the replay expects of another."""
        words = ("eighty", 9000, 40000)
        fifo = self.check("fifo", *words)
        _, high, resolution = self.bounds(fifo, "clock", self.with_plenty(words)[1])
        self.assertGreater(fifo.faults, high + resolution)
        words = ("loop", 5800, 3)
        loop = self.check("random", *words)
        low, _, resolution = self.bounds(loop, "lru", self.with_plenty(words)[1])
        self.assertLess(loop.faults, low - resolution)
