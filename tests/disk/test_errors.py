"""Mistakes of programs, errors of the host's disk, and disks that do not answer."""
import os
import subprocess
import time

from tests.boot.vitrine import ROOT

from .support import MIB, TOOL, DiskTest, pattern, run

# As open(2), read(2), write(2), lseek(2), pread(2), fsync(2) and Linux's block/fops.c have it.
EXPECTED = """\
size 1048576 sectors 2048 block 512 read-only 0 flush 0
mode 60660 device 254:0 size 0
end 1048576
past the end EINVAL
before the beginning EINVAL
hole EINVAL
read at the end 0
read far behind 0
read across the end 1000
write at the end ENOSPC
write nothing at the end 0
write across the end 1000
negative offset EINVAL
direct offset EINVAL
direct length EINVAL
direct address EINVAL
direct across the end 1024
nowhere EFAULT
unaligned from nowhere EFAULT
half there 4096
unaligned, half there 96
into a constant EFAULT
map ENODEV
terminal? ENOTTY
ioctl to nowhere EFAULT
write to a reader EBADF
fsync of others EINVAL EBADF
fsync of a file 0, direct EINVAL
fcntl direct 0
then unaligned EINVAL
""".splitlines()


class MistakesTest(DiskTest):
    def test_errors(self):
        self.assertEqual(self.tool("errors", "/dev/vda", disks=[self.image("disk", MIB)]), EXPECTED)

    def test_read_only(self):
        disk = self.image("disk", pattern(5, 0, MIB))
        os.chmod(disk, 0o444)
        lines = self.tool("errors", "/dev/vda", disks=[f"{disk},ro"])
        changed = {
            "size 1048576 sectors 2048 block 512 read-only 1 flush 0",
            "write at the end EPERM",
            "write nothing at the end EPERM",
            "write across the end EPERM",
            "unaligned from nowhere EPERM",
            "unaligned, half there EPERM",
        }
        self.assertEqual(set(lines) - set(EXPECTED), changed)
        self.assertTrue(self.contents(disk) == pattern(5, 0, MIB))

    def test_no_such_disk(self):
        self.assertEqual(self.tool("scan", "/dev/vda", 4096, "r", status=1),
                         ["open /dev/vda: No such file or directory"])

    def test_a_disk_without_modern_registers(self):
        disk = self.image("disk", MIB)
        options = ["--qemu-arg", "-drive", "--qemu-arg", f"if=none,id=old,format=raw,file={disk}",
                   "--qemu-arg", "-device", "--qemu-arg", "virtio-blk-pci,drive=old,disable-modern=on"]
        self.tool("scan", "/dev/vda", 4096, "r", options=options, status=1)
        self.assertIn("disk 1 of 1 is not used: the device has no modern virtio registers", self.log)


class HostErrorsTest(DiskTest):
    def test_reading(self):
        disk = self.image("disk", pattern(5, 0, MIB))
        options = self.blkdebug(disk, ["event=none", "iotype=read", "sector=100", "once=off"],
                                ["event=none", "iotype=read", "sector=2047", "once=off"])
        self.assertEqual(self.tool("scan", "/dev/vda", 512, "r", options=options),
                         ["51200: EIO", "1048064: EIO", "good 2046"])
        # The whole request fails, its neighbours do not.
        self.assertEqual(self.tool("scan", "/dev/vda", 4096, "r", options=options),
                         ["49152: EIO", "1044480: EIO", "good 254"])

    def test_writing(self):
        disk = self.image("disk", MIB)
        options = self.blkdebug(disk, ["event=none", "iotype=write", "sector=100", "once=off"])
        self.assertEqual(self.tool("scan", "/dev/vda", 4096, "w", options=options), ["49152: EIO", "good 255"])
        data, expected = self.contents(disk), pattern(7, 0, MIB)
        self.assertTrue(data[:49152] == expected[:49152] and data[53248:] == expected[53248:])

    def test_flushing(self):
        disk = self.image("disk", MIB)
        options = self.blkdebug(disk, ["event=none", "iotype=flush", "once=off"])
        self.assertEqual(self.tool("write", "/dev/vda", 5, 0, 8192, 0, 4096, options=options), ["fsync EIO"])

    def test_others_go_on(self):
        disk = self.image("disk", pattern(5, 0, MIB))
        good = self.image("good", pattern(6, 0, MIB))
        options = [*self.blkdebug(disk, ["event=none", "iotype=read", "once=off"]),
                   "--with", f"{TOOL} check /dev/vda 6 0 {MIB} 0 512"]
        lines = self.tool("scan", "/dev/vdb", 65536, "r", disks=[good], options=options)
        self.assertEqual(sorted(lines), sorted([*(f"{at}: EIO" for at in range(0, MIB, 65536)), "good 0", "right"]))


