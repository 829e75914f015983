#!/usr/bin/python3
"""Writes the kernel's table of function names as NASM source.

    make_symbol_table.py                empty table, for the first link
    make_symbol_table.py vitrine.elf    the names in an already linked kernel

The table stands in .rodata, behind .text, so that linking it in does not move a function.
"""
import subprocess
import sys

KERNEL_BASE = 0xFFFFFFFF80000000


def readable(name):
    """The demangled name without its parameters: "kernel::panic_text(std::...)" becomes "kernel::panic_text"."""
    name = name.replace("(anonymous namespace)", "{anonymous}")
    depth = 0
    for i, c in enumerate(name):
        if c == "<":
            depth += 1
        elif c == ">":
            depth -= 1
        elif c == "(" and depth <= 0 and not name[:i].endswith("operator"):
            name = name[:i]
            break
    # A template function's demangled name begins with its return type.
    if "<" in name and " " in name.split("<")[0]:
        name = name[name.index(" ") + 1:]
    return name.replace("{anonymous}::", "")[:120]


def functions(elf):
    lines = subprocess.run(["nm", "-C", elf], check=True, capture_output=True, text=True).stdout.splitlines()
    found = {}
    for line in lines:
        address, kind, name = line.split(" ", 2)
        address = int(address, 16)
        # NASM's local labels (outer.inner) only repeat the outer name.
        if kind in "tTwW" and address >= KERNEL_BASE and "." not in name.split("(")[0].split("<")[0]:
            found.setdefault(address, readable(name))
    return sorted(found.items())


def main():
    entries = functions(sys.argv[1]) if len(sys.argv) > 1 else []
    out = ["section .symbol_table progbits alloc noexec nowrite align=8",
           "global symbol_entries, symbol_entry_count, symbol_names"]
    out.append(f"symbol_entry_count: dd {len(entries)}")
    out.append("symbol_entries:")
    offset, names = 0, []
    for address, name in entries:
        out.append(f"dd {address - KERNEL_BASE:#x}, {offset}")
        names.append(name)
        offset += len(name) + 1
    out.append("symbol_names:")
    for name in names:
        out.append(f"db `{name}`, 0")
    out.append("db 0")
    print("\n".join(out))


main()
