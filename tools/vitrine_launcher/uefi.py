"""UEFI: the firmware (OVMF) beside QEMU's own BIOS, with variables of this run's own.

The firmware's code is read-only and shared; what it calls its variables (boot order and such) is a flash chip
that it writes to, so every run gets a fresh copy in memory, which no killed launcher leaves behind.
"""
import contextlib
import os

from .failure import Failure, reason
from .qemu import descriptor_path

DIRECTORY = "/usr/share/OVMF"
CODE, VARIABLES = "OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd"
PACKAGE = "ovmf"
MIB = 1 << 20

# Measured with OVMF 2022.11 and GRUB 2.06: at 56 MiB GRUB has no room left for an archive of 6, at 40 it is
# not even loaded, at 32 the firmware crashes and hangs.
SMALLEST_MEMORY = 64
# Besides, module2 needs the archive's size about twice. Measured: 25 MiB of archive start in 128 and 40 do
# not; 100 start in 256 and 130 do not.
KEPT_BY_FIRMWARE = 56

# What OVMF writes on COM1 before it opens a menu or a shell and waits for keys, or before it hangs.
GAVE_UP = (b"BdsDxe: failed to load", b"BdsDxe: No bootable option", b"!!!! X64 Exception Type")


def check_memory(memory, archive_size=0):
    """Said before QEMU starts: the firmware would say it in its own way, or not at all."""
    if memory < SMALLEST_MEMORY:
        raise Failure(
            f"{memory} MiB of memory are too little for UEFI: say --memory {SMALLEST_MEMORY} or more"
        )
    needed = KEPT_BY_FIRMWARE + 2 * -(-archive_size // MIB)
    if memory < needed:
        raise Failure(
            f"the programs and files to be run have {archive_size / MIB:.1f} MiB, too much for {memory} MiB "
            f"of memory under UEFI: say --memory {needed} or more"
        )


@contextlib.contextmanager
def flash():
    """(QEMU's arguments, the descriptors that it must inherit)."""
    code = os.path.join(DIRECTORY, CODE)
    try:
        with open(os.path.join(DIRECTORY, VARIABLES), "rb") as file:
            fresh = file.read()
        with open(code, "rb"):
            pass
    except OSError as error:
        raise Failure(
            f"cannot read the UEFI firmware {error.filename}: {reason(error)}: apt-get install {PACKAGE} "
            "(or run tools/setup)"
        ) from error
    try:
        file = os.fdopen(os.memfd_create("vitrine-uefi-variables", os.MFD_CLOEXEC), "w+b")
    except OSError as error:
        raise Failure(f"cannot copy the UEFI variables: {reason(error)}") from error
    with contextlib.ExitStack() as resources:
        resources.callback(close_quietly, file)
        try:
            file.write(fresh)
            file.flush()
        except OSError as error:
            raise Failure(f"cannot copy the UEFI variables: {reason(error)}: make room") from error
        arguments = [
            "-drive",
            f"if=pflash,unit=0,format=raw,readonly=on,file={code}",
            "-drive",
            f"if=pflash,unit=1,format=raw,file={descriptor_path(file.fileno())}",
        ]
        yield arguments, (file.fileno(),)


def close_quietly(file):
    with contextlib.suppress(OSError):  # what could not be written then cannot be written now
        file.close()
