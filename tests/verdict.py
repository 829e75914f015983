"""What is wrong with a run: how its output differs from the recorded one, and frames that did not come back.
Used by tests/guest/run and tests/scripts/run.
"""
import difflib
import pathlib
import re

FRAMES = re.compile(r"frames free before first program: (\d+), after last: (\d+)")
SHOWN = 80  # lines of a difference


def difference(expected: bytes, out: bytes) -> list[str]:
    """Lines of a diff; none when the bytes are the same."""
    if expected == out:
        return []
    lines = [text.decode("utf-8", "backslashreplace").splitlines() for text in (expected, out)]
    found = list(difflib.unified_diff(*lines, "Linux", "Vitrine", lineterm="", n=2))
    found = found or ["the same lines, but not the same bytes"]
    return found[:SHOWN] + (["…"] if len(found) > SHOWN else [])


def leak(log: pathlib.Path) -> list[str]:
    """The kernel's log must say that as many frames are free in the end as before."""
    text = log.read_text(errors="replace") if log.exists() else ""
    counts = FRAMES.search(text)
    if not counts:
        return ["the kernel's log does not say how many frames are free"]
    before, after = map(int, counts.groups())
    return [] if before == after else [f"frames free: {before} before, {after} after"]
