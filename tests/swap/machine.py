"""A machine whose swap disk is made to stall, and to go on, while programs run in it."""
import os
import select
import socket
import subprocess
import time

from tests.boot.vitrine import ROOT, Outcome

PATIENCE = 60


class Machine:
    """tools/vitrine run, with the disk's monitor at hand. Use as a context."""

    def __init__(self, place, image, *words):
        self.monitor_path_ = os.path.join(place, "monitor")
        self.log_path_ = os.path.join(place, "log")
        drive = f"if=none,id=slow,format=raw,file={image}"
        arguments = ["-drive", drive, "-device", "virtio-blk-pci,drive=slow,ioeventfd=off", "-monitor",
                     f"unix:{self.monitor_path_},server=on,wait=off"]
        self.process_ = subprocess.Popen(
            [f"{ROOT}/tools/vitrine", "run", "--timeout", str(PATIENCE), "--log", self.log_path_, "--option",
             "swap=/dev/vda", *(word for each in arguments for word in ("--qemu-arg", each)), *map(str, words)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.out_ = b""
        self.monitor_ = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.monitor_ is not None:
            self.monitor_.close()
        self.process_.terminate()
        self.process_.communicate()

    def wait_for(self, text):
        """Until the programs have printed this."""
        deadline = time.monotonic() + PATIENCE
        while text.encode() not in self.out_:
            ready, _, _ = select.select([self.process_.stdout], [], [], max(0, deadline - time.monotonic()))
            piece = os.read(self.process_.stdout.fileno(), 65536) if ready else b""
            if not piece:
                raise AssertionError(f"no {text!r} in {self.out_!r}\n{self.log()[-3000:]}")
            self.out_ += piece

    def wait_for_log(self, text, count):
        """Until the kernel has said this so often."""
        deadline = time.monotonic() + PATIENCE
        while self.log().count(text) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{text!r}: {self.log().count(text)} times instead of {count}\n{self.log()[-3000:]}")
            time.sleep(0.01)

    def log(self):
        with open(self.log_path_, encoding="utf-8", errors="replace") as file:
            return file.read()

    def say(self, text="\n"):
        """A line for the programs."""
        self.process_.stdin.write(text.encode())
        self.process_.stdin.flush()

    def stall(self, reads=0, writes=0):
        """So many bytes a second from now on; 0: as many as it can."""
        self.ask_(f"block_set_io_throttle slow 0 {reads} {writes} 0 0 0")

    def end(self):
        """The outcome, as of tests.boot.vitrine.run()."""
        out, err = self.process_.communicate(timeout=PATIENCE)
        return Outcome(self.process_.returncode, (self.out_ + out).decode(), err.decode(errors="replace"), self.log())

    def ask_(self, command):
        if self.monitor_ is None:
            self.monitor_ = socket.socket(socket.AF_UNIX)
            self.monitor_.settimeout(PATIENCE)
            self.monitor_.connect(self.monitor_path_)
            self.until_prompt_()
        self.monitor_.sendall(command.encode() + b"\n")
        self.until_prompt_()

    def until_prompt_(self):
        said = b""
        while not said.endswith(b"(qemu) "):
            piece = self.monitor_.recv(65536)
            if not piece:
                raise AssertionError(f"the monitor said {said!r}")
            said += piece
