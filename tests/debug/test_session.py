"""What surrounds a session with GDB: the terminal, the socket, and that nothing is left when it ends."""
import os
import pty
import re
import select
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import termios
import time
import unittest

from session import BUILD, LAUNCHER, LIMIT, ROOT, Session, exhibit

SPIN = os.path.join(BUILD, "boot", "spin")
PROMPT = rb"\(gdb\) $"
SHELL = rb"shell> $"


class Terminal:
    """A command on a terminal of its own, as a student has it."""

    def __init__(self, *command, directory):
        self.text = b""
        self.directory = directory
        own = {"TERM": "dumb", "PS1": "shell> ", "TMPDIR": directory, "BUILD": BUILD, "LC_ALL": "C.UTF-8"}
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], command, {**os.environ, **own})
        attributes = termios.tcgetattr(self.fd)
        attributes[3] &= ~termios.ECHO
        termios.tcsetattr(self.fd, termios.TCSANOW, attributes)

    def read_until(self, pattern):
        """What came up to the pattern, or to the end when it is None."""
        deadline = time.monotonic() + LIMIT
        text = b""
        while pattern is None or not re.search(pattern, text):
            if time.monotonic() > deadline or not select.select([self.fd], [], [], LIMIT)[0]:
                raise AssertionError(f"waited in vain for {pattern} in {text}")
            try:
                piece = os.read(self.fd, 65536)
            except OSError:  # EIO: the other side is gone
                piece = b""
            if not piece and pattern is None:
                break
            if not piece:
                raise AssertionError(f"the end came before {pattern}: {text}")
            text += piece
        return text.decode("utf-8", "replace")

    def send(self, text):
        os.write(self.fd, text)

    def command(self, text):
        self.send(text.encode() + b"\n")
        return self.read_until(PROMPT)

    def wait(self):
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.fd)
        return status

    def place(self):
        """The private directory with the socket."""
        (name,) = os.listdir(self.directory)
        return os.path.join(self.directory, name)

    def machine(self):
        """QEMU's process: the one that was given our launcher's socket."""
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    words = file.read().split(b"\0")
                if b"qemu-system" in words[0] and belongs(int(pid), self.pid):
                    return int(pid)
            except OSError:
                continue
        raise AssertionError("there is no QEMU")


