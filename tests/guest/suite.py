"""The guest tests: found in programs/ by the comment header of each source, which says how it is built and run.

    // libc: glibc musl none   one binary and one test for each (default: glibc; none means -nostdlib)
    // args: a "b c"           the program's arguments
    // cases: x y              one test for each word, which becomes the last argument
    // stdin: text\\n           what it reads, with C escapes; or @tests/guest/data/FILE (default: nothing)
    // add: HOST=GUEST         a file of this repository put into the archive
    // env: KEY=VALUE          the environment (default: empty)
    // tty: 012                which of 0, 1, 2 are terminals, 100 columns by 30 rows, TERM=vt100 (default: none)
    // beside: NAME a b        a program that runs at the same time, its output ignored
    // room: MIB               so much memory has to be free, or what it says of frames and faults is another thing

A test is named SOURCE, SOURCE.musl or SOURCE.none, followed by -CASE if the source has cases.
What it must print and its exit status are in expected/, recorded from Linux.
"""
import ast
import dataclasses
import pathlib
import re
import shlex

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAMS = HERE / "programs"
EXPECTED = HERE / "expected"
KEYS = {"libc", "args", "cases", "stdin", "add", "env", "tty", "beside", "room"}
SWALLOWED = re.compile(r"// .+ (libc|args|cases|stdin|add|env|tty|beside|room): ")
LIBCS = ("glibc", "musl", "none")
COLUMNS, ROWS, TERM = 100, 30, "vt100"


@dataclasses.dataclass
class Test:
    name: str
    binary: str
    args: list[str]
    stdin: bytes
    add: list[tuple[str, str]]
    env: list[str]
    tty: str
    beside: list[str]
    room: int  # MiB

    @property
    def expected_out(self) -> pathlib.Path:
        return EXPECTED / f"{self.name}.out"

    @property
    def expected_status(self) -> pathlib.Path:
        return EXPECTED / f"{self.name}.status"


def header(source: pathlib.Path) -> dict[str, list[str]]:
    """The `// key: value` lines among the first comment lines of a source."""
    values: dict[str, list[str]] = {}
    for line in source.read_text().splitlines():
        if not line.startswith("//"):
            break
        key, colon, value = line[2:].strip().partition(": ")
        if colon and key in KEYS:
            values.setdefault(key, []).append(value.strip())
        elif SWALLOWED.search(line):
            raise SystemExit(f"{source}: a key is inside another line (a formatter joined them): {line}")
    return values


def binary_name(source_stem: str, libc: str) -> str:
    return source_stem if libc == "glibc" else f"{source_stem}.{libc}"


def stdin_bytes(values: list[str]) -> bytes:
    out = b""
    for value in values:
        if value.startswith("@"):
            out += (ROOT / value[1:]).read_bytes()
        else:
            out += ast.literal_eval('b"""' + value.replace('"', '\\"') + '"""')
    return out


def tests_of(source: pathlib.Path) -> list[Test]:
    said = header(source)
    tests = []
    for libc in " ".join(said.get("libc", ["glibc"])).split():
        if libc not in LIBCS:
            raise SystemExit(f"{source}: unknown libc {libc}")
        binary = binary_name(source.stem, libc)
        args = shlex.split(" ".join(said.get("args", [])))
        cases = " ".join(said.get("cases", [])).split()
        for case in cases or [""]:
            tests.append(Test(
                name=binary + (f"-{case}" if case else ""),
                binary=binary,
                args=args + ([case] if case else []),
                stdin=stdin_bytes(said.get("stdin", [])),
                add=[(a.partition("=")[0], a.partition("=")[2]) for a in said.get("add", [])],
                env=said.get("env", []),
                tty="".join(said.get("tty", [])),
                beside=shlex.split(" ".join(said.get("beside", []))),
                room=int("".join(said.get("room", ["0"]))),
            ))
    return tests


def all_tests() -> list[Test]:
    sources = sorted([*PROGRAMS.glob("*.c"), *PROGRAMS.glob("*.cpp")])
    return [test for source in sources for test in tests_of(source) if source.stem != "neighbour"]
