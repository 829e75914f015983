"""The ISO: kernel, archive and boot/grub.cfg, made bootable by grub-mkrescue for BIOS and for UEFI machines.

grub-mkrescue takes every kind of machine whose modules it finds; of those modules, only the few that
boot/grub.cfg needs.
"""
import os
import shutil
import tempfile
import zlib

from . import child
from .failure import Failure, one_line, reason
from .kernel_file import ROOT

GRUB_CONFIG = os.path.join(ROOT, "boot", "grub.cfg")
# Without one of these the ISO would start on some machines only, depending on where it was made.
MODULES_AT = {
    "grub-pc-bin": "/usr/lib/grub/i386-pc/multiboot2.mod",
    "grub-efi-amd64-bin": "/usr/lib/grub/x86_64-efi/multiboot2.mod",
}
MODULES = (
    "normal configfile iso9660 smbios regexp test true hashsum gcry_crc multiboot2 boot "
    "echo serial terminal iorw sleep halt"
)
# For kinds of partitions that the ISO has not; but what grub-mkrescue writes for UEFI loads these first.
UEFI_ASKS_FOR = "part_acorn part_amiga part_bsd part_dfly part_dvh part_plan part_sun part_sunpc"
NO_ROOM = (b"No space left on device", b"exceeds free space")  # grub-mkrescue and mtools; xorriso
PACKAGES = {"grub-mkrescue": "grub-common", "xorriso": "xorriso"}


def find_tools():
    """grub-mkrescue's path, or a Failure that names what is missing."""
    for tool, package in PACKAGES.items():
        if shutil.which(tool) is None:
            raise Failure(f"{tool} is not installed: apt-get install {package} (or run tools/setup)")
    for package, module in MODULES_AT.items():
        if not os.path.exists(module):
            raise Failure(
                f"GRUB's modules {os.path.dirname(module)} are not installed: apt-get install {package} "
                "(or run tools/setup)"
            )
    return shutil.which("grub-mkrescue")


class Staging:
    """A private directory in which an ISO is put together; a context, gone afterwards in any case."""

    def __enter__(self):
        try:
            self.path = tempfile.mkdtemp(prefix="vitrine.")
            try:
                os.makedirs(os.path.join(self.path, "tree", "boot", "grub"))
                os.mkdir(os.path.join(self.path, "tmp"))
            except BaseException:
                self.__exit__()
                raise
        except OSError as error:
            raise Failure(
                f"cannot make a temporary directory: {reason(error)}: set TMPDIR to one with room"
            ) from error
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    @property
    def archive_path(self):
        return os.path.join(self.path, "tree", "boot", "archive.cpio")

    def write_archive(self, archive):
        try:
            with open(self.archive_path, "wb", buffering=1 << 20) as file:
                archive.write(file)
        except OSError as error:
            raise Failure(
                f"cannot write the archive: {reason(error)}: set TMPDIR to a place with room"
            ) from error

    def add_file(self, source, name):
        try:
            shutil.copyfile(source, os.path.join(self.path, "tree", "boot", name))
        except OSError as error:
            raise Failure(
                f"cannot copy {source} for the ISO: {reason(error)}: set TMPDIR to a place with room"
            ) from error

    def add_kernel_(self, kernel, patience):
        """Without what only a debugger reads, nine tenths of the file: GRUB loads ten MiB a second."""
        self.add_file(kernel, "vitrine.elf")
        strip = shutil.which("strip")
        if strip is not None:
            # Where it fails, the whole file is as good.
            child.run(
                [strip, "--strip-debug", os.path.join(self.path, "tree", "boot", "vitrine.elf")],
                patience=patience,
            )

    def write_checksums_(self):
        """What boot/grub.cfg compares the two files with before it starts anything."""
        boot = os.path.join(self.path, "tree", "boot")
        try:
            lines = [
                f"{crc32(os.path.join(boot, name)):08x}  /boot/{name}\n"
                for name in ("vitrine.elf", "archive.cpio")
            ]
            with open(os.path.join(boot, "checksums"), "w", encoding="ascii") as file:
                file.writelines(lines)
        except OSError as error:
            raise Failure(f"cannot write the ISO's checksums: {reason(error)}") from error

    def make(self, kernel, patience=None):
        """Build the ISO inside the directory and return its path; the archive has been written before."""
        mkrescue = find_tools()
        self.add_kernel_(kernel, patience)
        self.add_file(GRUB_CONFIG, "grub/grub.cfg")
        self.write_checksums_()
        path = os.path.join(self.path, "vitrine.iso")
        command = [
            mkrescue,
            "-o",
            path,
            f"--install-modules={MODULES} {UEFI_ASKS_FOR}",
            f"--modules={MODULES}",
            "--locales=",
            "--fonts=",
            "--themes=",
            os.path.join(self.path, "tree"),
        ]
        # Its own temporary files go where they are removed with ours, even if it is killed.
        environment = dict(os.environ, TMPDIR=os.path.join(self.path, "tmp"), LC_ALL="C")
        result = child.run(command, patience=patience, env=environment)
        if result is None:
            raise Failure("grub-mkrescue did not end in time (--timeout)")
        status, printed = result
        # A UEFI image that mtools could not write is no failure in its eyes.
        if status != 0 or not os.path.exists(path) or any(sign in printed for sign in NO_ROOM):
            raise Failure(f"grub-mkrescue failed: {why(printed)}")
        return path


def crc32(path):
    value = 0
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            value = zlib.crc32(chunk, value)
    return value


def why(output):
    """The line of its output that says most: that there is no room, an error's, or the last."""
    lines = [line for line in output.splitlines() if line.strip()] or [b"it did not say why"]
    for sign in (*NO_ROOM, b"FATAL", b": FAILURE : ", b"error", b""):
        telling = [line for line in lines if sign in line]
        if telling:
            break
    advice = ": set TMPDIR to a place with room" if sign in NO_ROOM else ""
    return one_line(telling[-1].decode("utf-8", "replace")) + advice
