"""Whatever Vitrine itself gets wrong: status 125, one line, nothing left running. One test for every reason.
"""
import os
import resource
import signal
import subprocess
import time

from support import LAUNCHER, ET_REL, PT_INTERP, PT_LOAD, LauncherTest, elf


class QemuTest(LauncherTest):
    def test_no_qemu(self):
        self.environment["PATH"] = self.make_directory("empty")
        self.assert_failure(
            self.run_program("exits:0"), "qemu-system-x86_64 is not installed", "apt-get install"
        )

    def test_qemu_too_old(self):
        result = self.run_program("exits:0", env={"FAKE_QEMU_VERSION": "6.2.0"})
        self.assert_failure(result, "qemu-system-x86_64 is too old: version 6.2", "7.2")

    def test_newer_qemu(self):
        for version in ("7.10.1", "10.0.0"):
            self.assertEqual(self.run_program("exits:4", env={"FAKE_QEMU_VERSION": version})[0], 4)

    def test_qemu_without_a_version(self):
        self.assert_failure(self.run_program("exits:0", env={"FAKE_QEMU_VERSION": "x"}), "says no version")

    def test_qemu_that_cannot_be_executed(self):
        os.unlink(os.path.join(self.bin, "qemu-system-x86_64"))
        self.make_file("bin/qemu-system-x86_64", b"\x7fELF nonsense", mode=0o755)
        self.assert_failure(self.run_program("exits:0"), "cannot start", "Exec format error")

    def test_qemu_says_why(self):
        self.assert_failure(
            self.run_program("fails:could not set up host memory"), "status 1", "could not set up host memory"
        )

    def test_qemu_killed(self):
        self.assert_failure(self.run_program(f"dies:{int(signal.SIGKILL)}"), "QEMU was killed by SIGKILL")
        self.assert_failure(self.run_program(f"dies:{int(signal.SIGSEGV)}"), "QEMU was killed by SIGSEGV")


class KernelTest(LauncherTest):
    def test_not_built(self):
        os.unlink(self.kernel)
        self.assert_failure(
            self.run_program("exits:0"), "build/vitrine.elf is not there", "make build/vitrine.elf"
        )
        self.assert_failure(self.run_program("exits:0", "--checked"), "make build/checked/vitrine.elf")
        self.assert_failure(
            self.run_program("exits:0", "--kernel", "other.elf"), "the kernel other.elf is not there"
        )

    def test_not_a_kernel(self):
        self.make_file("build/vitrine.elf", b"hello")
        self.assert_failure(self.run_program("exits:0"), "is not a kernel")

    def test_refused(self):
        result = self.run_program("says:37:booting;vitrine: refused: no option is called \x1b[31mfoo")
        self.assert_failure(
            result, "the kernel refused to start: no option is called foo", "build/log/prog.log"
        )

    def test_panic(self):
        result = self.run_program(
            "says:35:vitrine: panic: frame 7 freed twice;vitrine: panic: nested;at mm/frame.cpp"
        )
        self.assert_failure(result, "kernel panic: frame 7 freed twice", "build/log/prog.log")
        self.assertIn(b"at mm/frame.cpp\n", self.read("build/log/prog.log"))

    def test_panic_without_a_word(self):
        self.assert_failure(self.run_program("says:35:"), "kernel panic: without a word")

    def test_triple_fault(self):
        self.assert_failure(self.run_program("says:0:booting"), "triple fault")

    def test_a_triple_fault_after_the_programs_end_is_still_a_failure(self):
        self.assert_failure(self.run_program("status_then:0"), "triple fault")
        self.assert_failure(self.run_program("status_then:35"), "kernel panic")

    def test_an_unknown_end(self):
        self.assert_failure(self.run_program("says:99:hello"), "QEMU ended with status 99")

    def test_no_status_frame(self):
        self.assert_failure(self.run_program("says:33:done"), "without telling the program's exit status")


