"""The sessions in docs/debugging.md: indented blocks whose commands stand behind "(gdb) ", with what GDB said.

They are the test's script and its expectation, so page and test cannot come apart. Blank lines of GDB's are left
out of the page."""
import re

INDENT = "    "
PROMPT = INDENT + "(gdb) "


class Step:
    """A command and the lines that GDB answered."""

    def __init__(self, command):
        self.command = command
        self.answer = []

    def lines(self):
        return [PROMPT + self.command, *(INDENT + line for line in self.answer)]


class Page:
    """parts: strings (lines of the page) and Steps, in order."""

    def __init__(self, text):
        self.parts = []
        inside = False
        for line in text.splitlines():
            if line.startswith(PROMPT):
                self.parts.append(Step(line[len(PROMPT) :]))
                inside = True
            elif inside and line.startswith(INDENT):
                self.parts[-1].answer.append(line[len(INDENT) :])
            else:
                self.parts.append(line)
                inside = False

    @property
    def steps(self):
        return [part for part in self.parts if isinstance(part, Step)]

    def with_answers(self, answers):
        """The page's text with these answers instead of its own."""
        answers = iter(answers)
        lines = []
        for part in self.parts:
            if isinstance(part, Step):
                part.answer = next(answers)
                lines += part.lines()
            else:
                lines.append(part)
        return "\n".join(lines) + "\n"


def answers_in(transcript, commands):
    """What GDB said to each of the commands; it repeats each one behind a "+" (set trace-commands on)."""
    answers = []
    waiting = list(commands)
    for line in transcript.splitlines():
        if waiting and line == "+" + waiting[0]:
            waiting.pop(0)
            answers.append([])
        elif answers and line.strip():
            answers[-1].append(line.rstrip().expandtabs())
    if waiting:
        raise AssertionError(f"GDB did not come to {waiting[0]!r}:\n{transcript}")
    return answers


def shape(lines):
    """Lines without what may change with any change of the kernel: numbers, and the width of columns."""
    return [re.sub(r"\s+", " ", re.sub(r"0x[0-9a-f]+|\d+", "#", line)) for line in lines]
