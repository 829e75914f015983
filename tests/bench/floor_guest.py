"""The floors (floor/): the same machine with a page-fault handler and nothing else."""
from tests import debian_linux

from .boot import ICOUNT, Boot, run_qemu

SECONDS = 60


class FloorGuest:
    def __init__(self, build):
        self.image_ = f"{build}/bench/floor.bin"

    def boot(self, icount, hz):
        command = [*debian_linux.MACHINE, *(ICOUNT if icount else []), "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
                   "-kernel", self.image_, "-append", f"hz={hz}"]
        output, seconds = run_qemu(command, SECONDS, "MB_END")
        return Boot(output, seconds, command)
