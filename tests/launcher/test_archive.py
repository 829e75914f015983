"""What the guest is given: the archive (compared with cpio(1)) and the kernel's options."""
import os
import subprocess

from support import LauncherTest


class OptionsTest(LauncherTest):
    def options(self, *arguments, **how):
        status, out, err = self.call("options", "run", *arguments, **how)
        self.assertEqual((status, err), (0, b""))
        return out.decode("ascii").split(" ")

    def test_arguments_are_kept_apart_and_encoded(self):
        words = self.options(self.program, "a b", "c,d", "", "100%", "\n", "é", "--memory", "--")
        self.assertIn(f"run={self.program},a%20b,c%2Cd,,100%25,%0A,%C3%A9,--memory,--", words)

    def test_arguments_need_not_be_text(self):
        self.assertIn(f"run={self.program},%FF%FE", self.options(self.program, b"\xff\xfe"))

    def test_two_dashes_end_our_options(self):
        self.assertIn("run=./prog,-x", self.options("--", "./prog", "-x"))

    def test_the_name_is_kept_as_it_was_written(self):
        self.assertIn("run=./prog,x", self.options("./prog", "x"))
        self.assertIn("run=prog", self.options("prog"))

    def test_a_program_from_path_has_its_whole_name(self):
        self.make_file("bin/tool", self.read("prog"), mode=0o755)
        self.assertIn(f"run={self.bin}/tool", self.options("tool"))

    def test_programs_beside_and_after(self):
        words = self.options(
            "--with", f"{self.program} 'x y'", "--then", "./prog 1", "--then", "./prog 2", "./prog"
        )
        self.assertEqual(
            [word for word in words if word.startswith(("run=", "then="))],
            ["run=./prog", f"run={self.program},x%20y", "then=./prog,1", "then=./prog,2"],
        )

    def test_programs_in_the_queue(self):
        words = self.options(
            "--queue", f"{self.program} 'x, y' %", "--then", "./prog 1", "--queue", "./prog 2 &", "./prog"
        )
        self.assertEqual(
            [word for word in words if word.startswith(("run=", "then=", "queue="))],
            ["run=./prog", "then=./prog,1", f"queue={self.program},x%2C%20y,%25", "queue=./prog,2,%26"],
        )

    def test_environment(self):
        words = self.options(
            "--env",
            "A=b c=d",
            "--env",
            "EMPTY=",
            "--env",
            "HOME",
            "--env",
            "NOT_SET",
            self.program,
            env={"TERM": "vt220"},
        )
        self.assertEqual(
            [word for word in words if word.startswith("env=")],
            ["env=TERM=vt220", "env=A=b%20c=d", "env=EMPTY=", "env=HOME=" + self.place],
        )
        words = self.options("--env", "TERM=dumb", self.program, env={"TERM": "vt220"})
        self.assertEqual([word for word in words if word.startswith("env=")], ["env=TERM=dumb"])

    def test_words_for_the_kernel_stay_one_word(self):
        words = self.options(
            "--option", "test=panic", "--option", "env=A=x y", "--option", "then=/p,%41", "./prog"
        )
        self.assertEqual(words[-3:], ["test=panic", "env=A=x%20y", "then=/p,%41"])

    def test_working_directory(self):
        directory = self.make_directory("a b")
        self.assertIn("cwd=" + self.place + "/a%20b", self.options(self.program, cwd=directory))

    def test_long_command_lines(self):
        arguments = ["x" * 100_000, "y" * 20_000]
        self.assertIn("run=./prog," + ",".join(arguments), self.options("./prog", *arguments))


