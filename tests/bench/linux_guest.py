"""Debian's Linux in the same QEMU: an initramfs with membench and linux/init.c, a disk with ext4, one boot."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from tests import debian_linux

from .boot import ICOUNT, BenchError, Boot, run_qemu
from .metrics import GROUPS

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from vitrine_launcher.archive import Archive  # noqa: E402 (the path had to be set first)

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
NOT_MEASURED = ("blk", "swap")  # recorded once; they take minutes and Vitrine has no counterpart
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
        self.mkfs_ = shutil.which("mkfs.ext4", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
        if self.mkfs_ is None:
            raise BenchError("mkfs.ext4 is not installed: apt-get install e2fsprogs")

    def boot(self, icount, hz, groups=None):
        with tempfile.TemporaryDirectory(dir=memory_directory()) as directory:
            archive, disk = f"{directory}/init.cpio", f"{directory}/data.img"
            self.write_archive_(archive, hz, groups or [group for group in GROUPS if group not in NOT_MEASURED])
            self.make_disk_(disk)
            command = [*debian_linux.MACHINE, *(ICOUNT if icount else []), "-kernel", str(self.kernel),
                       "-initrd", archive, "-append", self.arguments,
                       "-drive", f"file={disk},format=raw,if=none,id=data,cache=unsafe",
                       "-device", "virtio-blk-pci,drive=data"]
            output, seconds = run_qemu(command, SECONDS, "MB_END")
            return Boot(output, seconds, [word.replace(directory, "TMP") for word in command])

    def write_archive_(self, path, hz, groups):
        archive = Archive()
        for name in ("dev", "proc", "sys", "mnt", "tmp"):
            archive.add_directory(f"/{name}")
        for guest, host in (("/init", "init"), ("/bin/membench", "membench"), ("/bin/tiny", "tiny")):
            archive.add_bytes(guest, (self.build_ / "bench" / host).read_bytes(), mode=0o755)
        modules = debian_linux.modules_of(self.kernel)
        for name in MODULES:
            module = modules / "drivers" / f"{name}.ko"
            archive.add_bytes(f"/lib/{module.name}", module.read_bytes())
        # A process per group, as on Vitrine.
        lines = [f"/bin/membench hz={hz} dir=/mnt {group}\n" for group in groups]
        archive.add_bytes("/arguments", "".join(lines).encode())
        with open(path, "wb") as file:
            archive.write(file)

    def make_disk_(self, path):
        with open(path, "wb") as file:
            file.truncate(96 << 20)
        subprocess.run([self.mkfs_, "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", path], check=True,
                       stdin=subprocess.DEVNULL, timeout=60)


def memory_directory():
    """Where files are in memory: no disk of the host's is measured."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
