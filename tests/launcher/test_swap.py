"""--swap: what QEMU and the kernel are told, what is on the disk, and that nothing is left of it."""
import os
import resource
import signal

from swap_support import MIB, SwapTest


class AreaTest(SwapTest):
    def test_none_unless_wanted(self):
        self.assertEqual(self.words(), [])
        self.assertEqual(self.drives(), [])

    def test_an_area_of_this_size_that_mkswap_has_formatted(self):
        for size in (1, 64, 4096):
            ((name, length, _, _, version, last_page, uuid, signature),) = self.disks("--swap", str(size))
            self.assertEqual((name, length, signature), ("disk0", str(size * MIB), "SWAPSPACE2"))
            self.assertEqual((version, last_page), ("1", str(size * MIB // 4096 - 1)))
            self.assertNotEqual(int(uuid, 16), 0)

    def test_it_takes_room_only_for_what_is_in_it(self):
        ((_, _, taken, _, *_),) = self.disks("--swap", "4096")
        self.assertLess(int(taken), MIB)

    def test_it_has_no_name_that_a_killed_launcher_could_leave_behind(self):
        ((_, _, _, names, *_),) = self.disks("--swap", "64")
        self.assertEqual(names, "0")

    def test_what_qemu_is_told(self):
        ((drive, device),) = self.drives("--swap", "64")
        words = drive.split(",")
        for word in ("format=raw", "cache=unsafe", "werror=report", "rerror=report"):
            self.assertIn(word, words)
        self.assertNotIn("readonly=on", words)
        self.assertTrue(device.startswith("virtio-blk-pci,drive=disk0,disable-legacy=on"), device)

    def test_it_comes_after_the_disks_and_the_kernel_knows_its_name(self):
        disks = [self.make_file(f"disk{number}", bytes(4096)) for number in range(2)]
        options = [word for path in disks for word in ("--disk", path)]
        self.assertEqual(self.words(*options, "--swap", "8"), ["swap=/dev/vdc"])
        drives = self.drives("--swap", "8", *options)
        self.assertEqual([drive.split(",")[1] for drive, _ in drives], ["id=disk0", "id=disk1", "id=disk2"])
        for (drive, _), path in zip(drives, disks):
            self.assertIn(f"file={path}", drive.split(","))
        self.assertIn("cache=unsafe", drives[2][0])

    def test_beside_a_file_of_the_users(self):
        self.assertEqual(
            self.words("--swap", "8", "--swap-file", self.swap_file()), ["swap=/dev/vda", "swap=/dev/vdb"]
        )
        found = self.disks("--swap", "16", "--swap-file", "swap.img")
        self.assertEqual([int(line[1]) // MIB for line in found], [8, 16])

    def test_the_policy_is_an_option_of_the_kernels(self):
        words = self.words("--swap", "8", "--option", "swap_policy=lru")
        self.assertEqual(words, ["swap=/dev/vda", "swap_policy=lru"])

    def test_icount_has_no_timeouts_and_the_same_area_every_time(self):
        self.assertEqual(self.words("--swap", "8", "--icount"), ["swap=/dev/vda", "disk_timeout=0"])
        self.assertEqual(self.disks("--swap", "8", "--icount"), self.disks("--swap", "8", "--icount"))
        self.assertNotEqual(self.disks("--swap", "8")[0][6], self.disks("--swap", "8")[0][6])

    def test_an_iso_that_is_booted(self):
        iso = self.make_file("a.iso", b"")
        ((drive, _),) = self.drives("--swap", "8", command="boot", last=iso)
        self.assertIn("cache=unsafe", drive)
        status, out, _ = self.call("command", "boot", "--swap", "8", iso)
        self.assertRegex(out.decode(), r"(?m)^type=11,value=vitrine:.* swap=/dev/vda$")

    def test_mkswap_need_not_be_in_the_path(self):
        self.environment["PATH"] = f"{self.bin}:/usr/bin:/bin"
        self.assertEqual(self.disks("--swap", "8")[0][-1], "SWAPSPACE2")


class EndTest(SwapTest):
    """(That nothing is left, LauncherTest looks at after each test.)"""

    def begin(self):
        process = self.start("hangs:" + self.path("pids"), "run", "--swap", "64", self.program)
        pids = self.wait_for_file("pids").split()
        self.assertEqual(os.listdir(self.temporary), [])
        return process, pids

    def test_qemu_is_killed(self):
        process, (qemu, _) = self.begin()
        os.kill(int(qemu), signal.SIGKILL)
        self.assertEqual(process.wait(self.LIMIT), 125)

    def test_the_launcher_is_ended(self):
        process, pids = self.begin()
        process.terminate()
        self.assertEqual(process.wait(self.LIMIT), 143)
        for pid in pids:
            self.assert_gone(pid)

    def test_the_launcher_is_killed(self):
        process, (qemu, child) = self.begin()
        process.kill()
        process.wait(self.LIMIT)
        self.assert_gone(qemu)
        os.kill(int(child), signal.SIGKILL)  # only a living launcher kills what QEMU has started

    def test_a_signal_while_mkswap_runs(self):
        self.make_file("bin/mkswap", b"#!/bin/sh\necho $$ >$PIDS.new\nmv $PIDS.new $PIDS\nsleep 600\n", 0o755)
        process = self.start("disks", "run", "--swap", "8", self.program, env={"PIDS": self.path("pid")})
        pid = self.wait_for_file("pid")
        process.terminate()
        self.assertEqual(process.wait(self.LIMIT), 143)
        self.assertEqual(process.stderr.read(), b"")
        self.assert_gone(pid)


class MistakeTest(SwapTest):
    def test_sizes(self):
        for size in ("0", "-1", "x", "", "1.5", "512M", "1048577", "9" * 5000):
            result = self.run_program("disks", "--swap", size)
            self.assert_failure(result, "--swap", "a whole number of MiB from 1 to 1048576")

    def test_once_each(self):
        for option in ("--swap", "--swap-file"):
            result = self.run_program("disks", f"{option}=8", f"{option}=8")
            self.assert_failure(result, f"{option} is given twice")
        self.assert_failure(self.run_program("disks", "--swap-file", ""), "--swap-file: the value is empty")
        self.assert_failure(self.call("disks", "run", "--swap"), "--swap wants a value")

    def test_more_disks_than_there_are_names(self):
        self.make_file("disk", bytes(512))
        disks = ["--disk", "disk,ro"] * 25
        self.assertEqual(self.words(*disks, "--swap", "8"), ["swap=/dev/vdz"])
        self.assert_failure(self.run_program("disks", *disks, "--disk=disk,ro", "--swap", "8"), "more than 26 disks")

    def test_no_mkswap(self):
        environment = self.environment["PATH"]
        self.environment["PATH"] = self.bin + ":" + self.make_directory("python")
        os.symlink("/usr/bin/python3", self.path("python/python3"))
        nowhere = {"SYSTEM_PATH": self.place}
        result = self.patched(nowhere, "run", "--swap", "8", self.program)
        self.assert_failure(result, "mkswap is not installed: apt-get install util-linux")
        result = self.patched(nowhere, "run", "--swap-file", "swap.img", self.program)
        self.assert_failure(result, "/usr/sbin/mkswap swap.img makes one")
        self.environment["PATH"] = environment
        self.swap_file()
        self.environment["PATH"] = self.bin + ":" + self.path("python")
        self.assertEqual(self.patched(nowhere, "run", "--swap-file", "swap.img", self.program)[0], 0)

    def test_a_mkswap_that_fails(self):
        self.make_file("bin/mkswap", b"#!/bin/sh\necho one\necho 'mkswap: it did not work' >&2\nexit 1\n", 0o755)
        self.assert_failure(self.run_program("disks", "--swap", "8"), "mkswap failed: mkswap: it did not work")
        self.make_file("bin/mkswap", b"#!/bin/sh\nexit 3\n", 0o755)
        self.assert_failure(self.run_program("disks", "--swap", "8"), "mkswap failed: status 3")
        self.make_file("bin/mkswap", b"#!/bin/sh\n", 0o755)
        self.assert_failure(self.run_program("disks", "--swap", "8"), "bin/mkswap wrote no swap signature")

    def test_a_timeout_ends_mkswap_too(self):
        self.make_file("bin/mkswap", b"#!/bin/sh\necho $$ >$PIDS\nsleep 600\n", 0o755)
        result = self.run_program("disks", "--swap", "8", "--timeout", "1", env={"PIDS": self.path("pid")})
        self.assert_failure(result, "mkswap did not end in time")
        self.assert_gone(self.read("pid"))

    def test_a_place_that_takes_no_file_of_this_size(self):
        result = self.run_program(
            "disks",
            "--swap",
            "64",
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (MIB, MIB)),
        )
        self.assert_failure(result, "cannot make a swap area of 64 MiB: File too large: set TMPDIR")