class SilentTest(DiskTest):
    def throttled(self, disk, rate):
        return ["--option", "disk_timeout=2", "--qemu-arg", "-drive", "--qemu-arg",
                f"if=none,id=slow,format=raw,file={disk},throttling.bps-read={rate}",
                "--qemu-arg", "-device", "--qemu-arg", "virtio-blk-pci,drive=slow,ioeventfd=off"]

    def test_no_answer(self):
        """The disk would take hours: the program gets EIO and goes on, others never notice."""
        disk = self.image("disk", MIB)
        good = self.image("good", pattern(6, 0, MIB))
        options = [*self.throttled(disk, 1), "--with", f"{TOOL} check /dev/vda 6 0 {MIB} 0 512"]
        lines = self.tool("again", "/dev/vdb", 3, 65536, disks=[good], options=options, frames=False)
        self.assertEqual(sorted(lines), sorted(["EIO after 2 s"] * 3 + ["right"]))
        self.assertEqual(self.held(), 48)
        self.assertIn("vdb: it answers other questions: it is slow, and not reset", self.log)
        # What the disk may still write to is nobody else's.
        self.assertRegex(self.log, r"anonymous frames: 0 before the first program, 48 after the last")

    def test_a_late_answer(self):
        """The disk answers when the program has given up: then its frames are free again."""
        disk = self.image("disk", MIB)
        lines = self.tool("late", "/dev/vda", 32768, 8, options=self.throttled(disk, 8192))
        self.assertEqual(lines, ["EIO"])
        self.assertEqual(self.held(), 8)
        self.assertRegex(self.log, r"vda: a request that had failed is answered now: 8 frames are free of it")

    def test_a_device_that_stopped(self):
        """A device that refuses to go on is reset, and works again; what it was given meanwhile is done then."""
        disk = self.image("disk", pattern(6, 0, MIB))
        options = ["--option", "disk_timeout=1", "--option", "test=disk_stops"]
        lines = self.tool("again", "/dev/vda", 3, 4096, disks=[disk], options=options)
        self.assertEqual(lines, ["EIO after 1 s", "4096 after 0 s", "4096 after 0 s"])
        self.assertIn("vda: it did not answer and was reset; 0 requests are given to it again", self.log)
        self.assertEqual(self.held(), 1)

    def test_suspended(self):
        """QEMU itself hangs when it is told to end: the launcher ends it all the same."""
        disk = self.image("disk", pattern(6, 0, MIB))
        monitor = os.path.join(self.place.name, "monitor")
        options = [*self.blkdebug(disk), "--option", "disk_timeout=1",
                   "--qemu-arg", "-monitor", "--qemu-arg", f"unix:{monitor},server=on,wait=off"]
        begin = time.monotonic()
        with subprocess.Popen([f"{ROOT}/tools/vitrine", "run", "--timeout", "20", *options, "--log", f"{monitor}.log",
                               TOOL, "late", "/dev/vda", "4096", "100000"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            self.suspend_reads(monitor)
            out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 125)
        self.assertEqual(out, b"EIO\n")
        self.assertIn(b"no end after 20 seconds", err)
        self.assertLess(time.monotonic() - begin, 40)

    def suspend_reads(self, monitor):
        import socket

        deadline = time.monotonic() + 15
        with socket.socket(socket.AF_UNIX) as talk:
            while True:
                try:
                    talk.connect(monitor)
                    break
                except OSError:
                    self.assertLess(time.monotonic(), deadline)
                    time.sleep(0.01)
            talk.settimeout(15)
            talk.sendall(b'qemu-io faulty "break read_aio stuck"\n')
            said = b""
            while said.count(b"(qemu)") < 2:  # the next prompt: it was done
                piece = talk.recv(65536)
                self.assertTrue(piece, said)
                said += piece


class LauncherTest(DiskTest):
    def refused(self, disk, *words):
        outcome = run("--disk", disk, TOOL, "list", "/dev/vda")
        self.assertEqual((outcome.status, outcome.out, outcome.err.count("\n")), (125, "", 1), outcome.err)
        for word in (str(disk).split(",", maxsplit=1)[0], *words):
            self.assertIn(word, outcome.err)

    def test_images_that_will_not_do(self):
        self.refused(os.path.join(self.place.name, "none"), "No such file", "truncate -s 64M")
        self.refused(self.image("empty", 0), "empty")
        self.refused(self.image("odd", 1000), "1000 bytes", "multiple of 512")
        self.refused(self.place.name, "directory")
        self.refused("/dev/null", "neither a file nor a block device")

    def test_named_twice(self):
        disk = self.image("disk", MIB)
        outcome = run("--disk", disk, "--disk", f"{disk},ro", TOOL, "list", "/dev/vda")
        self.assertEqual((outcome.status, outcome.err.count("\n")), (125, 1), outcome.err)
        self.assertIn("named twice", outcome.err)
        both = f"{disk},ro"
        self.assert_runs(run("--disk", both, "--disk", both, TOOL, "list", "/dev/vda"))

    def test_in_use_by_another_machine(self):
        disk = self.image("disk", MIB)
        with subprocess.Popen(["qemu-system-x86_64", "-display", "none", "-nodefaults", "-S", "-monitor", "stdio",
                               "-drive", f"if=virtio,format=raw,file={disk}"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            try:
                other.stdout.readline()  # it greets when it has all it wants
                self.refused(disk, "another machine is using it")
            finally:
                other.kill()
