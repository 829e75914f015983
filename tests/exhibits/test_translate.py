"""translate: the five numbers are the address, and two processes have one address on two frames."""
import os
import re
import subprocess
import unittest

from runner import LIMIT, ON_LINUX, ExhibitTest, program, run

FRAMES = r"-> frame (0x[0-9a-f]+)$"


class Translate(ExhibitTest):
    def check_parts(self, text, value):
        pid, address, stored = self.find(r"^process (\d+) has an int at (0x[0-9a-f]+) and writes (\d+) to it$", text)
        address = int(address, 16)
        self.assertEqual(stored, str(value if value is not None else pid))

        bits = "".join(self.find(r"\| ([01]{9}) \| ([01]{9}) \| ([01]{9}) \| ([01]{9}) \| ([01]{12}) \|", text))
        self.assertEqual(int(bits, 2), address)
        *indices, byte = map(int, self.find(
            r"^ +PML4\[(\d+)\] +PDPT\[(\d+)\] +PD\[(\d+)\] +PT\[(\d+)\] +byte (\d+)$", text))
        rebuilt = 0
        for index in indices:
            self.assertLess(index, 512)
            rebuilt = rebuilt << 9 | index
        self.assertEqual(rebuilt << 12 | byte, address)
        walk = self.find(r"CR3 -> PML4\[(\d+)\] -> PDPT\[(\d+)\] -> PD\[(\d+)\] -> PT\[(\d+)\]", text)
        self.assertEqual(list(map(int, walk)), indices)

        before = int(self.find(r"^pagemap before the write +([0-9a-f]{16}) ", text), 16)
        after = int(self.find(r"^pagemap after the write +([0-9a-f]{16}) ", text), 16)
        self.assertEqual((before >> 63, after >> 63), (0, 1))
        return address, after & ((1 << 55) - 1)

    def check_frame(self, text, value):
        address, in_pagemap = self.check_parts(text, value)
        frame, again, byte, physical = self.find(
            FRAMES + r"[\s\S]*^physical address +frame (\S+) \* 4096 \+ byte (\d+) = (0x[0-9a-f]+)$", text)
        self.assertEqual({int(frame, 16), int(again, 16)}, {in_pagemap})
        self.assertGreater(in_pagemap, 0)
        self.assertEqual(int(byte), address & 4095)
        self.assertEqual(int(physical, 16), in_pagemap * 4096 + int(byte))
        return address, in_pagemap

    def check_untouched(self, text, value, frame):
        found, later = self.find(r"^process \d+ reads (\d+) there, the value it wrote, in frame (\S+)$", text)
        self.assertEqual(int(found), value)
        self.assertEqual(int(later, 16), frame)

    def test_one_value(self):
        text = run("translate", "42", "1")
        _, frame = self.check_frame(text, 42)
        self.check_untouched(text, 42, frame)
        self.find(r"^process \d+ is alone: ", text)

    def blocks(self, text):
        """What each of several said on one console, by its value: the blocks come in any order, but each is whole."""
        blocks = {}
        for pid, stored in re.findall(r"^process (\d+) has an int .* writes (\d+) to it$", text, re.M):
            first = re.search(rf"^process {pid} has an int[\s\S]*?^physical address.*\n", text, re.M)[0]
            second = re.search(rf"^process {pid} waited: 2 processes .*\n.*\n", text, re.M)[0]
            blocks[int(stored)] = first + second
        return blocks

    def check_two(self, blocks):
        said = {value: self.check_frame(text, value) for value, text in blocks.items()}
        for value, text in blocks.items():
            self.check_untouched(text, value, said[value][1])
        (one, others), (address, frame) = said.values()
        self.assertEqual(one, address, "one virtual address")
        self.assertNotEqual(others, frame, "two frames")

    def test_alone_it_forks(self):
        blocks = self.blocks(run("translate", "11"))
        self.assertEqual(set(blocks), {11, 12})
        self.check_two(blocks)

    def test_without_a_value_it_is_the_process_id(self):
        for value, text in self.blocks(run("translate")).items():
            self.check_frame(text, None)
            self.assertTrue(text.startswith(f"process {value} "))

    def test_two_processes(self):
        if ON_LINUX:
            blocks = self.two_on_linux()
        else:
            blocks = self.blocks(run("translate", "11", beside=["22"]))
        self.assertEqual(set(blocks), {11, 22})
        self.check_two(blocks)

    def two_on_linux(self):
        """Each waits for the other."""
        running = {value: subprocess.Popen([program("translate"), str(value), "2"], stdout=subprocess.PIPE, text=True)
                   for value in (11, 22)}
        try:
            blocks = {value: process.communicate(timeout=LIMIT)[0] for value, process in running.items()}
        finally:
            for process in running.values():
                process.kill()
                process.wait()
        for value, process in running.items():
            self.assertEqual(process.returncode, 0)
            self.assertIn("waited: 2 processes have written", blocks[value])
        return blocks

    def test_nobody_comes(self):
        text = run("translate", "42", "2", "1")
        _, frame = self.check_frame(text, 42)
        self.find(r"^process \d+ waited 1 s: 1 of 2 came and wrote to their own 0x", text)
        self.check_untouched(text, 42, frame)

    @unittest.skipUnless(ON_LINUX and os.geteuid() == 0, "needs a Linux root who can become somebody else")
    def test_without_the_capability_it_says_why_there_is_no_frame(self):
        copy = "/tmp/vitrine-exhibit-translate"
        subprocess.run(["install", "-m", "755", program("translate"), copy], check=True)
        try:
            text = subprocess.run([copy, "5", "1"], capture_output=True, text=True, check=True, timeout=LIMIT, user=65534,
                                  group=65534, extra_groups=[]).stdout
        finally:
            os.unlink(copy)
        _, in_pagemap = self.check_parts(text, 5)
        self.assertEqual(in_pagemap, 0)
        self.assertIn("CAP_SYS_ADMIN", text)
        self.assertNotIn("physical address", text)
        self.assertRegex(text, r"reads 5 there, the value it wrote\n")

    def test_nonsense_is_refused(self):
        for arguments in (("-1",), ("1", "0"), ("1", "2", "601")):
            self.assertEqual(run("translate", *arguments, status=2), "")


if __name__ == "__main__":
    unittest.main()
