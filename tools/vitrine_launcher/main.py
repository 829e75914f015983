"""The commands and their options; the one place where a Failure becomes a line and status 125."""
import os
import signal
import sys
import time

from . import arguments, failure
from .arguments import Option, integer, non_empty, seconds
from .failure import Failure
from .signals import Interrupted

# The kernel starts with no less; the highest is what TCG's 40 bits of physical address reach.
MEMORY = Option(
    "--memory", "MIB", "the machine's memory, default 256", convert=integer(16, 1 << 20, "MiB"), default=256
)
TIMEOUT = Option(
    "--timeout", "S", "stop after so many seconds, status 125; default 3600, none with --gdb", convert=seconds
)
LOG = Option("--log", "FILE", "the kernel's log, default build/log/PROGRAM.log", convert=non_empty)
KERNEL = Option("--kernel", "FILE", "another kernel than build/vitrine.elf", convert=non_empty)
CHECKED = Option("--checked", "", "the checked kernel, build/checked/vitrine.elf")
OPTION = Option(
    "--option",
    "KEY=VALUE",
    "a word for the kernel's command line, as swap_policy=lru (or aging, clock, fifo, random)",
    many=True,
    convert=arguments.assignment,
)
ENV = Option(
    "--env",
    "K=V",
    "a variable for programs; K alone: ours, as TERM and VITRINE_LANG are always",
    many=True,
    convert=arguments.assignment,
)
PUT = Option(
    "--put",
    "HOST[:PATH]",
    "a file, or a directory with all in it, for the programs, at PATH; without it at the same place as here",
    many=True,
    convert=non_empty,
)
ADD = Option("--add", "HOST[=PATH]", "the same with a =, for names with a colon", many=True, convert=non_empty)
THEN = Option(
    "--then", '"PROG ARGS"', 'another, when all before it have ended; "A & B" start together', many=True
)
QUEUE = Option(
    "--queue", '"PROG ARGS"', "another, when a program has ended: one for each, in this order", many=True
)


def machine_options():
    from .qemu import DEFAULT_CPU

    return [
        MEMORY,
        TIMEOUT,
        LOG,
        OPTION,
        ENV,
        Option("--icount", "", "one instruction is one nanosecond: every run counts the same"),
        Option(
            "--cpu",
            "MODEL",
            f"QEMU's processor model, default {DEFAULT_CPU}",
            convert=non_empty,
            default=DEFAULT_CPU,
        ),
        Option(
            "--disk",
            "FILE[,ro]",
            "a raw image as a disk: the first is /dev/vda; ro: not to be written",
            many=True,
            convert=non_empty,
        ),
        Option(
            "--swap",
            "MIB",
            "more memory than there is: a swap area of this size, made by mkswap for this run",
            once=True,
            # A slot's number has 28 bits: 1 TiB (mm/swap_slot.hpp).
            convert=integer(1, 1 << 20, "MiB"),
        ),
        Option(
            "--swap-file",
            "FILE",
            "an image of yours that mkswap has formatted, as a swap area",
            once=True,
            convert=non_empty,
        ),
        Option("--uefi", "", "boot through UEFI firmware (OVMF) instead of BIOS; from 64 MiB on"),
        Option("--lessons", "", "the kernel's explanations on standard error, terminal or not"),
        Option("--debug-keep", "", "keep what QEMU was given in build/debug/PROGRAM/"),
        Option(
            "--gdb",
            "PORT|PATH",
            "stop at the first instruction and wait for GDB, at a port of this machine or a Unix socket",
            convert=non_empty,
        ),
        Option("--qemu-arg", "ARG", "an argument for QEMU", many=True),
    ]


def run_options():
    return [
        *machine_options(),
        KERNEL,
        CHECKED,
        PUT,
        ADD,
        Option("--iso", "", "boot through SeaBIOS, GRUB and an ISO instead of directly (--uefi: always)"),
        Option("--with", '"PROG ARGS"', "another program that starts together with PROGRAM", many=True),
        THEN,
        QUEUE,
        Option(
            "--record-references",
            "FILE",
            "record which pages PROGRAM uses, for make policies; FILE.svg: its working set over time",
            once=True,
            convert=non_empty,
        ),
        Option(
            "--record-interval",
            "PAGES",
            "the resolution of that: the order of so many pages at a time is known, default 16",
            once=True,
            # mm/reference_recorder.hpp
            convert=integer(8, 1024, "pages"),
        ),
    ]


def boot_options():
    return [
        *machine_options(),
        Option("--fast", "", "the tour does not wait for keys between its exhibits"),
    ]


def debug_options():
    """Those of `run` that make sense where GDB has the terminal: they are passed on to it."""
    programs = ("put", "add", "with", "then", "queue")
    kept = ("memory", "swap", "swap_file", "option", "env", "cpu", "kernel", "checked", *programs)
    return [
        *(option for option in run_options() if option.key in kept),
        Option("--batch", "FILE", "GDB's commands, one a line, instead of a person's", convert=non_empty),
    ]


