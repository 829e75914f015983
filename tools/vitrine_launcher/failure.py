"""Failure: what Vitrine itself, not the program in it, got wrong. One line and status 125."""
import os

# What env(1), timeout(1) and docker say when they, not the command they were to start, failed.
FAILURE_STATUS = 125


class Failure(Exception):
    """Its text is the line's rest: why, and what to do about it."""


def one_line(text):
    """The text without anything that would start a second line or move the cursor of a terminal."""
    words = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(words.split())


def report(text):
    """Exactly one line on standard error; where that is impossible nothing else can be done."""
    try:
        os.write(2, f"vitrine: {one_line(text)}\n".encode("utf-8", "backslashreplace"))
    except OSError:
        pass


def reason(error):
    """An OSError in words: what the C library says, without the number."""
    return error.strerror or str(error)
