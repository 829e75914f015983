"""The ISO in a QEMU that somebody starts by hand, without the launcher: the same tour on its serial line."""
import subprocess
import threading
import unittest

from tests.tour.world import ISO, LIMIT, RUNS

KEYS = b"q: the end of the tour"
ENDED = 33  # isa-debug-exit's 0x10, as QEMU's status


class ByHand(unittest.TestCase):
    def setUp(self):
        self.qemu = subprocess.Popen(
            ["qemu-system-x86_64", "-cpu", "max", "-m", "256", "-cdrom", ISO, "-serial", "stdio", "-display", "none",
             "-no-reboot", "-device", "isa-debug-exit,iobase=0xf4,iosize=4"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        guard = threading.Timer(LIMIT, self.qemu.kill)  # then a read below ends
        guard.start()
        self.addCleanup(self.end, guard)
        self.shown = b""

    def end(self, guard):
        guard.cancel()
        self.qemu.kill()
        self.qemu.communicate()

    def until(self, text):
        begin = len(self.shown)
        while text not in self.shown[begin:]:
            piece = self.qemu.stdout.read1(65536)
            self.assertTrue(piece, self.shown.decode(errors="replace"))
            self.shown += piece

    def press(self, key):
        self.qemu.stdin.write(key)
        self.qemu.stdin.flush()

    def test_a_key_goes_on_and_q_ends(self):
        self.until(KEYS)
        self.press(b" ")
        self.until(KEYS)
        self.assertIn(f"{RUNS[0][1]}: look at".encode(), self.shown)
        self.press(b"q")
        self.until(b"The tour ends here.")
        self.assertEqual(self.qemu.wait(), ENDED)


if __name__ == "__main__":
    unittest.main()
