"""speed: bars and factors are those of the figures, each first touch is a page fault. No time is expected."""
import math
import re
import subprocess
import unittest

from runner import LIMIT, ON_LINUX, RUNNER, ExhibitTest, program, run

NAMES = ["a call, a return", "256 bytes of stack", "malloc(256), free", "a system call", "mmap and munmap",
         "first touch of a page", "second touch of it"]
CALL, STACK, HEAP, SYSTEM, MAPPING, FIRST, SECOND = range(7)
NAME = "(" + "|".join(map(re.escape, NAMES)) + ")"
BAR = re.compile(rf"^  {NAME} +([\d,]+\.\d) +([\d,]+\.\d) \|(#*)$", re.M)
FIGURES = re.compile(rf"^  {NAME} +([\d,]+\.\d) +([\d,]+\.\d) +([\d,]+) +([\d,]+) +([\d,]+\.\d)$", re.M)
REASON = re.compile(rf"^  {NAME} +([a-z][^|\n]*)$", re.M)
IN_A_ROUND = [10000, 10000, 10000, 1000, 1000, 256, 256]


def tenths(text):
    return int(text.replace(",", "").replace(".", ""))


def quotient(dividend, divisor):
    """Rounded to the nearest, as the exhibit does it."""
    return (dividend + divisor // 2) // divisor


class Speed(ExhibitTest):
    def check(self, text, rounds):
        """Returns lowest, median and highest of each line, in tenths of a nanosecond."""
        bars, figures = BAR.findall(text), FIGURES.findall(text)
        self.assertEqual([bar[0] for bar in bars], NAMES, text)
        self.assertEqual([line[0] for line in figures], NAMES, text)
        self.assertEqual([name for name, _ in REASON.findall(text)], NAMES, text)
        medians = [tenths(bar[1]) for bar in bars]
        for _, median, factor, drawn in bars:
            self.assertEqual(tenths(factor), quotient(tenths(median) * 10, max(medians[STACK], 1)), text)
            length = 6 * math.log10(tenths(median)) if tenths(median) else 0
            self.assertLessEqual(abs(len(drawn) - min(length, 36)), 0.5 + 1e-9, text)

        clock = tenths(self.find(r"^Reading the clock takes ([\d,]+\.\d) ns itself", text))
        for (_, lowest, highest, operations, faults, share), median, count in zip(figures, medians, IN_A_ROUND):
            self.assertLessEqual(tenths(lowest), median, text)
            self.assertLessEqual(median, tenths(highest), text)
            if rounds == 1:
                self.assertEqual(tenths(lowest), tenths(highest), text)
            self.assertEqual(int(operations.replace(",", "")), rounds * count, text)
            self.assertEqual(tenths(share), quotient(clock, count), text)
        faults = [int(line[4].replace(",", "")) for line in figures]
        self.assertEqual(faults, [rounds * IN_A_ROUND[FIRST] if line == FIRST else 0 for line in range(7)], text)

        first, heap = self.find(r"^A first touch took ([\d,.]+) times as long as room on the stack, the heap "
                                r"([\d,.]+)\.$", text)
        self.assertEqual((first, heap), (bars[FIRST][2], bars[HEAP][2]))
        return [(tenths(line[1]), median, tenths(line[2])) for line, median in zip(figures, medians)]

    def test_default(self):
        self.check(run("speed"), 25)

    def test_one_round(self):
        self.check(run("speed", "1"), 1)

    def test_an_even_number_of_rounds(self):
        self.check(run("speed", "100"), 100)

    @unittest.skipIf(ON_LINUX, "only Vitrine's machine counts instructions")
    def test_counted_instructions(self):
        """Not times any more: the same in every round, and more work is more of them."""
        done = subprocess.run([*RUNNER, "--icount", program("speed"), "5"], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=LIMIT, check=True)
        measured = self.check(done.stdout.decode(), 5)
        for line in (CALL, STACK, HEAP):
            self.assertEqual(measured[line][0], measured[line][2], "nothing but the program's own instructions")
        medians = [median for _, median, _ in measured]
        self.assertGreaterEqual(medians[STACK] - medians[CALL], 20, "two instructions: make room, give it back")
        self.assertGreater(medians[HEAP], medians[STACK])
        self.assertGreater(medians[MAPPING], medians[SYSTEM])
        self.assertGreater(medians[FIRST], medians[SECOND])

    def test_nonsense_is_refused(self):
        for argument in ("0", "1001", "fast"):
            self.assertEqual(run("speed", argument, status=2), "")


if __name__ == "__main__":
    unittest.main()
