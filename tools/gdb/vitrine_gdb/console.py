"""console: what the program wrote and what the kernel logged, while the terminal is GDB's."""
import os

import gdb

from .command import Command

# `tools/vitrine debug` says where: GDB inherits the two files.
FILES = {"log": "VITRINE_DEBUG_LOG", "output": "VITRINE_DEBUG_OUTPUT"}


class Console(Command):
    """console: what has come since the last time: the program's output, and the kernel's log.

`console all` begins at the beginning, `console log` and `console output` show one of the two.
A program that has not ended may keep its output in its own buffer: the C library writes it out when it ends."""

    NAME = "console"
    WORDS = (0, 1)

    def __init__(self):
        super().__init__()
        self.seen_ = dict.fromkeys(FILES, 0)

    def run(self, words):
        word = words[0] if words else None
        if word not in (None, "all", *FILES):
            raise gdb.GdbError("console: say console, console all, console log or console output")
        if word == "all":
            self.seen_ = dict.fromkeys(FILES, 0)
        shown = [self.show(name) for name in FILES if word in (None, "all", name)]
        if not any(shown):
            print("nothing new")

    def show(self, name):
        variable = FILES[name]
        if variable not in os.environ:
            raise gdb.GdbError("the console is where tools/vitrine was started: it was not this GDB")
        with open(os.environ[variable], "rb") as file:
            file.seek(self.seen_[name])
            text = file.read()
        self.seen_[name] += len(text)
        if text:
            print(f"--- {name} ---")
            print(text.decode("utf-8", "replace").rstrip("\n"))
        return bool(text)


def leave(event):
    """GDB ends before the machine. Nothing runs on while `tools/vitrine debug` ends it, and it hears why."""
    if gdb.selected_inferior().pid and "VITRINE_DEBUG_LEFT" in os.environ:
        gdb.execute("disconnect", to_string=True)
        os.close(os.open(os.environ["VITRINE_DEBUG_LEFT"], os.O_WRONLY | os.O_CREAT, 0o600))


def register():
    Console()
    gdb.events.gdb_exiting.connect(leave)