class ProtocolTest(LauncherTest):
    def test_not_a_frame(self):
        self.assert_failure(self.run_program("raw:4869206d756d2121"), "48 69 20 6d", "no frame")

    def test_a_frame_that_is_too_long(self):
        self.assert_failure(self.run_program("raw:0100000001000100"), "no frame")

    def test_a_frame_cut_off(self):
        self.assertEqual(self.run_program("raw:0100000005000000616263")[0], 125)

    def test_two_statuses(self):
        self.assert_failure(self.run_program("twice"), "two exit statuses")

    def test_statuses_that_cannot_be(self):
        self.assert_failure(self.run_program("raw:04000000020000000700"), "7, 0")
        self.assert_failure(self.run_program("raw:04000000020000000100"), "1, 0")
        self.assert_failure(self.run_program("raw:040000000100000000"), "04 00 00 00 01")


class TimeoutTest(LauncherTest):
    def test_a_qemu_deaf_to_sigterm_is_killed_with_all_it_started(self):
        begin = time.monotonic()
        status, out, err = self.run_program("hangs:" + self.path("pids"), "--timeout", "1.5")
        self.assertEqual((status, out), (125, b"started\n"))
        self.assertRegex(err.decode(), r"\Avitrine: no end after 1.5 seconds \(--timeout\)[^\n]*\n\Z")
        self.assertLess(time.monotonic() - begin, 15)
        for pid in self.read("pids").split():
            self.assert_gone(pid)

    def test_a_reader_that_never_reads_does_not_defeat_the_timeout(self):
        process = self.start("floods_for_ever:" + self.path("pid"), "run", "--timeout", "2", self.program)
        self.assertEqual(process.wait(self.LIMIT), 125)
        self.assert_gone(self.read("pid"))

    def test_a_timeout_is_a_number(self):
        for text in ("0", "-1", "x", "", "nan", "inf"):
            self.assert_failure(self.run_program("exits:0", "--timeout", text), "--timeout", "seconds")


class ProgramTest(LauncherTest):
    def refused(self, content, *words, mode=0o755):
        self.make_file("prog", content, mode)
        self.assert_failure(self.run_program("exits:0"), self.program, *words)

    def test_missing(self):
        self.assert_failure(self.call("exits:0", "run", "./nothing"), "there is no program ./nothing")
        self.assert_failure(self.call("exits:0", "run", "surely-not-in-path"), "there is no program")
        self.assert_failure(self.call("exits:0", "run"), "no program is named")
        self.assert_failure(self.call("exits:0", "run", ""), "there is no program")

    def test_directory(self):
        self.assert_failure(self.call("exits:0", "run", self.build), "is a directory")

    def test_not_executable(self):
        self.refused(elf(), "not executable", "chmod +x", mode=0o644)

    def test_not_elf(self):
        self.refused(b"text", "not an ELF program")
        self.refused(b"", "not an ELF program")
        self.refused(b"#!/bin/sh\n", "is a script")

    def test_cut_off(self):
        self.refused(elf()[:40], "cut off")

    def test_32_bits(self):
        self.refused(elf(machine=3, elf_class=1), "32-bit x86", "build it for x86-64")
        self.refused(elf(elf_class=1), "32-bit")

    def test_other_machines(self):
        self.refused(elf(machine=183), "64-bit ARM", "build it for x86-64")
        self.refused(elf(machine=4711), "machine 4711")

    def test_dynamic(self):
        self.refused(elf(segments=(PT_LOAD, PT_INTERP)), "dynamically linked", "link it with -static")

    def test_object_file(self):
        self.refused(elf(kind=ET_REL), "not a program", "-static")

    def test_programs_beside_and_after_are_looked_at_too(self):
        self.assert_failure(
            self.run_program("exits:0", "--with", "./nothing x"), "there is no program ./nothing"
        )
        self.assert_failure(self.run_program("exits:0", "--then", "'"), "cannot understand")
        self.assert_failure(self.run_program("exits:0", "--then", ""), "a command is empty")
        self.assert_failure(self.run_program("exits:0", "--queue", "' "), "cannot understand")
        self.assert_failure(self.run_program("exits:0", "--queue", " "), "a command is empty")
        self.assert_failure(self.run_program("exits:0", "--queue", "not-there 1"), "not-there")


