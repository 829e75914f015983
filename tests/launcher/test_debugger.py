"""--gdb: where a debugger finds the machine, and who else does."""
import os
import re
import signal
import socket
import stat
import unittest

from support import LauncherTest


class Debugger(LauncherTest):
    def waiting(self, where):
        """A launcher whose QEMU does not end, once it has said that it waits."""
        process = self.start("hangs:" + self.path("started"), "run", "--gdb", where, self.program)
        line = process.stderr.readline().decode()
        self.assertEqual(line, f"vitrine: waiting for a debugger; in GDB: target remote {self.shown(where)}\n")
        return process

    @staticmethod
    def shown(where):
        return f"127.0.0.1:{where}" if where.isdigit() else where

    def stop(self, process):
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(self.LIMIT), 128 + signal.SIGTERM)

    def test_the_socket_is_its_owners_alone_and_goes_with_the_launcher(self):
        where = self.path("gdb")
        process = self.waiting(where)
        self.assertEqual(stat.S_IMODE(os.stat(where).st_mode) & 0o077, 0)
        with socket.socket(socket.AF_UNIX) as debugger:
            debugger.connect(where)
        self.stop(process)
        self.assertFalse(os.path.exists(where))

    def test_a_port_is_this_machines(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        process = self.waiting(port)
        with socket.socket() as debugger:
            debugger.connect(("127.0.0.1", int(port)))
        self.assert_failure(self.run_program("exits:0", "--gdb", port), port, "in use")
        self.stop(process)

    def test_somebody_elses_socket_stays(self):
        where = self.path("gdb")
        process = self.waiting(where)
        self.assert_failure(self.run_program("exits:0", "--gdb", where), where, "in use")
        self.assertTrue(os.path.exists(where))
        self.stop(process)

    def test_a_socket_left_behind_is_replaced(self):
        where = self.path("gdb")
        with socket.socket(socket.AF_UNIX) as left_behind:
            left_behind.bind(where)
        status, _, err = self.run_program("exits:3", "--gdb", where)
        self.assertEqual(status, 3, err)

    def test_qemu_is_told_to_wait(self):
        process = self.waiting(self.path("gdb"))
        with open(f"/proc/{self.qemu_of(process)}/cmdline", encoding="utf-8") as file:
            words = file.read().split("\0")
        self.assertIn("-S", words)
        self.assertEqual(words[words.index("-gdb") + 1], "chardev:gdb")
        chardev = next(word for word in words if "id=gdb" in word)
        fd = int(re.search(r"fd=(\d+)", chardev)[1])
        self.assertRegex(os.readlink(f"/proc/{self.qemu_of(process)}/fd/{fd}"), "socket")
        self.stop(process)

    def qemu_of(self, process):
        def child():
            with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii") as file:
                for pid in file.read().split():
                    with open(f"/proc/{pid}/cmdline", "rb") as command:
                        if b"-gdb" in command.read():
                            return pid
            return None

        return self.wait_for(child, "QEMU")

    def test_nonsense_is_refused(self):
        for where, word in (
            ("0", "port"),
            ("65536", "port"),
            ("99999999999", "port"),
            ("", "empty"),
            (self.path("no/where"), "No such file"),
            (self.program, "in use"),
            (self.path("x" * 200), "107 bytes"),
        ):
            with self.subTest(where=where):
                self.assert_failure(self.run_program("exits:0", "--gdb", where), word)


if __name__ == "__main__":
    unittest.main()
