"""The launcher with the real QEMU and the real kernel, which `make` has built before."""
import hashlib
import os
import signal
import subprocess
import tempfile

from support import HERE, LAUNCHER, ROOT, LauncherTest

KERNEL = os.path.join(ROOT, os.environ.get("BUILD") or "build", "vitrine.elf")


class VitrineTest(LauncherTest):
    LIMIT = 180

    @classmethod
    def setUpClass(cls):
        cls.built = tempfile.TemporaryDirectory(prefix="launcher-test.")
        cls.addClassCleanup(cls.built.cleanup)
        cls.relay_program = os.path.join(cls.built.name, "relay-program")
        subprocess.run(
            [
                "g++",
                "-x",
                "c",
                "-O1",
                "-static",
                "-Wall",
                "-Wextra",
                os.path.join(HERE, "relay_program.c"),
                "-o",
                cls.relay_program,
            ],
            check=True,
        )

    def setUp(self):
        super().setUp()
        self.assertTrue(os.path.exists(KERNEL), f"{KERNEL} is not there: make it first")
        os.unlink(os.path.join(self.bin, "qemu-system-x86_64"))

    def command(self, *words):
        return ["run", "--kernel", KERNEL, "--timeout", "120", "--log", self.path("log"), *words]

    def run_here(self, *arguments, options=(), **how):
        return self.call("", *self.command(*options, self.relay_program, *arguments), **how)

    def test_arguments_environment_and_places(self):
        result = self.run_here(
            "a b", "", "c,d%", b"\n\xff", options=["--env", "X=y z"], env={"TERM": "vt220"}
        )
        expected = [
            self.relay_program.encode(),
            b"a b",
            b"",
            b"c,d%",
            b"\n\xff",
            b"TERM=vt220",
            b"X=y z",
            self.relay_program.encode(),
            os.path.realpath(self.place).encode(),
            b"",
        ]
        self.assertEqual(result, (42, b"\n".join(expected), b""))

    def test_a_link_to_a_program(self):
        os.symlink(self.relay_program, self.path("link"))
        status, out, _ = self.call("", *self.command("./link"))
        self.assertEqual(status, 42)
        self.assertEqual(out.splitlines()[0], b"./link")
        self.assertIn(self.relay_program.encode(), out.splitlines()[1:])

    def test_a_signal(self):
        self.assertEqual(self.run_here("abort")[0], 134)

    def test_input_and_output(self):
        data = os.urandom(5_000_001)
        self.assertEqual(self.run_here("copy", input=data), (0, data, b"5000001"))
        self.assertEqual(self.run_here("copy", input=b""), (0, b"", b"0"))

    def test_streams_stay_apart(self):
        status, out, err = self.run_here("alternate", "2000")
        self.assertEqual(status, 0)
        self.assertEqual(out, b"".join(b"line %d\n" % i for i in range(0, 2000, 2)))
        self.assertEqual(err, b"".join(b"line %d\n" % i for i in range(1, 2000, 2)))

    def flood(self, mebibytes, before_reading):
        process = self.start("", *self.command(self.relay_program, "flood", str(mebibytes)))
        before_reading(process)
        checksum, expected = hashlib.md5(), hashlib.md5()
        for chunk in iter(lambda: process.stdout.read(1 << 20), b""):
            checksum.update(chunk)
        for _ in range(mebibytes):
            expected.update(bytes(range(256)) * 4096)
        self.assertEqual((process.wait(self.LIMIT), process.stderr.read()), (0, b""))
        self.assertEqual(checksum.hexdigest(), expected.hexdigest())

    def test_large_output(self):
        self.flood(100, lambda process: None)

    def test_a_reader_that_comes_late_misses_nothing(self):
        # QEMU's virtconsole would drop what does not fit into its socket.
        self.flood(20, self.wait_until_output_stands)

    def wait_until_output_stands(self, process):
        self.wait_for(lambda: process.stdout.peek(1), "output")
        self.wait_until_idle(process)

    def test_a_closed_standard_output(self):
        process = self.start("", *self.command(self.relay_program, "flood", "100000"))
        process.stdout.read(10)
        process.stdout.close()
        self.assertEqual((process.wait(self.LIMIT), process.stderr.read()), (141, b""))

    def test_what_is_not_read_stays_for_a_shells_next_command(self):
        script = 'for size in 3 0 1; do "$@" $size || echo $?; done; cat'
        done = subprocess.run(
            ["sh", "-c", script, "sh", LAUNCHER, *self.command(self.relay_program, "read")],
            input=b"abcdefgh\n",
            stdout=subprocess.PIPE,
            env=self.environment,
            timeout=self.LIMIT,
            check=False,
        )
        self.assertEqual(done.stdout, b"3\n1\nefgh\n")

    def test_no_terminal_here(self):
        self.assertEqual(self.run_here("terminal")[0], 0)

    def test_through_grub(self):
        data = os.urandom(100_000)
        self.assertEqual(self.run_here("copy", options=["--iso"], input=data), (0, data, b"100000"))

    def test_counted_instructions_are_the_same_every_time(self):
        logs = []
        for _ in range(2):
            self.assertEqual(self.run_here("alternate", "100", options=["--icount"])[0], 0)
            logs.append(self.read("log"))
        self.assertEqual(logs[0], logs[1])

    def test_more_memory_than_there_is(self):
        self.assertEqual(self.run_here("terminal", options=["--memory", "65536"])[0], 0)

    def test_a_qemu_that_is_killed_while_a_program_runs(self):
        process = self.start("", *self.command(self.relay_program, "flood", "100000"))
        process.stdout.read(10)
        (qemu,) = [pid for pid in self.processes() if self.name(pid).startswith("qemu-system")]
        os.kill(qemu, signal.SIGKILL)
        _, err = process.communicate(timeout=self.LIMIT)
        self.assertEqual(process.returncode, 125)
        self.assertRegex(err.decode(), r"\Avitrine: QEMU was killed by SIGKILL \(log: [^\n]+\)\n\Z")

    def test_the_kernels_own_words_when_it_fails(self):
        self.assert_failure(self.run_here(options=["--option", "test=panic"]), "kernel panic: ")
        self.assert_failure(
            self.run_here(options=["--option", "no-such-option=1"]), "refused to start", "no-such-option"
        )
        self.assert_failure(self.run_here(options=["--option", "test=triple_fault"]), "triple fault")
        result = self.run_here(options=["--option", "test=hang", "--timeout", "2"])
        self.assert_failure(result, "no end after 2 seconds")
