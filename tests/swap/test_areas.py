"""swapon(2) and swapoff(2): what is refused, which area comes first, which pages are never used, and an area that is
taken away while programs need it."""
import os
import struct

from .support import MIB, PAGE, SwapTest, areas_in, line, program

PREFER = 0x8000
DEVICES = [f"/dev/vd{letter}" for letter in "abcdefgh"]


class CallsTest(SwapTest):
    def areas(self, *commands, **more):
        return self.swap_run(program("areas", *commands), **more)

    def disks(self, *images):
        return [word for image in images for word in ("--disk", image)]

    def test_what_is_refused(self):
        good, plain, fixed = self.formatted("good", 8), self.image("plain", 8 * MIB), self.formatted("fixed", 8)
        os.chmod(fixed, 0o444)
        lines = self.areas(
            "off", "/dev/vda", "on", "/dev/vdb", 0, "off", "/dev/vdb", "on", "/dev/vdc", 0, "on", "/dev/vda", 0x80000,
            "on", "/dev/vda", PREFER | 7, "on", "/dev/vda", 0, "on", "/dev/vda", 0x80000, "show", "off", "/dev/vda",
            "off", "/dev/vda", "on", "/dev/vda", 0, "show", memory=64, options=self.disks(good, plain, f"{fixed},ro"))
        said = [each for each in lines if ": " in each]
        self.assertEqual(said, [
            "off /dev/vda: EINVAL", "on /dev/vdb 0: EINVAL", "off /dev/vdb: EINVAL", "on /dev/vdc 0: EACCES",
            "on /dev/vda 524288: EINVAL", "on /dev/vda 32775: 0", "on /dev/vda 0: EBUSY", "on /dev/vda 524288: EINVAL",
            "off /dev/vda: 0", "off /dev/vda: EINVAL", "on /dev/vda 0: 0"])
        self.assertIn("/dev/vda                                partition\t8188\t\t0\t\t7", lines)
        self.assertEqual(areas_in(lines[lines.index("off /dev/vda: 0"):]), {"/dev/vda": (8188, 0, -2)})

    def test_at_most_seven(self):
        """A slot has room for seven areas: the eighth is refused, and has its turn when one is gone."""
        images = [self.formatted(f"area{n}", 1) for n in range(8)]
        commands = [word for device in DEVICES for word in ("on", device, 0)]
        lines = self.areas(*commands, "fill", 6, "off", "/dev/vdc", "off", "/dev/vdd", "on", "/dev/vdh", 0, "show",
                           memory=64, options=self.disks(*images))
        self.assertEqual(lines[:11], [*(f"on {device} 0: 0" for device in DEVICES[:7]), "on /dev/vdh 0: EPERM",
                                      "off /dev/vdc: 0", "off /dev/vdd: 0", "on /dev/vdh 0: 0"])
        found = areas_in(lines)
        self.assertEqual(sorted(found), [device for device in DEVICES if device not in ("/dev/vdc", "/dev/vdd")])

    def test_what_is_left_in_files(self):
        """Pages of a file that nobody has removed are on swap when the last program ends."""
        lines = self.areas("on", "/dev/vda", 0, "leave", 4, "show", memory=64,
                           options=self.disks(self.formatted("area", 8)))
        self.assertEqual(areas_in(lines), {"/dev/vda": (8188, 4096, -2)})

    def test_the_highest_priority_first(self):
        images = [self.formatted(f"area{n}", 8) for n in range(3)]
        lines = self.areas("on", "/dev/vda", PREFER | 3, "on", "/dev/vdb", PREFER | 9, "on", "/dev/vdc", 0,
                           "fill", 4, "show", "fill", 8, "show", "fill", 8, "show", memory=64,
                           options=self.disks(*images))
        tables = "\n".join(lines).split("Filename")
        first, second, third = (areas_in(table.splitlines()) for table in tables[1:])
        full = 8 * 1024 - 4
        self.assertEqual(first, {"/dev/vda": (full, 0, 3), "/dev/vdb": (full, 4096, 9), "/dev/vdc": (full, 0, -2)})
        self.assertEqual(second, {"/dev/vda": (full, 12 * 1024 - full, 3), "/dev/vdb": (full, full, 9),
                                  "/dev/vdc": (full, 0, -2)})
        self.assertEqual(third, {"/dev/vda": (full, full, 3), "/dev/vdb": (full, full, 9),
                                 "/dev/vdc": (full, 20 * 1024 - 2 * full, -2)})

    def test_bad_pages(self):
        """Pages that the header names are neither written nor counted; all others are used."""
        path = self.formatted("area", 16)
        bad = [1, 2, 77, 78, 79, 1000, 2048, 4095]
        marker = b"not to be used! " * (PAGE // 16)
        with open(path, "r+b") as file:
            file.seek(1024 + 8)
            file.write(struct.pack("<I", len(bad)))
            file.seek(1536)
            file.write(struct.pack(f"<{len(bad)}I", *bad))
            for page in bad:
                file.seek(page * PAGE)
                file.write(marker)
        before = self.contents(path)
        usable = 4096 - 1 - len(bad)
        # All that there is room for, and a little more that has to stay.
        lines = self.swap_run(program("thrash", 1, 30, 1), then=[line("areas", "show")], options=["--swap-file", path])
        self.assertEqual(lines[0], "thrash 1: right")
        self.assertEqual(areas_in(lines)["/dev/vda"], (usable * 4, 0, -2))
        self.assertIn(f"{len(bad)} pages are marked bad and not used", self.log)
        after = self.contents(path)
        for page in bad:
            self.assertEqual(after[page * PAGE : (page + 1) * PAGE], marker)
        self.assertEqual(after[:PAGE], before[:PAGE])
        written = sum(after[page * PAGE : (page + 1) * PAGE] != before[page * PAGE : (page + 1) * PAGE]
                      for page in range(4096))
        self.assertGreater(written, usable * 9 // 10)


class RemovalTest(SwapTest):
    def cycle(self, devices, partner, **more):
        """The cycling program's line of each device, and everything that was printed."""
        beside = [line("areas", "cycle", device, "thrash") for device in devices]
        lines = self.swap_run(partner, beside=[*beside, *more.pop("beside", ())], then=[line("areas", "show")], **more)
        self.assertEqual({used for _, used, _ in areas_in(lines).values()}, {0})
        return lines

    def test_while_it_is_in_use(self):
        """There is room for everything: it comes back, and goes out again."""
        for options in ([], ["--checked"]):
            with self.subTest(options=options):
                lines = self.cycle(["/dev/vda"], program("thrash", 1, 16, 2, "pageout"), memory=64, swap=64,
                                   options=options)
                self.assertIn("thrash 1: right", lines)
                self.assertIn("cycle /dev/vda: emptied yes, refused no", lines)

    def test_from_one_area_to_another(self):
        """More than memory can hold: what leaves one area goes to the other, while the programs go on."""
        images = [self.formatted(f"area{n}", 96) for n in range(2)]
        options = [word for n, image in enumerate(images) for word in
                   ("--disk", image, "--option", f"swap=/dev/vd{'ab'[n]}")]
        lines = self.cycle(["/dev/vda"], program("thrash", 1, 30, 1), beside=[line("thrash", 2, 20, 1)], options=options)
        self.assertIn("thrash 1: right", lines)
        self.assertIn("thrash 2: right", lines)
        self.assertRegex("\n".join(lines), r"cycle /dev/vda: emptied yes")

    def test_without_room(self):
        """There is no room for what is there: ENOMEM, and all is as before."""
        lines = self.cycle(["/dev/vda"], program("thrash", 1, 40, 1), swap=64)
        self.assertIn("thrash 1: right", lines)
        self.assertRegex("\n".join(lines), r"cycle /dev/vda: emptied (yes|no), refused yes")

    def test_of_what_only_one_area_holds(self):
        """What is in the large one has no room elsewhere; what is in the small one has."""
        images = [self.formatted("small", 8), self.formatted("large", 48)]
        disks = [word for image in images for word in ("--disk", image)]
        lines = self.swap_run(
            program("areas", "on", "/dev/vda", PREFER | 9, "on", "/dev/vdb", 0, "fill", 36, "off", "/dev/vdb", "show",
                    "off", "/dev/vda", "show", "on", "/dev/vda", 0), options=disks)
        self.assertEqual([each for each in lines if each.startswith("off")], ["off /dev/vdb: ENOMEM", "off /dev/vda: 0"])
        tables = "\n".join(lines).split("Filename")
        before, after = (areas_in(table.splitlines()) for table in tables[1:])
        self.assertGreater(before["/dev/vdb"][1], 0)
        self.assertEqual(list(after), ["/dev/vdb"])
        self.assertGreater(after["/dev/vdb"][1], (36 - 24) * 1024)
