"""Bytes, statuses and ends: what passes between our descriptors and the guest."""
import contextlib
import hashlib
import os
import signal
import subprocess
import time

from support import LAUNCHER, LauncherTest


class StatusTest(LauncherTest):
    def test_the_programs_status_is_ours(self):
        for value in (0, 1, 77, 125, 255):
            self.assertEqual(self.run_program(f"exits:{value}"), (value, b"", b""))

    def test_a_signal_n_gives_128_and_n(self):
        self.assertEqual(self.run_program("killed:11"), (139, b"", b""))
        self.assertEqual(self.run_program("killed:9"), (137, b"", b""))

    def test_a_left_over_child_of_qemu_is_killed(self):
        status, out, _ = self.run_program("leaves_a_child:" + self.path("pid"))
        self.assertEqual((status, out), (3, b"done\n"))
        self.assert_gone(self.read("pid"))


class StreamTest(LauncherTest):
    def test_streams_stay_apart_and_unchanged_however_frames_are_cut(self):
        self.assertEqual(self.run_program("both"), (0, b"one\0\xffthree", b"two"))

    def test_input_arrives_whole_with_its_end(self):
        data = os.urandom(3_000_001)
        self.assertEqual(self.run_program("echo", input=data), (0, data, str(len(data)).encode()))

    def test_no_input_is_an_end_of_input(self):
        self.assertEqual(self.run_program("echo", input=b""), (0, b"", b"0"))

    def test_input_from_a_file(self):
        path = self.make_file("data", b"some text\n" * 1000)
        with open(path, "rb") as file:
            status, out, _ = self.run_program("echo", stdin=file)
        self.assertEqual((status, out), (0, self.read("data")))

    def test_closed_descriptors_do_not_become_others(self):
        status = subprocess.call(
            ["sh", "-c", f'exec "$0" run "$1" <&- >&- 2>&-', "tools/vitrine", self.program],
            cwd=os.path.join(os.path.dirname(__file__), "..", ".."),
            env={**self.environment, "FAKE_QEMU": "both"},
            timeout=self.LIMIT,
        )
        self.assertEqual(status, 0)
        self.assertEqual(self.read("build/log/prog.log"), b"")

    def test_large_output_is_fast_and_needs_little_memory(self):
        size = 400 << 20
        begin = time.monotonic()
        process = self.start(f"flood:{size}", "run", self.program)
        checksum, count = hashlib.md5(), 0
        while chunk := process.stdout.read(1 << 20):
            checksum.update(chunk)
            count += len(chunk)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual((process.returncode, count), (0, size))
        expected = hashlib.md5()
        for _ in range(size >> 16):
            expected.update(bytes(range(256)) * 256)
        self.assertEqual(checksum.hexdigest(), expected.hexdigest())
        self.assertLess(time.monotonic() - begin, 40)
        self.assertLess(usage.ru_maxrss, 64 << 10)

    def test_output_to_a_file(self):
        with open(self.path("out"), "wb") as file:
            process = self.start("flood:6553600", "run", self.program, stdout=file)
            self.assertEqual(process.wait(self.LIMIT), 0)
        self.assertEqual(os.path.getsize(self.path("out")), 6553600)

    def test_a_slow_reader_holds_up_the_guest_and_loses_nothing(self):
        process = self.start("flood:10485760", "run", self.program)
        self.wait_until_idle(process)
        self.assertIsNone(process.poll())
        count = sum(len(chunk) for chunk in iter(lambda: process.stdout.read(65536), b""))
        self.assertEqual((process.wait(self.LIMIT), count), (0, 10485760))

    def test_lessons_are_shown_where_they_are_wanted(self):
        self.assertEqual(self.run_program("lesson:it died of this"), (1, b"", b""))
        self.assertEqual(
            self.run_program("lesson:it died of this", "--lessons"), (1, b"", b"it died of this\n")
        )


