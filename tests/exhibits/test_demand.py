"""demand: what is in memory is what was touched, fault by fault, alone and with several of them at once."""
import pathlib
import re
import shlex
import signal
import subprocess
import time
import unittest

from runner import LIMIT, ON_LINUX, RUNNER, ExhibitTest, number, program, run

REGION = re.compile(r"^  (text|constants|data|bss|heap|stack) +([.#]+)\|   (\d+) (calls|reads|writes) +(\d+)"
                    r" +([.#]+)\|$", re.M)
BAR = re.compile(r"^  (address space|the machine's memory|in memory, at first|in memory, now) +([\d,]+) KiB (#*)$",
                 re.M)
OTHER = re.compile(r"^Process (\d+): addresses ([\d,]+) KiB, in memory ([\d,]+) KiB at first, ([\d,]+) KiB now\.\n"
                   r"  Writes to ([\d,]+) pages of statics: ([\d,]+) page faults\. Process (\d+) adds up\.$",
                   re.M)
MEMBER = re.compile(r"^  (\d+) +([\d,]+) +([\d,]+) +([\d,]+)$", re.M)
STATICS, PAGES_PER_MIB, IN_REGION = 200 * 256, 256, 16
READING_PROC = 512  # KiB that reading /proc and telling of it may take


def run_together(arguments):
    """Several at once: what each of them says on Linux, or all in one on Vitrine."""
    first, *others = [[program("demand"), *words] for words in arguments]
    if not ON_LINUX:
        beside = [word for other in others for word in ("--with", shlex.join(other))]
        done = subprocess.run([*RUNNER, *beside, *first], stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT)
        assert done.returncode == 0, done
        return done.stdout.decode()
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for command in (first, *others)]
    try:
        return "".join(process.communicate(timeout=LIMIT)[0].decode() for process in running)
    finally:
        for process in running:
            process.kill()
            process.wait()