class OptionTest(LauncherTest):
    def test_bad_values(self):
        for arguments in (
            ["--memory", "lots"],
            ["--memory", "8"],
            ["--memory", "-256"],
            ["--memory", "99999999"],
            ["--memory", "²"],
            ["--option", "=x"],
            ["--env", ""],
            ["--env", "=x"],
            ["--log", ""],
            ["--cpu", ""],
            ["--iso=yes"],
            ["--add", "=x"],
            ["--add", "x="],
            ["--put", ":/x"],
            ["--put", "x:"],
        ):
            self.assert_failure(self.run_program("exits:0", *arguments), arguments[0].partition("=")[0])

    def test_unknown_and_unfinished(self):
        self.assert_failure(self.run_program("exits:0", "--mem"), "unknown option --mem")
        self.assert_failure(self.call("exits:0", "run", "--memory"), "--memory wants a value")
        self.assert_failure(self.call("exits:0", "fly"), "there is no command fly")
        self.assert_failure(self.call("exits:0"), "--help")

    def test_added_files_that_are_not_there(self):
        self.assert_failure(self.run_program("exits:0", "--add", "nothing"), "cannot add nothing")
        self.assert_failure(
            self.run_program("exits:0", "--add", "/dev/null=/x"), "neither a file nor a directory"
        )

    def test_files_put_in_that_cannot_be_read(self):
        os.symlink("loop", self.path("loop"))
        self.make_directory("data")
        os.mkfifo(self.path("data/fifo"))
        for named, words in (
            ("nothing", "cannot add nothing: there is no such file"),
            ("nothing:/x", "cannot add nothing: there is no such file"),
            ("loop", "cannot add loop: Too many levels of symbolic links"),
            ("prog/", "cannot add prog/: Not a directory"),
            ("data", "cannot add data/fifo: it is neither a file nor a directory"),
        ):
            self.assert_failure(self.run_program("exits:0", "--put", named), words)

    def test_two_files_for_one_place(self):
        one, two = self.make_file("one", b"1"), self.make_file("two", b"2")
        self.assert_failure(
            self.run_program("exits:0", "--add", f"{one}=/x", "--add", f"{two}=/x"),
            "two different things are to be at /x",
        )
        self.assert_failure(self.run_program("exits:0", "--add", f"{one}=/x", "--add", f"{two}=/x/y"), "/x")


