"""Drawings and colours on a terminal of 80 columns, plain text anywhere else, and the same words on both."""
import re
import unicodedata
import unittest

from runner import ExhibitTest, run, run_on_terminal

ESCAPE = re.compile("\033\\[[0-9;]*m")
PLAIN = str.maketrans("─→│┌┐└┘├┤┬┴░▒█", "->|++++++++.+#")
WIDEST = [("where", "1000000"), ("translate", "2147483647", "1"), ("brk", "16384"), ("heap", "best", "16384"),
          ("malloc", "1024", "65536"), ("mmap", "65535", "4095"),
          ("demand", "200", "1"), ("speed", "100"), ("stack", "1000"), ("static", "64"), ("escape", "4096"),
          ("fork", "16"), ("handler",)]


def columns(line):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in ESCAPE.sub("", line))


def shape(text):
    """What must not differ between two runs. Addresses and frames do, so numbers and lengths of edges go."""
    return [re.sub(r"[-─ ]+", " ", re.sub(r"[0-9][0-9a-fx,.]*", "N", line)).strip() for line in text.splitlines()]


class Terminal(ExhibitTest):
    def test_drawn_within_80_columns(self):
        for name, *arguments in WIDEST:
            with self.subTest(name):
                text = run_on_terminal(name, *arguments)
                self.assertRegex(text, "[─│░█]")
                self.assertRegex(text, ESCAPE)
                for line in text.splitlines():
                    self.assertLessEqual(columns(line), 80, line)
                    if "\033" in line:
                        self.assertEqual(ESCAPE.findall(line)[-1], "\033[0m", f"no colour outlives its line: {line!r}")

    def test_plain_elsewhere(self):
        for name, *arguments in WIDEST:
            with self.subTest(name):
                text = run(name, *arguments)
                self.assertTrue(text.isascii())
                self.assertNotIn("\033", text)
                self.assertTrue(all(len(line) <= 80 for line in text.splitlines()), text)

    def test_first_line_says_what_to_look_at(self):
        for name, *arguments in WIDEST:
            with self.subTest(name):
                first = run(name, *arguments).splitlines()[0]
                self.assertTrue(first.startswith(f"{name}: look at "), first)

    def test_same_words_on_both(self):
        for name, *arguments in (("translate", "5", "1"), ("brk", "16"), ("heap", "next"), ("malloc", "24"),
                                 ("mmap", "64"), ("static", "4"), ("escape", "100")):
            with self.subTest(name):
                drawn = ESCAPE.sub("", run_on_terminal(name, *arguments)).translate(PLAIN)
                self.assertEqual(shape(drawn), shape(run(name, *arguments)))

    def test_a_dumb_terminal_gets_plain_text(self):
        self.assertTrue(run_on_terminal("brk", term="dumb").isascii())


if __name__ == "__main__":
    unittest.main()
