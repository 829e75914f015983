"""tools/setup with a pretended apt-get, and tools/vitrine doctor."""
import os
import re
import shutil
import subprocess
import time

from support import ROOT, LauncherTest

# Installs: notes how it was called, and creates the commands tool-a to tool-c when it is to succeed.
APT_GET = """#!/bin/sh
echo "$*" >>"$NOTES"
case $* in
*" update"*) : >"$NOTES.updated" ;;
*)
    [ "$APT" = works ] || [ "$APT" = works-after-update -a -e "$NOTES.updated" ] || exit 100
    for tool in tool-a tool-b tool-c; do printf '#!/bin/sh\\n' >"$BIN/$tool"; /bin/chmod +x "$BIN/$tool"; done ;;
esac
"""
PACKAGES = """# group package found by purpose

run  package-a  tool-a          does a
run  shell      /bin/s*         is there
debug package-c tool-c          does c
test package-b  tool-b          does b
"""


class SetupTest(LauncherTest):
    def setUp(self):
        super().setUp()
        self.tools = self.make_directory("tools")
        shutil.copy(os.path.join(ROOT, "tools", "setup"), self.tools)
        self.make_file("tools/packages.txt", PACKAGES.encode())
        self.script("apt-get", APT_GET)
        self.script(
            "env", '#!/bin/sh\nwhile case $1 in *=*) ;; *) false ;; esac; do shift; done\nexec "$@"\n'
        )

    def script(self, name, text):
        self.make_file("bin/" + name, text.encode(), mode=0o755)

    def setup(self, *arguments, apt="works", user=0, **how):
        self.script("id", f"#!/bin/sh\necho {user}\n")
        done = subprocess.run(
            ["/bin/sh", os.path.join(self.tools, "setup"), *arguments],
            timeout=self.LIMIT,
            check=False,
            env={"PATH": self.bin, "BIN": self.bin, "APT": apt, "NOTES": self.path("notes")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **how,
        )
        return done.returncode, done.stdout, done.stderr

    def notes(self):
        return self.read("notes").decode().splitlines() if os.path.exists(self.path("notes")) else []

    def test_root_installs_what_is_missing_and_nothing_else(self):
        status, out, err = self.setup()
        self.assertEqual((status, err), (0, ""))
        self.assertIn("package-a is missing: does a", out)
        self.assertRegex(self.notes()[-1], r"install -y .*package-a$")
        calls = len(self.notes())
        self.assertEqual(self.setup(), (0, "", ""))
        self.assertEqual(len(self.notes()), calls)

    def test_the_group_test_has_all(self):
        self.assertEqual(self.setup("test")[0], 0)
        self.assertRegex(self.notes()[-1], r"package-a package-c package-b$")

    def test_the_group_debug_has_no_tests(self):
        self.assertEqual(self.setup("debug")[0], 0)
        self.assertRegex(self.notes()[-1], r"package-a package-c$")

    def test_package_lists_are_fetched_when_that_helps(self):
        self.assertEqual(self.setup(apt="works-after-update")[0], 0)
        calls = [re.search("install|update", line)[0] for line in self.notes()]
        # A machine that has no lists at all fetches them first.
        self.assertIn(calls, (["install", "update", "install"], ["update", "install"]))

    def test_an_apt_that_fails(self):
        status, _, err = self.setup(apt="fails")
        self.assertEqual(status, 1)
        self.assertIn("apt-get install -y --no-install-recommends package-a", err)

    def test_an_apt_that_only_says_it_worked(self):
        self.script("apt-get", "#!/bin/sh\n")
        status, _, err = self.setup()
        self.assertEqual(status, 1)
        self.assertIn("still not found: package-a (tool-a)", err)

    def test_sudo_without_a_password(self):
        self.script("sudo", '#!/bin/sh\necho sudo "$@" >>"$NOTES"\n[ "$1" = -n ] && exit 0\nexec "$@"\n')
        self.assertEqual(self.setup(user=1000)[0], 0)
        self.assertRegex("\n".join(self.notes()), r"(?m)^sudo .*apt-get .*install .*package-a$")

    def test_neither_root_nor_sudo(self):
        status, _, err = self.setup(user=1000)
        self.assertEqual((status, self.notes()), (1, []))
        self.assertIn("apt-get update && apt-get install -y --no-install-recommends package-a\n", err)
        self.script("sudo", "#!/bin/sh\nexit 1\n")  # wants a password, and nobody is there to type it
        self.assertEqual((self.setup(user=1000)[0], self.notes()), (1, []))

    def test_no_debian(self):
        os.unlink(os.path.join(self.bin, "apt-get"))
        status, _, err = self.setup()
        self.assertEqual(status, 1)
        self.assertIn("no Debian", err)

    def test_a_wrong_word(self):
        self.assertEqual(self.setup("everything")[0], 2)

    def test_it_is_quick_when_all_is_there(self):
        begin = time.monotonic()
        for _ in range(10):
            subprocess.run(
                [os.path.join(ROOT, "tools", "setup"), "test"],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        self.assertLess((time.monotonic() - begin) / 10, 0.1)


class DoctorTest(LauncherTest):
    def test_this_machine_runs_the_tests_so_all_is_there(self):
        os.unlink(os.path.join(self.bin, "qemu-system-x86_64"))
        status, out, err = self.call("", "doctor")
        self.assertEqual((status, err), (0, b""), out.decode())
        self.assertNotIn(b"MISSING", out)
        with open(os.path.join(ROOT, "tools", "packages.txt"), encoding="utf-8") as file:
            packages = [line.split()[1] for line in file if line.startswith(("run", "debug", "test"))]
        self.assertGreater(len(packages), 10)
        for package in packages:
            self.assertIn(package, out.decode())

    def test_what_is_missing_comes_with_the_command_that_mends_it(self):
        self.environment["PATH"] = self.make_directory("empty")
        status, out, err = self.call("", "doctor")
        self.assertEqual((status, err), (1, b""))
        self.assertRegex(out.decode(), r"MISSING +qemu-system-x86 \(there is no command qemu-system-x86_64\)")
        self.assertRegex(out.decode(), r"apt-get install -y make g\+\+ [^\n]*qemu-system-x86 [^\n]*gdb")

    def test_mkswap_is_found_where_a_users_path_does_not_lead(self):
        self.environment["PATH"] = f"{self.bin}:/usr/bin:/bin"
        self.assertIn(b"util-linux (/sbin/mkswap)", self.call("", "doctor")[1])

    def test_a_qemu_that_is_too_old(self):
        status, out, _ = self.call("", "doctor", env={"FAKE_QEMU_VERSION": "5.2.0"})
        self.assertEqual(status, 1)
        self.assertRegex(
            out.decode(), r"MISSING +qemu-system-x86 \([^\n]*version 5\.2 is too old, needed is 7\.2"
        )
        self.assertIn("apt-get install -y qemu-system-x86\n", out.decode())

    def test_a_compiler_that_is_too_old(self):
        self.make_file("bin/g++", b"#!/bin/sh\necho 'g++ (Debian 10.2.1-6) 10.2.1 20210110'\n", 0o755)
        status, out, _ = self.call("", "doctor")
        self.assertEqual(status, 1)
        self.assertRegex(out.decode(), r"MISSING +g\+\+ \([^\n]*version 10\.2 is too old, needed is 12\.0")
