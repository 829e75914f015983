"""What the tests of swap areas share: their files, and what QEMU and the kernel are told of them."""
import json
import os
import subprocess
import sys

from support import ROOT, LauncherTest

MIB = 1 << 20
MKSWAP = "/sbin/mkswap"
PATCHED = """
import json, sys
from vitrine_launcher import main, swap
for name, value in json.loads(sys.argv[1]).items():
    setattr(swap, name, value)
sys.exit(main.main(sys.argv[2:]))
"""


class SwapTest(LauncherTest):
    def swap_file(self, name="swap.img", size=8 * MIB, *options):
        """The path of a file that mkswap has formatted."""
        path = self.make_file(name, b"", mode=0o600)
        os.truncate(path, size)
        subprocess.run(
            [MKSWAP, *options, path], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        return path

    def words(self, *options):
        """The kernel's options that swap is about."""
        status, out, err = self.run_program("options", *options)
        self.assertEqual((status, err), (0, b""))
        return [word for word in out.decode().split(" ") if word.startswith(("swap", "disk_timeout="))]

    def drives(self, *options, command="run", last=None):
        """QEMU's -drive and -device of each disk."""
        status, out, err = self.call("command", command, *options, last or self.program)
        self.assertEqual((status, err), (0, b""))
        arguments = out.decode().split("\n")
        return [
            (arguments[at], arguments[at + 2])
            for at in range(len(arguments))
            if arguments[at].startswith("if=none,id=disk")
        ]

    def disks(self, *options):
        """As the pretended QEMU finds them: name, size, bytes that it takes, names that it has, and its header."""
        status, out, err = self.run_program("disks", *options)
        self.assertEqual((status, err), (0, b""))
        return [line.split(" ") for line in out.decode().splitlines()]

    def patched(self, values, *arguments):
        """The launcher with other values in its module swap."""
        done = subprocess.run(
            [sys.executable, "-c", PATCHED, json.dumps(values), *arguments],
            env={**self.environment, "PYTHONPATH": os.path.join(ROOT, "tools"), "FAKE_QEMU": "disks"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.place,
            timeout=self.LIMIT,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr
