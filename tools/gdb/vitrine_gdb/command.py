"""The base of our commands: the docstring is the help text, a mistake is one line."""
import gdb


class Command(gdb.Command):
    """A subclass says NAME, how many WORDS it takes (fewest, most), and what run(words) does."""

    NAME = ""
    WORDS = (0, 0)

    def __init__(self):
        super().__init__(self.NAME, gdb.COMMAND_USER)

    def invoke(self, text, from_tty):
        self.dont_repeat()
        words = gdb.string_to_argv(text)
        fewest, most = self.WORDS
        if len(words) < fewest or (most is not None and len(words) > most):
            raise gdb.GdbError(f"{self.NAME}: see `help {self.NAME}`")
        try:
            self.run(words)
        except gdb.error as error:  # gdb.MemoryError is one
            raise gdb.GdbError(f"{self.NAME}: {error}") from error

    def run(self, words):
        raise NotImplementedError
