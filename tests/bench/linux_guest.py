"""Debian's Linux in the same QEMU: an initramfs with membench and linux/init.c; a disk with ext4, or those of disks.py."""
import os
import pathlib
import subprocess
import tempfile

from tests import debian_linux

from . import disks  # which finds the launcher's modules, too
from .boot import ICOUNT, BenchError, Boot, run_qemu
from .metrics import DISK_GROUPS, GROUPS

from vitrine_launcher.archive import Archive

# `tuned` is the leanest Linux measured, and what Vitrine is compared with: without hardening that costs instructions
# (clearing each page at its allocation, a random stack offset per system call) and without accounting.
CONFIGURATIONS = {
    "tuned": "mitigations=off init_on_alloc=0 randomize_kstack_offset=off apparmor=0 audit=0 cgroup_disable=memory"
             " numa_balancing=disable psi=0",
    "off": "mitigations=off",
    "default": "",
}
MODULES = ["virtio/virtio", "virtio/virtio_ring", "virtio/virtio_pci_legacy_dev", "virtio/virtio_pci_modern_dev",
           "virtio/virtio_pci", "block/virtio_blk"]
SECONDS = 300


class LinuxGuest:
    """What all boots share is made once."""

    def __init__(self, build, configuration):
        try:
            self.kernel = debian_linux.find_kernel(pathlib.Path(build))
        except debian_linux.NoKernel as why:
            raise BenchError(str(why)) from why
        self.configuration = configuration
        self.arguments = f"{debian_linux.ARGUMENTS} {CONFIGURATIONS[configuration]}".strip()
        self.build_ = pathlib.Path(build)
        self.mkfs_ = disks.find_tool("mkfs.ext4", "e2fsprogs")

    def boot(self, icount, hz, groups=GROUPS):
        with tempfile.TemporaryDirectory(dir=disks.memory_directory()) as directory:
            disk = f"{directory}/data.img"
            self.make_disk_(disk)
            # A process per group, as on Vitrine.
            lines = [f"/bin/membench hz={hz} dir=/mnt {group}\n" for group in groups]
            drive = ["-drive", f"file={disk},format=raw,if=none,id=data,cache=unsafe",
                     "-device", "virtio-blk-pci,drive=data"]
            return self.run(directory, lines, [*(ICOUNT if icount else []), *drive], self.arguments)

    def run(self, directory, lines, options, arguments):
        """One boot: what init.c runs, options for QEMU, and the kernel's command line."""
        archive = f"{directory}/init.cpio"
        self.write_archive_(archive, lines)
        command = [*debian_linux.MACHINE, "-kernel", str(self.kernel), "-initrd", archive, "-append", arguments, *options]
        output, seconds = run_qemu(command, SECONDS, "MB_END")
        return Boot(output, seconds, [word.replace(directory, "TMP") for word in command])

    def write_archive_(self, path, lines):
        archive = Archive()
        for name in ("dev", "proc", "sys", "mnt", "tmp"):
            archive.add_directory(f"/{name}")
        for guest, host in (("/init", "init"), ("/bin/membench", "membench"), ("/bin/tiny", "tiny")):
            archive.add_bytes(guest, (self.build_ / "bench" / host).read_bytes(), mode=0o755)
        modules = debian_linux.modules_of(self.kernel)
        for name in MODULES:
            module = modules / "drivers" / f"{name}.ko"
            archive.add_bytes(f"/lib/{module.name}", module.read_bytes())
        archive.add_bytes("/arguments", "".join(lines).encode())
        with open(path, "wb") as file:
            archive.write(file)

    def make_disk_(self, path):
        with open(path, "wb") as file:
            file.truncate(96 << 20)
        subprocess.run([self.mkfs_, "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", path], check=True,
                       stdin=subprocess.DEVNULL, timeout=60)


class LinuxDisks:
    """The same Linux with a disk to read and write and one to swap to."""

    def __init__(self, linux, page_cluster=None):
        self.linux_ = linux
        self.words_ = f"swap={disks.SWAP}" + ("" if page_cluster is None else f" page_cluster={page_cluster}")

    def boot(self, icount, hz, groups=DISK_GROUPS):
        assert not icount, "a guest that waits for a disk counts nothing"
        with tempfile.TemporaryDirectory(dir=disks.memory_directory()) as directory:
            raw = disks.make_raw(directory)
            lines = [f"/bin/membench hz={hz} dev={disks.RAW} blkw=1 {group}\n" for group in groups]
            boot = self.linux_.run(directory, lines, disks.qemu_arguments(raw, directory),
                                   f"{self.linux_.arguments} {self.words_}")
        for group, number in boot.failures().items():
            raise BenchError(f"Linux did not measure its {group}: {os.strerror(number)}")
        return boot
