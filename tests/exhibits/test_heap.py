"""heap: the strips are the figures, each policy takes the hole it says, and the comparison is what a model finds."""
import itertools
import re
import unittest

from runner import ExhibitTest, number, run

STRIP = re.compile(r"^   \|([A-M.]{64})\|\n"
                   r"    used ([0-9,]+) of ([0-9,]+) bytes: utilisation ([0-9.]+) %\n"
                   r"    holes: (\d+), the largest ([0-9,]+) of ([0-9,]+) bytes: fragmentation ([0-9.]+) %$", re.M)
MEASURED = re.compile(r"^(first|next|best) fit +(\d+) +([0-9.]+) +([0-9.]+) % +([0-9.]+) %$", re.M)
COST = 32  # of a block with a handle; a block without one pays 16
REQUESTS = 5000


def runs(strip):
    """[(letter, start, length)]: a strip's pieces."""
    at = 0
    for letter, piece in itertools.groupby(strip):
        length = len(list(piece))
        yield letter, at, length
        at += length


def fitting(strip, size, policy, place):
    """Where a block of `size` columns belongs."""
    holes = [(start, length) for letter, start, length in runs(strip) if letter == "." and length >= size]
    if policy == "best":
        return min(holes, key=lambda hole: (hole[1], hole[0]))[0]
    behind = [hole for hole in holes if policy == "next" and sum(hole) > place]
    return (behind or holes)[0][0]


