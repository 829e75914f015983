"""--uefi: the firmware that QEMU gets, and what is said when there is none or when it gives up."""
import os
import signal
import subprocess
import sys
import zlib

from support import ROOT, LauncherTest

sys.path.insert(0, os.path.join(ROOT, "tools"))
from vitrine_launcher import uefi  # noqa: E402

NOTHING_THERE = """
import sys
from vitrine_launcher import main, uefi
uefi.DIRECTORY = sys.argv[1]
sys.exit(main.main(sys.argv[2:]))
"""


class UefiTest(LauncherTest):
    LIMIT = 120

    def test_every_run_gets_fresh_variables_of_its_own(self):
        def size_and_checksum(name):
            with open(os.path.join(uefi.DIRECTORY, name), "rb") as file:
                content = file.read()
            return f"{len(content)} {zlib.crc32(content)}"

        expected = (
            f"if=pflash,unit=0,format=raw,readonly=on {size_and_checksum(uefi.CODE)}\n"
            f"if=pflash,unit=1,format=raw {size_and_checksum(uefi.VARIABLES)}\n"
        )
        for _ in range(2):  # the first has changed what it got
            self.assertEqual(self.run_program("flash", "--uefi"), (0, expected.encode(), b""))

    def test_no_firmware(self):
        self.make_file("a.iso", b"")
        for arguments in (["run", "--uefi", self.program], ["boot", "--uefi", "a.iso"]):
            done = subprocess.run(
                [sys.executable, "-c", NOTHING_THERE, self.place, *arguments],
                env={**self.environment, "PYTHONPATH": os.path.join(ROOT, "tools"), "FAKE_QEMU": "exits:0"},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=self.place,
                timeout=self.LIMIT,
                check=False,
            )
            self.assert_failure(
                (done.returncode, done.stdout, done.stderr), "OVMF_VARS_4M.fd", "apt-get install ovmf"
            )

    def test_too_little_memory(self):
        self.assert_failure(self.run_program("exits:0", "--uefi", "--memory", "63"), "--memory 64 or more")
        with open(self.path("large"), "wb") as file:
            file.truncate(90 << 20)
        result = self.run_program("exits:0", "--uefi", "--add", self.path("large"), "--memory", "200")
        self.assert_failure(result, "90.0 MiB", "--memory 238 or more")

    def test_a_firmware_that_gives_up_is_not_waited_for(self):
        for line in (
            'BdsDxe: failed to load Boot0001 "UEFI QEMU DVD-ROM QM00003 " from PciRoot(0x0): Not Found',
            "BdsDxe: No bootable option or device was found.",
            "!!!! X64 Exception Type - 0D(#GP - General Protection)  CPU Apic ID - 00000000 !!!!",
        ):
            part = f"boots:\x1b[2J\x1b[01;01H{line};Press any key"
            result = self.run_program(part, "--uefi", "--timeout", "50")
            self.assert_failure(result, "the UEFI firmware could not boot this", "build/log/prog.log")

    def test_without_uefi_such_words_mean_nothing(self):
        result = self.run_program("says:37:BdsDxe: No bootable option;vitrine: refused: it says so")
        self.assert_failure(result, "refused to start: it says so")

    def test_a_qemu_that_is_killed_in_its_firmware(self):
        os.unlink(os.path.join(self.bin, "qemu-system-x86_64"))  # the real one, please
        process = self.start("", "run", "--uefi", "--timeout", "60", self.program)

        def qemu_with_firmware():
            return [pid for pid in self.processes() if has_flash(pid)]

        os.kill(self.wait_for(qemu_with_firmware, "QEMU")[0], signal.SIGKILL)
        out, err = process.communicate(timeout=self.LIMIT)
        self.assert_failure((process.returncode, out, err), "QEMU was killed by SIGKILL")


def has_flash(pid):
    """A QEMU, and not the one that is asked for its version."""
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        return b"if=pflash" in file.read()
