"""Fork under memory pressure: every word of parents and children is what was written there last."""
from .support import CHECKED, ProcessTest, line, program


class GenerationTest(ProcessTest):
    def generations(self, seeds, mebibytes, depth, width, **more):
        beside = [line("generations", seed, mebibytes, depth, width) for seed in seeds[1:]]
        lines = self.lines(program("generations", seeds[0], mebibytes, depth, width), beside=beside, **more)
        self.assertEqual(sorted(lines), [f"generations {seed}: right" for seed in sorted(seeds)])

    def test_with_room(self):
        for options in CHECKED:
            with self.subTest(options):
                self.generations([1], 4, 3, 2, options=options)

    def test_more_than_there_is(self):
        """Private and shared pages go out and come back, in all generations at once."""
        for options in CHECKED:
            with self.subTest(options):
                self.generations([2], 10, 3, 2, memory=24, swap=256, options=options)

    def test_a_long_line(self):
        """Each the parent of the next: a page on swap has many who share it."""
        self.generations([3], 12, 12, 1, memory=24, swap=256)

    def test_two_families(self):
        self.generations([4, 5], 8, 2, 3, memory=24, swap=256)

    def test_policies(self):
        for policy in ("aging", "fifo", "lru", "random"):
            with self.subTest(policy):
                self.generations([6], 10, 2, 2, memory=24, swap=256, options=["--option", f"swap_policy={policy}"])
