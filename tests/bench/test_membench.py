"""membench in its quick mode: every metric has a figure or a reason, and the page faults are those it must cause."""
import errno
import os
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

from .boot import Boot
from .floor_guest import FloorGuest
from .disks import make_raw, qemu_arguments
from .metrics import BY_NAME, DISK_GROUPS, GROUPS, METRICS
from .turns import INSTRUCTIONS_HZ
from .vitrine_guest import ROOT, VitrineDisks, VitrineGuest

BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
MEMBENCH = f"{BUILD}/bench/membench"
PAGES_PER_MIB = 256

# By arithmetic, with mb=1 and one repetition: what is touched for the first time, in pages.
FAULTS = {
    "syscall": 0,
    "anon": PAGES_PER_MIB,
    "brk": PAGES_PER_MIB,
    "zero": 2 * PAGES_PER_MIB,  # each page read, then written
    "mmap1": 0,
    "mmap64": 100 * 64,
    "mprotect": 1,
    "vma1k": 1000 / 2 + 2,  # every second area, and the list of their addresses
    "vma10k": 10000 / 2 + 20,
    "sparse": 64,
    "memcpy": 2 * 16 * PAGES_PER_MIB + 37,
    "floor": 4 * PAGES_PER_MIB,
}
# The program's own pages of code, data and stack, touched for the first time within a group.
OWN_PAGES = 12


def faults_of(boot):
    return {name.removeprefix("faults_"): value for name, (value, unit) in boot.figures().items() if unit == "faults"}


class MembenchTest(unittest.TestCase):
    def assert_complete(self, boot, groups):
        """Each group has all its metrics, or a FAIL line."""
        figures, failures = boot.figures(), boot.failures()
        for group in groups:
            names = [metric.name for metric in METRICS if metric.group == group]
            self.assertTrue(names, group)
            for name in names:
                if group in failures:
                    self.assertNotIn(name, figures, f"{group} failed, and yet:\n{boot.output}")
                else:
                    self.assertGreater(figures[name][0], 0, f"{name} in:\n{boot.output}")

    def assert_faults(self, faults, group):
        self.assertGreaterEqual(faults[group], FAULTS[group], group)
        self.assertLessEqual(faults[group], FAULTS[group] + OWN_PAGES, group)


class VitrineMembenchTest(MembenchTest):
    @classmethod
    def setUpClass(cls):
        cls.boot = VitrineGuest(BUILD).boot(True, INSTRUCTIONS_HZ, options=("quick=1", "faults=1"))

    def test_every_metric_has_a_figure_or_a_reason(self):
        self.assert_complete(self.boot, GROUPS)

    def test_reasons_are_what_is_missing_and_nothing_else(self):
        for group, number in self.boot.failures().items():
            self.assertIn(number, (errno.ENOSYS, errno.EROFS, errno.ENOENT), f"{group}: {os.strerror(number)}")

    def test_memory_groups_are_measured(self):
        for group in FAULTS:
            self.assertNotIn(group, self.boot.failures())

    def test_faults_are_those_of_the_pages_touched(self):
        faults = faults_of(self.boot)
        for group in FAULTS:
            with self.subTest(group):
                self.assert_faults(faults, group)

    def test_the_stack_grew(self):
        # In this process where there is no fork: 1,024 pages, of which some were there.
        if "fork" in self.boot.failures():
            self.assertIn(int(faults_of(self.boot)["stack"]), range(1000, 1024 + OWN_PAGES))

    def test_a_figure_is_an_instruction_count(self):
        # The same loop is 513 counted instructions for the page itself and a few around it, whatever the kernel.
        self.assertIn(int(self.boot.figures()["zero_page_stosq"][0]), range(514, 525))