class InputTest(LauncherTest):
    """What no program asked for stays where it is: a shell's next command shares our input."""

    def left_over(self, part, offered, before_the_end=lambda process: None):
        """(standard output, what is left in the pipe that was our input)."""
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        os.write(writing, offered)
        os.close(writing)
        process = self.start(part, "run", self.program, stdin=reading)
        before_the_end(process)
        out, _ = process.communicate(timeout=self.LIMIT)
        self.assertEqual(process.returncode, 0)
        return out, b"".join(iter(lambda: os.read(reading, 65536), b""))

    def test_a_program_that_does_not_read_leaves_all(self):
        def let_go(process):
            self.assertEqual(process.stdout.readline(), b"started\n")
            self.wait_until_idle(process)
            self.make_file("go", b"")

        _, left = self.left_over("takes_no_input:" + self.path("go"), b"x" * 60_000, let_go)
        self.assertEqual(left, b"x" * 60_000)

    def test_a_program_that_reads_leaves_the_rest(self):
        self.assertEqual(self.left_over("reads:3,4", b"0123456789"), (b"012|3456|", b"789"))

    def test_an_end_comes_again_and_again(self):
        self.assertEqual(self.left_over("reads:30,1,1", b"0123456789"), (b"0123456789|||", b""))

    def test_a_file_can_be_read_on(self):
        path = self.make_file("lines", b"one\ntwo\n")
        with open(path, "rb") as file:
            self.assertEqual(self.run_program("reads:4", stdin=file), (0, b"one\n|", b""))
            self.assertEqual(os.lseek(file.fileno(), 0, os.SEEK_CUR), 4)

    def test_a_shells_loop_goes_through_all_lines(self):
        script = 'while read -r line; do "$0" run "$1"; echo "$line"; done'
        done = subprocess.run(
            ["sh", "-c", script, LAUNCHER, self.program],
            input=b"1\n2\n3\n",
            stdout=subprocess.PIPE,
            env={**self.environment, "FAKE_QEMU": "exits:0"},
            timeout=self.LIMIT,
            check=False,
        )
        self.assertEqual(done.stdout, b"1\n2\n3\n")

    def test_asking_twice_or_for_nothing_is_a_mistake_of_the_kernels(self):
        self.assert_failure(
            self.run_program("raw:0500000004000000" "00000000"), "asked for input twice, or for none"
        )
        with self.never_ready() as pipe:
            result = self.run_program(
                "raw:0500000004000000" "01000000" "0500000004000000" "01000000", stdin=pipe
            )
        self.assert_failure(result, "asked for input twice, or for none")

    @contextlib.contextmanager
    def never_ready(self):
        reading, writing = os.pipe()
        try:
            yield reading
        finally:
            os.close(reading)
            os.close(writing)


class EndTest(LauncherTest):
    def test_a_closed_standard_output_ends_the_machine_like_sigpipe(self):
        process = self.start("floods_for_ever:" + self.path("pid"), "run", self.program)
        process.stdout.read(100_000)
        process.stdout.close()
        self.assertEqual(process.wait(self.LIMIT), 141)
        self.assertEqual(process.stderr.read(), b"")
        self.assert_gone(self.read("pid"))

    def test_signals_end_everything_with_a_shells_status(self):
        # All at once, for each waits for its QEMU to obey.
        running = {}
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            running[number] = self.start("hangs:" + self.path(f"pids-{number}"), "run", self.program)
        for number, process in running.items():
            self.assertEqual(process.stdout.readline(), b"started\n")
            process.send_signal(number)
        for number, process in running.items():
            self.assertEqual(process.wait(self.LIMIT), 128 + number)
            self.assertEqual(process.stderr.read(), b"")
            for pid in self.wait_for_file(f"pids-{number}").split():
                self.assert_gone(pid)

    def test_a_killed_launcher_takes_qemu_with_it(self):
        process = self.start("hangs:" + self.path("pids"), "run", self.program)
        self.assertEqual(process.stdout.readline(), b"started\n")
        process.kill()
        process.wait()
        self.assert_gone(self.read("pids").split()[0])
        os.kill(int(self.read("pids").split()[1]), signal.SIGKILL)  # a real QEMU starts nothing

    def test_ctrl_c_while_nobody_reads_the_output(self):
        process = self.start("floods_for_ever:" + self.path("pid"), "run", self.program)
        process.stdout.read(1)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(self.LIMIT), 130)
        self.assert_gone(self.read("pid"))

    def test_an_ignored_signal_stays_ignored(self):
        process = self.start(
            "takes_no_input:" + self.path("go"),
            "run",
            self.program,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        )
        self.assertEqual(process.stdout.readline(), b"started\n")
        process.send_signal(signal.SIGINT)
        self.make_file("go", b"")
        self.assertEqual(process.wait(self.LIMIT), 0)
