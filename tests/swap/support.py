"""Runs of the swap tests' programs, with areas that the tests make themselves where they look into them."""
import os
import re
import subprocess

from tests.boot.vitrine import BUILD, run
from tests.disk.support import MIB, DiskTest

PAGE = 4096


def program(name, *arguments):
    """The words of a command."""
    return [os.path.join(BUILD, "swap", name), *map(str, arguments)]


def line(name, *arguments):
    """The same for --with and --then."""
    return " ".join(program(name, *arguments))


class SwapTest(DiskTest):
    def swap_run(self, command, *, memory=24, swap=0, beside=(), then=(), options=(), status=0, timeout=100,
                 stdin=b""):
        """The lines that all programs print; self.log. Every frame must be back afterwards, and no slot in use."""
        words = [*(word for each in beside for word in ("--with", each)),
                 *(word for each in then for word in ("--then", each))]
        if swap:
            words += ["--swap", swap]
        outcome = run("--memory", memory, *words, *options, *command, timeout=timeout, stdin=stdin)
        self.log = outcome.log
        self.assert_runs(outcome, status)
        self.assert_frames_returned(outcome)
        self.assertNotIn("slots are in use after", outcome.log)
        return outcome.out.splitlines()

    def formatted(self, name, mebibytes, *words):
        """The path of an image that mkswap has formatted."""
        path = self.image(name, mebibytes * MIB)
        subprocess.run(["mkswap", *words, path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True,
                       env=os.environ | {"PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"})
        return path

    def faulty_swap(self, path, *rules, extra=()):
        """The image as the first disk, with errors, and as the swap area."""
        return [*self.blkdebug(path, *rules, extra=extra), "--option", "swap=/dev/vda"]


def areas_in(lines):
    """What /proc/swaps said: {device: (size, used, priority)}, in KiB."""
    found = {}
    for text in lines:
        if match := re.match(r"(/dev/vd\w)\s+partition\s+(\d+)\s+(\d+)\s+(-?\d+)$", text):
            found[match[1]] = tuple(map(int, match.groups()[1:]))
    return found
