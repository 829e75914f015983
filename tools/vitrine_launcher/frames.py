"""The channel's frames: {u8 type, u8 0, u16 0, u32 length, little endian} and so many bytes.

The decoder works on what one recv() brought and hands payload out in slices of it, without copying and
without waiting for the whole frame, so that output of any size costs what it must and no more.
"""
import struct

HEADER = struct.Struct("<BBHI")
LARGEST_PAYLOAD = 65536

# Guest to host. WANT_INPUT {u32 bytes}: a program waits; the answer is one STDIN of at most so many bytes, or
# STDIN_END. TERMINAL_MODE {u8}: a program wants our terminal to hand over whole LINES or every key, with ECHO or
# without, and Ctrl-C as a signal (SIGNALS) or as a key; FOREGROUND: such signals are for the guest, where a shell
# has put a group of processes into the terminal's foreground. REFERENCES: a stream of 64-bit words, cut anywhere (recording.py).
STDOUT, STDERR, LESSON, STATUS, WANT_INPUT, TERMINAL_MODE, REFERENCES = 1, 2, 3, 4, 5, 6, 7
LINES, ECHO, SIGNALS, FOREGROUND = 1, 2, 4, 8
# Host to guest. SIGNAL {u8}: the number of what was typed at our terminal, SIGINT or SIGTSTP.
STDIN, STDIN_END, SIGNAL = 16, 17, 18

WHOLE_SIZES = {STATUS: 2, WANT_INPUT: 4, TERMINAL_MODE: 1}

EXITED, KILLED = 0, 1  # STATUS: how


class ProtocolError(Exception):
    """The guest sent something that is no frame."""


def encode(kind, payload=b""):
    return HEADER.pack(kind, 0, 0, len(payload)) + payload


class Decoder:
    """feed() yields (type, bytes-like) pieces: streams in any number of them, all others whole."""

    def __init__(self):
        self.head_ = b""
        self.kind_ = None
        self.left_ = 0
        self.whole_ = b""

    @property
    def inside_a_frame(self):
        return bool(self.head_) or self.kind_ is not None

    def feed(self, data):
        """data: a memoryview; the pieces are only good until the caller reuses it."""
        at = 0
        while at < len(data):
            if self.kind_ is None:
                at = self.read_header_(data, at)
                if self.kind_ is None:
                    continue
            piece = data[at : at + self.left_]
            at += len(piece)
            self.left_ -= len(piece)
            if self.kind_ in (STDOUT, STDERR, REFERENCES):
                if len(piece):
                    yield self.kind_, piece
            else:
                self.whole_ += bytes(piece)
                if self.left_ == 0:
                    yield self.kind_, self.whole_
            if self.left_ == 0:
                self.kind_ = None

    def read_header_(self, data, at):
        taken = data[at : at + HEADER.size - len(self.head_)]
        self.head_ += bytes(taken)
        if len(self.head_) == HEADER.size:
            kind, zero8, zero16, length = HEADER.unpack(self.head_)
            known = STDOUT <= kind <= REFERENCES and not zero8 and not zero16 and length <= LARGEST_PAYLOAD
            if not known or length != WHOLE_SIZES.get(kind, length):
                raise ProtocolError(f"the kernel sent {self.head_.hex(' ')}, which is no frame's header")
            self.head_ = b""
            self.whole_ = b""
            self.kind_, self.left_ = (kind, length) if length else (None, 0)
        return at + len(taken)