class Demand(ExhibitTest):
    def check_regions(self, text):
        """Returns the pages that came."""
        rows = REGION.findall(text)
        self.assertEqual([row[0] for row in rows], ["text", "constants", "data", "bss", "heap", "stack"], text)
        self.assertEqual([row[3] for row in rows], ["calls", "reads"] + ["writes"] * 4)
        came, faults_of_all = 0, 0
        for name, before, count, _, faults, after in rows:
            faults = int(faults)
            self.assertEqual((len(before), int(count), after), (IN_REGION, IN_REGION, "#" * IN_REGION), text)
            if name in ("text", "constants") and ON_LINUX:
                # Linux maps up to 16 pages of a file with one fault, maybe with one before main().
                self.assertLessEqual(faults, before.count("."), text)
            elif name == "data" and ON_LINUX:
                # They may be there for reading; a write takes a fault nevertheless (copy on write).
                self.assertEqual(faults, IN_REGION, text)
            elif name in ("text", "constants"):
                # What another process has brought into memory already comes one, two, four, eight pages at a time.
                self.assertEqual(before, "." * IN_REGION, text)
                self.assertIn(faults, range(5, IN_REGION + 1), text)
            else:
                self.assertEqual((before, faults), ("." * IN_REGION, IN_REGION), text)
            came += before.count(".")
            faults_of_all += faults
        self.assertEqual("Fewer faults than pages that came" in text, any(
            row[1].count(".") > int(row[4]) for row in rows))
        return came

    def check_bars(self, text):
        bars = {name: (number(kib), len(bar)) for name, kib, bar in BAR.findall(text)}
        self.assertEqual(len(bars), 4, text)
        longest = max(kib for kib, _ in bars.values())
        for kib, length in bars.values():
            self.assertEqual(length, (kib * 38 + longest // 2) // longest, text)
        return [bars[name][0] for name in ("address space", "the machine's memory", "in memory, at first",
                                           "in memory, now")]

    def check_drawing(self, text, mib):
        self.assertEqual(int(self.find(r"^Process \d+ began main\(\) after (\d+) page faults\.", text)) > 0, True)
        came = self.check_regions(text)
        touched, pages, faults = self.find(
            r"^Writes to (\d+) MiB of the statics, ([\d,]+) pages: ([\d,]+) page faults\.$", text)
        self.assertEqual((int(touched), number(pages), number(faults)),
                         (mib, mib * PAGES_PER_MIB, mib * PAGES_PER_MIB))
        row, present, of, square = self.find(
            r"^  ([.+#]{48})\|\n  ([\d,]+) of ([\d,]+) pages are in memory; one square is (\d+) pages$", text)
        self.assertEqual((number(present), number(of)), (mib * PAGES_PER_MIB, STATICS))
        square = int(square)
        whole, part = divmod(mib * PAGES_PER_MIB, square)
        if mib * PAGES_PER_MIB < STATICS:
            self.assertEqual(row, ("#" * whole + "+" * (part > 0)).ljust(48, "."))
        else:
            self.assertEqual(row, "#" * 48)

        size, _, first, now = self.check_bars(text)
        self.assertGreater(size, STATICS * 4)
        self.assertLess(size, STATICS * 4 + 8192)
        self.check_growth(first, now, mib * PAGES_PER_MIB, came, came)

    def check_growth(self, first, now, touched, least_of_regions, most_of_regions):
        """First and now in KiB, the rest in pages."""
        self.assertLess(first, 2048, "nothing is there at first")
        self.assertGreaterEqual(now - first, 4 * (touched + least_of_regions))
        self.assertLessEqual(now - first, 4 * (touched + most_of_regions) + READING_PROC)

    def test_default(self):
        text = run("demand", "8", "1")
        self.check_drawing(text, 8)
        self.assertIn("No other process runs this program", text)

    def test_nothing_touched(self):
        self.check_drawing(run("demand", "0", "1"), 0)

    def test_much_touched(self):
        self.check_drawing(run("demand", "150", "1"), 150)

    def test_all_touched(self):
        self.check_drawing(run("demand", "200", "1"), 200)

    def check_together(self, *sizes, text=None):
        text = text or run_together([[str(mib), str(len(sizes))] for mib in sizes])
        drawn = self.find(r"^Process (\d+) began main\(\)", text)
        self.check_regions(text)
        told = {drawn: self.check_bars(text)}
        touched = {drawn: number(self.find(r"^Writes to \d+ MiB of the statics, ([\d,]+) pages", text))}
        for pid, size, first, now, pages, faults, shows in OTHER.findall(text):
            told[pid] = [number(size), None, number(first), number(now)]
            touched[pid] = number(pages)
            self.assertEqual((number(faults), shows), (number(pages), drawn))
        self.assertEqual(sorted(touched.values()), sorted(mib * PAGES_PER_MIB for mib in sizes), text)

        self.assertEqual(int(self.find(r"^(\d+) of them were there at the same time", text)), len(sizes))
        rows = {pid: [number(size), number(first), number(now)] for pid, size, first, now in MEMBER.findall(text)}
        self.assertEqual(set(rows), set(told), text)
        self.assertEqual(min(rows, key=int), drawn)
        for pid, (size, first, now) in rows.items():
            # The first has read these a little earlier or later than they have themselves.
            for theirs, ours in zip((told[pid][0], told[pid][2], told[pid][3]), (size, first, now)):
                self.assertAlmostEqual(theirs, ours, delta=READING_PROC)
            # On Linux what came along from the file before main() differs from process to process.
            self.check_growth(first, now, touched[pid], (3 if ON_LINUX else 6) * IN_REGION, 6 * IN_REGION)
        sums = [number(figure) for figure in self.find(r"^  sum +([\d,]+) +([\d,]+) +([\d,]+)$", text)]
        self.assertEqual(sums, [sum(column) for column in zip(*rows.values())])

        machine = number(self.find(r"^  machine, MemTotal +([\d,]+) *$", text))
        self.assertEqual(machine, told[drawn][1])
        said = self.find(r"addresses ([\d.]+) %, at first ([\d.]+) %, touched ([\d.]+) %\.$", text)
        self.assertEqual(list(said), [f"{100 * figure / machine:.1f}" for figure in sums])
        free = [number(figure) for figure in self.find(r"^  free, MemFree +([\d,]+) +([\d,]+)$", text)]
        return sums, machine, free, 4 * sum(touched.values())

    def test_three_at_once(self):
        sums, machine, free, touched = self.check_together(8, 8, 8)
        if not ON_LINUX:
            self.assertGreater(sums[0], 2 * machine, "more addresses than the machine has memory")
            # Nobody else is there: what was touched is what is missing, but for page tables and the regions.
            self.assertGreaterEqual(free[0] - free[1], touched)
            self.assertLess(free[0] - free[1], touched + 4096)

    def test_alone_it_forks(self):
        self.check_together(8, 8, 8, text=run("demand"))

    def test_two_of_unequal_size(self):
        self.check_together(0, 100)

    def test_nobody_comes(self):
        text = run("demand", "1", "2", "1")
        self.check_drawing(text, 1)
        self.assertIn("\n1 of 2 processes came within 1 s. It goes on without the others.\n", text)

    @unittest.skipUnless(ON_LINUX, "somebody outside has to stop it")
    def test_one_that_stops_on_the_way_is_not_waited_for_without_end(self):
        partner = subprocess.Popen([program("demand"), "0", "2", "60"], stdout=subprocess.DEVNULL)
        try:
            end = time.monotonic() + LIMIT
            comm = pathlib.Path(f"/proc/{partner.pid}/comm")
            while comm.read_text() != "demand:1\n":
                self.assertLess(time.monotonic(), end)
            partner.send_signal(signal.SIGSTOP)
            text = run("demand", "3", "2", "1")
        finally:
            partner.kill()
            partner.wait()
        (pid, *_, pages, _, shows), = OTHER.findall(text)
        self.assertEqual((number(pages), int(shows)), (3 * PAGES_PER_MIB, partner.pid))
        self.assertIn(f"\nProcess {pid}: one that was here did not come on. It goes on without it.\n", text)

    def test_nonsense_is_refused(self):
        for arguments in (("201",), ("x",), ("8", "0"), ("8", "3", "0")):
            self.assertEqual(run("demand", *arguments, status=2), "")


if __name__ == "__main__":
    unittest.main()
