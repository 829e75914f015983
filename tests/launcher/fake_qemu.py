#!/usr/bin/python3
"""A pretended QEMU: takes the launcher's command line, opens its sockets and plays the part that FAKE_QEMU
names.

A part is `name` or `name:argument`, a function below. What a part prints to standard error is QEMU's own.
"""
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
import zlib

STDOUT, STDERR, LESSON, STATUS, WANT_INPUT, TERMINAL_MODE, REFERENCES = 1, 2, 3, 4, 5, 6, 7
STDIN, STDIN_END, SIGNAL = 16, 17, 18
LINES, ECHO, SIGNALS, FOREGROUND = 1, 2, 4, 8
ENDED, PANICKED, REFUSED = 33, 35, 37


class Machine:
    """What the parts are played on."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.log = self.open_chardev("log")
        self.channel = self.open_chardev("channel")
        self.buffer = b""

    def open_chardev(self, name):
        text = " ".join(self.arguments)
        return socket.socket(fileno=int(re.search(rf"socket,id={name},fd=(\d+)", text)[1]))

    def archive(self):
        with open(self.arguments[self.arguments.index("-initrd") + 1], "rb") as file:
            return file.read()

    def say(self, line):
        self.log.sendall(line.encode() + b"\n")

    def frame(self, kind, payload=b""):
        self.channel.sendall(struct.pack("<BBHI", kind, 0, 0, len(payload)) + payload)

    def print(self, data):
        for at in range(0, len(data), 65536):
            self.frame(STDOUT, data[at : at + 65536])

    def take_frame(self):
        header = self.take(8)
        kind, _, _, length = struct.unpack("<BBHI", header)
        return kind, self.take(length)

    def take(self, size):
        while len(self.buffer) < size:
            data = self.channel.recv(65536)
            if not data:
                sys.exit(1)
            self.buffer += data
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def read_input(self, count):
        """As read(2)."""
        self.frame(WANT_INPUT, struct.pack("<I", count))
        kind, data = self.take_frame()
        if not (kind == STDIN and 1 <= len(data) <= count or kind == STDIN_END and not data):
            sys.exit(f"asked for {count} bytes of input, got frame {kind} with {len(data)}")
        return data

    def end(self, value=0, how=0):
        self.frame(STATUS, bytes([how, value]))
        sys.exit(ENDED)


def exits(machine, value):
    machine.say("hello")
    machine.end(int(value))


def killed(machine, number):
    machine.end(int(number), how=1)


def echo(machine, _):
    """Input to standard output, and its length to standard error at the end."""
    size = 0
    while data := machine.read_input(4096):
        size += len(data)
        machine.frame(STDOUT, data)
    machine.frame(STDERR, str(size).encode())
    machine.end()


def shell(machine, _):
    """Two signals for a job in the foreground, a key each where a shell edits its line, then an end by hand."""
    machine.frame(TERMINAL_MODE, bytes([LINES | ECHO | SIGNALS | FOREGROUND]))
    for _ in range(2):
        machine.print(b"job|")
        kind, number = machine.take_frame()
        machine.print(b"frame %d: %d\n" % (kind, number[0]))
    machine.frame(TERMINAL_MODE, bytes([FOREGROUND]))
    for _ in range(2):
        machine.print(b"prompt|")
        machine.print(b"key %d\n" % machine.read_input(1)[0])
    machine.frame(TERMINAL_MODE, bytes([LINES | ECHO | SIGNALS]))
    machine.print(b"alone|")
    machine.channel.recv(1)  # comes when the launcher has gone
    sys.exit(1)


def both(machine, _):
    """Two streams in turn, in frames cut in the worst places."""
    frames = b"".join(
        struct.pack("<BBHI", kind, 0, 0, len(text)) + text
        for kind, text in ((STDOUT, b"one\0\xff"), (STDERR, b"two"), (STDOUT, b""), (STDOUT, b"three"))
    )
    for at in range(len(frames)):
        machine.channel.sendall(frames[at : at + 1])
    machine.end()


def flood(machine, size):
    block = bytes(range(256)) * 256
    for _ in range(int(size) // len(block)):
        machine.frame(STDOUT, block)
    machine.end()


def options(machine, _):
    """The content of boot/options."""
    archive = machine.archive()
    begin = (110 + len("boot/options") + 1 + 3) & ~3
    at = archive.index(b"boot/options\0") - 110
    size = int(archive[at + 54 : at + 62], 16)
    machine.print(archive[at + begin : at + begin + size])
    machine.end()


def command(machine, _):
    machine.frame(STDOUT, "\n".join(machine.arguments).encode())
    machine.end()


def archive(machine, _):
    machine.print(machine.archive())
    machine.end()


def says(machine, text):
    """Lines of the log, then QEMU's status, as in `says:35:first;second`."""
    status, _, lines = text.partition(":")
    for line in lines.split(";"):
        machine.say(line)
    sys.exit(int(status))


def status_then(machine, status):
    """A status frame, and then an end that contradicts it."""
    machine.frame(STATUS, b"\0\0")
    sys.exit(int(status))


def fails(_, text):
    print(f"qemu-system-x86_64: some warning\nqemu-system-x86_64: {text}", file=sys.stderr)
    sys.exit(1)


