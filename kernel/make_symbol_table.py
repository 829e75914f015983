#!/usr/bin/python3
"""Writes the kernel's table of function names as NASM source.

    make_symbol_table.py                empty table, for the first link
    make_symbol_table.py vitrine.elf    the names in an already linked kernel

The table stands in .rodata, behind .text, so that linking it in does not move a function.
"""
import re
import subprocess
import sys

KERNEL_BASE = 0xFFFFFFFF80000000


def without(name, opening, closing):
    """Leaves out what stands between brackets, but for operators that are named by them."""
    out, depth = [], 0
    for i, c in enumerate(name):
        if c == opening and not name[:i].rstrip(opening).endswith("operator"):
            depth += 1
        if depth == 0:
            out.append(c)
        if c == closing and depth > 0:
            depth -= 1
    return "".join(out)


def readable(name):
    """The demangled name as people say it: "kernel::panic_text(std::…)" becomes "kernel::panic_text"."""
    name = re.sub(r"\(anonymous namespace\)::|\[clone [^]]*\]", "", name)
    name = without(without(name, "(", ")"), "<", ">").replace(" const", "")
    name = re.sub(r"\{lambda#\d+\}", "{lambda}", name).strip()
    if "operator " not in name:
        name = name.split(" ")[-1]  # a template's demangled name begins with its return type
    return name[:120]


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
