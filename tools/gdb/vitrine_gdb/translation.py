"""translation ADDRESS: what the processor's own walk through the four levels of tables finds."""
import gdb

from . import kernel
from .command import Command

# SDM vol. 3A, 4.5: level 4 is the root.
NAMES = {4: "PML4", 3: "PDPT", 2: "PD", 1: "PT"}


class Translation(Command):
    """translation ADDRESS: walk the page tables from CR3 and show the entry of each level.

ADDRESS is any expression: a number, $sp, a variable that holds an address, &object.
An entry's flags have the names of mm::PageTableEntry's members. "empty" is where the walk ends: a program's
touch of the page is a page fault, and mm/fault.cpp decides what it becomes."""

    NAME = "translation"
    WORDS = (1, None)

    def run(self, words):
        address = evaluate(" ".join(words))
        if not kernel.paging_is_on():
            print(f"{address:#x}: paging is off, so this is the physical address as well")
            return
        walk(address)


def evaluate(text):
    value = kernel.plain(gdb.parse_and_eval(text))
    if value.type.strip_typedefs().code in (gdb.TYPE_CODE_ARRAY, gdb.TYPE_CODE_FUNC):
        value = value.address
    return kernel.number(value) & (1 << 64) - 1


def walk(address):
    bits = kernel.static_members("mm::PageTableEntry")
    mask = bits.pop("AddressMask")
    table = kernel.static_members("mm::PageTable")
    page_shift = (mask & -mask).bit_length() - 1
    index_bits = table["Entries"].bit_length() - 1
    at = kernel.register("cr3") & mask
    print(f"{address:#x}, from CR3 = {at:#x}:")
    for level in range(table["Levels"], 0, -1):
        shift = page_shift + index_bits * (level - 1)
        index = address >> shift & table["Entries"] - 1
        entry = read_entry(at, index)
        print(f"  {f'{NAMES[level]}[{index}]':<10} {describe(entry, bits, mask, level)}")
        if not entry & bits["Present"]:
            print("not translated: a touch is a page fault")
            return
        if level == 1 or (level < table["Levels"] and entry & bits["Large"]):
            inside = (1 << shift) - 1
            print(f"physical address {entry & mask & ~inside | address & inside:#x}")
            return
        at = entry & mask


def read_entry(table, index):
    kind = gdb.lookup_type("mm::PageTableEntry")
    return kernel.number(kernel.object_at(kernel.direct_map(table) + index * kind.sizeof, "mm::PageTableEntry"))


def describe(entry, bits, mask, level):
    if entry == 0:
        return "empty"
    # In an upper level bit 7 says "large"; in a leaf it means something else (PAT), which we never set.
    names = [name for name, bit in bits.items() if entry & bit and not (name == "Large" and level == 1)]
    return f"{'page ' if level == 1 else 'table'} at {entry & mask:#x}  {' '.join(names)}"


def register():
    Translation()
