"""--swap-file: a file of the user's is used as it is, or not at all."""
import os
import struct

from swap_support import MIB, SwapTest


class SwapFileTest(SwapTest):
    def refused(self, *words):
        self.assert_failure(
            self.run_program("disks", "--swap-file", "swap.img"), "cannot use the swap file swap.img: ", *words
        )

    def test_it_is_used_as_it_is_and_stays(self):
        uuid = "01234567-89ab-cdef-0123-456789abcdef"
        self.swap_file("swap.img", 8 * MIB, "-U", uuid, "-L", "mine")
        before = self.read("swap.img")
        ((drive, _),) = self.drives("--swap-file", "swap.img")
        self.assertIn(f"file={self.path('swap.img')},cache=writeback,werror=report,rerror=report", drive)
        self.assertEqual(self.words("--swap-file", "swap.img"), ["swap=/dev/vda"])
        self.assertEqual(self.read("swap.img"), before)
        ((_, size, _, names, _, _, found, _),) = self.disks("--swap-file", "swap.img")
        self.assertEqual((size, names, found), (str(8 * MIB), "1", uuid.replace("-", "")))
        self.assertTrue(self.read("swap.img").startswith(before[:-4096]))

    def test_an_area_smaller_than_its_file(self):
        os.truncate(self.swap_file(), 16 * MIB)
        self.assertEqual(self.disks("--swap-file", "swap.img")[0][5], str(8 * MIB // 4096 - 1))

    def test_a_file_that_is_not_there(self):
        self.refused("No such file or directory: truncate -s 512M swap.img && mkswap swap.img makes one")
        self.environment["PATH"] = f"{self.bin}:/usr/bin:/bin"
        self.refused("sbin/mkswap swap.img makes one")
        result = self.run_program("disks", "--swap-file", "my swap")
        self.assert_failure(result, "truncate -s 512M 'my swap' && ", "mkswap 'my swap' makes one")

    def test_what_may_hold_something_else_is_not_touched(self):
        for content in (bytes(MIB), b"letters" * 512, b"x" * (8 * MIB), bytes(4086) + b"SWAP-SPACE" + bytes(MIB)):
            path = self.make_file("swap.img", content)
            self.refused("it has no swap signature: mkswap swap.img gives it one, and what is in it now is lost")
            with open(path, "rb") as file:
                self.assertTrue(file.read() == content, "it has changed")

    def test_headers_that_cannot_be(self):
        def header(version, last_page):
            page = bytearray(4096)
            struct.pack_into("<II", page, 1024, version, last_page)
            page[-10:] = b"SWAPSPACE2"
            self.make_file("swap.img", page + bytes(MIB))

        header(1 << 24, 1 << 24)  # written by a machine of the other byte order
        self.refused("version 0x1000000 instead of 1: mkswap swap.img formats it anew")
        header(1, MIB // 4096 + 1)
        self.refused(f"says {MIB + 8192} bytes, and there are {MIB + 4096}: mkswap swap.img formats it anew")
        header(1, 1 << 28)
        self.refused("at most 1 TiB")
        header(1, MIB // 4096)
        self.assertEqual(len(self.disks("--swap-file", "swap.img")), 1)

    def test_what_is_wrong_with_any_disk(self):
        self.make_file("swap.img", b"")
        self.refused("it is empty: truncate -s 512M swap.img && mkswap swap.img makes it larger")
        os.truncate(self.swap_file(), 8 * MIB + 5)
        self.refused("not a multiple of 512: truncate -s %512 swap.img")
        os.unlink(self.path("swap.img"))
        os.mkdir(self.path("swap.img"))
        self.refused("Is a directory")
        os.rmdir(self.path("swap.img"))
        os.mkfifo(self.path("swap.img"))
        self.refused("neither a file nor a block device")

    def test_named_as_a_disk_too(self):
        self.swap_file()
        for disk in ("swap.img", "./swap.img,ro"):
            result = self.run_program("disks", "--disk", disk, "--swap-file", "swap.img")
            self.assert_failure(result, "the disk swap.img is named twice")

    def test_what_this_machine_swaps_to_itself(self):
        path = self.swap_file("my swap")
        self.make_file("swaps", b"Filename Type Size Used Priority\n/nothing file 8 0 -2\n")
        command = ["run", "--swap-file", "my swap", self.program]
        self.assertEqual(self.patched({"SWAPS": self.path("swaps")}, *command)[0], 0)
        with open(self.path("swaps"), "a", encoding="ascii") as file:
            file.write(path.replace(" ", "\\040") + " file 8188 0 -3\n")
        self.assert_failure(self.patched({"SWAPS": self.path("swaps")}, *command), "swaps to it itself")
