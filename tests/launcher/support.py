"""What the launcher's tests share: a PATH with the pretended QEMU, a kernel and programs of a few bytes."""
import os
import shutil
import struct
import subprocess
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
LAUNCHER = os.path.join(ROOT, "tools", "vitrine")

ET_REL, ET_EXEC = 1, 2
PT_LOAD, PT_INTERP = 1, 3


def elf(*, kind=ET_EXEC, machine=62, elf_class=2, segments=(PT_LOAD,), memory=4096):
    """The bytes of a small ELF file (elf(5))."""
    head = struct.pack(
        "<16sHHIQQQIHHHHHH",
        b"\x7fELF" + bytes([elf_class, 1, 1]),
        kind,
        machine,
        1,
        0x100000,
        64,
        0,
        0,
        64,
        56,
        len(segments),
        0,
        0,
        0,
    )
    table = b"".join(
        struct.pack("<II6Q", segment, 5, 0, 0x100000, 0x100000, 0, memory, 4096) for segment in segments
    )
    return head + table


class LauncherTest(unittest.TestCase):
    """A private directory for every test; nothing may be left running or lying about when it ends."""

    LIMIT = 60

    def setUp(self):
        self.place = tempfile.mkdtemp(prefix="launcher-test.")
        self.addCleanup(shutil.rmtree, self.place, ignore_errors=True)
        self.temporary = self.make_directory("tmp")
        self.bin = self.make_directory("bin")
        self.build = self.make_directory("build")
        os.symlink(os.path.join(HERE, "fake_qemu.py"), os.path.join(self.bin, "qemu-system-x86_64"))
        self.kernel = self.make_file("build/vitrine.elf", elf())
        self.program = self.make_file("prog", elf(), mode=0o755)
        self.environment = {
            "PATH": f"{self.bin}:{os.environ.get('PATH', '/usr/bin:/bin')}",
            "BUILD": self.build,
            "TMPDIR": self.temporary,
            "HOME": self.place,
            "LC_ALL": "C.UTF-8",
        }

    def tearDown(self):
        self.assertEqual(os.listdir(self.temporary), [], "temporary files were left behind")
        self.wait_for(lambda: not self.processes(), "the end of what was started")

    def processes(self):
        """The running processes that this test started, known by the TMPDIR that they were given."""
        mark = f"TMPDIR={self.temporary}".encode()
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/environ", "rb") as file:
                    ours = mark in file.read().split(b"\0")
            except OSError:  # it has ended, or belongs to somebody else
                continue
            if ours and is_running(pid):
                found.append(int(pid))
        return found

    @staticmethod
    def name(pid):
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
            return file.read().strip()

    def path(self, name):
        return os.path.join(self.place, name)

    def make_directory(self, name):
        os.makedirs(self.path(name))
        return self.path(name)

    def make_file(self, name, content, mode=0o644):
        with open(self.path(name), "wb") as file:
            file.write(content)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def start(self, part, *arguments, **how):
        """The launcher as a subprocess.Popen; part is what the pretended QEMU plays."""
        environment = {**self.environment, "FAKE_QEMU": part, **how.pop("env", {})}
        how = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "cwd": self.place,
            **how,
        }
        process = subprocess.Popen([LAUNCHER, *arguments], env=environment, **how)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()

    def call(self, part, *arguments, input=None, **how):
        """(status, stdout, stderr) of `vitrine ARGUMENTS`."""
        if input is not None:
            how["stdin"] = subprocess.PIPE
        process = self.start(part, *arguments, **how)
        out, err = process.communicate(input, timeout=self.LIMIT)
        return process.returncode, out, err

    def run_program(self, part, *options, **how):
        return self.call(part, "run", *options, self.program, **how)

    def assert_failure(self, result, *words):
        """Status 125, nothing on standard output, and one line that says why in these words."""
        status, out, err = result
        text = err.decode()
        self.assertEqual((status, out), (125, b""), text)
        self.assertRegex(text, r"\Avitrine: [^\n]+\n\Z")
        for word in words:
            self.assertIn(word, text)

    def wait_for(self, condition, what):
        deadline = time.monotonic() + self.LIMIT
        while not (value := condition()):
            self.assertLess(time.monotonic(), deadline, f"waited in vain for {what}")
            time.sleep(0.01)
        return value

    def wait_until_idle(self, process):
        """Until it has used no processor time for a while."""

        def is_idle():
            before = self.ticks(process)
            time.sleep(0.2)
            return self.ticks(process) == before

        self.wait_for(is_idle, "an idle launcher")

    @staticmethod
    def ticks(process):
        with open(f"/proc/{process.pid}/schedstat", encoding="ascii") as file:
            return file.read()

    def wait_for_file(self, name):
        self.wait_for(lambda: os.path.exists(self.path(name)), name)
        return self.read(name).decode()

    def assert_gone(self, pid):
        self.wait_for(lambda: not is_running(int(pid)), f"the end of process {pid}")


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False
