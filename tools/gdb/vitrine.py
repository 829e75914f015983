# The script that GDB is told to run: gdb -nx -x tools/gdb/vitrine.py build/vitrine.elf
# Settings for a kernel in QEMU, then the commands, printers and the unwinder of vitrine_gdb/, one a file.
# Nothing is loaded by itself: no ~/.gdbinit, no auto-load. `make debug` does all of it.
import os
import sys

import gdb

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

for setting in (
    "pagination off",
    "confirm off",
    "print static-members off",
    "print max-depth 3",
    # NASM's way, as in our .asm files.
    "disassembly-flavor intel",
    # QEMU describes 64-bit registers even while the processor runs 16- and 32-bit code. Said here, the size of
    # its register packets is what GDB expects from the first instruction on.
    "architecture i386:x86-64",
    # The sources are named as the compiler was told: from the repository's directory.
    f"directories {ROOT}",
):
    gdb.execute(f"set {setting}", to_string=True)

sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
import vitrine_gdb  # noqa: E402 (the path had to be set first)

vitrine_gdb.register()
