"""Parents that are killed, children by the thousand, and programs that are none."""
from tests.boot.vitrine import BUILD

from .support import CHECKED, ProcessTest, program


class FamilyTest(ProcessTest):
    def test_a_killed_parent_of_many(self):
        for options in CHECKED:
            with self.subTest(options):
                lines = self.lines(program("family", "killed", 300), options=options)
                self.assertEqual(lines, ["301 others", "300 others", "none is left"])

    def test_zombies_by_the_thousand(self):
        for options in CHECKED:
            with self.subTest(options):
                lines = self.lines(program("family", "zombies", 3000), options=options)
                self.assertEqual(lines, ["all statuses, small", "0 others", "back"])

    def test_stopped_orphans(self):
        lines = self.lines(program("family", "stopped", 50))
        self.assertEqual(lines, ["51 others", "none is left"])

    def test_a_signal_before_the_child_has_begun(self):
        lines = self.lines(program("hurried", 200), memory=24, swap=256)
        self.assertEqual(lines, ["200 of 200 ended well"])


class GarbageTest(ProcessTest):
    def test_damaged_programs_in_children(self):
        for seed in (1, 2):
            for options in CHECKED:
                with self.subTest(seed=seed, options=options):
                    good = ["--add", f"{BUILD}/storm/tiny=/good"]
                    lines = self.lines(program("garbage", "/good", 300, seed), options=[*good, *options])
                    self.assertEqual(lines, ["300 ends, some refused: yes"])
