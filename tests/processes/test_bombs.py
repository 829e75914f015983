"""Fork bombs: they end in EAGAIN or in no memory, and the system lives on."""
from .support import CHECKED, ProcessTest, program


class BombTest(ProcessTest):
    def test_a_limit_of_processes(self):
        for most in (1, 20, 300):
            with self.subTest(most):
                lines = self.lines(program("bomb", "limited", most))
                self.assertEqual(lines, [f"{most - 1} children, then EAGAIN", f"{most - 1} ended well"] * 3)

    def test_each_process_forks_for_ever_under_a_limit(self):
        for options in CHECKED:
            with self.subTest(options):
                lines = self.lines(program("bomb", "tree", 200), options=options)
                self.assertEqual(lines, ["EAGAIN, then killed by 9", "another child: yes"])

    def test_children_with_memory(self):
        # (With swap the checked kernel looks through all of it a hundred times: that takes minutes.)
        for swap, options in ((0, ()), (0, ("--checked",)), (16, ())):
            with self.subTest(swap=swap, options=options):
                lines = self.lines(program("bomb", "memory"), memory=24, swap=swap, options=options)
                self.assertEqual(lines, ["no memory", "all ended"])

    def test_each_process_forks_for_ever_in_a_small_machine(self):
        for options in CHECKED:
            with self.subTest(options):
                lines = self.lines(program("bomb", "endless"), memory=24, options=options)
                self.assertEqual(lines, ["it is over"])


class ChoiceTest(ProcessTest):
    def test_out_of_memory_chooses_among_children(self):
        lines = self.lines(program("greedy", 20), memory=24)
        self.assertEqual(lines, ["the greedy one was killed by 9", "of 20 others 20 ended well"])
        self.assertRegex(self.outcome.log, r"out of memory: greedy\[\d+\] touched a page")

    def test_who_is_stopped_is_not_waited_for(self):
        lines = self.lines(program("stopped"), memory=24)
        self.assertEqual(lines, ["the greedy one was killed by 9", "the stopped one was killed by 15"])
