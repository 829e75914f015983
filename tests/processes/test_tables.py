"""Files, pipes and tmpfs until there is no more, and memory back afterwards."""
from .support import CHECKED, ProcessTest, program


class TableTest(ProcessTest):
    def test_descriptors_of_a_process(self):
        self.assertEqual(self.lines(program("tables", "descriptors")), ["refused"] * 3)

    def test_files_of_the_system(self):
        lines = self.lines(program("tables", "system"))
        self.assertEqual(lines, ["ENFILE, and for us ENFILE", "a pipe: ENFILE", "all ended: yes, then a file: yes"])

    def test_pipes(self):
        for options in CHECKED:
            with self.subTest(options):
                lines = self.lines(program("tables", "pipes"), memory=128, options=options)
                self.assertEqual(lines, ["many pipes, many pages, 0 wrong"] * 2)

    def test_pipes_that_take_all_memory(self):
        """The program that filled them is ended, and with its descriptors they go."""
        self.lines(program("tables", "pipes"), memory=24, statuses=(137,))

    def test_timers_that_nobody_heeds(self):
        self.assertEqual(self.lines(program("timers", 4000, "ignored")), ["4000 timers"])
        self.assertEqual(self.lines(program("timers", 4000, "blocked")), ["4000 timers", "another program"])

    def test_timers_that_somebody_heeds_again(self):
        for options in CHECKED:
            with self.subTest(options):
                lines = self.lines(program("timers", 5, "dropped"), options=options)
                self.assertEqual(lines, ["5 timers", "each was heard"])

    def test_others_run_while_a_long_text_is_made(self):
        lines = self.lines(program("turns"), options=["--icount"])
        self.assertEqual(lines, ["0 bytes, others had their turns"])


class FileSystemTest(ProcessTest):
    def full(self, *words, swap=0, options=()):
        return self.lines(program("fill", *words), memory=32, swap=swap, options=options)

    def test_one_file(self):
        for place in ("/tmp", "/dev/shm"):
            for hold in ((), ("hold",)):
                with self.subTest(place, hold=hold):
                    self.assertEqual(self.full("one", place, *hold), ["full, 0 wrong"] * 2)

    def test_one_file_with_swap(self):
        for options in CHECKED:
            with self.subTest(options):
                self.assertEqual(self.full("one", "/tmp", swap=64, options=options), ["full, 0 wrong"] * 2)

    def test_many_files(self):
        for options in CHECKED:
            with self.subTest(options):
                self.assertEqual(self.full("many", "/tmp", options=options), ["full"] * 2)

    def test_many_names_of_one_file(self):
        """They are memory as well, and stay when who made them has gone."""
        for swap in (0, 32):
            with self.subTest(swap=swap):
                lines = self.full("names", "/tmp", swap=swap)
                self.assertEqual(lines, ["no space", "another program: well"])

    def test_a_mapped_file(self):
        """SIGBUS, or out of memory has ended the program."""
        lines = self.full("mapped", "/tmp")
        self.assertIn(lines, (["full", "back"], ["back"]))
