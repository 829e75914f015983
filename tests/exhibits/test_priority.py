"""priority: of two that wait for memory the more urgent one goes first, whoever it is; of equals, who came first."""
import re
import unittest

from runner import ON_LINUX, ExhibitTest, number, program, run, run_on_terminal, run_with_swap
from test_terminal import ESCAPE, columns

ROUND = re.compile(r"^Round (\d): (both have nice 0\.|process (\d+) has nice -10, process (\d+) has nice 0\.)$", re.M)
LINE = re.compile(r"^ +(\d+) (#*) +([\d,]+) +([\d,]+) +([\d,]+)$", re.M)
EVENT = re.compile(r"^    (\d+) (WaitsForMemory|GotMemory|PagesIn) id=(\d+) number=(\d+) slot=\d+:\d+ page=0x[0-9a-f]+$",
                   re.M)
# Of each kind there are a hundred where the disk is busy, some tens on a machine that others are busy on too.
FEWEST = 5


class WithoutSwap(ExhibitTest):
    def test_it_says_what_to_type(self):
        for arguments, why in (((), "There is no swap here. A machine that has some"),
                               (("24", "1"), "This takes three processes, and 1 are here")):
            text = run("priority", *arguments)
            self.assertTrue(text.startswith("priority: look at "))
            if ON_LINUX:
                why = "Only Vitrine's kernel tells who waits for memory"
            self.assertTrue(text.endswith(f"\n{why}: make run EXHIBIT=priority\n"), text)

    def test_nonsense_is_refused(self):
        for arguments in (("15",), ("x",), ("24", "0"), ("24", "3", "0")):
            self.assertEqual(run("priority", *arguments, status=2), "")


@unittest.skipIf(ON_LINUX, "only Vitrine has the event log")
class WithSwap(ExhibitTest):
    def check_example(self, text, nice):
        """`nice`: of each process, in that round. An example ends when the line is empty again."""
        line, urgent = [], {}
        for sequence, what, pid, shown in EVENT.findall(text):
            if what == "PagesIn":
                continue
            self.assertEqual(int(shown), nice[pid] + 20)
            if what == "WaitsForMemory":
                line.append((nice[pid], int(sequence), pid))
            else:
                self.assertEqual(min(line)[2], pid, "the most urgent first, then who came first")
                line.remove(min(line))
                urgent[pid] = True
        self.assertEqual(line, [], text)
        return len(urgent)

    def check(self, text):
        for line in text.splitlines():
            self.assertLessEqual(len(line), 80, line)
        self.assertTrue(text.isascii())
        _, *rounds = re.split("(?m)^(?=Round )", text)
        self.assertEqual(len(rounds), 3, text)
        raised, equal, unequal = [], [0, 0], [0, 0]
        for each in rounds:
            _, how, high, low = ROUND.match(each).groups()
            lines = {pid: [len(bar), *map(number, counts)] for pid, bar, *counts in LINE.findall(each)}
            self.assertEqual(len(lines), 2, each)
            nice = {pid: -10 if pid == high else 0 for pid in lines}
            both = sum(first for _, first, *_ in lines.values())
            self.assertGreaterEqual(both, FEWEST, each)
            for bar, first, later, loaded in lines.values():
                self.assertLessEqual(abs(bar - 28 * first / both), 0.5 + 1e-9)
                self.assertLessEqual(max(later, loaded), first)
            if how.startswith("both"):
                self.assertEqual([later for _, _, later, _ in lines.values()], [0, 0], "who came first was first")
                equal = [both, both]
            else:
                raised.append(high)
                self.assertEqual(set(lines), {high, low})
                _, first, later, _ = lines[high]
                self.assertGreaterEqual(first, 0.95 * both, "the more urgent one")
                self.assertGreater(later, 0, "it overtakes")
                unequal = [unequal[0] + first, unequal[1] + both]
            if "one of these times" in each:
                self.assertEqual(self.check_example(each, nice), 2, each)
        self.assertEqual(len(set(raised)), 2, "each of them once")
        told = self.find(r"^Equal, who came first was first ([\d,]+) of ([\d,]+) times;\n"
                         r"unequal, who was more urgent ([\d,]+) of ([\d,]+) times\.$", text)
        self.assertEqual([number(figure) for figure in told], [*equal, *unequal])

    def test_who_goes_first(self):
        text = run_with_swap("priority", memory=48, swap=128, count=3)
        self.assertRegex(text, r"\nProcess \d+ locks 2\d\.\d MiB of the 4\d\.\d MiB of memory \(mlock\): 24 MiB are left\.\n")
        self.check(text)

    def test_no_swap_and_too_little(self):
        text = run_with_swap("priority", memory=48, swap=60, count=3)
        self.assertRegex(text, r"\n[\d.]+ MiB of swap are free, and 3 times the memory are 72 MiB\.\n"
                               r"Enough for that: make run EXHIBIT=priority SWAP=73\n\Z")
        self.assertIn("\nThis takes three processes, and 2 are here: ", run("priority", beside=[]))

    def test_drawn_and_in_chinese(self):
        launcher = ["--memory", "48", "--swap", "128", "--with", program("priority"), "--with", program("priority")]
        for language in ("en", "zh"):
            with self.subTest(language):
                text = run_on_terminal("priority", launcher=[*launcher, "--env", f"VITRINE_LANG={language}"])
                self.assertRegex(text, ESCAPE)
                self.assertIn("█" * 28, text)
                self.assertEqual("先来者先得到" in text, language == "zh", text)
                for line in text.splitlines():
                    self.assertLessEqual(columns(line), 80, line)


if __name__ == "__main__":
    unittest.main()
