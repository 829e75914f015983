"""Runs tools/vitrine for the boot tests and keeps the kernel's log beside the outcome."""
import dataclasses
import os
import re
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))


@dataclasses.dataclass
class Outcome:
    status: int
    out: str
    err: str
    log: str


def run(*arguments, stdin=b"", timeout=60, command="run"):
    """tools/vitrine run --log … ARGUMENTS; the launcher's own timeout ends the machine, ours only the launcher."""
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        done = subprocess.run(
            [f"{ROOT}/tools/vitrine", command, "--timeout", str(timeout), "--log", log.name, *map(str, arguments)],
            input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout + 30, check=False)
        text = log.read().decode(errors="replace")
    return Outcome(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"), text)


def program(name):
    return os.path.join(BUILD, "boot", name)


class VitrineTest(unittest.TestCase):
    """Assertions that show the log when they fail."""

    def assert_runs(self, outcome, status=0):
        said = f"stdout: {outcome.out[-1000:]}\nstderr: {outcome.err}\nlog:\n{outcome.log[-3000:]}"
        self.assertEqual(outcome.status, status, said)

    def assert_panics(self, outcome, reason):
        self.assertEqual(outcome.status, 125, f"stderr: {outcome.err}\nlog:\n{outcome.log[-3000:]}")
        self.assertRegex(outcome.log, r"vitrine: panic: .*" + reason)
        self.assertRegex(outcome.err, reason)
        self.assertEqual(outcome.err.count("\n"), 1, outcome.err)

    def assert_frames_returned(self, outcome):
        match = re.search(r"frames free before first program: (\d+), after last: (\d+)", outcome.log)
        self.assertIsNotNone(match, outcome.log[-3000:])
        self.assertEqual(match[1], match[2], match[0])
        self.assertNotRegex(outcome.log, r"frames: \d+ before the first program, \d+ after the last")
