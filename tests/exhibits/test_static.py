"""static: objects lie on pages whose permissions fit them, pages of statics come as they are said to, and what is
forbidden is the end."""
import re
import struct
import subprocess
import unittest

from runner import ON_LINUX, ExhibitTest, last_words, program, run
from test_where import parse

ADDRESS = r"(0x[0-9a-f]+)"
KIND = {"zeros": "bss: statics that start as zero rw-", "calls": "bss: statics that start as zero rw-",
        "filled": "data: statics with a value rw-", "answer": "data: statics with a value rw-",
        "primes": "constants r--", '"hello"': "constants r--", "count()": "code r-x", "main()": "code r-x"}
SYMBOLS = {"zeros": "(anonymous namespace)::zeros", "filled": "(anonymous namespace)::filled",
           "answer": "(anonymous namespace)::answer", "count()": "(anonymous namespace)::count()", "main()": "main",
           "calls": "(anonymous namespace)::count()::calls", "primes": "(anonymous namespace)::primes"}
PERMISSIONS = rf"^/proc/self/maps says of its page: (\S+) \(r read, w write, x execute\)\.$"


def symbols():
    lines = subprocess.run(["nm", "-C", program("static")], capture_output=True, text=True, check=True).stdout
    found = {}
    for address, name in re.findall(r"^([0-9a-f]+) . (.*)$", lines, re.M):
        found.setdefault(name, []).append(int(address, 16))  # two files may have a "primes" each
    return found


def writable_segment():
    """(file size, memory size) of the program's writable part, by its ELF program headers (elf(5))."""
    with open(program("static"), "rb") as file:
        content = file.read()
    offset, = struct.unpack_from("<Q", content, 32)
    size, count = struct.unpack_from("<HH", content, 54)
    headers = [struct.unpack_from("<IIQQQQQQ", content, offset + number * size) for number in range(count)]
    (found,) = [(header[5], header[6]) for header in headers if header[0] == 1 and header[1] & 2]
    return found


class Static(ExhibitTest):
    def check_image(self, text):
        areas = parse(text.split("The writable part")[0])
        self.assertGreaterEqual(len(areas), 5, text)
        found = {name: f"{area['title']} {area['permissions']}" for area in areas for name in area["variables"]}
        if found.get("zeros") == "bss and heap in one rw-":  # where the break begins right behind bss
            found.update(dict.fromkeys(["zeros", "calls"], KIND["zeros"]))
        self.assertEqual(found, KIND)
        said = {name: address for area in areas for name, address in area["variables"].items()}
        linked = symbols()
        for name, symbol in SYMBOLS.items():
            self.assertIn(said[name], linked[symbol], name)

    def check_sizes(self, text):
        memory, file = self.find(r"^The writable part has ([0-9.]+) KiB in memory, ([0-9.]+) KiB of it in the file:",
                                 text)
        for figure, size in zip((file, memory), writable_segment()):
            self.assertAlmostEqual(float(figure), size / 1024, delta=0.1)

    def check_pages(self, text, pages):
        for kind, first_value in (("data", 42), ("bss", 0)):
            first, read, written = self.find(
                rf"^{kind}: {pages} pages at first +(\d+ +\d+)\n(?:  \(.*\)\n)?"
                r"  each one read: sum (\d+ +\d+ +\d+ +\d+)\n  each one written: 43 +(\d+ +\d+ +\d+)$", text)
            present_first, of_file_first = map(int, first.split())
            total, faults, present, of_file = map(int, read.split())
            self.assertEqual((total, present), (pages * first_value, pages))
            if kind == "data":
                self.assertEqual((of_file_first, of_file), (present_first, pages), "read, it is the file's page")
                if not ON_LINUX:  # Linux maps some neighbours at each fault
                    self.assertEqual(faults, pages - present_first)
                self.assertLessEqual(faults, pages - present_first)
            else:
                self.assertEqual((present_first, of_file_first, faults, of_file), (0, 0, pages, 0))
            self.assertEqual([int(figure) for figure in written.split()], [pages, pages, 0],
                             "a fault and a page of its own for each page written")
        self.assertEqual(self.find(r"^filled\[0\] is (\d+) in memory, and still (\d+) in the file:", text),
                         ("43", "42"))

    def check(self, pages, *arguments):
        text = run("static", *arguments)
        self.check_image(text)
        self.check_sizes(text)
        self.check_pages(text, pages)

    def test_the_default_is_16_pages(self):
        self.check(16)

    def test_one_page(self):
        self.check(1, "1")

    def test_all_pages(self):
        self.check(64, "64")

    def test_a_write_to_a_constant_is_the_end(self):
        text, lesson = last_words("static", "write-constant", status=139)
        address = self.find(rf"^primes\[0\], a constant, is at {ADDRESS} and reads 2\.$", text)
        self.assertIn(int(address, 16), symbols()["(anonymous namespace)::primes"])
        self.check_death(text, lesson, "r--", rf"write to {address}, in the program's constants .* but not changed")

    def test_a_write_to_code_is_the_end(self):
        text, lesson = last_words("static", "write-code", status=139)
        address, twice, byte = self.find(
            rf"^twice\(\), a function, is at {ADDRESS}\. twice\(21\) is (\d+), its first byte is (\w\w)\.$", text)
        self.assertEqual(([int(address, 16)], twice), (symbols()["(anonymous namespace)::twice(int)"], "42"))
        shown = subprocess.run(["objdump", "-d", f"--start-address={address}", "--stop-address=%#x" %
                                (int(address, 16) + 1), program("static")], capture_output=True, text=True, check=True)
        self.assertRegex(shown.stdout, rf"(?m)^ +{address[2:]}:\t{byte} ")
        self.check_death(text, lesson, "r-x", rf"write to {address}, in the program's code .* but not changed")

    def test_a_call_of_data_is_the_end(self):
        text, lesson = last_words("static", "run-data", status=139)
        address, byte = self.find(rf"^come_back, a static array, is at {ADDRESS}\. Its byte, (\w\w), ", text)
        self.assertEqual(([int(address, 16)], byte), (symbols()["(anonymous namespace)::come_back"], "c3"))
        self.check_death(text, lesson, "rw-", rf"jump to {address}, in the program's variables .*data is not code")

    def check_death(self, text, lesson, permissions, sentence):
        self.assertEqual(self.find(PERMISSIONS, text), permissions)
        self.assertTrue(text.endswith("the last thing this program does.\n"), text)
        if not ON_LINUX:
            self.assertRegex(lesson, r"^static\[2\] killed by SIGSEGV: " + sentence)

    def test_nonsense_is_refused(self):
        for argument in ("0", "65", "write"):
            self.assertEqual(run("static", argument, status=2), "")


if __name__ == "__main__":
    unittest.main()