def iso_options():
    return [
        Option("--output", "FILE", "the ISO to write", convert=non_empty),
        Option("--run", '"PROG ARGS"', "a program to start first; several start together", many=True),
        Option("--tour", "FILE", "the tour in FILE (user/tour.txt) instead", convert=non_empty),
        THEN,
        QUEUE,
        PUT,
        ADD,
        ENV,
        OPTION,
        KERNEL,
        CHECKED,
    ]


ABOUT = {
    "run": """\
Runs a static x86-64 Linux program on Vitrine in QEMU. Its standard input,
output and error are ours, and so is its exit status (128+N when signal N killed
it). When Vitrine itself fails: status 125 and one line on standard error.""",
    "boot": """\
Boots an ISO of `vitrine iso` through SeaBIOS (or UEFI) and GRUB, and relays its
programs' input and output as `run` does. The ISO of `make run` is the tour: on
a terminal it waits for a key before each exhibit, and q ends it. It needs a
machine with 208 MiB of memory, and 256 MiB to swap to for two of the exhibits.""",
    "debug": """\
Runs a program with GDB attached from the machine's first instruction on, with
the symbols of kernel and program. GDB has the terminal; its command `console`
shows what the program writes. docs/debugging.md is a walk.""",
    "iso": """\
Writes an ISO that BIOS and UEFI machines boot. Its programs lie in /bin; --run
ones start together, --then ones after them, one after the other.""",
    "doctor": """\
Says line by line whether this machine has what is needed, and the exact command
that mends it. Status 0 or 1.""",
}
USAGE = {
    "run": "tools/vitrine run [OPTION]... PROGRAM [ARG...]",
    "boot": "tools/vitrine boot [OPTION]... ISO",
    "debug": "tools/vitrine debug [OPTION]... PROGRAM [ARG...]",
    "iso": 'tools/vitrine iso --output FILE --run "PROG ARGS" [OPTION]...',
    "doctor": "tools/vitrine doctor",
}


def options_of(command):
    of = {
        "run": run_options,
        "boot": boot_options,
        "debug": debug_options,
        "iso": iso_options,
        "doctor": list,
    }
    return of[command]()


def overview():
    lines = ["Vitrine: a teaching kernel about memory. This starts programs on it.", ""]
    for command, about in ABOUT.items():
        lines += [USAGE[command], *(f"    {line}" for line in about.strip().splitlines()), ""]
    return "\n".join([*lines, "tools/vitrine COMMAND --help lists the command's options.", ""])


def perform(words, started):
    """The status of one command line."""
    if not words:
        raise Failure("say what to do: tools/vitrine --help")
    command, rest = words[0], words[1:]
    if command in ("--help", "-h", "help"):
        show(overview())
        return 0
    if command not in ABOUT:
        raise Failure(f"there is no command {command}: see tools/vitrine --help")
    options = options_of(command)
    if rest[:1] in (["--help"], ["-h"]):
        show(arguments.help_text(USAGE[command], ABOUT[command], options))
        return 0
    settings = arguments.parse(options, rest, command)
    if command == "doctor" and settings.rest:
        raise Failure(f"doctor takes no {settings.rest[0]}")
    # Imported late: a run does not wait for what only the doctor needs.
    if command == "doctor":
        from . import doctor

        lines, status = doctor.examine()
        show("\n".join(lines) + "\n")
        return status
    if command == "iso":
        from . import product

        return product.build(settings)
    if command == "debug":
        from . import debug

        own = [option for option in options if option.key == "batch"]
        return debug.debug(settings, arguments.words(settings, [one for one in options if one not in own]))
    from . import run

    return (run.run if command == "run" else run.boot)(settings, started)


def show(text):
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # else Python complains when it ends


def main(words):
    started = time.monotonic()
    for fd in (0, 1, 2):
        open_if_closed(fd)
    try:
        interruptible()
        return perform(words, started)
    except Failure as why:
        failure.report(str(why))
        return failure.FAILURE_STATUS
    except Interrupted as interrupted:
        return interrupted.status
    except MemoryError:
        failure.report(
            "this machine has no memory left: close other programs, or leave files out of the archive"
        )
        return failure.FAILURE_STATUS
    except Exception as error:  # ours to mend, but still one line and a status that is not the program's
        failure.report(f"a mistake in the launcher: {type(error).__name__}: {error}{place(error)}")
        return failure.FAILURE_STATUS


def place(error):
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    return f" ({os.path.basename(frame.tb_frame.f_code.co_filename)}:{frame.tb_lineno})" if frame else ""


def open_if_closed(fd):
    """A closed standard descriptor would become the next file that is opened, such as the log."""
    try:
        os.fstat(fd)
    except OSError:
        if os.open(os.devnull, os.O_RDWR) != fd:
            raise


def interruptible():
    """Ending signals become an exception, so that all is cleaned up, until the relay takes over."""

    def end(number, _):
        raise Interrupted(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, end)