class ArchiveTest(LauncherTest):
    def unpack(self, *arguments):
        """The archive of one run, unpacked by cpio(1)."""
        status, out, err = self.call("archive", "run", *arguments)
        self.assertEqual((status, err), (0, b""))
        into = self.make_directory("unpacked")
        done = subprocess.run(
            ["cpio", "-i", "-d", "-m", "--quiet", "--no-absolute-filenames"],
            cwd=into,
            input=out,
            stderr=subprocess.PIPE,
            check=False,
        )
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        names = subprocess.run(
            ["cpio", "-t", "--quiet"], input=out, stdout=subprocess.PIPE, check=True
        ).stdout
        return names.decode().splitlines()

    def test_the_program_lies_where_it_lies_here(self):
        names = self.unpack("./prog")
        self.assertEqual(self.read("unpacked" + self.program), self.read("prog"))
        self.assertEqual(os.stat(self.path("unpacked") + self.program).st_mode & 0o777, 0o755)
        self.assertEqual(
            int(os.stat(self.path("unpacked") + self.program).st_mtime), int(os.stat(self.program).st_mtime)
        )
        for name in names:
            self.assertFalse(name.startswith("/"))
            parent = os.path.dirname(name)
            self.assertTrue(parent == "" or names.index(parent) < names.index(name), name)
        self.assertEqual(len(names), len(set(names)))

    def test_a_program_that_is_a_link_lies_where_it_points(self):
        os.symlink("prog", self.path("link"))
        self.unpack("./link")
        self.assertEqual(
            os.readlink(self.path("unpacked" + self.path("link"))), os.path.realpath(self.program)
        )
        self.assertEqual(self.read("unpacked" + self.program), self.read("prog"))

    def test_added_files_and_directories(self):
        self.make_directory("data/deep/empty")
        self.make_file("data/a", b"1")
        self.make_file("data/deep/b", b"12345")
        os.symlink("deep/b", self.path("data/link"))
        self.make_file("with=sign", b"!")
        self.unpack(
            "--add",
            "data",
            "--add",
            "data/a=/etc/a",
            "--add",
            self.path("data/deep") + "=/deep",
            "--add",
            "with=sign",
            "--add",
            "data/a",
            "./prog",
        )
        inside = "unpacked" + self.place
        self.assertEqual(self.read(inside + "/data/a"), b"1")
        self.assertEqual(self.read(inside + "/data/deep/b"), b"12345")
        self.assertTrue(os.path.isdir(self.path(inside + "/data/deep/empty")))
        self.assertEqual(os.readlink(self.path(inside + "/data/link")), "deep/b")
        self.assertEqual(self.read("unpacked/etc/a"), b"1")
        self.assertEqual(self.read("unpacked/deep/b"), b"12345")
        self.assertEqual(self.read(inside + "/with=sign"), b"!")

    def test_files_that_are_put_in(self):
        self.make_file("a:b", b"colon")
        self.make_file("script.sh", b"#!/bin/sh", mode=0o751)
        self.make_file("key", b"secret", mode=0o4600)
        os.symlink("script.sh", self.path("link"))
        self.unpack(
            *("--put", "script.sh"),
            *("--put", "link:/bin/linked"),
            *("--put", self.path("key") + ":/etc/key"),
            *("--put", "a:b"),
            *("--put=a:b:relative/place",),
            *("--add", "a:b=/with:colon"),
            "./prog",
        )
        inside = "unpacked" + self.place
        self.assertEqual(self.read(inside + "/script.sh"), b"#!/bin/sh")
        self.assertEqual(self.read("unpacked/bin/linked"), b"#!/bin/sh")
        self.assertFalse(os.path.islink(self.path("unpacked/bin/linked")))
        self.assertEqual(self.read("unpacked/etc/key"), b"secret")
        for name in (inside + "/a:b", inside + "/relative/place", "unpacked/with:colon"):
            self.assertEqual(self.read(name), b"colon")
        self.assertEqual(self.mode(inside + "/script.sh"), 0o751)
        self.assertEqual(self.mode("unpacked/etc/key"), 0o4600)

    def test_a_directory_that_is_put_in_keeps_modes_times_and_links(self):
        self.make_directory("data/secret/empty")
        self.make_file("data/secret/run", b"1", mode=0o711)
        os.symlink("../nowhere", self.path("data/secret/dangling"))
        os.utime(self.path("data/secret/empty"), (1, 1_000_000_000))
        os.chmod(self.path("data/secret"), 0o1730)
        # What is named first makes /d/secret only as a parent.
        self.unpack("--put", "data/secret/run:/d/secret/too", "--put", "data/:/d", "./prog")
        self.assertEqual(self.mode("unpacked/d/secret"), 0o1730)
        self.assertEqual(int(os.stat(self.path("unpacked/d/secret/empty")).st_mtime), 1_000_000_000)
        self.assertEqual(self.mode("unpacked/d/secret/run"), 0o711)
        self.assertEqual(self.read("unpacked/d/secret/too"), b"1")
        self.assertEqual(os.readlink(self.path("unpacked/d/secret/dangling")), "../nowhere")
        self.assertEqual(os.listdir(self.path("unpacked/d/secret/empty")), [])

    def mode(self, name):
        return os.stat(self.path(name)).st_mode & 0o7777

    def test_one_program_named_several_times_is_there_once(self):
        names = self.unpack("--with", "./prog", "--then", self.program, "--queue", "./prog", "--add", "prog", "prog")
        self.assertEqual(names.count(self.program.lstrip("/")), 1)

    def test_a_program_that_is_a_link_may_be_put_in_too(self):
        os.symlink("prog", self.path("link"))
        self.unpack("--put", "link", "./link")
        self.assertTrue(os.path.islink(self.path("unpacked" + self.path("link"))))


