"""What is written arrives, what is there is read: compared with the host's file."""
from .support import MIB, TOOL, DiskTest, fnv, pattern, run

PIECES = (512, 1000, 4096, 65536, 128 * 1024, MIB, MIB + 5120)


class ContentsTest(DiskTest):
    def test_writing(self):
        for piece in PIECES:
            for shift in (0, 512, 13):
                with self.subTest(piece=piece, shift=shift):
                    length = min(3 * MIB + 777, 40 * piece)
                    before = pattern(99, 0, 4 * MIB)
                    disk = self.image("disk", before)
                    lines = self.tool("write", "/dev/vda", 5, 4096 * 3, length, shift, piece, disks=[disk])
                    self.assertEqual(lines, ["fsync 0"])
                    expected = before[: 4096 * 3] + pattern(5, 4096 * 3, length) + before[4096 * 3 + length :]
                    self.assertTrue(self.contents(disk) == expected, "the file has other bytes")

    def test_reading(self):
        disk = self.image("disk", pattern(5, 0, 4 * MIB))
        for piece, shift in ((512, 0), (1000, 0), (4096, 3), (128 * 1024, 0), (MIB, 0), (MIB, 512), (MIB + 5120, 1)):
            with self.subTest(piece=piece, shift=shift):
                lines = self.tool("check", "/dev/vda", 5, 1536, min(4 * MIB - 1536, 300 * piece), shift, piece, disks=[disk])
                self.assertEqual(lines, ["right"])

    def test_an_error_in_reading_is_seen(self):
        data = bytearray(pattern(5, 0, MIB))
        data[777777] ^= 1
        lines = self.tool("check", "/dev/vda", 5, 0, MIB, 0, 65536, disks=[self.image("disk", data)], status=1)
        self.assertEqual(lines, ["wrong byte at 777777"])

    def test_calls_of_any_kind(self):
        for seed in (1, 2, 3):
            with self.subTest(seed=seed):
                disk = self.image("disk", pattern(seed, 0, MIB + 512))
                options = ["--checked"] if seed == 3 else []
                lines = self.tool("random", "/dev/vda", seed, 400, disks=[disk], options=options)
                self.assertEqual(lines, ["fsync 0", f"hash {fnv(self.contents(disk)):016x}"])

    def test_blocks_of_4096_bytes(self):
        disk = self.image("disk", pattern(8, 0, MIB))
        drive = f"if=none,id=large,format=raw,file={disk}"
        device = "virtio-blk-pci,drive=large,logical_block_size=4096,physical_block_size=4096"
        options = ["--qemu-arg", "-drive", "--qemu-arg", drive, "--qemu-arg", "-device", "--qemu-arg", device]
        self.assertEqual(self.tool("errors", "/dev/vda", options=options)[0],
                         "size 1048576 sectors 2048 block 4096 read-only 0 flush 0")
        disk = self.image("disk", pattern(8, 0, MIB))
        self.assertEqual(self.tool("write", "/dev/vda", 3, 1000, 30000, 5, 777, options=options), ["fsync 0"])
        expected = pattern(8, 0, 1000) + pattern(3, 1000, 30000) + pattern(8, 31000, MIB - 31000)
        self.assertTrue(self.contents(disk) == expected)

    def test_without_indirect_descriptors(self):
        disk = self.image("disk", pattern(4, 0, 4 * MIB))
        drive = f"if=none,id=plain,format=raw,file={disk}"
        for queue in (128, 8):
            with self.subTest(queue=queue):
                device = f"virtio-blk-pci,drive=plain,indirect_desc=off,queue-size={queue}"
                options = ["--qemu-arg", "-drive", "--qemu-arg", drive, "--qemu-arg", "-device", "--qemu-arg", device]
                self.assertEqual(self.tool("check", "/dev/vda", 4, 0, 4 * MIB, 512, MIB, options=options), ["right"])


class ManyTest(DiskTest):
    def test_several_disks(self):
        images = [self.image(f"disk{n}", pattern(n, 0, MIB)) for n in range(4)]
        others = [word for n in range(1, 4) for word in ("--then", f"{TOOL} check /dev/vd{'abcd'[n]} {n} 0 {MIB} 0 65536")]
        lines = self.tool("check", "/dev/vda", 0, 0, MIB, 0, 65536, disks=images, options=others)
        self.assertEqual(lines, ["right"] * 4)
        lines = self.tool("list", "/dev/vda", disks=images)
        self.assertEqual(lines[:4], [f"vd{letter} 6" for letter in "dcba"], "the newest name comes first")
        self.assertEqual(lines[4:10], ["major minor  #blocks  name", "", *(
            f" 254 {16 * n:8d}       1024 vd{'abcd'[n]}" for n in range(4))])
        for n in range(4):
            self.assertRegex(lines[10 + n], rf"^ 254 {16 * n:7d} vd{'abcd'[n]} 0 0 0 0 0 0 0 0 0 ")

    def test_programs_at_once(self):
        """Each has a region of its own, and all have requests under way together."""
        disk = self.image("disk", 8 * MIB)
        writers = [word for n in range(1, 8) for word in ("--with", f"{TOOL} write /dev/vda {n} {n * MIB} {MIB} 0 40960")]
        lines = self.tool("write", "/dev/vda", 0, 0, MIB, 0, 131072, disks=[disk], options=writers)
        self.assertEqual(lines, ["fsync 0"] * 8)
        data = self.contents(disk)
        for n in range(8):
            self.assertTrue(data[n * MIB : (n + 1) * MIB] == pattern(n, n * MIB, MIB), f"the region of program {n}")

    def test_programs_in_the_same_sectors(self):
        """Bytes of eight programs side by side: none is lost when others write their neighbours back."""
        disk = self.image("disk", MIB)
        writers = [word for n in range(1, 8) for word in ("--with", f"{TOOL} share /dev/vda {n} 8 300")]
        lines = self.tool("share", "/dev/vda", 0, 8, 300, disks=[disk], options=writers)
        self.assertEqual(lines, ["done"] * 8)
        data = self.contents(disk)
        for n in range(8):
            self.assertEqual(data[n : 2400 : 8], pattern(n, 0, 300), f"the bytes of program {n}")

    def test_icount_and_iso(self):
        for options in (["--icount"], ["--iso"]):
            with self.subTest(options=options):
                disk = self.image("disk", pattern(5, 0, MIB))
                self.assertEqual(
                    self.tool("check", "/dev/vda", 5, 0, MIB, 0, 8192, disks=[disk], options=options), ["right"])

    def test_a_small_machine(self):
        disk = self.image("disk", pattern(5, 0, 4 * MIB))
        outcome = run("--memory", 16, "--disk", disk, TOOL, "check", "/dev/vda", 5, 0, 4 * MIB, 1, MIB)
        self.assert_runs(outcome)
        self.assert_frames_returned(outcome)
