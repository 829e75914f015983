"""Memory and swap are both full: one program is ended, and it is said whom, why, and how much each has."""
import re

from .support import SwapTest, areas_in, line, program

KILLED = 128 + 9
ROW = re.compile(r"([> ]) (\w+)\[(\d+)\] +(\d+) +(\d+) +(\d+) +(\d+)$", re.M)


class OutOfMemoryTest(SwapTest):
    def test_the_largest_goes(self):
        """Two of three have less, and go on."""
        beside = [line("thrash", seed, 8, "0.2", "with", "grow") for seed in (1, 2)]
        for options in ([], ["--checked"], ["--option", "swap_policy=random"]):
            with self.subTest(options=options):
                lines = self.swap_run(program("grow"), swap=32, beside=beside, then=[line("areas", "show")],
                                      options=options, status=KILLED)
                self.assertEqual(sorted(each for each in lines if each.startswith("thrash")),
                                 ["thrash 1: right", "thrash 2: right"])
                self.assertEqual(areas_in(lines)["/dev/vda"][1], 0)
                self.check_what_is_said()

    def check_what_is_said(self):
        """Whom, why, how much each had; the figures fit the machine, and the largest is chosen."""
        self.assertEqual(self.log.count("out of memory: "), 2, self.log)  # who needed a page, and the death
        self.assertRegex(self.log, r"out of memory: \w+\[\d\] touched a page, no frame is free")
        self.assertRegex(self.log, r"Of the 32764 KiB of swap \d+ KiB are free")
        self.assertRegex(self.log, r"grow\[2\] has the most memory and is ended")
        self.assertRegex(self.log, r"grow\[2\] killed by SIGKILL: out of memory")
        rows = ROW.findall(self.log)
        self.assertEqual(sorted(row[1] for row in rows), ["grow", "thrash", "thrash"])
        self.assertEqual([row[1] for row in rows if row[0] == ">"], ["grow"])
        for _, name, _, resident, swapped, tables, score in rows:
            self.assertEqual(int(score) * 4, int(resident) + int(swapped) + int(tables), name)
        self.assertEqual(max(rows, key=lambda row: int(row[6]))[1], "grow")
        resident, swapped = (sum(int(row[column]) for row in rows) for column in (3, 4))
        self.assertLess(resident, 24 * 1024)
        self.assertGreater(resident, 12 * 1024)
        self.assertLessEqual(swapped, 32 * 1024)
        self.assertGreater(swapped, 24 * 1024)

    def test_who_has_a_word_in_it(self):
        """oom_score_adj: the smallest goes when it says so, and the largest never when that does."""
        put = [word for name in ("grow", "thrash") for word in ("--put", *program(name))]
        for grow, first, victim in ((0, 1000, 3), (-1000, 0, r"[34]")):
            with self.subTest(grow=grow, first=first):
                beside = [line("adjust", first, *program("thrash", 1, 8, "0.2", "with", "grow")),
                          line("thrash", 2, 8, "0.2", "with", "grow")]
                lines = self.swap_run(program("adjust", grow, *program("grow", 40)), swap=32, beside=beside,
                                      options=put)
                self.assertIn("grow: right", lines)
                self.assertEqual(len(lines), 2, lines)
                self.assertRegex(self.log, rf"thrash\[{victim}\] has the highest score and is ended")
                self.assertRegex(self.log, rf"thrash\[{victim}\] killed by SIGKILL: out of memory: ")

    def test_alone(self):
        for words in ([], ["by", "read"]):
            for swap in (0, 16):
                with self.subTest(words=words, swap=swap):
                    lines = self.swap_run(program("grow", *words), swap=swap, then=[line("free")], status=KILLED)
                    self.assertEqual(len(lines), 1)
                    self.assertRegex(self.log, r"grow\[2\] killed by SIGKILL: out of memory: it touched 0x\w+, and no "
                                               r"frame was free")

    def test_while_the_kernel_copies(self):
        """The kernel touches the page that is missing; who is ended is another."""
        lines = self.swap_run(program("grow", 4, "by", "read"), swap=16, beside=[line("grow")], then=[line("free")])
        self.assertEqual(lines[0], "grow: right")
        self.assertRegex(self.log, r"grow\[3\] killed by SIGKILL: out of memory")

    def test_full_but_not_too_full(self):
        """Nearly everything is in use, memory and swap; nobody is ended."""
        lines = self.swap_run(program("grow", 32), swap=16)
        self.assertEqual(lines, ["grow: right"])
