"""QEMU's command line, and whether this QEMU will do."""
import os
import re
import shutil
import subprocess

from .failure import Failure, reason

BINARY = "qemu-system-x86_64"
PACKAGE = "qemu-system-x86"
OLDEST = (7, 2)
DEFAULT_CPU = "max,la57=off,erms=off,fsrm=off"

# qemu(1): with shift=0 an instruction takes one virtual nanosecond, and sleep=off makes idle time pass at
# once. The clock and the seed are pinned too, so that every run counts the same.
ICOUNT = ["-icount", "shift=0,sleep=off", "-rtc", "base=2026-01-01,clock=vm", "-seed", "1"]


def find():
    """The path of QEMU."""
    path = shutil.which(BINARY)
    if path is None:
        raise Failure(f"{BINARY} is not installed: apt-get install {PACKAGE} (or run tools/setup)")
    return path


class VersionCheck:
    """Asks QEMU for its version while the launcher does other things; result() raises when it is too old."""

    def __init__(self, path):
        self.path_ = path
        try:
            self.process_ = subprocess.Popen(
                [path, "--version"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise Failure(f"cannot start {path}: {reason(error)}: reinstall {PACKAGE}") from error

    def result(self, patience=20):
        try:
            output = self.process_.communicate(timeout=patience)[0]
        except subprocess.TimeoutExpired:
            raise Failure(
                f"{self.path_} --version gave no answer in {patience} seconds: reinstall {PACKAGE}"
            ) from None
        finally:
            self.cancel()
        version = re.search(rb"version (\d+)\.(\d+)", output)
        if not version:
            raise Failure(f"{self.path_} --version says no version: reinstall {PACKAGE}")
        version = tuple(int(number) for number in version.groups())
        if version < OLDEST:
            raise Failure(
                f"{self.path_} is too old: version {version[0]}.{version[1]}, and Vitrine needs "
                f"{OLDEST[0]}.{OLDEST[1]} or newer"
            )
        return version

    def cancel(self):
        if self.process_.poll() is None:
            self.process_.kill()
        self.process_.wait()
        self.process_.stdout.close()


def command(path, *, memory, cpu, icount, log_fd, channel_fd, media, disks, extra):
    """The whole command line; media is what to boot from, as pvh() or iso() say."""
    # fmt: off
    return [
        path,
        # reserve=off: a guest may have more memory than the host has, as long as it does not touch it all.
        "-machine", "pc,memory-backend=ram", "-m", f"{memory}M",
        "-object", f"memory-backend-ram,id=ram,size={memory}M,reserve=off",
        "-cpu", cpu, "-smp", "1", "-accel", "tcg",
        "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
        "-chardev", f"socket,id=log,fd={log_fd}", "-device", "isa-serial,chardev=log",
        "-chardev", f"socket,id=channel,fd={channel_fd}",
        # ioeventfd=off: the device works while the guest's processor waits, not some time later in another
        # thread: twice as fast under TCG, and under icount at the same instruction every time.
        "-device", "virtio-serial-pci,disable-legacy=on,max_ports=1,ioeventfd=off",
        "-device", "virtconsole,chardev=channel",
        *(ICOUNT if icount else []),
        *media, *disks, *extra,
    ]
    # fmt: on


def pvh(kernel, archive_fd):
    """Start the kernel at once, without firmware's boot order and GRUB."""
    return ["-kernel", kernel, "-initrd", descriptor_path(archive_fd)]


def iso(iso_fd, words=""):
    """Boot through SeaBIOS and GRUB; boot/grub.cfg finds the words in the firmware's tables."""
    media = [
        "-drive",
        f"if=none,id=cd,media=cdrom,format=raw,readonly=on,file={descriptor_path(iso_fd)}",
        # A medium that does not boot makes SeaBIOS reset the machine, which ends QEMU, instead of waiting.
        "-device",
        "ide-cd,drive=cd",
        "-boot",
        "order=d,reboot-timeout=1",
    ]
    if words:
        media += ["-smbios", "type=11,value=vitrine:" + words.replace(",", ",,")]
    return media


def descriptor_path(fd):
    """An open file as a path: QEMU inherits the descriptor, and no name is left in any directory."""
    return f"/proc/self/fd/{fd}"


def quoted(arguments):
    """For people: the command as one would type it."""
    import shlex

    return " ".join(shlex.quote(os.fsdecode(argument)) for argument in arguments)
