"""The end of a run, put into one exit status.

Only what the kernel said twice counts as a program's end: by a status frame on the channel and by the value
it wrote to the debug-exit port. A triple fault, for one, ends QEMU with status 0 and without a word.
"""
import signal
from dataclasses import dataclass

from .failure import Failure
from .frames import EXITED, KILLED

# isa-debug-exit: QEMU ends with (value << 1) | 1.
ENDED = 0x10 << 1 | 1
PANICKED = 0x11 << 1 | 1
REFUSED = 0x12 << 1 | 1


@dataclass
class Ending:
    """What was seen: QEMU's status as subprocess has it, the status frame or None, and the texts."""

    qemu_status: int
    kernel_spoke: bool
    program_status: bytes | None
    panic: str | None
    refusal: str | None
    qemu_error: str
    log_path: str


def exit_status(end):
    """The program's status as a shell would have it, or a Failure."""
    see_log = f"(log: {end.log_path})"
    if end.qemu_status < 0:
        raise Failure(f"QEMU was killed by {signal_name(-end.qemu_status)} {see_log}")
    if end.qemu_status == PANICKED or end.panic is not None:
        raise Failure(f"kernel panic: {end.panic or 'without a word'} {see_log}")
    if end.qemu_status == REFUSED or end.refusal is not None:
        raise Failure(f"the kernel refused to start: {end.refusal or 'without a word'} {see_log}")
    if end.qemu_status == 0 and not end.kernel_spoke:
        raise Failure(
            f"the machine reset itself before the kernel said a word: nothing bootable, or a triple fault at "
            f"its very start {see_log}"
        )
    if end.qemu_status == 0:
        raise Failure(
            f"the machine reset or powered itself off before the programs ended: a triple fault {see_log}"
        )
    if end.qemu_status != ENDED:
        why = end.qemu_error or "it did not say why"
        raise Failure(f"QEMU ended with status {end.qemu_status}: {why} {see_log}")
    if end.program_status is None:
        raise Failure(f"the kernel ended without telling the program's exit status {see_log}")
    how, value = end.program_status
    if how == EXITED:
        return value
    if how == KILLED and 0 < value < 128:
        return 128 + value
    raise Failure(f"the kernel told a program's end that there is not: {how}, {value} {see_log}")


def signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
