"""swap: one page's way out and back, and three processes with four times the memory, every byte of it right."""
import re
import unittest

from runner import ON_LINUX, ExhibitTest, number, program, run, run_on_terminal, run_with_swap
from test_terminal import ESCAPE, columns

STEPS = ["all its bytes are written", "madvise(MADV_PAGEOUT)", "another page is written", "read: all bytes are right",
         "MADV_PAGEOUT once more", "one byte is changed", "MADV_PAGEOUT once more"]
STEP = re.compile(rf"^  ({'|'.join(map(re.escape, STEPS))}) +([0-9a-f]{{16}})  (frame 0x[0-9a-f]+|area \d+, slot \d+)"
                  r" +(\d+) +(\d+) +(\d+)$", re.M)
PICTURE = re.compile(r"^ +(\d+\.\d\d) s  ([a-z ]+); since the last picture ([\d,]+) pages out, ([\d,]+) in$", re.M)
LINE = re.compile(r"^ +(\d+) ([#+.]{28}) +([\d,]+) +([\d,]+) +([\d,]+) +([\d,]+) +(looks|(\d+) of (\d+))$", re.M)
OWN = re.compile(r"^Process (\d+): ([\d,]+) pages, ([\d,]+) writes to them, ([\d,]+) checks: all right\.$", re.M)
PICTURES = ["half is written", "all is written", "all was read again", "an eighth is changed", "all was read again"]
ALL_RIGHT = r"^Every byte of every page was right, in all (\d+) processes\.$"


class WithoutSwap(ExhibitTest):
    def test_it_says_what_to_type(self):
        text = run("swap")
        self.assertTrue(text.startswith("swap: look at "))
        self.assertRegex(text, r"\n(There is no swap here\..*|Of the .* nearly all would have to be locked\.\n.*): "
                               r"make run EXHIBIT=swap\n\Z")

    def test_nonsense_is_refused(self):
        for arguments in (("15",), ("x",), ("32", "0"), ("32", "3", "0")):
            self.assertEqual(run("swap", *arguments, status=2), "")


