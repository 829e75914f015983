"""program FILE: the symbols of the program that runs on the kernel."""
import os
import struct

import gdb

from . import kernel
from .command import Command

ET_DYN = 3  # elf(5), e_type


class Program(Command):
    """program FILE: load the symbols of a program that runs on Vitrine, beside the kernel's.

A breakpoint is an address. It stops every program that has an instruction there, not only this one."""

    NAME = "program"
    WORDS = (1, 1)

    def run(self, words):
        path = os.path.abspath(os.path.expanduser(words[0]))
        gdb.execute(f'add-symbol-file "{path}" -o {load_offset(path):#x}', to_string=True)
        print(f"symbols of {path}")


def load_offset(path):
    """A position-independent program lies where the kernel's loader puts all of them."""
    try:
        with open(path, "rb") as file:
            head = file.read(18)
    except OSError as error:
        raise gdb.GdbError(f"cannot read {path}: {error.strerror}") from error
    if len(head) < 18 or head[:4] != b"\x7fELF":
        raise gdb.GdbError(f"{path} is not an ELF program")
    is_movable = struct.unpack_from("<H", head, 16)[0] == ET_DYN
    return kernel.number(kernel.symbol("kernel::(anonymous namespace)::PositionIndependentBase")) * is_movable


def register():
    Program()
