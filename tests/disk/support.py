"""Images, and runs of disk_tool with them as disks."""
import os
import re
import tempfile

from tests.boot.vitrine import BUILD, VitrineTest, run

TOOL = os.path.join(BUILD, "disk", "disk_tool")
MASK = (1 << 64) - 1
MIB = 1 << 20


def mix(x):
    x = (x + 0x9E3779B97F4A7C15) & MASK
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & MASK
    x = (x ^ x >> 27) * 0x94D049BB133111EB & MASK
    return x ^ x >> 31


def pattern(seed, position, count):
    """The bytes that belong at a position; disk_tool.c has the same function."""
    first, last = position >> 3, (position + count + 7) >> 3
    data = b"".join(mix(seed ^ word).to_bytes(8, "little") for word in range(first, last))
    return data[position & 7 :][:count]


def fnv(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & MASK
    return value


class DiskTest(VitrineTest):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="disk-test.", dir=self.memory_directory())
        self.addCleanup(self.place.cleanup)

    @staticmethod
    def memory_directory():
        """Files in memory where there is such a place: it is not the host's disk that is tested."""
        return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

    def image(self, name, data):
        """The path of a new image: its bytes, or how many zeros."""
        path = os.path.join(self.place.name, name)
        with open(path, "wb") as file:
            if isinstance(data, int):
                file.truncate(data)
            else:
                file.write(data)
        return path

    @staticmethod
    def contents(path):
        with open(path, "rb") as file:
            return file.read()

    def tool(self, *arguments, disks=(), options=(), status=0, frames=True, timeout=60):
        """disk_tool in the machine: its lines. Every frame must be back afterwards."""
        words = [word for disk in disks for word in ("--disk", disk)]
        outcome = run("--memory", 64, *words, *options, TOOL, *arguments, timeout=timeout)
        self.assert_runs(outcome, status)
        if frames:
            self.assert_frames_returned(outcome)
        self.log = outcome.log
        return outcome.out.splitlines()

    @staticmethod
    def blkdebug(path, *rules, extra=()):
        """Arguments for a disk whose host's file has errors, and its own words."""
        drive = [
            "if=none,id=faulty,driver=raw,file.driver=blkdebug,file.image.driver=file",
            f"file.image.filename={path},werror=report,rerror=report",
            *(f"file.inject-error.{number}.{word}" for number, rule in enumerate(rules) for word in rule),
            *extra,
        ]
        return [
            *("--qemu-arg", "-drive", "--qemu-arg", ",".join(drive)),
            *("--qemu-arg", "-device", "--qemu-arg", "virtio-blk-pci,drive=faulty,ioeventfd=off"),
        ]

    def held(self):
        """How many frames the kernel says that failed requests still keep."""
        return sum(int(count) for count in re.findall(r"it fails, and (\d+) frames stay", self.log))
