"""The scripts: NAME.sh here is what busybox's `sh` runs, expected/NAME.out what it must print on both of its outputs,
expected/NAME.status how it must end, both recorded from Linux. NAME.in, where there is one, is its standard input.

A script is run as root, in an empty directory, in a root that has little but /bin/busybox and, as scripts may expect,
/bin/sh; the environment is ENVIRONMENT and nothing else.
"""
import dataclasses
import fnmatch
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
EXPECTED = HERE / "expected"
BUSYBOX = "/bin/busybox"  # on this machine and there
DIRECTORY = "/scripts"
ENVIRONMENT = ["PATH=/bin:/sbin:/usr/bin:/usr/sbin", "HOME=/tmp", "LC_ALL=C"]

# Of its arguments the first is the script. Both outputs are one, so that their order is seen.
START = '[ -e /bin/sh ] || ln -s busybox /bin/sh; name=${0##*/}; mkdir -p /tmp/${name%.sh} && cd /tmp/${name%.sh} && ' \
        'unset name && exec /bin/busybox sh "$0" 2>&1'


@dataclasses.dataclass
class Script:
    path: pathlib.Path

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def command(self) -> list[str]:
        """Program and arguments, there."""
        return [BUSYBOX, "sh", "-c", START, f"{DIRECTORY}/{self.path.name}"]

    @property
    def stdin(self) -> bytes:
        path = self.path.with_suffix(".in")
        return path.read_bytes() if path.exists() else b""

    @property
    def expected_out(self) -> pathlib.Path:
        return EXPECTED / f"{self.name}.out"

    @property
    def expected_status(self) -> pathlib.Path:
        return EXPECTED / f"{self.name}.status"

    @property
    def is_recorded(self) -> bool:
        return self.expected_out.exists() and self.expected_status.exists()


def all_scripts() -> list[Script]:
    return [Script(path) for path in sorted(HERE.glob("*.sh"))]


def choose(names: list[str], filters: list[str]) -> list[Script]:
    """All, or those with these names or patterns."""
    scripts = all_scripts()
    if unknown := set(names) - {script.name for script in scripts}:
        sys.exit(f"no such script: {' '.join(sorted(unknown))}")
    if names or filters:
        scripts = [one for one in scripts if one.name in names or any(fnmatch.fnmatch(one.name, f) for f in filters)]
    if not scripts:
        sys.exit("no script has such a name")
    return scripts
