"""More memory than there is, and every byte of it right."""
import re

from .support import SwapTest, areas_in, line, program

POLICIES = ("aging", "clock", "fifo", "lru", "random")


class ThrashTest(SwapTest):
    def thrash(self, count, mebibytes, *, policy="clock", rounds="0.5", options=(), **more):
        """Programs at once, each with so much memory; afterwards swap is empty."""
        beside = [line("thrash", seed, mebibytes, rounds) for seed in range(2, count + 1)]
        lines = self.swap_run(program("thrash", 1, mebibytes, rounds), beside=beside, then=[line("areas", "show")],
                              options=[*options, "--option", f"swap_policy={policy}"], **more)
        right = [f"thrash {seed}: right" for seed in range(1, count + 1)]
        self.assertEqual(sorted(each for each in lines if each.startswith("thrash")), right)
        size, used, _ = areas_in(lines)["/dev/vda"]
        self.assertEqual((size, used), (256 * 1024 - 4, 0))

    def test_one_program(self):
        for policy in POLICIES:
            with self.subTest(policy=policy):
                self.thrash(1, 48, swap=256, policy=policy)

    def test_two_programs(self):
        for policy in POLICIES:
            with self.subTest(policy=policy):
                self.thrash(2, 30, swap=256, policy=policy)

    def test_four_programs(self):
        for policy in POLICIES:
            with self.subTest(policy=policy):
                self.thrash(4, 26, swap=256, policy=policy)

    def test_checked(self):
        """The checked kernel audits all that it keeps after the last program."""
        self.thrash(2, 30, swap=256, options=["--checked"])


class SizeTest(SwapTest):
    def test_much_swap_in_a_small_machine(self):
        lines = self.swap_run(program("thrash", 1, 512, "0.02"), memory=32, swap=576, then=[line("areas", "show")])
        self.assertEqual(lines[0], "thrash 1: right")
        self.assertEqual(areas_in(lines)["/dev/vda"][1], 0)

    def free_memory(self, *options):
        lines = self.swap_run(program("free"), memory=64, options=options)
        return int(re.fullmatch(r"free (\d+) KiB", lines[0])[1])

    def test_what_a_large_area_costs(self):
        """16 GiB: at most two bytes a slot."""
        area = self.formatted("large", 16 * 1024)
        cost = self.free_memory() - self.free_memory("--swap-file", area)
        self.assertLessEqual(cost * 1024, 2 * 16 * 2**30 // 4096)
        self.assertGreater(cost, 0)
