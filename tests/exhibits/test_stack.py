"""stack: the words of calls lie where calls put them, pages come with depth and stay, and the limit is the end."""
import re
import subprocess
import unittest

from runner import ON_LINUX, ExhibitTest, last_words, program, run

PAGE = 4096
ADDRESS = r"(0x[0-9a-f]+)"
ROW = re.compile(r"^   ([.+#]+)\| +(\d+) of (\d+) (before|deepest|back up)$", re.M)
UNIT = {"KiB": 1 << 10, "MiB": 1 << 20}


def size(text):
    figure, unit = text.split()
    return float(figure) * UNIT[unit]


class Stack(ExhibitTest):
    def within(self, address, function):
        """Whether `address` is in the code of `function`, as the program's symbols say."""
        symbols = subprocess.run(["nm", "-C", "-S", program("stack")], capture_output=True, text=True,
                                 check=True).stdout
        (start, length), = re.findall(rf"^([0-9a-f]+) ([0-9a-f]+) [Tt] {re.escape(function)}$", symbols, re.M)
        self.assertTrue(int(start, 16) < address <= int(start, 16) + int(length, 16), f"{address:#x} in {function}")

    def check_words(self, text):
        found = re.findall(rf"^ *{ADDRESS} +(\(?\w+\)?) +(\(?\w+\)?) +(\(?\w+\)?) +([a-z]\S* .+)$", text, re.M)
        self.assertEqual([row[4] for row in found], ["back to main", "caller's rbp", "outer's value",
                                                     "back to outer", "caller's rbp", "inner's value"], text)
        places = [int(row[0], 16) for row in found]
        self.assertEqual(places, sorted(places, reverse=True))
        self.assertEqual((places[0] - places[1], places[3] - places[4]), (8, 8))
        self.assertEqual([[cell.startswith("(") for cell in row[1:4]] for row in found],
                         [[False] * 3] * 3 + [[False, True, False]] * 3)

        first, between, second = zip(*([int(cell.strip("()"), 0) for cell in row[1:4]] for row in found))
        self.assertEqual(first, between, "returning erases nothing")
        self.assertEqual(first[:3], second[:3], "outer() is the same call in all three")
        self.assertEqual((first[2], first[5], second[5]), (10, 11, 12))
        self.assertEqual((first[4], second[4]), (places[1], places[1]), "rbp leads to the caller's own")
        self.within(first[0], "main")
        for back in (first[3], second[3]):
            self.within(back, "exhibit::outer(long, exhibit::NestedCalls&)")
        self.assertLess(first[3], second[3], "two calls return to two places")

    def check_recursion(self, text, count, bytes_):
        of_each = -(-bytes_ // 16) * 16
        said = self.find(r"^(\d+) calls, each inside the one before, each with (\d+) bytes of its own:$", text)
        self.assertEqual(said, (str(count), str(of_each)))

        calls = re.findall(rf"^ +(\d+)   {ADDRESS}(?: +(\d+))? +(\d+)$", text, re.M)
        numbers, frames, faults = ([int(call[which], 0) for call in calls] for which in (0, 1, 3))
        shown = range(1, count + 1)
        self.assertEqual(numbers, list(shown) if count <= 6 else [1, 2, 3, *shown[-3:]])
        distance = int(calls[1][2])
        self.assertTrue(of_each + 16 <= distance < of_each + 160, text)
        self.assertEqual([int(call[2]) for call in calls[1:]], [distance] * (len(calls) - 1))
        for number, frame in zip(numbers, frames):
            self.assertEqual(frame, frames[0] - (number - 1) * distance)
        self.assertEqual(faults, sorted(faults))
        # All pages from the first frame to the last are written to; those that were there already give no fault.
        pages = frames[0] // PAGE - (frames[-1] - of_each) // PAGE + 1

        rows = ROW.findall(text)
        self.assertEqual([row[3] for row in rows], ["before", "deepest", "back up"])
        before, deepest, after = (int(row[1]) for row in rows)
        down, up, again = map(int, self.find(r"down: (\d+)\. Back up: (\d+),[^.]*\.\n.* once more: (\d+),", text))
        self.assertEqual(down, deepest - before, "a fault for each page")
        self.assertTrue(pages - before <= faults[-1] <= pages - before + 1, (pages, text))
        self.assertTrue(faults[-1] <= down <= faults[-1] + 4, "the innermost call calls others")
        self.assertEqual((up, again), (0, 0))
        self.assertEqual(rows[1][:3], rows[2][:3], "no page is given back")

        area_before, area_now, limit = self.find(
            r"maps: ([0-9.]+ \w+) before, ([0-9.]+ \w+) now\. It may grow to\n([0-9.]+ \w+) \(RLIMIT_STACK\)", text)
        self.assertGreaterEqual(size(area_now), size(area_before))
        self.assertGreaterEqual(size(area_now) * 1.05, deepest * PAGE)
        self.assertLessEqual(size(area_now), size(limit))
        return [row[0] for row in rows]

    def check_allocator(self, text):
        drawn = [bytes_ for _, bytes_ in re.findall(r"^  (\S.*?) +([a-d.]*\|[a-d.]*)$", text, re.M)]
        self.assertEqual(drawn, ["a" * 10 + "|" + "." * 38, "a" * 10 + "b" * 6 + "c" * 8 + "|" + "." * 24,
                                 "a" * 10 + "|" + "b" * 6 + "c" * 8 + "." * 24, "a" * 10 + "d" * 14 + "|" + "." * 24])
        c, d, reads = self.find(rf"returned c, at {ADDRESS}; d lies there now, from {ADDRESS} on, and c reads\n"
                                r"\"(\w+)\"", text)
        self.assertEqual((int(c, 16) - int(d, 16), reads), (6, "d" * 8))

    def check(self, *arguments, count=40, bytes_=PAGE):
        text = run("stack", *arguments)
        self.check_words(text)
        self.check_allocator(text)
        return self.check_recursion(text, count, bytes_)

    def test_the_default_draws_each_page(self):
        before, deepest, _ = self.check()
        self.assertRegex(before, r"^\.{36,}#{1,6}$")
        self.assertRegex(deepest, r"^\.{0,5}#{41,}$")

    def test_small_frames_share_a_page(self):
        self.check("5", "200", count=5, bytes_=200)

    def test_many_calls(self):
        before, deepest, _ = self.check("1000", "4000", count=1000, bytes_=4000)
        self.assertRegex(before, r"^\.{40,}\+$")
        self.assertRegex(deepest, r"^[.+]#{40,}$")

    def check_limit(self, kib, *arguments):
        text, lesson = last_words("stack", "limit", *arguments, status=139)
        end, limit, lowest = self.find(rf"^The stack begins at {ADDRESS} and may have ([0-9.]+ \w+) \(RLIMIT_STACK\), "
                                       rf"so its\nlowest byte can be {ADDRESS}\.", text)
        self.assertEqual(size(limit), kib * 1024)
        self.assertEqual(int(end, 16) - int(lowest, 16), kib * 1024)
        calls = re.findall(rf"^call +(\d+)   frame at {ADDRESS} +(\d+) KiB down$", text, re.M)
        self.assertGreaterEqual(len(calls), 6, text)
        for number, (count, frame, down) in enumerate(calls, 1):
            self.assertEqual(int(count), number * (kib // 32))
            self.assertEqual(int(down), (int(end, 16) - int(frame, 16)) // 1024)
            self.assertLess(int(lowest, 16), int(frame, 16))
        self.assertGreater(int(calls[-1][2]), kib * 3 // 4)
        self.assertTrue(text.endswith(" KiB down\n"), "what follows is the kernel's")
        if not ON_LINUX:
            address = self.find(r"^stack\[2\] killed by SIGSEGV: write to (0x\w+), .* the stack hit its limit of "
                                rf"{limit} \(RLIMIT_STACK\)", lesson)
            self.assertTrue(0 < int(lowest, 16) - int(address, 16) <= 2 * PAGE)

    def test_the_limit_is_the_end(self):
        self.check_limit(8192, "8192")

    def test_a_lower_limit_is_an_earlier_end(self):
        self.check_limit(320, "320")

    def test_nonsense_is_refused(self):
        for arguments in (["0"], ["1001"], ["3", "8"], ["limit", "9000"]):
            self.assertEqual(run("stack", *arguments, status=2), "")


if __name__ == "__main__":
    unittest.main()
