"""The kernel file: where it is, that it is one, and how much memory it takes."""
import os
import struct

from .failure import Failure, reason
from .program import ELF_HEADER, EM_X86_64, PROGRAM_HEADER

PT_LOAD = 1
LOADED_AT = 1 << 20  # linked at one MiB

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))


def build_directory():
    """Where `make` puts what it builds: $BUILD, seen from the repository, as it is for make."""
    return os.path.join(ROOT, os.environ.get("BUILD") or "build")


def default_path(checked):
    return os.path.join(build_directory(), *(["checked"] if checked else []), "vitrine.elf")


def shown(path):
    """A path as people would type it: relative to where they are when that is shorter."""
    try:
        relative = os.path.relpath(path)
    except OSError:
        return path
    return relative if len(relative) < len(path) else path


def memory_needed(path, is_default, checked=False):
    """The first byte above the kernel when it is loaded; a Failure when the file is no kernel."""
    try:
        with open(path, "rb") as file:
            head = file.read(ELF_HEADER.size)
            if len(head) < ELF_HEADER.size or head[:6] != b"\x7fELF\x02\x01":
                raise Failure(f"{shown(path)} is not a kernel (no 64-bit ELF file): build it again with make")
            fields = ELF_HEADER.unpack(head)
            if fields[2] != EM_X86_64 or fields[9] != PROGRAM_HEADER.size:
                raise Failure(f"{shown(path)} is not a kernel for x86-64: build it again with make")
            file.seek(fields[5])
            headers = file.read(fields[10] * PROGRAM_HEADER.size)
    except FileNotFoundError as error:
        target = "build/checked/vitrine.elf" if checked else "build/vitrine.elf"
        remedy = f"build it with: make {target}" if is_default else "name another with --kernel"
        raise Failure(f"the kernel {shown(path)} is not there: {remedy}") from error
    except OSError as error:
        raise Failure(f"cannot read the kernel {shown(path)}: {reason(error)}") from error
    end = LOADED_AT
    for header in struct.iter_unpack(PROGRAM_HEADER.format, headers[: len(headers) // 56 * 56]):
        if header[0] == PT_LOAD:
            end = max(end, header[4] + header[6])  # p_paddr + p_memsz
    return end
