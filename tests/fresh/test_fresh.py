"""What the README promises to a new user: a clone in an empty directory, a bare environment, its commands as
they are written.

The clone's path has a space and letters that are not ASCII. Where the system can (Landlock), nothing may
write outside the clone, but for temporary files; in any case, home and temporary directory must stay empty.
"""
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import time
import unittest

from tests.fresh import clone, confinement, readme

BARE = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
LIMIT = 400
NAME = "my clone é 展柜"

# Said in the README and played by other suites, or too long for this one.
ELSEWHERE = [
    "make run",
    "make run FAST=1",
    "make run UEFI=1",
    "make run MEMORY=64 SWAP=512 PROGRAM=./a.out",
    "VITRINE_LANG=zh make run",
    "make test",
    "make debug",
    "make bench",
]
ARGUMENTS = """#include <cstdio>
int main(int n, char **words) { while (*++words) std::puts(*words); return n < 2; }
"""


class Fresh(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        place = tempfile.mkdtemp(prefix="vitrine-fresh.")
        cls.addClassCleanup(shutil.rmtree, place, ignore_errors=True)
        cls.clone = os.path.join(place, NAME)
        cls.home = os.path.join(place, "home")
        cls.temporary = os.path.join(place, "tmp")
        os.mkdir(cls.home)
        os.mkdir(cls.temporary)
        print(f"this is {clone.make(cls.clone)}", flush=True)
        cls.commands = readme.commands(os.path.join(cls.clone, "README.md"))
        cls.left = list(cls.commands)
        cls.confined = confinement.is_possible()
        if not cls.confined:
            print("no Landlock here: only home and temporary directory show what is written elsewhere")
        begin = time.monotonic()
        cls.play()
        print(f"played in {time.monotonic() - begin:.0f} s", flush=True)

    @classmethod
    def play(cls):
        """The README's commands in the order in which a user can: the first builds the kernel."""
        cls.help = cls.type("make help")
        with open(os.path.join(cls.clone, "args.cpp"), "w", encoding="ascii") as file:
            file.write(ARGUMENTS)
        cls.compiled = cls.type_aside("g++ -static args.cpp -o a.out")
        cls.program = cls.type("make run PROGRAM=./a.out ARGS=")
        cls.recorded = cls.type("tools/vitrine run --record-references")
        cls.pool = cls.type("make run EXHIBIT=pool")
        cls.exhibit = cls.type("make run EXHIBIT=")
        cls.policies = cls.type("make policies")
        cls.zombie_source = cls.type("cat > zombie.cpp")
        cls.zombie_built = cls.type("g++ -static zombie.cpp")
        cls.zombie = cls.type("tools/vitrine run ./zombie; ", on_terminal=True)
        cls.script_source = cls.type("cat > family.sh")
        cls.script = cls.type("tools/vitrine run --put family.sh")
        cls.shell = cls.type("tools/vitrine run /bin/busybox sh")  # without a terminal: its input ends at once
        cls.doctor = cls.type_aside("tools/vitrine doctor")
        cls.outside = cls.type_aside('touch "$HOME/something"')  # shows that it would be noticed
        # Without a home, from another directory, through UEFI.
        vitrine = shlex.quote(os.path.join(cls.clone, "tools", "vitrine"))
        program = shlex.quote(os.path.join(cls.clone, "a.out"))
        homeless = f"{vitrine} run --uefi {program} 'é 展' two"
        cls.homeless = cls.type_aside(homeless, cwd=cls.temporary, home=False)

    @classmethod
    def type(cls, beginning, **how):
        """The README's next command that begins so."""
        for text in cls.left:
            if text.startswith(beginning):
                cls.left.remove(text)
                return cls.type_aside(text, **how)
        raise AssertionError(f"README.md does not say: {beginning}\nit says: {cls.commands}")

    @classmethod
    def type_aside(cls, text, *, cwd=None, home=True, on_terminal=False):
        environment = {**BARE, "TMPDIR": cls.temporary, **({"HOME": cls.home} if home else {})}
        writable = [cls.clone, cls.temporary, "/dev", "/proc"]
        if on_terminal:  # script(1): standard output and error are one terminal, and so are lines' ends
            text = f"script --quiet --return --command {shlex.quote(text)} /dev/null"
        return subprocess.run(
            ["/bin/bash", "-c", text],
            cwd=cwd or cls.clone,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            timeout=LIMIT,
            check=False,
            preexec_fn=confinement.to(writable) if cls.confined else None,
        )

    def assert_done(self, done, status=0):
        said = f"{done.args[-1]}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        self.assertEqual(done.returncode, status, said)

    def test_every_command_of_the_readme_is_known_here(self):
        self.assertEqual([text for text in self.left if text not in ELSEWHERE], [])

    def test_both_readmes_say_the_same_commands(self):
        self.assertEqual(readme.commands(os.path.join(self.clone, "README.zh-CN.md")), self.commands)

    def test_help_lists_the_two_commands(self):
        self.assert_done(self.help)
        self.assertRegex(self.help.stdout, r"(?m)^  make run  +\S")
        self.assertRegex(self.help.stdout, r"(?m)^  make test  +\S")

    def test_an_exhibit_of_two_machines(self):
        self.assert_done(self.pool)
        self.assertRegex(self.pool.stdout, r"(?m)^  programs refused +3 +0$")

    def test_a_program_of_the_users_own(self):
        self.assert_done(self.compiled)
        self.assert_done(self.program)
        words = shlex.split(re.search('ARGS=(".*")', self.program.args[-1])[1])[0].split()
        self.assertEqual(self.program.stdout.splitlines()[-len(words) :], words)
        self.assertEqual(self.program.stderr, "")

    def test_what_a_program_uses_is_recorded(self):
        self.assert_done(self.recorded, status=1)  # without words
        self.assertRegex(self.recorded.stderr, r"\Avitrine: recorded: [\d,]+ references .*my\.trace, my\.trace\.svg\n\Z")
        for name in ("my.trace", "my.trace.svg"):
            self.assertTrue(os.path.exists(os.path.join(self.clone, name)))

    def test_an_exhibit(self):
        self.assert_done(self.exhibit)
        name = re.search(r"EXHIBIT=(\w+)", self.exhibit.args[-1])[1]
        self.assertRegex(self.exhibit.stdout, rf"(?m)^{name}: ")

    def test_policies_are_compared(self):
        self.assert_done(self.policies)
        for name in ("belady", "looping"):
            self.assertIn(f"\n  build/policies/{name}.svg\n", self.policies.stdout)

    def test_the_zombie_dies_as_the_readme_says(self):
        self.assert_done(self.zombie_source)
        self.assert_done(self.zombie_built)
        self.assert_done(self.zombie)
        lines = self.zombie.stdout.splitlines()
        self.assertEqual((lines[0], lines[-1]), ("before", "status 139"))
        self.assertIn("null pointer", " ".join(lines[1:-1]))

    def test_a_script_runs_as_the_readme_says(self):
        self.assert_done(self.script_source)
        self.assert_done(self.script)
        lines = self.script.stdout.splitlines()
        self.assertEqual(lines[-5:], ["100000", "99999", "99998", "caught", "status 137"])
        self.assertRegex(lines[1], r"^ +1 +0 \[init\]$")
        self.assert_done(self.shell)

    def test_the_doctor_finds_everything(self):
        self.assert_done(self.doctor)
        self.assertIn("Everything is there.", self.doctor.stdout)

    def test_neither_home_nor_the_directory_matter(self):
        self.assert_done(self.homeless)
        self.assertEqual((self.homeless.stdout, self.homeless.stderr), ("é 展\ntwo\n", ""))

    def test_nothing_is_written_elsewhere(self):
        self.assertEqual(self.outside.returncode, 1 if self.confined else 0, self.outside.stderr)
        self.assertEqual(os.listdir(self.home), [] if self.confined else ["something"])
        self.assertEqual(os.listdir(self.temporary), [])
        self.assertEqual(sorted(os.listdir(os.path.dirname(self.clone))), ["home", NAME, "tmp"])

    def test_git_sees_only_what_the_user_made(self):
        status = clone.git(self.clone, "status", "--porcelain", "--untracked-files=all")
        made = ["args.cpp"]  # ours; the README's own files are ignored
        self.assertEqual(sorted(status.splitlines()), [f"?? {name}" for name in made])
