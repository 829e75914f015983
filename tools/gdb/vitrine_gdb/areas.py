"""areas: what the current process believes to have, from its tree of areas."""
from . import kernel
from .command import Command


class Areas(Command):
    """areas: the memory areas of the current process, from low to high addresses.

Permissions are those of mmap(2), p private or s shared. An area is a promise: which of its pages are there
already only the page table knows (translation ADDRESS)."""

    NAME = "areas"

    def run(self, words):
        space = kernel.current_space()
        process = kernel.current_process()
        count = 0
        for area in in_order(space["areas_"]["root_"]):
            begin, end = (kernel.number(area["range"][side]) for side in ("begin", "end"))
            print(f"{f'{begin:#x}-{end:#x}':<29} {(end - begin) >> 10:>8} KiB  {permissions(area)}  "
                  f"{what(area, begin, end, space, process)}")
            count += 1
        print(f"{count} areas")


def in_order(root):
    """The AVL tree's areas by address."""
    path, area = [], root
    while path or area:
        while area:
            path.append(area)
            area = area["tree"]["left"]
        area = path.pop()
        yield area.dereference()
        area = area["tree"]["right"]


def permissions(area):
    allowed = kernel.flags(area["protection"])
    letters = "".join(word[0] if word in allowed else "-" for word in ("read", "write"))
    letters += "x" if "execute" in allowed else "-"
    return letters + ("s" if "shared" in kernel.flags(area["flags"]) else "p")


def what(area, begin, end, space, process):
    if "grows_down" in kernel.flags(area["flags"]):
        return "stack"
    kind = kernel.name_of(area["object"]["kind_"])
    if kind == "File":
        program = process["executable_"]["inode_"]["object_"]
        mine = program and int(area["object"]["source_"]) == int(program.cast(area["object"]["source_"].type))
        return f"{'the program' if mine else 'a file'}, from page {int(area['offset'])}"
    heap_begin, heap_end = (kernel.number(space[name]) for name in ("break_begin_", "break_"))
    if kind == "PrivateAnonymous" and begin < heap_end and end > heap_begin:
        return "heap"
    return {"PrivateAnonymous": "anonymous", "SharedAnonymous": "anonymous, shared"}[kind]


def register():
    Areas()
