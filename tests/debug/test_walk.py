"""The walk of docs/debugging.md: GDB goes every step of it, and what it shows at each stop must be true."""
import os
import re
import subprocess
import unittest

from page import shape
from session import BUILD, CHINESE, ENGLISH, Session, exhibit, read_page

PAGE = 4096
REMEDY = "if the new answers are right: tests/debug/run --update, and read the page once more"


def addresses(path):
    """The functions and labels of an ELF file: {name: address}, in C++'s spelling."""
    listing = subprocess.run(["nm", "-C", path], capture_output=True, text=True, check=True).stdout
    lines = (line.split(" ", 2) for line in listing.splitlines())
    return {name: int(address, 16) for address, kind, name in lines if address}


class Walk(unittest.TestCase):
    """Subclasses walk with different arguments of the program's."""

    ARGUMENTS = ()

    @classmethod
    def setUpClass(cls):
        cls.steps = read_page(ENGLISH).steps
        cls.session = Session([step.command for step in cls.steps], exhibit("brk"), *cls.ARGUMENTS)
        cls.kernel = addresses(os.path.join(BUILD, "vitrine.elf"))
        cls.program = addresses(exhibit("brk"))
        cls.answers = ["\n".join(answer) for answer in cls.session.answers]
        cls.stops = {}  # the place of a breakpoint -> what GDB shows from there to the next breakpoint
        here = {}
        for step, answer in zip(cls.steps, cls.answers):
            if step.command.startswith("thbreak "):
                here = cls.stops.setdefault(step.command.split()[1], {})
            here.setdefault(step.command, []).append(answer)

    def said(self, stop, command, which=0):
        return self.stops[stop][command][which]

    def found(self, pattern, stop, command, which=0):
        """The group of the one match in what was said, as a number when it is one."""
        text = self.said(stop, command, which)
        match = re.search(pattern, text, re.M)
        self.assertIsNotNone(match, f"{stop}: {command}: no {pattern!r} in\n{text}")
        return int(match[1], 0) if re.fullmatch(r"0x[0-9a-f]+|\d+", match[1]) else match[1]

    def assert_stopped_in(self, stop, function, kernel=None):
        stopped = rf"(?m)^Temporary breakpoint \d+(\.\d+)?, {re.escape(function)} \("
        self.assertRegex(self.said(stop, "continue"), stopped)
        if kernel is not None:
            at = self.found(r" at (0x[0-9a-f]+): file", stop, f"thbreak {stop}")
            self.assertEqual(at, self.kernel[kernel])

    def start(self):
        return self.found(r"= (0x[0-9a-f]+)", "write_pages", "p/x start")

    # ---- 32 to 64 bit ----

    def test_entry(self):
        self.assert_stopped_in("pvh_start", "pvh_start", "pvh_start")
        self.assertEqual(self.said("pvh_start", "p $cr0"), "$1 = [ ET PE ]")
        begin = f"{self.kernel['pvh_start']:#x}: paging is off"
        self.assertTrue(self.said("pvh_start", "translation $pc").startswith(begin))

    def test_the_switch_to_64_bit(self):
        self.assert_stopped_in("turn_paging_on", "turn_paging_on", "turn_paging_on")
        self.assertIn("[ NXE LME ]", self.said("turn_paging_on", "p $efer", 0))
        self.assertIn("[ NXE LMA LME ]", self.said("turn_paging_on", "p $efer", 1))
        self.assertIn("PG", self.said("turn_paging_on", "p $cr0"))
        at = self.found(r"^(0x[0-9a-f]+), from CR3", "turn_paging_on", "translation $pc")
        self.assertEqual(self.found(r"^physical address (0x[0-9a-f]+)", "turn_paging_on", "translation $pc"), at)
        self.assertRegex(self.said("turn_paging_on", "stepi", 4), r"^long_mode \(\) at boot/entry\.asm:\d+")

    def test_kernel_main(self):
        self.assert_stopped_in("kernel_main", "kernel_main", "kernel_main")
        called = r"#0  kernel_main \(.*\n#1 .* in boot_main \(.*\n#2 .* in high_half \("
        self.assertRegex(self.said("kernel_main", "bt"), called)
        archive = r"\{begin = 0x[1-9a-f][0-9a-f]+, end = 0x[1-9a-f]"
        self.assertRegex(self.said("kernel_main", "p info.archive"), archive)
        self.assertIn("no frames yet", self.said("kernel_main", "frames"))

    # ---- the program ----

    def test_main(self):
        arguments = 1 + len(self.ARGUMENTS)
        self.assert_stopped_in("main", "main")
        self.assertIn(f"main (argc={arguments}, ", self.said("main", "continue"))
        self.assertTrue(self.said("main", "process").startswith("brk[2], thread Running\n"))
        self.assertEqual(self.found(r"^(0x[0-9a-f]+), from", "main", "translation main"), self.program["main"])
        code = r"(?m)^ +PT\[\d+\] +page  at 0x[0-9a-f]+  Present User Accessed$"
        self.assertRegex(self.said("main", "translation main"), code)

    def test_areas_are_those_that_the_program_file_asks_for(self):
        area = r"^(0x[0-9a-f]+)-(0x[0-9a-f]+) +(\d+) KiB  ([rwxps-]{4})  (.*)$"
        areas = re.findall(area, self.said("main", "areas"), re.M)
        self.assertIn(f"\n{len(areas)} areas", self.said("main", "areas"))
        command = ["readelf", "-lW", exhibit("brk")]
        headers = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        loads = re.findall(r"^ +LOAD +\S+ (0x\S+) \S+ \S+ \S+ (R| )(W| )(E| ) 0x1000$", headers, re.M)
        self.assertGreater(len(loads), 3)
        for begin, read, write, execute in loads:
            rights = "".join(
                letter if given.strip() else "-" for letter, given in zip("rwx", (read, write, execute))
            ) + "p"
            page = int(begin, 16) // PAGE * PAGE
            # The constants' relocated part, written at the start, is read-only by now.
            inside = [area for area in areas if int(area[0], 16) <= page < int(area[1], 16)]
            self.assertEqual(len(inside), 1, begin)
            self.assertIn(inside[0][3], (rights, rights.replace("w", "-")))
            self.assertTrue(inside[0][4].startswith("the program, from page"), inside)
        kinds = [area[4] for area in areas]
        self.assertEqual((kinds.count("heap"), kinds.count("stack")), (1, 1))
        for begin, end, size, *_ in areas:
            self.assertEqual(int(end, 16) - int(begin, 16), int(size) * 1024)

    def test_the_pages_are_those_that_the_program_prints(self):
        line = r"^The break, the end of the heap, is at (0x[0-9a-f]+)\.$"
        printed = re.search(line, self.answers[-1], re.M)
        self.assertEqual(self.start(), int(printed[1], 16))
        self.assertEqual(self.start() % PAGE, 0)
        walk = self.said("write_pages", "translation start")
        self.assertTrue(walk.startswith(f"{self.start():#x}, from CR3"), walk)
        self.assertTrue(walk.endswith("empty\nnot translated: a touch is a page fault"), walk)

    # ---- the rooms ----

    def test_room_1_entry(self):
        self.assert_stopped_in("page_fault_entry", "page_fault_entry", "page_fault_entry")
        self.assertEqual(self.found(r"= (0x[0-9a-f]+)", "page_fault_entry", "p/x $cr2"), self.start() + PAGE - 1)
        vector, error, rip, cs, *_ = self.pushed()
        self.assertEqual((vector, error, cs & 3), (14, 6, 3))
        begin = next(at for name, at in self.program.items() if "::write_pages(" in name)
        self.assertTrue(begin < rip < begin + 200, hex(rip))

    def pushed(self):
        text = self.said("page_fault_entry", "x/7gx $sp")
        return [int(word, 16) for line in text.splitlines() for word in line.split()[1:]]

    def test_room_2_page_fault(self):
        self.assert_stopped_in("page_fault", "kernel::page_fault", "page_fault")
        self.assertEqual(self.found(r"= (0x[0-9a-f]+)", "page_fault", "p/x frame.rip"), self.pushed()[2])
        self.assertEqual(self.found(r"= (0x[0-9a-f]+)", "page_fault", "p/x frame.error_code"), 6)
        rooms = r"(?s)^#0  kernel::page_fault .*::write_pages \(.*\bmain \(.*:\d+$"
        self.assertRegex(self.said("page_fault", "bt"), rooms)

    def test_room_3_fault(self):
        stop = "mm::handle_fault"
        self.assert_stopped_in(stop, stop, "mm::handle_fault(mm::AddressSpace&, mm::Fault const&)")
        value = f"address = {self.start() + PAGE - 1:#x}, access = mm::Access::Write, user = true, present = false"
        self.assertIn("{" + value + "}", self.said(stop, "p fault"))

    def test_room_4_anonymous(self):
        stop = "mm::anonymous_page"
        self.assert_stopped_in(stop, stop, "mm::anonymous_page(mm::PageFault&)")
        self.assertEqual(self.found(r"= (0x[0-9a-f]+)$", stop, "p fault.page"), self.start())
        area = re.search(r"= (0x[0-9a-f]+)-(0x[0-9a-f]+)$", self.said(stop, "p fault.area.range"))
        self.assertTrue(int(area[1], 16) <= self.start() < int(area[2], 16))
        self.assertRegex(self.said(stop, "p *fault.slot.entry"), r"= empty$")

    def test_room_5_page_table(self):
        stop = "mm::PageTable::set"
        self.assert_stopped_in(stop, stop)
        leaf = self.said(stop, "p value").partition(" = ")[2]
        self.assertRegex(leaf, r"^0x[1-9a-f][0-9a-f]*000 Present Writable User Accessed Dirty NoExecute$")
        rooms = [
            "mm::PageTable::set",
            "mm::PageFault::install",
            "mm::anonymous_page",
            "mm::handle_fault",
            "kernel::page_fault",
            "<signal handler called>",
            "(anonymous namespace)::write_pages",
            "main",
        ]
        backtrace = self.said(stop, "bt -frame-arguments none")
        places = [backtrace.find(room) for room in rooms]
        self.assertNotIn(-1, places, backtrace)
        self.assertEqual(places, sorted(places), backtrace)

    def test_the_leaf_is_there_after_room_5(self):
        stop = "mm::PageTable::set"
        frame = self.found(r"= (0x[0-9a-f]+) ", stop, "p value")
        self.assertEqual(self.found(r"^(0x[0-9a-f]+), from", stop, "translation fault.page"), self.start())
        self.assertEqual(self.found(r"^physical address (0x[0-9a-f]+)$", stop, "translation fault.page"), frame)
        self.assertRegex(self.said(stop, "translation fault.page"), rf"page  at {frame:#x}  Present Writable User ")

    def test_one_frame_has_changed_hands(self):
        before, after = (self.frames(stop) for stop in ("mm::handle_fault", "mm::PageTable::set"))
        self.assertEqual(after["Anonymous"] - before["Anonymous"], 1)
        self.assertEqual(before["Free"] - after["Free"], 1)
        for counts in (before, after):
            total = counts.pop("total")
            self.assertEqual(sum(counts.values()), total)
            self.assertLess(total, 65536)  # 256 MiB, of which the firmware keeps some
            self.assertGreater(total, 65000)

    def frames(self, stop):
        lines = re.findall(r"^(\w+) +(\d+) frames ", self.said(stop, "frames"), re.M)
        return {kind: int(count) for kind, count in lines}

    # ---- and home ----

    def test_the_store_is_done_again(self):
        stop = "*$pc"
        self.assertEqual(self.found(r"^=> (0x[0-9a-f]+) ", stop, "x/i $pc"), self.pushed()[2])
        self.assertRegex(self.said(stop, "x/i $pc"), r"mov +BYTE PTR \[\w+\],0x2a$")
        self.assertRegex(self.said(stop, "x/db $cr2"), rf"^{self.start() + PAGE - 1:#x}:\s+42$")
        frame = self.found(r"= (0x[0-9a-f]+) ", "mm::PageTable::set", "p value")
        self.assertEqual(self.found(r"^physical address (0x[0-9a-f]+)$", stop, "translation $cr2"), frame + PAGE - 1)

    def test_the_end(self):
        self.assertEqual(self.said("*$pc", "continue", 1), "Remote connection closed")
        self.assertIn("--- output ---\nbrk: look at the squares.", self.answers[-1])
        self.assertRegex(self.session.last, r"/brk ended with status 0; its output is in .*/debug/output$")
        self.assertNotIn("optimized out", self.said("mm::PageTable::set", "p value"))


class WalkOfThePage(Walk):
    """The walk as it is printed."""

    def test_the_page_shows_what_gdb_says(self):
        for step, answer in zip(self.steps, self.session.answers):
            with self.subTest(command=step.command):
                self.assertEqual(shape(step.answer), shape(answer), REMEDY)

    def test_the_chinese_page_has_the_same_session(self):
        steps = read_page(CHINESE).steps
        self.assertEqual([step.command for step in steps], [step.command for step in self.steps])
        for ours, english in zip(steps, self.steps):
            self.assertEqual(ours.answer, english.answer, REMEDY)


class WalkWithAnotherSize(Walk):
    """The same commands with another number of pages."""

    ARGUMENTS = ("37",)


del Walk  # it is what the two have in common

if __name__ == "__main__":
    unittest.main()
