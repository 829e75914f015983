"""mmap: addresses cost nothing, each page touched costs a page, and the limits are where they are said to be."""
import re
import unittest

from runner import ExhibitTest, number, run
from test_where import parse

GIB = 1 << 30
ROW = re.compile(r"^(at first|mmap: .*? reserved|.* pages written, .*?|mprotect: .*?|munmap: .*?)"
                 r" {2,}([0-9,]+) +([0-9,]+) +([0-9,]+|-)$", re.M)
LIMIT_KIB = 128 << 20


class Mmap(ExhibitTest):
    def check(self, gib, pages):
        text = run("mmap", str(gib), str(pages))
        rows = ROW.findall(text)
        self.assertEqual(len(rows), 5, text)
        size = [number(row[1]) for row in rows]
        resident = [number(row[2]) for row in rows]
        whole, quarter = gib * GIB, gib * GIB // 4

        self.assertEqual(size[1] - size[0], whole // 1024)
        self.assertEqual(size[1:4], [size[1]] * 3)
        self.assertEqual(size[3] - size[4], quarter // 1024)

        distance = whole // pages // 4096 * 4096
        places = [page * distance for page in range(pages)]
        def among(low, high):
            return sum(4 for place in places if low <= place < high)
        self.assertEqual(int(self.find(r"^(\d+) pages written", text)), pages)
        left = 4 * pages - among(2 * quarter, 3 * quarter)
        self.assertEqual(resident, [0, 0, 4 * pages, 4 * pages, left])
        if rows[2][3] != "-":
            tables = [number(row[3]) for row in rows]
            self.assertEqual(tables[0], tables[1])
            self.assertGreater(tables[2], tables[1])

        _, protected, punched = re.split(r"^After m\w+[, ].*$", text, flags=re.M)
        start = self.check_areas(parse(protected), among, [(4, 2, "rw-"), (2, 1, "r--"), (1, 0, "rw-")], quarter)
        again = self.check_areas(parse(punched), among, [(4, 3, "rw-"), (2, 1, "r--"), (1, 0, "rw-")], quarter)
        self.assertEqual(start, again)
        self.assertIn("not mapped: the hole", punched)

        self.check_limit(text, gib, size[4])
        self.check_edge(text)

    def check_areas(self, areas, among, expected, quarter):
        """`expected`: end and start in quarters, permissions. Returns where the whole range starts."""
        start = areas[-1]["start"]
        found = [((area["end"] - start) // quarter, (area["start"] - start) // quarter, area["permissions"])
                 for area in areas]
        self.assertEqual(found, expected)
        return start

    def check_limit(self, text, gib, size_before):
        granted = int(self.find(r"as often as it is granted: (\d+)$", text))
        reached, more, answer = self.find(r"^  once more, ([0-9,]+) \+ ([0-9,]+) KiB would be too much: (\w+)$", text)
        self.assertEqual(answer, "ENOMEM")
        self.assertEqual(number(more), gib << 20)
        self.assertEqual(number(reached) - size_before, granted * (gib << 20))
        self.assertGreater(number(reached) + number(more), LIMIT_KIB)
        if number(reached) < LIMIT_KIB:
            left, answer = self.find(r"^  mmap of the ([0-9,]+) KiB left: (\w+)$", text)
            self.assertEqual((number(left), answer), (LIMIT_KIB - number(reached), "granted"))
            self.assertEqual(self.find(r"^  mmap of one page more: (\w+)$", text), "ENOMEM")
        else:
            self.assertEqual(granted, 0)

    def check_edge(self, text):
        answers = dict(re.findall(r"^  mmap at (0x[0-9a-f]+), .*: (\w+)", text, re.M))
        self.assertEqual(list(answers), ["0x7fffffffe000", "0x7ffffffff000", "0x800000000000"])
        self.assertIn(answers["0x7fffffffe000"], ("granted", "EEXIST"))  # EEXIST: the stack may begin there
        if "a fifth level" not in text:
            self.assertEqual((answers["0x7ffffffff000"], answers["0x800000000000"]), ("ENOMEM", "ENOMEM"))

    def test_the_default_is_64_gib_and_8_pages(self):
        text = run("mmap")
        self.assertIn("\nmmap: 64 GiB reserved ", text)
        self.assertIn("\n8 pages written, 8 GiB apart ", text)

    def test_64_gib(self):
        self.check(64, 8)

    def test_one_gib_and_many_pages(self):
        self.check(1, 1000)

    def test_more_than_the_limit_at_once(self):
        self.check(200, 1)

    def test_nonsense_is_refused(self):
        self.assertEqual(run("mmap", "64", "many", status=2), "")


if __name__ == "__main__":
    unittest.main()
