"""One boot of a machine: started, watched, timed, and what it printed."""
import dataclasses
import os
import re
import shutil
import subprocess
import time

# The same clock and seed each time: counts can be compared between boots (as tools/vitrine run --icount).
ICOUNT = ["-icount", "shift=0,sleep=off", "-rtc", "base=2026-01-01,clock=vm", "-seed", "1"]


class BenchError(Exception):
    """One line for the person."""


@dataclasses.dataclass
class Boot:
    output: str
    seconds: float
    command: list

    def figures(self):
        """{metric: (value, unit)} of the lines `name value unit`."""
        found = re.findall(r"^(\w+) (\d+\.\d+) (\S+)$", self.output, re.M)
        return {name: (float(value), unit) for name, value, unit in found}

    def failures(self):
        """{group: error number} of the lines `name FAIL errno`."""
        return {name: int(number) for name, number in re.findall(r"^(\w+) FAIL (\d+)$", self.output, re.M)}

    def information(self):
        """{key: text} of the lines `info key text`."""
        return dict(re.findall(r"^info (\S+) (.*)$", self.output, re.M))


def run_qemu(command, seconds, last_word=None, environment=None):
    """(its output, how long it took). The output must have the line last_word, or else the status must be 0."""
    if shutil.which(command[0]) is None:
        raise BenchError(f"{command[0]} is not installed: run tools/setup")
    begin = time.monotonic()
    # Standard input is nothing, so that QEMU leaves the terminal alone.
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env={**os.environ, **(environment or {})}) as process:
        try:
            output = process.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired as late:
            stop(process)
            raise BenchError(f"{os.path.basename(command[0])} was stopped after {seconds} seconds; the last it said: "
                             + last_line(late.stdout or b"")) from late
        except BaseException:
            stop(process)
            raise
    text = output.decode("latin-1").replace("\r", "")
    if process.returncode if last_word is None else last_word not in text.splitlines():
        raise BenchError(f"{os.path.basename(command[0])} ended early (status {process.returncode}); the last it said: "
                         + last_line(output))
    return text, time.monotonic() - begin


def stop(process):
    """Asked first: the launcher has a QEMU of its own to stop."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


def last_line(output):
    lines = output.decode("latin-1").strip().splitlines()
    return lines[-1] if lines else "nothing"
