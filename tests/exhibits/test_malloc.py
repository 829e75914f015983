"""malloc: what each C library is known to do (glibc's malloc.c, musl's mallocng) is what the exhibit has seen."""
import re
import unittest

from runner import ExhibitTest, number, run

PAGE = 4096
ROW = re.compile(r"^(.*?) {2,}([-+][0-9,]+) {2,}([-+][0-9,]+)$", re.M)
COST = re.compile(r"^ +(\d+) +(\d+) +(\d+) +(\d+)$", re.M)
THRESHOLD, THRESHOLD_MAX = 128 << 10, 32 << 20  # mallopt(3), M_MMAP_THRESHOLD


def pages(size):
    return -(-size // PAGE) * PAGE


def glibc_chunk(size):
    """malloc.c, request2size: eight bytes more, a multiple of 16, at least 32."""
    return max(32, -(-(size + 8) // 16) * 16)


class Malloc(ExhibitTest):
    def read(self, name, small, kib):
        """(text, [(title, change of the break, change of the areas)], [(asked, usable, distance, more)])."""
        text = run(name, str(small), str(kib))
        rows = [(title, number(by_break), number(by_mmap)) for title, by_break, by_mmap in ROW.findall(text)]
        self.assertEqual(len(rows), 22, text)
        for _, by_break, by_mmap in rows:
            self.assertEqual((by_break % PAGE, by_mmap % PAGE), (0, 0), text)
        costs = [tuple(map(int, row)) for row in COST.findall(text)]
        self.assertEqual([row[0] for row in costs], [1, small, small + 1, 4 * small, 40 * small])
        for asked, usable, distance, more in costs:
            self.assertLessEqual(asked, usable)
            self.assertLess(usable, distance)
            self.assertEqual((distance % 16, more), (0, distance - asked))
        self.check_zeros(text, kib << 10)
        return text, rows, costs

    def check_zeros(self, text, size):
        before, of, after = map(int, self.find(
            r"^Of its pages (\d+) of (\d+) are in memory; after a write to each, (\d+)\.$", text))
        self.assertIn(of - size // PAGE, (0, 1))
        self.assertEqual(after, of)
        if size > THRESHOLD:
            self.assertLessEqual(before, 2)

    def check_glibc(self, small, kib):
        text, rows, costs = self.read("malloc", small, kib)
        self.assertRegex(text, r"(?m)^This is the malloc of glibc 2\.\d+\. ")
        place = self.find(r"^The first is at 0x[0-9a-f]+: (\w+)\.", text)
        self.assertEqual(place, "heap")
        for asked, usable, distance, _ in costs:
            self.assertEqual((usable, distance), (glibc_chunk(asked) - 8, glibc_chunk(asked)))

        # Small blocks: the break moves by what they take, and by what is kept in store (128 KiB and a page).
        self.assertEqual([row[0] for row in rows[:3]], ["before main", f"10 blocks of {small} bytes", "10,000 more"])
        self.assertEqual([row[2] for row in rows[:3]], [0, 0, 0])
        taken = 10_010 * glibc_chunk(small)
        self.assertTrue(taken <= sum(row[1] for row in rows[:3]) <= taken + (140 << 10), text)

        for (title, by_break, by_mmap), size in zip(rows[3:10], [1024 * 4 ** step for step in range(7)], strict=True):
            mapped = size >= THRESHOLD
            self.assertEqual(title, f"{size:,} bytes: {'mmapped' if mapped else 'heap'}")
            self.assertEqual(by_mmap, pages(size + 16) if mapped else 0)
            self.assertTrue(by_break == 0 if mapped else by_break >= 0)
        self.assertEqual(self.find(r"^The largest of them in the heap: ([0-9,]+) bytes\.$", text), "65,536")
        self.assertEqual(self.find(r"^The smallest of them mmapped: ([0-9,]+) bytes\.$", text), "262,144")
        size = kib << 10
        if size > THRESHOLD:
            self.assertEqual(rows[10], (f"calloc of {size:,} bytes: mmapped", 0, pages(size + 16)))

        eight, freed, with_pin, under_pin, pin_freed = rows[11:16]
        self.assertEqual(eight[0], "8 blocks of 65,536 bytes: heap")
        self.assertEqual([row[2] for row in rows[11:16]], [0] * 5)
        self.assertLess(freed[1], 0)
        self.assertEqual(under_pin[1], 0)
        self.assertEqual(self.find(r"^Until the one was freed, ([0-9,]+) bytes could not go back\.$", text),
                         f"{-pin_freed[1]:,}")
        self.assertLessEqual(pin_freed[1], -(4 << 16))

        self.assertEqual([row[0] for row in rows[17::2]], ["free"] * 3)
        return text, rows[16:], size

    def test_the_threshold_moves_up_with_what_was_freed(self):
        text, rows, size = self.check_glibc(24, 1024)
        self.assertEqual([row[0].rpartition(": ")[2] for row in rows[::2]], ["mmapped", "heap", "heap"])
        self.assertEqual([row[1:] for row in rows[:2]], [(0, pages(size + 16)), (0, -pages(size + 16))])
        self.assertGreaterEqual(rows[2][1], size - (128 << 10))
        self.assertEqual([row[2] for row in rows[2:]], [0] * 4)
        self.assertTrue(text.endswith("it lies in the heap now: the threshold has moved.\n"), text)

    def test_a_block_below_the_threshold(self):
        text, rows, _ = self.check_glibc(1000, 4)
        self.assertEqual(rows[::2], [("malloc of 4,096 bytes: heap", 0, 0)] * 3)
        self.assertTrue(text.endswith("a block of this size is not mmapped.\n"), text)

    def test_the_threshold_has_a_limit(self):
        text, rows, size = self.check_glibc(1, 65536)
        self.assertGreater(size, THRESHOLD_MAX)
        for taken, freed in zip(rows[::2], rows[1::2]):
            self.assertEqual(taken, (f"malloc of {size:,} bytes: mmapped", 0, pages(size + 16)))
            self.assertEqual(freed, ("free", 0, -pages(size + 16)))
        self.assertTrue(text.endswith("the threshold has not moved above it.\n"), text)

    def check_musl(self, small, kib):
        text, rows, costs = self.read("malloc.musl", small, kib)
        self.assertRegex(text, r"(?m)^This is the malloc of musl\. ")
        self.assertEqual(rows[0][1:], (0, 0))
        self.assertEqual(self.find(r"^The first is at 0x[0-9a-f]+: (\w+)\.", text), "mmapped")
        for asked, usable, *_ in costs:
            self.assertEqual(usable, asked)  # mallocng tells what was asked
        self.assertGreaterEqual(sum(row[2] for row in rows[:3]), 10_010 * small)
        self.assertEqual([row[0].rpartition(": ")[2] for row in rows[3:11]], ["mmapped"] * 8)
        self.assertEqual([row[2] for row in rows[7:10]], [pages(size + 16) for size in (1 << 18, 1 << 20, 1 << 22)])

        eight, freed, with_pin, under_pin, pin_freed = [row[1:] for row in rows[11:16]]
        self.assertGreater(eight[1], 8 << 16)
        self.assertEqual(freed, (0, -eight[1]))
        self.assertEqual(under_pin, freed)
        self.assertEqual(pin_freed, (0, eight[1] - with_pin[1]))
        self.assertIn("\nEach block goes back by itself: the one held nothing back.\n", text)
        return text, rows[16:], kib << 10

    def test_musl_maps_a_large_block_each_time(self):
        text, rows, size = self.check_musl(24, 1024)
        for taken, freed in zip(rows[::2], rows[1::2]):
            self.assertEqual(taken, (f"malloc of {size:,} bytes: mmapped", 0, pages(size + 16)))
            self.assertEqual(freed, ("free", 0, -pages(size + 16)))
        self.assertTrue(text.endswith("the threshold has not moved above it.\n"), text)

    def test_musl_keeps_areas_of_smaller_ones(self):
        text, rows, _ = self.check_musl(1000, 4)
        self.assertEqual({row[1:] for row in rows}, {(0, 0)})
        self.assertTrue(text.endswith("It lies in an area mmapped earlier, which the library has kept.\n"), text)

    def test_nonsense_is_refused(self):
        for name in ("malloc", "malloc.musl"):
            for arguments in (["0"], ["1025"], ["24", "3"], ["24", "x"]):
                self.assertEqual(run(name, *arguments, status=2), "")


if __name__ == "__main__":
    unittest.main()
