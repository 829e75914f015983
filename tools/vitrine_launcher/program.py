"""Is this file a program that Vitrine can run? Said before QEMU starts, where the answer can be precise.

Only what a user gets wrong by mistake is looked at; what is wrong inside an ELF file is the kernel's to say.
"""
import os
import stat
import struct

from .failure import Failure, reason

MACHINES = {3: "32-bit x86", 40: "32-bit ARM", 183: "64-bit ARM", 243: "RISC-V", 21: "PowerPC", 8: "MIPS"}
EM_X86_64 = 62
ET_EXEC, ET_DYN = 2, 3
PT_INTERP = 3
ELF_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")  # elf(5), Elf64_Ehdr
PROGRAM_HEADER = struct.Struct("<II6Q")  # elf(5), Elf64_Phdr


def find(name):
    """The path of a program: what was named is a path, or a name in this directory, or one in PATH."""
    if "/" in name or os.path.exists(name):
        return name
    for directory in os.get_exec_path():
        candidate = os.path.join(directory, name)
        if os.path.isfile(candidate) and os.access(candidate, os.X_OK):
            return os.path.abspath(candidate)
    return name


def check(path):
    """Raise a Failure unless the file is a static x86-64 Linux program."""
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            raise Failure(f"{path} is a directory: name a program")
        if not stat.S_ISREG(status.st_mode):
            raise Failure(f"{path} is not a regular file: name a program")
        if not status.st_mode & 0o111:
            raise Failure(f"{path} is not executable: chmod +x it")
        with open(path, "rb") as file:
            check_elf(path, file)
    except FileNotFoundError as error:
        raise Failure(f"there is no program {path}") from error
    except OSError as error:
        raise Failure(f"cannot read the program {path}: {reason(error)}") from error


def check_elf(path, file):
    head = file.read(ELF_HEADER.size)
    if head[:2] == b"#!":
        raise Failure(f"{path} is a script: Vitrine starts ELF programs only; run its interpreter instead")
    if head[:4] != b"\x7fELF":
        raise Failure(f"{path} is not an ELF program")
    if len(head) < ELF_HEADER.size:
        raise Failure(f"{path} is cut off inside its ELF header: build it again")
    machine = struct.unpack_from("<H" if head[5] != 2 else ">H", head, 18)[0]
    if machine in MACHINES:
        raise Failure(f"{path} is for another machine ({MACHINES[machine]}): build it for x86-64")
    if head[4] != 2:
        raise Failure(f"{path} is a 32-bit program (x32): build it for x86-64 with -m64")
    if head[5] != 1 or machine != EM_X86_64:
        raise Failure(f"{path} is for another machine (ELF machine {machine}): build it for x86-64")
    fields = ELF_HEADER.unpack(head)
    kind, table, entry_size, count = fields[1], fields[5], fields[9], fields[10]
    if kind not in (ET_EXEC, ET_DYN):
        raise Failure(f"{path} is an ELF file but not a program: link it, with -static")
    if entry_size != PROGRAM_HEADER.size:
        return
    file.seek(table)
    headers = file.read(count * entry_size)
    for offset in range(0, len(headers) - entry_size + 1, entry_size):
        if PROGRAM_HEADER.unpack_from(headers, offset)[0] == PT_INTERP:
            raise Failure(
                f"{path} is dynamically linked, and Vitrine has no dynamic loader: link it with -static"
            )
