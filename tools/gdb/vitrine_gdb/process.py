"""process: whose thread runs."""
from . import kernel
from .command import Command


class Process(Command):
    """process: the process whose thread the processor runs now, its page table and its counts (in pages)."""

    NAME = "process"

    def run(self, words):
        process = kernel.current_process()
        name = process["name_"]["_M_elems"].string()
        print(f"{name}[{int(process['pid_'])}], thread {kernel.name_of(process['main_thread_']['state'])}")
        space = kernel.current_space()
        table = space["page_table_"]
        print(f"page table: root {kernel.number(table['root_']):#x}, {int(table['table_frames_'])} frames")
        print(f"break: {kernel.number(space['break_begin_']):#x} to {kernel.number(space['break_']):#x}")
        counts = space["counts_"]
        resident = sum(int(counts[f"resident_{kind}"]) for kind in ("anonymous", "file", "shared"))
        faults = int(counts["minor_faults"])
        print(f"{int(counts['mapped'])} pages mapped, {resident} resident, {faults} page faults")


def register():
    Process()