class RoomTest(LauncherTest):
    def on_a_small_disk(self, options, directory, *arguments):
        """The launcher where a directory is a file system of its own with mount(8)'s options; after it,
        what was left in it is printed.
        """
        script = (
            'mount -t tmpfs -o "$0" none "$1" || exit 99; directory=$1; shift; "$@"; status=$?; '
            'find "$directory" -mindepth 1; exit $status'
        )
        namespace = ["unshare", "--user", "--map-root-user", "--mount"]
        done = subprocess.run(
            [*namespace, "sh", "-c", script, options, directory, LAUNCHER, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**self.environment, "FAKE_QEMU": "exits:0"},
            cwd=self.place,
            timeout=self.LIMIT,
            check=False,
        )
        if done.returncode in (1, 99) and (b"unshare:" in done.stderr or b"mount:" in done.stderr):
            self.skipTest("no file system can be mounted here: " + done.stderr.decode().strip())
        return done.returncode, done.stdout, done.stderr

    def test_a_full_disk_under_an_iso(self):
        advice = "set TMPDIR to"
        for options, words in (
            ("size=64k,nr_inodes=2", "cannot make a temporary directory: No space left on device"),
            ("size=64k,nr_inodes=5", "cannot make a temporary directory: No space left on device"),
            ("size=64k", "cannot write the archive: No space left on device"),
            ("size=600k", "cannot copy"),
            ("size=2m", "grub-mkrescue failed: "),
            ("size=8m", "exceeds free space on media"),
        ):
            with self.subTest(options):
                content = self.make_file("content", bytes(300_000))
                self.make_file("build/vitrine.elf", elf() + bytes(500_000))
                arguments = ["run", "--iso", "--add", content, self.program]
                result = self.on_a_small_disk(options, self.temporary, *arguments)
                self.assert_failure(result, words, advice)

    def test_a_full_disk_under_a_finished_iso(self):
        small = self.make_directory("small")
        output = os.path.join(small, "an.iso")
        result = self.on_a_small_disk("size=1m", small, "iso", "--output", output, "--run", self.program)
        self.assert_failure(result, f"cannot write {output}: No space left on device")

    def test_a_file_size_limit_under_an_iso(self):
        for limit in (64, 4 << 20):
            limits = (limit, limit)
            result = self.run_program(
                "exits:0", "--iso", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            )
            self.assert_failure(result)

    def test_a_program_that_is_huge(self):
        with open(self.program, "r+b") as file:
            file.truncate(600 << 20)
        self.assert_failure(self.run_program("exits:0"), "600.0 MiB", "--memory 611 or more")
        with open(self.program, "r+b") as file:
            file.truncate(5 << 30)
        self.assert_failure(self.run_program("exits:0"), self.program, "4 GiB")

    def test_a_log_directory_that_cannot_be_made(self):
        self.make_file("build/log", b"")
        self.assert_failure(self.run_program("exits:0"), "cannot write the log", "--log FILE")

    def test_files_larger_than_the_memory(self):
        with open(self.path("large"), "wb") as file:
            file.truncate(300 << 20)
        self.assert_failure(
            self.run_program("exits:0", "--add", self.path("large")),
            "300.0 MiB",
            "256 MiB of memory",
            "--memory 311 or more",
        )
        self.assertEqual(self.run_program("exits:0", "--add", self.path("large"), "--memory", "311")[0], 0)

    def test_files_larger_than_any_memory(self):
        for name in ("large", "larger"):
            with open(self.path(name), "wb") as file:
                file.truncate(3 << 30)
        arguments = ["--memory", "16384", "--add", self.path("large"), "--add", self.path("larger")]
        self.assert_failure(self.run_program("exits:0", *arguments), "leave files out")
        with open(self.path("larger"), "wb") as file:
            file.truncate(5 << 30)
        self.assert_failure(self.run_program("exits:0", *arguments), "4 GiB")

    def test_a_log_that_cannot_be_written(self):
        self.assert_failure(
            self.run_program("exits:0", "--log", "/nonexistent/log"), "cannot write the log", "--log FILE"
        )
        self.assert_failure(self.run_program("exits:0", "--log", self.build), "cannot write the log")

    def test_a_full_disk_under_the_log(self):
        self.assert_failure(
            self.run_program("exits:0", "--log", "/dev/full"),
            "cannot write the log",
            "No space left on device",
        )

    def test_a_full_disk_under_the_output(self):
        with open("/dev/full", "wb") as full:
            process = self.start("flood:1048576", "run", self.program, stdout=full)
            _, err = process.communicate(timeout=self.LIMIT)
        self.assertEqual(process.returncode, 125)
        self.assertRegex(
            err.decode(), r"\Avitrine: cannot write standard output: No space left on device[^\n]*\n\Z"
        )

    def test_a_full_disk_under_the_archive(self):
        # The archive of a direct start lies in memory; what limits a file's size limits it too.
        result = self.run_program(
            "exits:0", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))
        )
        self.assert_failure(result, "cannot write the archive", "make room")