class VitrineDisksTest(MembenchTest):
    """A working set that does not fit, small steps: the figures mean what they say."""

    @classmethod
    def setUpClass(cls):
        guest = VitrineDisks(BUILD, more=["--debug-keep"])
        cls.boot = guest.boot(False, INSTRUCTIONS_HZ, options=("quick=1", "faults=1", "swapmb=288", "swaprand=200"))
        cls.figures = {name: value for name, (value, _) in cls.boot.figures().items()}

    def test_every_metric_has_a_figure(self):
        self.assertEqual(self.boot.failures(), {})
        self.assert_complete(self.boot, DISK_GROUPS)

    def test_every_page_is_right(self):
        pages = 288 * PAGES_PER_MIB
        self.assertEqual(self.figures["swap_pages_checked"], 2 * pages + 200)
        self.assertEqual(self.figures["swap_pages_correct"], self.figures["swap_pages_checked"])

    def test_what_does_not_fit_was_on_the_disk(self):
        too_many = (288 - 256) * PAGES_PER_MIB
        self.assertGreaterEqual(self.figures["swap_write_seq_pages_out"], too_many)
        # In order, the longest unused page is the one that comes next: nothing that the machine could have kept.
        self.assertGreaterEqual(self.figures["swap_read_seq2_pages_in"], too_many)
        self.assertGreater(self.figures["swap_read_seq2_major_faults"], 0)

    def test_both_kernels_get_the_same_disks(self):
        command = shlex.split(pathlib.Path(ROOT, "build/debug/membench/command").read_text())
        with tempfile.TemporaryDirectory() as directory:
            linux = qemu_arguments(make_raw(directory), directory)
        for option in ("-drive", "-device"):
            wanted = values_of(linux, option)
            self.assertEqual(len(wanted), 2)
            self.assertEqual([value for value in values_of(command, option) if "disk" in value], wanted)


def values_of(words, option):
    """What follows the option each time, without the names of files."""
    return [re.sub("file=[^,]*", "file", value) for word, value in zip(words, words[1:]) if word == option]


class HostMembenchTest(MembenchTest):
    def test_every_metric_has_a_figure_here(self):
        with tempfile.TemporaryDirectory() as directory:
            done = subprocess.run([MEMBENCH, "quick=1", "faults=1", f"dir={directory}", f"exec={BUILD}/bench/tiny"],
                                  capture_output=True, text=True, timeout=60, check=True)
            self.assertEqual(os.listdir(directory), [])
        boot = Boot(done.stdout, 0, [])
        self.assertEqual(boot.failures(), {})
        self.assert_complete(boot, GROUPS)
        for group in ("anon", "brk", "mmap64", "sparse"):
            self.assert_faults(faults_of(boot), group)

    def test_the_catalogue_names_every_group(self):
        listed = subprocess.run([MEMBENCH, "list"], capture_output=True, text=True, timeout=10, check=True).stdout.split()
        self.assertEqual(sorted(listed), sorted([*GROUPS, *DISK_GROUPS, "tsc"]))

    def test_an_unknown_word_is_said(self):
        said = subprocess.run([MEMBENCH, "hz=1000000000", "nonsense"], capture_output=True, text=True, timeout=60,
                              check=True).stdout
        self.assertTrue(said.startswith("nonsense FAIL 22\n"), said[:200])

    def test_every_metric_of_the_sources_is_in_the_catalogue(self):
        sources = "".join(path.read_text() for path in pathlib.Path(ROOT, "tests/bench/membench").glob("group_*.c"))
        named = set(re.findall(r'"([a-z]+(?:_[a-z0-9]+)+)"', sources))
        known = {re.sub(r"\d+$", "", name) for name in BY_NAME} | set(BY_NAME)
        unknown = {name for name in named if name.rstrip("_") not in known and name not in known and name + "_" not in known}
        self.assertLessEqual(unknown, {"tsc_at_start", "swap_fill_cost_page", "swap_pages_correct", "swap_pages_checked"})

    def test_without_a_place_to_swap_to_there_is_a_reason(self):
        # Linux has one or has none; where it has one, the machine is not to be filled.
        if int(re.search(r"^SwapTotal: +(\d+)", pathlib.Path("/proc/meminfo").read_text(), re.M)[1]):
            self.skipTest("this machine swaps")
        said = subprocess.run([MEMBENCH, "hz=1000000000", "swap"], capture_output=True, text=True, timeout=60, check=True)
        self.assertEqual(said.stdout, "swap FAIL 2\n")


class FloorTest(unittest.TestCase):
    def test_floors_are_the_instructions_one_counts_by_hand(self):
        figures = FloorGuest(BUILD).boot(True, INSTRUCTIONS_HZ).figures()
        self.assertEqual({name: figures[name][0] for name in ("floor_syscall_full_frame", "floor_syscall_bare",
                                                              "floor_fault_prezeroed", "floor_fault_stosq")},
                         {"floor_syscall_full_frame": 53, "floor_syscall_bare": 7, "floor_fault_prezeroed": 22,
                          "floor_fault_stosq": 536})


if __name__ == "__main__":
    unittest.main()
