"""Runs of the programs of these tests: afterwards another program still runs, and every frame is back."""
import os

from tests.boot.vitrine import BUILD, VitrineTest, program as boot_program, run

CHECKED = (), ("--checked",)


def program(name, *arguments):
    """The words of a command."""
    return [os.path.join(BUILD, "processes", name), *map(str, arguments)]


def line(name, *arguments):
    """The same for --with and --then."""
    return " ".join(program(name, *arguments))


class ProcessTest(VitrineTest):
    def lines(self, command, *, memory=64, swap=0, beside=(), options=(), statuses=(0,), timeout=150):
        """What the programs printed; self.outcome has the rest. `hello` runs behind them, and its word is taken off.

        statuses: how the first of them may end.
        """
        words = [word for each in beside for word in ("--with", each)]
        if swap:
            words += ["--swap", swap]
        self.outcome = run("--memory", memory, *words, *options, "--then", boot_program("hello"), *command,
                           timeout=timeout)
        self.assert_runs(self.outcome, self.outcome.status if self.outcome.status in statuses else statuses[0])
        self.assert_frames_returned(self.outcome)
        found = self.outcome.out.splitlines()
        self.assertEqual(found[-1], "hello")
        return found[:-1]
