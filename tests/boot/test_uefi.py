"""Boots through UEFI firmware (OVMF): what holds under BIOS holds here. Boots take long: each shows much."""
import os
import re
import subprocess
import tempfile

from tests.boot.vitrine import ROOT, VitrineTest, program, run

FOUR_GIB = 1 << 32


class Uefi(VitrineTest):
    def assert_was_uefi(self, outcome):
        self.assertIn("BdsDxe: starting", outcome.log)

    def assert_memory(self, outcome, mib):
        """Nearly all of it is the kernel's, but what the firmware keeps (run-time services) is not."""
        total = int(re.search(r"the kernel keeps \d+ KiB of (\d+) KiB", outcome.log)[1])
        self.assertLess(total, mib << 10)
        self.assertGreater(total, (mib - 8) << 10)

    def test_the_smallest_memory(self):
        outcome = run("--uefi", "--memory", 64, program("hello"))
        self.assert_runs(outcome)
        self.assert_was_uefi(outcome)
        self.assertEqual((outcome.out, outcome.err), ("hello\n", ""))
        self.assert_memory(outcome, 64)
        self.assert_frames_returned(outcome)

    def test_standard_input_reaches_the_program_in_128_mib(self):
        data = bytes(range(256)) * 4096
        outcome = run("--uefi", "--memory", 128, program("checksum"), stdin=data)
        self.assert_runs(outcome)
        self.assert_was_uefi(outcome)
        self.assertEqual(outcome.out, f"{len(data)} bytes, sum {sum(data)}\n")
        self.assert_memory(outcome, 128)
        self.assert_frames_returned(outcome)

    def test_a_program_is_killed_and_explained_as_without_uefi(self):
        lessons = []
        for options in ([], ["--uefi"]):
            outcome = run("--lessons", *options, program("exit"), "segv")
            self.assert_runs(outcome, 139)
            self.assert_frames_returned(outcome)
            lessons.append(outcome.err)
        self.assert_was_uefi(outcome)
        self.assertIn("null pointer", lessons[0])
        self.assertEqual(*lessons)

    def test_device_registers_and_memory_above_4_gib(self):
        outcome = run("--uefi", "--memory", 4096, program("hello"))
        self.assert_runs(outcome)
        self.assert_was_uefi(outcome)
        self.assertEqual(outcome.out, "hello\n")
        # Where OVMF puts 64-bit base addresses. Without that, this test would show nothing.
        registers = re.search(r"virtio: device 0x1043 .* registers at (0x[0-9a-f]+)", outcome.log)
        self.assertGreater(int(registers[1], 16), FOUR_GIB)
        self.assert_memory(outcome, 4096)
        self.assert_frames_returned(outcome)

    def test_the_same_iso_boots_on_both_and_a_panic_is_told_as_ever(self):
        with tempfile.TemporaryDirectory() as place:
            iso = os.path.join(place, "an.iso")
            command = [f"{ROOT}/tools/vitrine", "iso", "--output", iso, "--run", f"{program('hello')} you"]
            subprocess.run(command, check=True)
            outcome = run(iso, command="boot")
            self.assert_runs(outcome)
            self.assertNotIn("BdsDxe", outcome.log)
            self.assertEqual(outcome.out, "hello you\n")
            # The option reaches the kernel in the firmware's tables (SMBIOS).
            outcome = run("--uefi", "--option", "test=text_write", iso, command="boot")
            self.assert_was_uefi(outcome)
            self.assert_panics(outcome, "write .*text")
            self.assertRegex(outcome.log, "kernel_main")

    def test_too_little_memory_is_said_at_once(self):
        outcome = run("--uefi", "--memory", 63, program("hello"))
        self.assertEqual((outcome.status, outcome.log), (125, ""))
        self.assertEqual(outcome.err.count("\n"), 1, outcome.err)
        self.assertIn("--memory 64", outcome.err)
        outcome = run("--uefi", "--memory", 90, "--add", f"{program('padding')}=/padding", program("hello"))
        self.assertEqual(outcome.status, 125)
        self.assertRegex(outcome.err, r"under UEFI: say --memory \d+ or more\n")