def dies(machine, number):
    machine.say("alive")
    os.kill(os.getpid(), int(number))
    time.sleep(60)


def raw(machine, data):
    """Bytes on the channel that need not be frames."""
    machine.channel.sendall(bytes.fromhex(data))
    sys.exit(ENDED)


def lesson(machine, text):
    machine.frame(LESSON, text.encode())
    machine.end(1)


def twice(machine, _):
    machine.frame(STATUS, b"\0\0")
    machine.end()


def hangs(machine, where):
    """Deaf to SIGTERM, and with a child that is as stubborn; their numbers go to a file."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import signal, time\n" "signal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(600)",
        ]
    )
    with open(where + ".new", "w") as file:
        file.write(f"{os.getpid()} {child.pid}")
    os.rename(where + ".new", where)
    machine.say("I am up")
    machine.frame(STDOUT, b"started\n")
    time.sleep(600)


def floods_for_ever(machine, where):
    """Until somebody stops it."""
    with open(where + ".new", "w") as file:
        file.write(str(os.getpid()))
    os.rename(where + ".new", where)
    while True:
        machine.frame(STDOUT, b"x" * 65536)


def boots(machine, lines):
    """Lines of the log, and then it waits for ever, as firmware does that found nothing."""
    for line in lines.split(";"):
        machine.say(line)
    time.sleep(600)


def flash(machine, _):
    """What is written in the flash chips: its size, and whether it can be changed."""
    drives = [word for word in machine.arguments if word.startswith("if=pflash,")]
    for drive in drives:
        path = drive.partition("file=")[2]
        with open(path, "rb" if "readonly=on" in drive else "r+b") as file:
            content = file.read()
            if file.writable():
                file.seek(0)
                file.write(b"changed")
        line = f"{drive.partition(',file=')[0]} {len(content)} {zlib.crc32(content)}\n"
        machine.frame(STDOUT, line.encode())
    machine.end()


def disks(machine, _):
    """What each disk is, and what its first page says of a swap area; then it is written to."""
    for drive in (word for word in machine.arguments if word.startswith("if=none,id=disk")):
        words = dict(word.split("=", 1) for word in drive.split(","))
        with open(words["file"], "r+b") as file:
            status = os.fstat(file.fileno())
            page = file.read(4096)
            file.seek(status.st_size - 4096)
            file.write(b"a page of some program")
        version, last_page = struct.unpack_from("<II", page, 1024)
        line = (words["id"], status.st_size, status.st_blocks * 512, status.st_nlink)
        line += (version, last_page, page[1036:1052].hex(), page[-10:].decode("latin-1"))
        machine.print((" ".join(map(str, line)) + "\n").encode())
    machine.end()


def reads(machine, counts):
    """So many bytes at a time, as in `reads:3,4`; answers with what came, between bars."""
    for count in counts.split(","):
        machine.frame(STDOUT, machine.read_input(int(count)) + b"|")
    machine.end()


def takes_no_input(machine, where):
    """Ends when the file is there, without having read a byte."""
    machine.say("I am up")
    machine.frame(STDOUT, b"started\n")
    while not os.path.exists(where):
        time.sleep(0.02)
    machine.end()


def records(machine, argument):
    """Records, as in `records:3:t0,5,6w,e0`: in frames of 3 bytes; t: a time, e: the end, else a page."""
    size, _, words = argument.partition(":")
    stream = b"".join(struct.pack("<Q", record(word)) for word in words.split(",") if word)
    for at in range(0, len(stream), int(size)):
        machine.frame(REFERENCES, stream[at : at + int(size)])
    machine.frame(STDOUT, b"done")
    machine.end(3)


def record(word):
    if word[0] in "te":
        return (1 if word[0] == "t" else 3) << 62 | int(word[1:])
    return int(word.rstrip("w")) << 1 | word.endswith("w")


def records_many(machine, intervals):
    for interval in range(int(intervals)):
        words = [record(f"t{interval * 1000}"), *(record(f"{interval % 50 * 16 + page}") for page in range(16))]
        machine.frame(REFERENCES, struct.pack("<17Q", *words))
    machine.frame(REFERENCES, struct.pack("<Q", record("e0")))
    machine.end()


def records_and_hangs(machine, words):
    for word in words.split(","):
        machine.frame(REFERENCES, struct.pack("<Q", record(word)))
    machine.frame(STDOUT, b"started\n")
    time.sleep(600)


def leaves_a_child(machine, where):
    """QEMU ends, but something that it started holds on to its sockets."""
    child = subprocess.Popen(["sleep", "600"], pass_fds=(machine.log.fileno(), machine.channel.fileno()))
    with open(where, "w") as file:
        file.write(str(child.pid))
    machine.frame(STDOUT, b"done\n")
    machine.end(3)


def main():
    if sys.argv[1:] == ["--version"]:
        version = os.environ.get("FAKE_QEMU_VERSION", "7.2.22")
        if version == "hangs":
            time.sleep(600)
        print(f"QEMU emulator version {version} (pretended)")
        return
    part, _, argument = os.environ["FAKE_QEMU"].partition(":")
    globals()[part](Machine(sys.argv), argument)


main()