class Model:
    """A heap as a list of [start, size, used], searched as the policy says; counts the holes it looks at."""

    def __init__(self, policy, size):
        self.policy, self.pieces, self.place, self.looked = policy, [[0, size, False]], 0, 0

    def allocate(self, size):
        size = max(32, (size + 16 + 15) // 16 * 16)
        order = [piece for piece in self.pieces if not piece[2]]
        if self.policy == "next":
            order.sort(key=lambda hole: (hole[0] + hole[1] <= self.place, hole[0]))
        chosen = None
        for hole in order:
            self.looked += 1
            if hole[1] >= size and (chosen is None or hole[1] < chosen[1]):
                chosen = hole
                if self.policy != "best":
                    break
        if chosen is None:
            return None
        if chosen[1] - size >= 32:
            self.pieces.insert(self.pieces.index(chosen) + 1, [chosen[0] + size, chosen[1] - size, False])
            chosen[1] = size
        chosen[2] = True
        self.place = chosen[0] + chosen[1]
        return chosen

    def free(self, block):
        block[2] = False
        at = self.pieces.index(block)
        for below in (at, at - 1):
            if below >= 0 and below + 1 < len(self.pieces) and not self.pieces[below][2] and not self.pieces[below + 1][2]:
                self.pieces[below][1] += self.pieces.pop(below + 1)[1]


def play(policy, size):
    """(refused, looked at per request, average utilisation, average fragmentation): user/heap/workload.hpp."""
    heap, blocks, state, refused, used, scattered = Model(policy, size), [None] * 40, 1, 0, 0, 0

    def below(end):
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return (state >> 33) % end

    for _ in range(REQUESTS):
        at = below(len(blocks))
        largest = size // 64 if below(4) else size // 10
        wanted = 1 + below(largest)
        if blocks[at]:
            heap.free(blocks[at])
        blocks[at] = heap.allocate(wanted)
        refused += blocks[at] is None
        holes = [piece[1] for piece in heap.pieces if not piece[2]]
        used += 1 - sum(holes) / size
        scattered += 1 - max(holes) / sum(holes) if holes else 0
    return refused, heap.looked / REQUESTS, 100 * used / REQUESTS, 100 * scattered / REQUESTS


class Heap(ExhibitTest):
    def check(self, policy, kib):
        text = run("heap", policy, str(kib))
        total, column = kib * 1024, kib * 16
        self.assertIn({"first": "first fit.\n", "next": "next fit.\n", "best": "best fit.\n"}[policy], text)
        room, start, one = self.find(
            r"^The room: ([0-9,]+) bytes, from (0x[0-9a-f]+) to the break; one column: (\d+)\.$", text)
        start = int(start, 16)
        self.assertEqual((number(room), int(one)), (total, column))

        found = STRIP.findall(text)
        strips = [strip for strip, *_ in found]
        self.assertEqual(len(strips), 7, text)
        for strip, *figures in found:
            self.check_figures(strip, [float(figure.replace(",", "")) for figure in figures], total, column)

        furniture = "AAAAAABBBBCCCCCCCCCDDDEEEEEEEEFFFFFGGGGGGGGGGHHHHIIIIIIIJJJJJJJJ"
        self.assertEqual(strips[:3], [furniture[:6] + "." * 58, furniture, re.sub("[BDFHJ]", ".", furniture)])
        expected, place = strips[2], 64
        for letter, size in (("K", 5), ("L", 3)):
            at = fitting(expected, size, policy, place)
            expected = expected[:at] + letter * size + expected[at + size:]
            place = at + size
        self.assertEqual(strips[3], expected)

        refused, free = self.find(r"^M \(([0-9,]+) bytes\) is refused: ([0-9,]+) bytes are free, but not together", text)
        self.assertEqual(number(refused), 12 * column - COST)
        self.assertEqual(number(free), strips[3].count(".") * column)
        self.assertGreater(number(free), number(refused))
        self.assertEqual(strips[4], strips[3])

        tidy = strips[3].replace(".", "").ljust(64, ".")
        self.assertEqual(strips[5], tidy)
        moved = [letter for letter, at, _ in runs(strips[3]) if letter != "." and tidy.index(letter) != at]
        blocks, copied, damaged = self.find(
            r"^Tidied: blocks moved down (\d+), bytes copied ([0-9,]+), bytes damaged (\d+)\.$", text)
        self.assertEqual((int(blocks), number(copied), int(damaged)),
                         (len(moved), sum(tidy.count(letter) for letter in moved) * column, 0))
        handle, before, after = self.find(
            r"^Handle (\d+) led to I at (0x[0-9a-f]+), now it leads to I at (0x[0-9a-f]+):$", text)
        self.assertEqual(handle, "8")
        self.assertEqual(int(before, 16), start + strips[3].index("I") * column + COST)
        self.assertEqual(int(after, 16), start + tidy.index("I") * column + COST)
        self.assertEqual(strips[6], tidy.replace("." * 12, "M" * 12, 1))
        granted, at = self.find(r"^M \(([0-9,]+) bytes\) moves in, at (0x[0-9a-f]+)\.$", text)
        self.assertEqual((granted, int(at, 16)), (refused, start + strips[6].index("M") * column + COST))
        self.check_comparison(text, total)

    def check_figures(self, strip, figures, total, column):
        holes = [length * column for letter, _, length in runs(strip) if letter == "."]
        used = total - sum(holes)
        largest = max(holes, default=0)
        scattered = 1 - largest / sum(holes) if holes else 0
        expected = [used, total, 100 * used / total, len(holes), largest, sum(holes), 100 * scattered]
        for figure, right in zip(figures, expected, strict=True):
            self.assertAlmostEqual(figure, right, delta=0.051, msg=strip)

    def check_comparison(self, text, total):
        rows = MEASURED.findall(text)
        self.assertEqual([row[0] for row in rows], ["first", "next", "best"], text)
        for policy, *figures in rows:
            for figure, right in zip(map(float, figures), play(policy, total), strict=True):
                self.assertAlmostEqual(figure, right, delta=0.051, msg=policy)
        refused, looked = self.find(r"^Fewest refused: (\w+) fit\. Fewest holes looked at: (\w+) fit\.$", text)
        self.assertEqual(refused, min(rows, key=lambda row: int(row[1]))[0])
        self.assertEqual(looked, min(rows, key=lambda row: float(row[2]))[0])

    def test_first_fit(self):
        self.check("first", 64)

    def test_next_fit_in_the_smallest_room(self):
        self.check("next", 4)

    def test_best_fit_in_the_largest_room(self):
        self.check("best", 16384)

    def test_the_default_is_first_fit_in_64_kib(self):
        text = run("heap")
        self.assertIn("first fit.\n", text)
        self.assertIn("\nThe room: 65,536 bytes, ", text)

    def test_nonsense_is_refused(self):
        for arguments in (["worst"], ["best", "3"], ["best", "x"], ["best", "64", "more"]):
            self.assertEqual(run("heap", *arguments, status=2), "")


if __name__ == "__main__":
    unittest.main()
