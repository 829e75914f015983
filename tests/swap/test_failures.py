"""A swap disk with errors: who has to do with them, and that nobody else has."""
import re

from .support import SwapTest, areas_in, line, program

BUS, KILLED = 128 + 7, 128 + 9
SECTORS = 8  # of a page


def error(kind, slot):
    """A rule of blkdebug: requests that touch this page of the image fail."""
    return ["event=none", f"iotype={kind}", f"sector={slot * SECTORS}", "once=off"]


class ErrorTest(SwapTest):
    def disk(self, mebibytes, *rules, extra=()):
        return self.faulty_swap(self.formatted("area", mebibytes), *rules, extra=extra)

    def deaths(self):
        return re.findall(r"^\[.*\] (\w+)\[\d+\] killed by (\w+)", self.log, re.M)

    def test_a_page_that_cannot_be_read(self):
        """Of three programs the one whose page it is ends, and it has read all its other pages before."""
        for slot in (5, 1000, 2000):
            with self.subTest(slot=slot):
                lines = self.swap_run(program("free"), beside=[line("loss", 4, slot)] * 3, memory=64,
                                      options=self.disk(32, error("read", slot)), then=[line("areas", "show")])
                self.assertEqual(sorted(each for each in lines if "right" in each or "wrong" in each),
                                 ["all right", "all right", "others right"])
                self.assertEqual(self.deaths(), [("loss", "SIGBUS")])
                self.assertIn(f"vda: swap: reading slot {slot} failed", self.log)
                self.assertIn("the page was on a swap disk, and the disk could not read it back", self.log)
                self.assertEqual(areas_in(lines)["/dev/vda"][1], 0)

    def test_pages_that_cannot_be_written(self):
        """They stay, and go elsewhere later; nobody notices. Their slots are not used again."""
        slots = (7, 1000, 3000)
        options = self.disk(48, *(error("write", slot) for slot in slots))
        lines = self.swap_run(program("thrash", 1, 30, 1), beside=[line("thrash", 2, 20, 1)], options=options,
                              then=[line("areas", "show")])
        self.assertEqual(sorted(lines[:2]), ["thrash 1: right", "thrash 2: right"])
        failed = re.findall(r"vda: swap: writing slot (\d+)(?: to (\d+))? failed", self.log)
        bad = {slot for first, last in failed for slot in range(int(first), int(last or first) + 1)}
        self.assertLessEqual(set(slots), bad)
        size, used, _ = areas_in(lines)["/dev/vda"]
        self.assertEqual((size, used), (48 * 1024 - 4 - 4 * len(bad), 0))

    def test_nothing_can_be_written(self):
        """As if there were no swap: who wants more than memory is ended, others are not."""
        options = self.disk(8, ["event=none", "iotype=write", "once=off"])
        lines = self.swap_run(program("grow"), beside=[line("thrash", 1, 4, "0.5", "with", "grow")], options=options,
                              then=[line("areas", "show")], status=KILLED)
        self.assertEqual(lines[0], "thrash 1: right")
        self.assertEqual(self.deaths(), [("grow", "SIGKILL")])
        self.assertIn("out of memory", self.log)
        self.assertEqual(areas_in(lines)["/dev/vda"][1], 0)

    def test_nothing_can_be_read(self):
        """Nothing but the header, that is: after QEMU's own look at the disk and the kernel's, nothing can."""
        rules = [["event=read_aio", "state=3", "once=off"]]
        extra = [f"file.set-state.{n}.{word}" for n in range(2)
                 for word in ("event=read_aio", f"state={n + 1}", f"new_state={n + 2}")]
        beside = [line("loss", 4, 0), line("thrash", 1, 4, "0.5")]
        lines = self.swap_run(program("loss", 4, 0), beside=beside, options=self.disk(32, *rules, extra=extra), memory=64,
                              then=[line("areas", "show")], status=BUS)
        self.assertEqual(lines[0], "thrash 1: right")
        self.assertEqual(self.deaths(), [("loss", "SIGBUS")] * 2)
        self.assertEqual(areas_in(lines)["/dev/vda"][1], 0)

    def test_swapoff_of_a_page_that_cannot_be_read(self):
        """EIO, the area stays in use, and all pages but that one are still there."""
        options = self.disk(32, error("read", 1000))
        lines = self.swap_run(program("loss", 8, 1000, "wait"), beside=[line("areas", "wait", "off", "/dev/vda", "show")],
                              options=options, memory=64, status=BUS, stdin=b"\n\n")
        self.assertIn("off /dev/vda: EIO", lines)
        self.assertEqual(list(areas_in(lines)), ["/dev/vda"])
        self.assertIn("others right", lines)
        self.assertEqual(self.deaths(), [("loss", "SIGBUS")])
