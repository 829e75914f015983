"""The ISO under the real GRUB and QEMU, with a kernel of a few lines: GRUB starts it with all its files, or
not at all.
"""
import os
import re
import struct
import subprocess
import sys

from support import HERE, ROOT, LauncherTest

sys.path.insert(0, os.path.join(ROOT, "tools"))
from vitrine_launcher import iso  # noqa: E402

STARTED = b"kernel started"


class IsoTest(LauncherTest):
    LIMIT = 120

    def setUp(self):
        super().setUp()
        os.unlink(os.path.join(self.bin, "qemu-system-x86_64"))  # the real one, please
        object_file = self.path("kernel.o")
        subprocess.run(
            ["nasm", "-f", "elf64", os.path.join(HERE, "multiboot2_kernel.asm"), "-o", object_file],
            check=True,
        )
        subprocess.run(
            ["ld", "-n", "-Ttext=0x100000", "-e", "start", object_file, "-o", self.kernel], check=True
        )

    def make_iso(self, *arguments):
        status, out, err = self.call(
            "", "iso", "--output", self.path("an.iso"), "--run", "./prog one", *arguments
        )
        self.assertEqual((status, out, err), (0, b"", b""))
        self.assertEqual([name for name in os.listdir(self.place) if name.startswith(".")], [])
        return self.path("an.iso")

    def boot(self, path, *arguments):
        """The kernel here sends no status frame, so a boot that works is a failure of its own kind."""
        result = self.call("", "boot", "--timeout", "60", "--log", self.path("log"), *arguments, path)
        self.assert_failure(result)
        return result[2].decode(), self.read("log")

    def assert_not_started(self, path, words, firmware=()):
        error, log = self.boot(path, *firmware)
        self.assertNotIn(STARTED, log)
        self.assertIn(words, error)

    def test_grub_starts_the_kernel_with_its_archive(self):
        error, log = self.boot(self.make_iso())
        self.assertIn("without telling the program's exit status", error)
        self.assertIn(STARTED, log)
        self.assertRegex(log, rb"module at 0x[0-9A-F]+ begins with 070701")

    def test_words_of_the_launcher_reach_the_kernel_unchanged(self):
        path = self.make_iso()
        for firmware in ([], ["--uefi"]):
            _, log = self.boot(path, *firmware, "--option", "env=A=a b", "--env", "B=$x;*'\"\\|{},é")
            self.assertIn(b" env=B=%24x%3B%2A%27%22%5C%7C%7B%7D%2C%C3%A9 env=A=a%20b\n", log)
            self.assertIn(b"words: tty= ", log)
            self.assertRegex(log, rb"module at 0x[0-9A-F]+ begins with 070701")

    def test_run_with_an_iso_of_its_own(self):
        result = self.call("", "run", "--iso", "--timeout", "60", "--log", self.path("log"), "./prog")
        self.assert_failure(result, "without telling the program's exit status")
        self.assertRegex(self.read("log"), rb"module at 0x[0-9A-F]+ begins with 070701")

    def test_a_missing_module(self):
        with iso.Staging() as staging:
            with open(staging.archive_path, "wb") as file:
                file.write(b"070701")
            checksums = staging.write_checksums_
            staging.write_checksums_ = lambda: (checksums(), os.unlink(staging.archive_path))
            os.rename(staging.make(self.kernel), self.path("broken.iso"))
        self.assert_not_started(
            self.path("broken.iso"), "refused to start: GRUB: files in /boot are missing or damaged"
        )

    def test_a_module_that_is_longer_than_the_medium(self):
        self.assert_not_started(self.damaged(lambda record, size: size + (8 << 20)), "missing or damaged")

    def test_a_module_that_is_shorter_than_it_was(self):
        self.assert_not_started(self.damaged(lambda record, size: size - 4), "missing or damaged")

    def damaged(self, change):
        """An ISO that tells another size for the archive (ECMA-119, 9.1: size at 10, name at 33)."""
        with open(self.make_iso(), "rb") as file:
            data = bytearray(file.read())
        record = data.index(b"ARCHIVE.CPI;1") - 33
        size = change(record, struct.unpack_from("<I", data, record + 10)[0])
        struct.pack_into("<I", data, record + 10, size)
        struct.pack_into(">I", data, record + 14, size)
        return self.make_file("broken.iso", data)

    def test_a_module_that_does_not_fit_into_memory(self):
        # Whole on the medium: the checksum is right, and the failure is that of module2 itself.
        with open(self.path("large"), "wb") as file:
            file.truncate(16 << 20)
        path = self.make_iso("--add", f"{self.path('large')}=/large")
        error, log = self.boot(path, "--memory", "16")
        self.assertNotIn(STARTED, log)
        self.assertIn("GRUB: /boot/archive.cpio cannot be loaded", error)

    def test_a_damaged_byte(self):
        with open(self.make_iso(), "rb") as file:
            data = bytearray(file.read())
        at = re.search(rb"070701[0-9A-F]{100}", data).start()  # what only the archive begins with
        data[at + 5] ^= 1
        path = self.make_file("broken.iso", data)
        for firmware in ([], ["--uefi"]):
            self.assert_not_started(path, "GRUB: files in /boot are missing or damaged", firmware)

    def test_a_kernel_that_is_none(self):
        with iso.Staging() as staging:
            with open(staging.archive_path, "wb") as file:
                file.write(b"070701")
            os.rename(staging.make(self.program), self.path("broken.iso"))
        self.assert_not_started(self.path("broken.iso"), "GRUB: /boot/vitrine.elf cannot be loaded")

    def test_nothing_bootable(self):
        path = self.make_file("empty.iso", bytes(1 << 20))
        self.assert_not_started(path, "reset itself before the kernel said a word")
        self.assert_not_started(path, "the UEFI firmware could not boot this", ["--uefi"])
        self.assert_failure(self.call("", "boot", "nothing.iso"), "cannot read the ISO nothing.iso")
        self.assert_failure(self.call("", "boot"), "name one ISO")

    def test_mistakes(self):
        self.assert_failure(self.call("", "iso", "--run", "./prog"), "--output")
        self.assert_failure(self.call("", "iso", "--output", "x.iso"), "--run")
        self.assert_failure(
            self.call("", "iso", "--output", "/proc/x.iso", "--run", "./prog"), "cannot write /proc/x.iso"
        )
        self.assert_failure(self.call("", "iso", "--output", "x.iso", "--run", "./prog", "more"), "more")

    def test_missing_tools(self):
        for name in ("grub-mkrescue", "xorriso"):
            path = self.make_directory("without-" + name)
            for tool in {"qemu-system-x86_64", "grub-mkrescue", "xorriso", "python3"} - {name}:
                os.symlink(f"/usr/bin/{tool}", os.path.join(path, tool))
            self.environment["PATH"] = path
            self.assert_failure(
                self.call("", "run", "--iso", "./prog"), f"{name} is not installed", "apt-get install"
            )

    def test_what_grub_mkrescue_says_is_repeated(self):
        self.make_file(
            "bin/grub-mkrescue",
            b"#!/bin/sh\necho 'grub-mkrescue: error: No space left on device.'\nexit 1\n",
            0o755,
        )
        self.assert_failure(self.call("", "run", "--iso", "./prog"), "No space left on device")

    def test_a_timeout_ends_grub_mkrescue_too(self):
        self.make_file("bin/grub-mkrescue", b"#!/bin/sh\necho $$ >$PIDS\nsleep 600\n", 0o755)
        result = self.call("", "run", "--iso", "--timeout", "1", "./prog", env={"PIDS": self.path("pid")})
        self.assert_failure(result, "grub-mkrescue did not end in time")
        self.assert_gone(self.read("pid"))

    def test_a_signal_ends_grub_mkrescue_too(self):
        self.make_file(
            "bin/grub-mkrescue", b"#!/bin/sh\necho $$ >$PIDS.new\nmv $PIDS.new $PIDS\nsleep 600\n", 0o755
        )
        process = self.start("", "run", "--iso", "./prog", env={"PIDS": self.path("pid")})
        pid = self.wait_for_file("pid")
        process.terminate()
        self.assertEqual(process.wait(self.LIMIT), 143)
        self.assertEqual(process.stderr.read(), b"")
        self.assert_gone(pid)
