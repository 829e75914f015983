"""tools/vitrine debug with GDB's commands from a file."""
import os
import re
import subprocess
import tempfile

from page import Page, answers_in

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(ROOT, os.environ.get("BUILD") or "build")
LAUNCHER = os.path.join(ROOT, "tools", "vitrine")
ENGLISH = os.path.join(ROOT, "docs", "debugging.md")
CHINESE = os.path.join(ROOT, "docs", "debugging.zh-CN.md")
LIMIT = 120  # seconds; the walk takes two


def exhibit(name):
    return os.path.join(BUILD, "user", name)


def read_page(path):
    with open(path, encoding="utf-8") as file:
        return Page(file.read())


class Session:
    """answers: the lines that GDB said to each command. status and last: how `vitrine debug` ended."""

    def __init__(self, commands, *words):
        with tempfile.NamedTemporaryFile("w", suffix=".gdb") as script:
            script.write("\n".join(commands) + "\n")
            script.flush()
            done = subprocess.run(
                [LAUNCHER, "debug", "--batch", script.name, *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=LIMIT,
                check=False,
                env={**os.environ, "LC_ALL": "C.UTF-8", "BUILD": BUILD},
            )
        self.text = done.stdout.decode("utf-8", "replace")
        self.status = done.returncode
        *before, self.last = self.text.rstrip("\n").split("\n")
        # The launcher's last word is not GDB's.
        said = self.text if not re.search(r" ended with status \d+; ", self.last) else "\n".join(before)
        self.answers = answers_in(said, commands)