def stat_words(pid):
    """proc(5), /proc/[pid]/stat, from the third word (the state) on."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        return file.read().rpartition(")")[2].split()


def parent(pid):
    return int(stat_words(pid)[1])


def processor_time(pid):
    """In clock ticks, of user and kernel mode together."""
    return sum(map(int, stat_words(pid)[11:13]))


def belongs(pid, ancestor):
    while pid > 1:
        if pid == ancestor:
            return True
        pid = parent(pid)
    return False


def is_running(pid):
    try:
        return stat_words(pid)[0] not in ("Z", "X")
    except OSError:
        return False


class SessionTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="debug-test.")
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)

    def open(self, *words):
        terminal = Terminal(LAUNCHER, "debug", *words, directory=self.directory)
        self.addCleanup(self.end, terminal)
        terminal.read_until(PROMPT)
        return terminal

    @staticmethod
    def end(terminal):
        try:
            os.kill(terminal.pid, signal.SIGKILL)
            os.waitpid(terminal.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass

    def wait_until(self, condition, otherwise):
        deadline = time.monotonic() + LIMIT
        while not condition():
            self.assertLess(time.monotonic(), deadline, otherwise)
            time.sleep(0.01)

    def assert_nothing_left(self, machine):
        self.assertEqual(os.listdir(self.directory), [])
        self.wait_until(lambda: not is_running(machine), "QEMU still runs")

    def test_nobody_else_can_attach(self):
        terminal = self.open(exhibit("brk"))
        self.assertEqual(stat.S_IMODE(os.stat(terminal.place()).st_mode), 0o700)
        machine = terminal.machine()
        with open(f"/proc/{machine}/cmdline", "rb") as file:
            self.assertNotIn(b"tcp:", file.read())
        terminal.send(b"quit\n")
        terminal.read_until(None)
        self.assertEqual(terminal.wait(), 0)
        self.assert_nothing_left(machine)

    def test_ctrl_c_stops_the_machine_and_nothing_else(self):
        terminal = self.open(SPIN, "100000000")
        terminal.command("thbreak main")
        self.assertIn("main (argc=2", terminal.command("continue"))
        machine = terminal.machine()
        before = processor_time(machine)
        terminal.send(b"continue\n")
        terminal.read_until(rb"Continuing\.\s")
        # GDB says "Continuing." before it has told QEMU, and sends a Ctrl-C at once: one that comes in between
        # reaches a machine that stands, and QEMU's gdbstub drops it. So: until the machine has run.
        self.wait_until(lambda: processor_time(machine) > before + 5, "the machine does not run")
        terminal.send(b"\x03")
        self.assertIn("SIGINT", terminal.read_until(PROMPT))
        self.assertIn("spin[2], thread Running", terminal.command("process"))
        terminal.send(b"quit\n")
        terminal.read_until(None)
        self.assertEqual(terminal.wait(), 0)
        self.assert_nothing_left(machine)

    def test_ctrl_z_stops_the_whole_job(self):
        terminal = Terminal("bash", "--norc", "--noprofile", "-i", directory=self.directory)
        self.addCleanup(self.end, terminal)
        terminal.read_until(SHELL)
        terminal.command(shlex.join([LAUNCHER, "debug", exhibit("brk")]))
        machine = terminal.machine()
        terminal.send(b"\x1a")
        self.assertIn("Stopped", terminal.read_until(SHELL))
        terminal.send(b"fg\n")
        terminal.read_until(rb"debug")
        self.assertIn("= 42", terminal.command("p 40 + 2") + terminal.command("p 40 + 2"))
        terminal.send(b"quit\n")
        terminal.read_until(SHELL)
        terminal.send(b"exit\n")
        terminal.read_until(None)
        self.assertEqual(terminal.wait(), 0)
        self.assert_nothing_left(machine)

    def test_a_machine_that_dies(self):
        terminal = self.open(SPIN, "100000000")
        terminal.command("thbreak main")
        terminal.command("continue")
        machine = terminal.machine()
        os.kill(machine, signal.SIGKILL)
        self.assertRegex(terminal.command("continue"), "closed|disconnected")
        self.assertIn("there is no machine", terminal.command("process"))
        terminal.send(b"quit\n")
        self.assertIn("QEMU was killed by SIGKILL", terminal.read_until(None))
        self.assertEqual(terminal.wait(), 125)
        self.assert_nothing_left(machine)

    def test_the_session_is_told_to_end(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number.name):
                terminal = self.open(exhibit("brk"))
                machine = terminal.machine()
                os.kill(terminal.pid, number)
                terminal.read_until(None)
                self.assertEqual(terminal.wait(), 128 + number)
                self.assert_nothing_left(machine)

    def test_the_session_is_killed(self):
        terminal = self.open(exhibit("brk"))
        machine = terminal.machine()
        os.kill(terminal.pid, signal.SIGKILL)
        terminal.read_until(None)
        terminal.wait()
        shutil.rmtree(terminal.place())
        self.assert_nothing_left(machine)

    def test_the_end_of_input_is_quit(self):
        terminal = self.open(exhibit("brk"))
        machine = terminal.machine()
        terminal.send(b"\x04")
        terminal.read_until(None)
        self.assertEqual(terminal.wait(), 0)
        self.assert_nothing_left(machine)


class BatchTest(unittest.TestCase):
    def test_a_breakpoint_in_a_page_that_is_not_there(self):
        session = Session(["break main", "translation $pc", "continue", "translation main"], exhibit("brk"))
        self.assertIn("main (argc=1", "\n".join(session.answers[2]))
        self.assertIn("physical address", session.answers[3][-1])

    def test_a_program_that_is_killed(self):
        session = Session(["thbreak kernel::force_signal", "continue", "p info.result", "continue", "console"],
                          exhibit("brk"), "past")
        self.assertIn("mm::FaultResult::NotMapped", session.answers[2][0])
        self.assertIn("SIGSEGV", "\n".join(session.answers[4]))
        self.assertIn("ended with status 139", session.last)

    def test_a_panic_is_told(self):
        session = Session(["continue"], "--option", "test=panic", exhibit("brk"))
        self.assertRegex(session.last, r"^vitrine: kernel panic: ")

    def test_commands_in_the_wrong_moment_say_so(self):
        session = Session(["process", "areas", "frames", "translation", "translation no_such_name", "program /no/where",
                           "program " + __file__, "console sideways"], exhibit("brk"))
        words = ["init_cpu_area", "init_cpu_area", "frames:", "help translation", "No symbol", "cannot read",
                 "not an ELF", "console all"]
        for answer, word in zip(session.answers, words):
            self.assertEqual(len(answer), 1, answer)
            self.assertIn(word, answer[0])

    def test_every_command_has_its_help(self):
        names = ["translation", "areas", "frames", "process", "console", "program"]
        session = Session([f"help {name}" for name in names], exhibit("brk"))
        for name, answer in zip(names, session.answers):
            self.assertTrue(answer[0].startswith(name), answer)

    def test_the_symbols_of_a_program_that_is_not_position_dependent(self):
        with tempfile.TemporaryDirectory() as place:
            source, program = os.path.join(place, "pie.c"), os.path.join(place, "pie")
            with open(source, "w", encoding="ascii") as file:
                file.write("int value = 7;\nint main(void) { return value; }\n")
            subprocess.run(["gcc", "-g", "-O0", "-static-pie", source, "-o", program], check=True)
            session = Session(["thbreak main", "continue", "p value", "continue"], program)
        self.assertIn("main () at", "\n".join(session.answers[1]))
        self.assertEqual(session.answers[2], ["$1 = 7"])
        self.assertIn("ended with status 7", session.last)


class WithoutGdbTest(unittest.TestCase):
    def debug(self, path, *words):
        done = subprocess.run([LAUNCHER, "debug", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=LIMIT, check=False, env={**os.environ, "PATH": path, "BUILD": BUILD})
        self.assertEqual((done.returncode, done.stdout), (125, ""), done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1)
        return done.stderr

    def path_with(self, place, script):
        gdb = os.path.join(place, "gdb")
        with open(gdb, "w", encoding="ascii") as file:
            file.write(script)
        os.chmod(gdb, 0o755)
        return place

    def test_gdb_is_missing(self):
        with tempfile.TemporaryDirectory() as place:
            self.assertIn("apt-get install gdb", self.debug(place, exhibit("brk")))

    def test_a_gdb_without_python(self):
        with tempfile.TemporaryDirectory() as place:
            self.path_with(place, "#!/bin/sh\necho '--without-python'\n")
            self.assertIn("without Python", self.debug(place, exhibit("brk")))

    def test_qemu_is_missing(self):
        with tempfile.TemporaryDirectory() as place:
            self.path_with(place, "#!/bin/sh\necho '--with-python=/usr'\n")
            self.assertIn("qemu-system-x86 ", self.debug(place, exhibit("brk")))

    def test_mistakes(self):
        for words, text in (
            ([], "no program"),
            (["/no/such/program"], "there is no program"),
            (["--gdb", "1234", exhibit("brk")], "unknown option --gdb"),
            (["--batch", "/no/such/file", exhibit("brk")], "/no/such/file"),
            (["--kernel", "/no/such/kernel", exhibit("brk")], "/no/such/kernel"),
            (["--add", "/no/such/thing", exhibit("brk")], "cannot add /no/such/thing"),
        ):
            with self.subTest(words=words):
                self.assertIn(text, self.debug(os.environ["PATH"], *words))


class PortTest(unittest.TestCase):
    def test_another_debugger_at_a_port(self):
        """As docs/debugging.md tells the owners of an IDE, through GDB's interface for such programs."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        machine = subprocess.Popen([LAUNCHER, "run", "--gdb", str(port), exhibit("brk"), "2"], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "BUILD": BUILD})
        try:
            self.assertIn(b"waiting for a debugger", machine.stderr.readline())
            commands = [f"-target-select remote 127.0.0.1:{port}", "-break-insert -t main", "-exec-continue"]
            gdb = subprocess.Popen(
                ["gdb", "-nx", "-q", "--interpreter=mi2", "-x", os.path.join(ROOT, "tools/gdb/vitrine.py"),
                 "-ex", f"program {exhibit('brk')}", os.path.join(BUILD, "vitrine.elf")],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            try:
                gdb.stdin.write("\n".join(commands) + "\n")
                gdb.stdin.flush()
                stop = next(line for line in gdb.stdout if "breakpoint-hit" in line)
                self.assertIn('func="main"', stop)
                gdb.stdin.write("-exec-continue\n")
                gdb.stdin.flush()
                out, err = machine.communicate(timeout=LIMIT)
            finally:
                gdb.kill()
                gdb.communicate()
            self.assertEqual(machine.returncode, 0, err)
            self.assertIn(b"sbrk(2 * 4096)", out)
        finally:
            if machine.poll() is None:
                machine.kill()
            machine.wait()
            machine.stdout.close()
            machine.stderr.close()


if __name__ == "__main__":
    unittest.main()
