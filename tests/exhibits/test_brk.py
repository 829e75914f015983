"""brk: the break moves by what was asked, pages come by being touched, and past the end is the end."""
import re
import unittest

from runner import ExhibitTest, run

PAGE = 4096
ROW = re.compile(r"^   ([.+#]*)\| +(\d+) of (\d+) present$", re.M)


class Brk(ExhibitTest):
    def check(self, pages):
        text = run("brk", str(pages))
        half = (pages + 1) // 2
        start = int(self.find(r"^The break, the end of the heap, is at (0x[0-9a-f]+)\.$", text), 16)
        self.assertEqual(start % PAGE, 0)

        moves = re.findall(r"^sbrk\((-?\d+) \* 4096\) moves it to (0x[0-9a-f]+)\.", text, re.M)
        self.assertEqual([int(count) for count, _ in moves], [pages, -half, half])
        at = start
        for count, to in moves:
            at += int(count) * PAGE
            self.assertEqual(int(to, 16), at)
        self.assertEqual(int(self.find(r"^brk\((0x[0-9a-f]+)\): back to the start", text), 16), start)

        writes = re.findall(r"^Writes to .*: (\d+)\. Page faults: (\d+)\.$", text, re.M)
        self.assertEqual([tuple(map(int, pair)) for pair in writes], [(half, half), (pages, pages - half)])
        found, faults = self.find(r"^A read of the last byte, once 42: now (\d+)\. Page faults: (\d+) ", text)
        self.assertEqual((found, faults), ("0", "1"))

        rows = ROW.findall(text)
        present = [(int(here), int(of)) for _, here, of in rows]
        kept = pages - half
        self.assertEqual(present, [(0, pages), (half, pages), (pages, pages), (kept, kept), (kept, pages),
                                   (kept + 1, pages), (0, 0)])
        return rows

    def test_default_size_draws_each_page(self):
        rows = self.check(16)
        self.assertEqual([row[0] for row in rows], ["." * 16, "#." * 8, "#" * 16, "#" * 8, "#" * 8 + "." * 8,
                                                    "#" * 8 + "." * 7 + "#", ""])

    def test_one_page(self):
        self.check(1)

    def test_an_odd_number(self):
        rows = self.check(7)
        self.assertEqual(rows[1][0], "#.#.#.#")

    def test_more_pages_than_squares(self):
        rows = self.check(1000)
        self.assertEqual([row[0] for row in rows[:3]], ["." * 48, "+" * 48, "#" * 48])

    def test_past_the_break_is_the_end(self):
        text = run("brk", "past", status=139)
        start, after = self.find(r"from (0x[0-9a-f]+) to (0x[0-9a-f]+): one byte more", text)
        start, after = int(start, 16), int(after, 16)
        within, far = self.find(r"^A write to (0x[0-9a-f]+), (\d+) bytes above the break, works", text)
        last = int(self.find(r"^A write to (0x[0-9a-f]+), one byte on,", text), 16)
        self.assertEqual(after, start + 1)
        self.assertEqual(int(within, 16), after + int(far))
        self.assertEqual((int(within, 16), last), (start + PAGE - 1, start + PAGE))
        self.assertTrue(text.endswith("it is the last thing this program does.\n"), text)

    def test_nonsense_is_refused(self):
        self.assertEqual(run("brk", "0", status=2), "")


if __name__ == "__main__":
    unittest.main()
