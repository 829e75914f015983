"""The launcher on a terminal: who is one, how large, and that its line discipline stays as it is."""
import fcntl
import os
import pty
import re
import signal
import struct
import termios

from support import LauncherTest


class TerminalTest(LauncherTest):
    def setUp(self):
        super().setUp()
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 101, 0, 0))
        self.addCleanup(os.close, self.master)
        self.addCleanup(lambda: os.close(self.slave))

    def start_in_terminal(self, part, *arguments, **how):
        def take_terminal():
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)

        return self.start(part, *arguments, preexec_fn=take_terminal, **how)

    def read_terminal(self, ending):
        """What the terminal shows until it shows this."""
        shown = b""
        while not re.search(ending, shown):
            shown += os.read(self.master, 4096)
        return shown

    def test_which_of_us_is_a_terminal(self):
        cases = [
            ((self.slave, None, None), "0"),
            ((None, self.slave, None), "1"),
            ((None, None, self.slave), "2"),
            ((self.slave, self.slave, self.slave), "012"),
            ((None, None, None), ""),
        ]
        for (stdin, stdout, stderr), digits in cases:
            how = {
                name: fd
                for name, fd in (("stdin", stdin), ("stdout", stdout), ("stderr", stderr))
                if fd is not None
            }
            process = self.start("options", "run", self.program, env={"TERM": "xterm"}, **how)
            out = self.read_terminal(rb"run=\S+prog") if stdout is not None else process.stdout.read()
            self.assertEqual(process.wait(self.LIMIT), 0)
            words = out.decode().split(" ")
            self.assertIn("tty=" + digits, words)
            self.assertEqual("winsize=101x33" in words, bool(digits), words)
            self.assertIn("env=TERM=xterm", words)

    def test_a_line_typed_and_the_end_of_input(self):
        before = termios.tcgetattr(self.slave)
        process = self.start_in_terminal("echo", "run", self.program, stdin=self.slave, stdout=self.slave)
        os.write(
            self.master, b"helo\x7f\x7fllo\n"
        )  # with DEL, which the terminal's own line editing takes out
        self.assertIn(b"hello\r\n", self.read_terminal(rb"hello\r\n.*hello\r\n|hello\r\n$"))
        self.assertEqual(termios.tcgetattr(self.slave), before)
        os.write(self.master, b"\x04")
        self.assertEqual(process.wait(self.LIMIT), 0)
        self.assertEqual(process.stderr.read(), b"6")
        self.assertEqual(termios.tcgetattr(self.slave), before)

    def test_after_an_end_of_input_a_terminal_can_be_read_on(self):
        process = self.start_in_terminal(
            "reads:100,100,100", "run", self.program, stdin=self.slave, stdout=self.slave
        )
        for typed, shown in ((b"one\n", rb"one\r\n\|"), (b"\x04", rb"\|"), (b"two\n", rb"two\r\n\|")):
            os.write(self.master, typed)
            self.read_terminal(shown)
        self.assertEqual(process.wait(self.LIMIT), 0)

    def test_ctrl_c(self):
        process = self.start_in_terminal(
            "hangs:" + self.path("pids"), "run", self.program, stdin=self.slave, stdout=self.slave
        )
        self.read_terminal(b"started")
        os.write(self.master, b"\x03")
        self.assertEqual(process.wait(self.LIMIT), 130)
        for pid in self.read("pids").split():
            self.assert_gone(pid)

    def test_ctrl_z_stops_qemu_as_well(self):
        process = self.start_in_terminal("hangs:" + self.path("pids"), "run", self.program, stdout=self.slave)
        self.read_terminal(b"started")
        qemu = int(self.read("pids").split()[0])
        process.send_signal(signal.SIGTSTP)
        self.wait_for(lambda: self.state(process.pid) == self.state(qemu) == "T", "both to stand still")
        process.send_signal(signal.SIGCONT)
        self.wait_for(lambda: self.state(qemu) != "T", "QEMU to go on")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(self.LIMIT), 143)

    def test_signals_and_keys_for_a_shell(self):
        before = termios.tcgetattr(self.slave)
        process = self.start_in_terminal("shell", "run", self.program, stdin=self.slave, stdout=self.slave)
        self.read_terminal(rb"job\|$")
        for key, shown in (
            (b"\x03", rb"frame 18: 2\r\njob\|$"),
            (b"\x1a", rb"frame 18: 20\r\nprompt\|$"),
            (b"\x03", rb"key 3\r\nprompt\|$"),
            (b"\x1a", rb"key 26\r\nalone\|$"),
        ):
            os.write(self.master, key)
            self.read_terminal(shown)
        # No shell: the run is what Ctrl-C ends.
        os.write(self.master, b"\x03")
        self.assertEqual(process.wait(self.LIMIT), 130)
        self.assertEqual(termios.tcgetattr(self.slave), before)

    def test_the_run_can_be_ended_whatever_the_shell_wants(self):
        before = termios.tcgetattr(self.slave)
        process = self.start_in_terminal("shell", "run", self.program, stdin=self.slave, stdout=self.slave)
        self.read_terminal(rb"job\|$")
        for key, shown in ((b"\x03", rb"job\|$"), (b"\x1a", rb"prompt\|$")):
            os.write(self.master, key)
            self.read_terminal(shown)
        os.write(self.master, b"\x1c")
        self.assertEqual(process.wait(self.LIMIT), 131)
        self.assertEqual(termios.tcgetattr(self.slave), before)

    @staticmethod
    def state(pid):
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0]