class CommandTest(LauncherTest):
    def command(self, *arguments):
        status, out, err = self.call("command", "run", *arguments, self.program)
        self.assertEqual((status, err), (0, b""))
        return out.decode().split("\n")

    def test_memory_is_not_reserved(self):
        command = self.command("--memory", "65536")
        self.assertIn("memory-backend-ram,id=ram,size=65536M,reserve=off", command)
        self.assertEqual(command[command.index("-m") + 1], "65536M")

    def test_icount_pins_all_clocks(self):
        command = self.command("--icount")
        for name, value in (
            ("-icount", "shift=0,sleep=off"),
            ("-rtc", "base=2026-01-01,clock=vm"),
            ("-seed", "1"),
        ):
            self.assertEqual(command[command.index(name) + 1], value)
        self.assertNotIn("-icount", self.command())

    def test_processor_and_arguments_for_qemu(self):
        command = self.command("--cpu", "qemu64,-nx", "--qemu-arg", "-d", "--qemu-arg=int")
        self.assertEqual(command[command.index("-cpu") + 1], "qemu64,-nx")
        self.assertEqual(command[-2:], ["-d", "int"])

    def test_what_was_given_to_qemu_can_be_kept(self):
        self.command("--debug-keep", "--option", "test=panic")
        self.assertIn(b"test=panic", self.read("build/debug/prog/options"))
        self.assertTrue(self.read("build/debug/prog/archive.cpio").startswith(b"070701"))
        self.assertIn(b"-initrd", self.read("build/debug/prog/command"))

    def test_the_checked_kernel(self):
        self.make_directory("build/checked")
        self.make_file("build/checked/vitrine.elf", self.read("build/vitrine.elf"))
        command = self.command("--checked")
        self.assertEqual(command[command.index("-kernel") + 1], self.path("build/checked/vitrine.elf"))

    def test_logs(self):
        self.assertEqual(self.run_program("exits:0")[0], 0)
        self.assertEqual(self.read("build/log/prog.log"), b"hello\n")
        self.assertEqual(self.run_program("exits:0", "--log", self.path("my log"))[0], 0)
        self.assertEqual(self.read("my log"), b"hello\n")

    def test_runs_at_the_same_time_do_not_disturb_each_other(self):
        processes = [self.start(f"exits:{value}", "run", self.program) for value in range(12)]
        self.assertEqual([process.wait(self.LIMIT) for process in processes], list(range(12)))
        self.assertEqual([process.stderr.read() for process in processes], [b""] * 12)
        self.assertEqual(self.read("build/log/prog.log"), b"hello\n")

    def test_help(self):
        for arguments in (
            ["--help"],
            ["run", "--help"],
            ["boot", "--help"],
            ["iso", "--help"],
            ["doctor", "--help"],
        ):
            status, out, err = self.call("", *arguments)
            self.assertEqual((status, err), (0, b""))
            self.assertIn(b"tools/vitrine", out)
