"""A piece whose program has ended while a disk may still write into it: nobody else gets it."""
from tests.boot.vitrine import run
from tests.disk.support import MIB, TOOL, DiskTest
from tests.pool.support import line, options, parse


class Device(DiskTest):
    def test_a_piece_that_a_disk_still_has(self):
        disk = self.image("disk", MIB)
        # A disk that takes hours: each read of 16 frames fails after 2 seconds, and the disk keeps what it was given.
        slow = ["--option", "disk_timeout=2", "--qemu-arg", "-drive", "--qemu-arg",
                f"if=none,id=slow,format=raw,file={disk},throttling.bps-read=1",
                "--qemu-arg", "-device", "--qemu-arg", "virtio-blk-pci,drive=slow,ioeventfd=off"]
        outcome = run("--memory", 64, *slow, *options(), "--queue", line("leave", "name", "observer"), TOOL, "again",
                      "/dev/vda", "1", "65536")
        self.assert_runs(outcome)
        words, begin, rest = outcome.out.partition("pool fit=")
        self.assertRegex(words, r"\AEIO after \d+ s\n\Z")
        state = parse((begin + rest).rpartition("nothing happened")[0])
        self.assertEqual([name for *_, pid, name in state.extents if pid], ["-", "observer"])
        left, observer = [extent for extent in state.extents if extent[3]]
        self.assertGreaterEqual(observer[0], left[1])
        self.assertIn("anonymous frames: 0 before the first program, 16 after the last", outcome.log)
