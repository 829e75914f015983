"""escape: a copy is elsewhere, a zombie becomes what the next call makes of it, the heap keeps what it has, and the
compiler says what it is quoted with."""
import os
import re
import subprocess
import unittest

from runner import ExhibitTest, run

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
ADDRESS = r"(0x[0-9a-f]+)"
STATE = re.compile(r"^  (on return|after another call): +([#+.]+) (\d+) of (\d+) right:((?: \d+)+)( \.\.\.)?$", re.M)


def compile_cxx(code, *options):
    """What g++ says of it, without making anything."""
    done = subprocess.run(["g++", "-c", "-o", os.devnull, *options, "-x", "c++", "-"], input=code, cwd=ROOT,
                          capture_output=True, text=True, timeout=60, env={**os.environ, "LC_ALL": "C"})
    return done.returncode, done.stderr


class Escape(ExhibitTest):
    def check_states(self, text, ints):
        """What was found on return and after another call."""
        states = STATE.findall(text)
        self.assertEqual([state[0] for state in states], ["on return", "after another call"], text)
        values = []
        for _, squares, right, of, shown, more in states:
            shown = [int(value) for value in shown.split()]
            self.assertEqual((int(of), len(shown), bool(more)), (ints, min(ints, 3), ints > 3))
            each = -(-ints // 12)
            self.assertEqual(len(squares), -(-ints // each))
            self.assertEqual(set(squares) == {"#"}, int(right) == ints, "drawn as counted")
            self.assertEqual(set(squares) == {"."}, int(right) == 0)
            if int(right) == ints:
                self.assertEqual(shown, list(range(len(shown))))
            values.append((int(right), shown))
        self.assertEqual(values[0][0], ints, "nothing has happened yet")
        return values[1]

    def check(self, ints, *arguments):
        text = run("escape", *arguments)
        self.assertTrue(all(len(line) <= 80 for line in text.splitlines()), text)
        by_value, zombie, heap, compiler = re.split(r"^(?:Returned by address|What g\+\+).*\n", text, flags=re.M)

        inside, outside, value = self.find(rf"^  an int +{ADDRESS} in the call, copied to {ADDRESS}: (\d+)$", by_value)
        self.assertLess(int(inside, 16), int(outside, 16), "a call's frame lies below its caller's")
        self.assertEqual(value, "42")
        large = int(self.find(rf"^  64 ints +{ADDRESS} in the call and for the caller: built in its frame$", by_value),
                    16)
        self.assertGreater(large, int(inside, 16))

        below = self.find(rf"^  at 0x[0-9a-f]+, in \[stack\], (\d+) bytes below its caller's variables$", zombie)
        self.assertTrue(ints * 4 <= int(below) < ints * 4 + 256, text)
        right, shown = self.check_states(zombie, ints)
        self.assertLess(right, ints, "the next call has written over it")
        changed, now = map(int, self.find(r"^  Number (\d+) of them is now number (\d+) of the next call's own ",
                                          zombie))
        if changed < len(shown):
            self.assertEqual(shown[changed:], [10000 + now + index for index in range(len(shown) - changed)])

        self.find(rf"^  at {ADDRESS}, in \[heap\]$", heap)
        self.assertEqual(self.check_states(heap, ints)[0], ints, "the heap keeps it")
        return compiler

    def test_the_default_is_16_ints(self):
        self.check(16)

    def test_one_int(self):
        self.check(1, "1")

    def test_more_than_a_page(self):
        self.check(4096, "4096")

    def test_the_compiler_says_what_it_is_quoted_with(self):
        quoted = re.findall(r"^  (int .*)\n    (warning: .*)\n    (\[-W\S+\])$", self.check(16), re.M)
        self.assertEqual([option for _, _, option in quoted], ["[-Wreturn-local-addr]", "[-Wdangling-pointer=]"])
        for code, warning, option in quoted:
            status, said = compile_cxx(code, "-Wall", "-O1")
            self.assertEqual(status, 0, said)
            self.assertIn(f"{warning} {option}\n", said)

    def test_this_exhibit_compiles_without_a_warning(self):
        with open(os.path.join(ROOT, "user", "escape.cpp"), encoding="utf-8") as source:
            code = source.read()
        for level in ("-O1", "-O2"):
            self.assertEqual(compile_cxx(code, "-std=c++20", "-Wall", "-Wextra", "-I.", level), (0, ""))

    def test_nonsense_is_refused(self):
        for argument in ("0", "4097", "x"):
            self.assertEqual(run("escape", argument, status=2), "")


if __name__ == "__main__":
    unittest.main()
