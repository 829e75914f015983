"""fork: one page in two processes before and after each write, and what forking most of the memory takes."""
import re
import unittest

from runner import ON_LINUX, ExhibitTest, number, run, run_with_swap

FRAME = r"frame (0x[0-9a-f]+|\(hidden\))"
ROW = re.compile(r"^  (fork|child reads all|child writes 1/8|parent writes it|child writes all) +([.+#]+)\n"
                 r" +(?:(\d+) microseconds|([\d,]+) page faults), ([\d,]+) KiB of memory$", re.M)
KIB_PER_PAGE = 4


class Fork(ExhibitTest):
    def check_one_page(self, text):
        self.find(r"^ +parent \((\d+)\) +child \((\d+)\)$", text)
        before = self.find(rf"^  before fork +{FRAME}$", text)
        rows = {}
        for what, said in (("after fork", "one for both"), ("the child reads", "no page fault"),
                           ("the child writes", "1 page fault, a copy"),
                           ("the parent writes", "1 page fault, no copy")):
            rows[what] = self.find(rf"^  {what} +{FRAME} +{FRAME} +{said}$", text)
        if "(hidden)" in before:
            return
        self.assertEqual(rows["after fork"], (before, before))
        self.assertEqual(rows["the child reads"], (before, before))
        parents, childs = rows["the child writes"]
        self.assertEqual(parents, before)
        self.assertNotEqual(childs, before)
        self.assertEqual(rows["the parent writes"], (parents, childs))

    def check_rows(self, text):
        """Pages filled; and by name: squares, page faults (of fork: None), KiB."""
        pages = number(self.find(r"^([\d,]+) pages \([\d.]+ [KMG]iB\) are filled, and the process forks again:$", text))
        rows = {name: (squares, None if faults == "" else number(faults), number(kib))
                for name, squares, _, faults, kib in ROW.findall(text)}
        self.assertEqual(list(rows)[:4], ["fork", "child reads all", "child writes 1/8", "parent writes it"], text)
        for name in ("fork", "child reads all"):
            self.assertEqual(set(rows[name][0]), {"+"}, name)
        self.assertEqual(rows["child reads all"][1], 0)
        for name in ("child writes 1/8", "parent writes it"):
            squares, faults, _ = rows[name]
            self.assertRegex(squares, r"^#+\++$")
            self.assertLess(abs(squares.count("#") - len(squares) / 8), 1.5)
            self.assertEqual(faults, pages // 8)
        if not ON_LINUX:  # there others use memory at the same time
            table_kib = (pages // 512 + 1) * KIB_PER_PAGE
            self.assertLess(rows["fork"][2], table_kib + 128)
            self.assertLess(rows["child reads all"][2], 64)
            self.assertLess(abs(rows["child writes 1/8"][2] - pages // 8 * KIB_PER_PAGE), 64)
            self.assertLess(rows["parent writes it"][2], 64)
        self.find(r"^(Every byte of every page was what its process had written\.)$", text)
        return pages, rows

    def test_one_page_and_many(self):
        text = run("fork", "8")
        self.check_one_page(text)
        pages, rows = self.check_rows(text)
        self.assertEqual(pages, 8 * 256)
        self.assertEqual(set(rows["child writes all"][0]), {"#"})
        self.assertEqual(rows["child writes all"][1], pages - pages // 8)

    @unittest.skipIf(ON_LINUX, "takes a machine of its own")
    def test_more_than_memory_needs_swap(self):
        text = run_with_swap("fork", memory=64, swap=256)
        self.check_one_page(text)
        pages, rows = self.check_rows(text)
        self.assertIn(".", rows["child writes all"][0])
        moved = number(self.find(r"^They have .* now, the machine .*: ([\d,]+) pages went to swap\.$", text))
        self.assertGreater(moved, 2 * pages - 64 * 256)

    @unittest.skipIf(ON_LINUX, "takes a machine of its own")
    def test_without_swap_it_says_why_not(self):
        text = run("fork")
        _, rows = self.check_rows(text)
        self.assertEqual(len(rows), 4)
        self.find(r"^no swap for what is too much: (make run EXHIBIT=fork SWAP=256)$", text)

    def test_nonsense_is_refused(self):
        for argument in ("0", "-1", "4097", "much"):
            self.assertEqual(run("fork", argument, status=2), "")


if __name__ == "__main__":
    unittest.main()