@unittest.skipIf(ON_LINUX, "takes a machine of its own")
class WithSwap(ExhibitTest):
    def check_journey(self, text):
        rows = STEP.findall(text)
        self.assertEqual([row[0] for row in rows], STEPS, text)
        bits = [int(row[1], 16) for row in rows]
        for entry, (_, _, said, *_) in zip(bits, rows):
            if entry >> 62 & 1:
                self.assertEqual(said, f"area {entry & 31}, slot {entry >> 5 & (1 << 50) - 1}")
            else:
                self.assertEqual(entry >> 63, 1)
                self.assertEqual(said, f"frame {entry & (1 << 55) - 1:#x}")
        self.assertEqual([entry >> 63 for entry in bits], [1, 0, 1, 1, 0, 1, 0])
        self.assertEqual([tuple(map(int, row[3:])) for row in rows],
                         [(0, 0, 0), (1, 0, 0), (0, 0, 0), (0, 1, 1), (0, 0, 0), (0, 1, 1), (1, 0, 0)])
        self.assertNotEqual(bits[3], bits[2], "another page's frame")
        self.assertEqual(bits[4], bits[1], "clean: it still has its slot")
        self.assertIn("\nThe second time it was not written: ", text)

    def check_pictures(self, text, pids, pages):
        pictures, lines = PICTURE.findall(text), LINE.findall(text)
        self.assertEqual([picture[1] for picture in pictures], PICTURES, text)
        self.assertEqual([int(line[0]) for line in lines], pids * len(PICTURES), text)
        times = [float(picture[0]) for picture in pictures]
        self.assertEqual(times, sorted(times))
        for pid, bar, frames, slots, *_ in lines:
            frames, slots = number(frames), number(slots)
            self.assertLessEqual(abs(bar.count("#") - 28 * frames / pages), 0.5 + 1e-9)
            self.assertLessEqual(abs(28 - bar.count(".") - min(28, 28 * (frames + slots) / pages)), 0.5 + 1e-9)
        whole = [line for line in lines[len(pids):]]
        self.assertTrue(all("." not in line[1] and number(line[2]) + number(line[3]) >= pages for line in whole), text)
        for member in range(len(pids)):
            for faults in (4, 5):
                counts = [number(line[faults]) for line in lines[member::len(pids)]]
                self.assertEqual(counts, sorted(counts))
        for line in lines:
            self.assertEqual(line[6] == "looks", int(line[0]) == pids[0])
            if line[7]:
                self.assertLessEqual(int(line[7]), int(line[8]))
        return pictures

    def check(self, text, count, memory):
        """`memory`: what there is for the programs at least and at most, in MiB."""
        for line in text.splitlines():
            self.assertLessEqual(len(line), 80, line)
        self.assertTrue(text.isascii())
        self.check_journey(text)
        own = {int(pid): tuple(map(number, rest)) for pid, *rest in OWN.findall(text)}
        pids = sorted({int(line[0]) for line in LINE.findall(text)})
        self.assertEqual(len(pids), count)
        self.assertEqual(sorted(own), pids[1:], "the first one tells of all")
        all_pages, size, left, unit = self.find(r"^Pages of the programs ([\d,]+) \((.+) MiB\), memory ([\d.]+) (\w+)$",
                                                text)
        all_pages, left = number(all_pages), float(left)
        self.assertEqual(unit, "MiB")
        self.assertTrue(memory[0] <= left <= memory[1], left)
        self.assertAlmostEqual(all_pages / 256, float(size), delta=0.1)
        self.assertAlmostEqual(all_pages / 256, 4 * left, delta=0.3)
        self.assertEqual(all_pages % count, 0)
        pages = all_pages // count
        for figures in own.values():
            self.assertEqual(figures, (pages, pages + pages // 8, 2 * pages + pages // 8))

        pictures = self.check_pictures(text, pids, pages)
        out, came = map(number, self.find(r"^Pages written to the disk ([\d,]+), read from it ([\d,]+)$", text))
        frames = left * 256
        self.assertGreaterEqual(out, all_pages - frames, "what is not in memory is on the disk")
        self.assertGreaterEqual(came, 2 * (all_pages - frames), "read twice from one end to the other")
        self.assertLessEqual(sum(number(picture[2]) for picture in pictures), out)
        self.assertLessEqual(sum(number(picture[3]) for picture in pictures), came)
        minor, major = map(number, self.find(r"^Page faults of all: ([\d,]+) minor, ([\d,]+) major$", text))
        self.assertGreaterEqual(minor, all_pages, "each page's first touch")
        self.assertGreater(major, 0)
        self.assertLess(major, came, "pages that came along took no fault of their own")
        self.assertEqual(int(self.find(ALL_RIGHT, text)), count)
        self.assertRegex(text.splitlines()[-1], ALL_RIGHT)

    def test_three_together(self):
        text = run_with_swap("swap", memory=32, swap=160, count=3)
        self.assertIn("\nThe machine has ", text)
        self.check(text, 3, (28, 32))

    def test_alone(self):
        text = run_with_swap("swap", "32", "1", memory=32, swap=160)
        self.assertIn("\nNo other process runs this program. ", text)
        self.check(text, 1, (28, 32))

    def test_alone_it_forks(self):
        self.check(run_with_swap("swap", memory=32, swap=160), 3, (28, 32))

    def test_a_larger_machine_is_made_small(self):
        text = run_with_swap("swap", "20", memory=128, swap=96, count=2)
        self.assertRegex(text, r"\nProcess \d+ locks 1\d\d\.\d MiB of the 12\d\.\d MiB of memory \(mlock\): "
                               r"20 MiB are left\.\n")
        self.check(text, 2, (20, 20))

    def test_too_little_swap(self):
        text = run_with_swap("swap", "24", memory=48, swap=90, count=3)
        free, needed, swap = self.find(r"^([\d.]+) MiB of swap are free, and 4 times the memory are (\d+) MiB\.\n"
                                       r"Enough for that: make run EXHIBIT=swap SWAP=(\d+)$", text)
        self.assertTrue(89 < float(free) <= 90)
        self.assertEqual(int(needed), 4 * 24)
        self.check(run_with_swap("swap", "24", memory=48, swap=int(swap), count=3), 3, (24, 24))

    def test_drawn_and_in_chinese(self):
        launcher = ["--memory", "32", "--swap", "160", "--with", program("swap"), "--with", program("swap")]
        for language in ("en", "zh"):
            with self.subTest(language):
                text = run_on_terminal("swap", launcher=[*launcher, "--env", f"VITRINE_LANG={language}"])
                self.assertRegex(text, ESCAPE)
                self.assertRegex(ESCAPE.sub("", text), "█+▒+░+")
                self.assertEqual("每一页的每个字节都正确，3 个进程都是如此。" in text, language == "zh", text)
                for line in text.splitlines():
                    self.assertLessEqual(columns(line), 80, line)


if __name__ == "__main__":
    unittest.main()
