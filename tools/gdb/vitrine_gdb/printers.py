"""How addresses and what is made of them are printed: as numbers, not as objects with a number in them."""
import gdb
import gdb.printing

from . import kernel


class Hexadecimal:
    def __init__(self, value):
        self.value_ = value

    def to_string(self):
        return f"{kernel.number(self.value_):#x}"


class Range:
    def __init__(self, value):
        self.value_ = value

    def to_string(self):
        return "-".join(f"{kernel.number(self.value_[side]):#x}" for side in ("begin", "end"))


class Entry:
    """What it leads to, and the names of its flags."""

    def __init__(self, value):
        self.value_ = value

    def to_string(self):
        bits = kernel.static_members("mm::PageTableEntry")
        raw, mask = kernel.number(self.value_), bits.pop("AddressMask")
        names = [name for name, bit in bits.items() if raw & bit]
        return " ".join([f"{raw & mask:#x}", *names]) if raw else "empty"


def register():
    printers = gdb.printing.RegexpCollectionPrettyPrinter("vitrine")
    printers.add_printer("Address", r"^mm::(Address<.*>|PhysAddr|VirtAddr)$", Hexadecimal)
    printers.add_printer("VirtRange", r"^mm::VirtRange$", Range)
    printers.add_printer("PageTableEntry", r"^mm::PageTableEntry$", Entry)
    gdb.printing.register_pretty_printer(None, printers, replace=True)
