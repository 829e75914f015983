"""Chinese: every text has its translation, and what the exhibits say with VITRINE_LANG=zh is Chinese and fits."""
import collections
import glob
import os
import re
import subprocess
import unittest
from unittest import mock

from runner import ON_LINUX, RUNNER, ExhibitTest, last_words, program, run, run_on_terminal
from test_terminal import WIDEST, columns

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
USER = os.path.join(ROOT, "user")
with open(os.path.join(USER, "tour.txt"), encoding="utf-8") as file:
    TOUR = file.read()
EXHIBITS = [*re.findall(r"^[a-z]+$", TOUR, re.M), "pool"]
# Without arguments these fork, and who says something first is anybody's guess: here they stay alone.
ALONE = {"translate": ["5", "1"], "demand": ["8", "1"], "swap": ["32", "1"], "priority": ["24", "1"]}
# (name, arguments, status) of all that the tour runs.
RUNS = [(command[0], command[1:] or ALONE.get(command[0], []), 139 if how == "dies" else 0)
        for how, line in re.findall(r"^    (run|dies) ([^&\n]+)", TOUR, re.M) for command in [line.split()]]

CHINESE = re.compile("[\u4e00-\u9fff]")
# Three English words on end. Single ones may stay: names of calls, types, fields of /proc, ...
ENGLISH = re.compile(r"\b[A-Za-z][a-z]+,?(?: [a-z]+,?){2,}")
# ... and so may what is to be typed, and what a compiler says.
QUOTED = re.compile(r"(make run|tools/vitrine run|warning:) .*")
NUMBER = re.compile(r"0x[0-9a-f]+|[0-9a-f]{16}|[0-9][0-9,.]*")


def gettext_tool(*command, given=None):
    done = subprocess.run(command, input=given, capture_output=True, text=True, cwd=ROOT)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: {done.stderr}")
    return done.stdout


def texts_of(sources):
    """The .pot of what N_ marks in them."""
    pot = gettext_tool("xgettext", "--language=C++", "--from-code=UTF-8", "--keyword", "--keyword=N_", "--force-po",
                       "--output=-", *sources)
    return pot.replace("charset=CHARSET", "charset=UTF-8")


def sources_of(name):
    found = sorted(glob.glob(f"{USER}/{name}.cpp") + glob.glob(f"{USER}/{name}/*.cpp"))
    if name == "tour":  # its sentences, as the build hands them to xgettext
        found.append(os.path.join(ROOT, os.environ.get("BUILD", "build"), "user", "zh", "tour.texts.cpp"))
    return found


LINES = r'(?:"[^\n]*"\n)+'


def messages(po):
    return re.findall(f"^msgid ({LINES})", po, re.M)[1:]  # the first is the header


@unittest.skipUnless(ON_LINUX, "about files: once is enough")
class Catalogues(ExhibitTest):
    def test_every_text_is_translated_and_nothing_else(self):
        for name in [*EXHIBITS, "tour", "lib"]:
            with self.subTest(name):
                path = f"{USER}/zh/{name}.po"
                pot = texts_of(sources_of(name))
                self.assertTrue(messages(pot), "there must be texts to translate")
                merged = gettext_tool("msgmerge", "--quiet", "--no-fuzzy-matching", path, "-", given=pot)
                self.assertEqual(messages(gettext_tool("msgattrib", "--untranslated", "-", given=merged)), [])
                self.assertEqual(messages(gettext_tool("msgattrib", "--only-fuzzy", path)), [], "fuzzy")
                self.assertNotIn("#~", gettext_tool("msgattrib", "--only-obsolete", "-", given=merged), "obsolete")
                gettext_tool("msgfmt", "--check", "--output-file=/dev/null", "-", given=merged)

    def test_translations_are_chinese(self):
        for name in [*EXHIBITS, "tour", "lib"]:
            with self.subTest(name), open(f"{USER}/zh/{name}.po", encoding="utf-8") as po:
                for english, text in re.findall(rf"^msgid ({LINES})msgstr ({LINES})", po.read(), re.M)[1:]:
                    if ENGLISH.search(english):
                        self.assertRegex(text, CHINESE, english)

    def test_no_text_is_left_out_of_the_catalogues(self):
        """In `namespace text` a text of several words that nobody marked."""
        literal = r'"(?:[^"\\\n]|\\.)*"'
        for name in [*EXHIBITS, "tour", "lib"]:
            for path in sources_of(name):
                if path.startswith(USER):
                    with self.subTest(path), open(path, encoding="utf-8") as file:
                        texts = "".join(re.findall(r"^namespace text \{$(.*?)^\} // namespace text$", file.read(),
                                                   re.M | re.S))
                        unmarked = re.sub(rf"N_\(\s*(?:{literal}\s*)+\)", "", texts)
                        unmarked = re.sub("//.*", "", unmarked)
                        self.assertEqual([text for text in re.findall(literal, unmarked)
                                          if ENGLISH.search(QUOTED.sub("", text))], [])


class Chinese(ExhibitTest):
    def said(self, name, arguments, status):
        return last_words(name, *arguments, status=status)[0]

    def test_every_run_of_the_tour(self):
        for name, arguments, status in RUNS:
            with self.subTest(name, arguments=arguments):
                english = self.said(name, arguments, status)
                with mock.patch.dict(os.environ, VITRINE_LANG="zh_CN.UTF-8"):
                    chinese = self.said(name, arguments, status)
                self.assertNotRegex(english, CHINESE)
                first = chinese.splitlines()[0]
                self.assertTrue(first.startswith(f"{' '.join([name, *arguments])}：请看") or
                                first.startswith(f"{name.removesuffix('.musl')}：请看"), first)
                self.check_lines(chinese)
                self.assertEqual(self.numbers(chinese), self.numbers(english), f"{english}\n{chinese}")

    def numbers(self, text):
        """How many of each kind: addresses and the like in hexadecimal, all others."""
        return collections.Counter(found.startswith("0x") for found in NUMBER.findall(text))

    def check_lines(self, text):
        for line in text.splitlines():
            self.assertLessEqual(columns(line), 80, line)
            self.assertNotRegex(QUOTED.sub("", line), ENGLISH)

    def test_the_widest_on_a_terminal(self):
        with mock.patch.dict(os.environ, VITRINE_LANG="zh"):
            for name, *arguments in WIDEST:
                with self.subTest(name):
                    text = run_on_terminal(name, *arguments)
                    self.assertRegex(text, CHINESE)
                    self.check_lines(re.sub("\033\\[[0-9;]*m", "", text))

    def test_mistakes_are_told_in_chinese_too(self):
        for name in EXHIBITS:
            with self.subTest(name):
                done = subprocess.run([*RUNNER, program(name), "!"], capture_output=True, text=True,
                                      stdin=subprocess.DEVNULL, env={**os.environ, "VITRINE_LANG": "zh"}, timeout=60)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertRegex(done.stderr, f"^用法：{name} ")

    def test_any_other_language_is_english(self):
        for language in ("en", "de_DE", "", "z"):
            with mock.patch.dict(os.environ, VITRINE_LANG=language):
                self.assertTrue(run("brk", "1").startswith("brk: look at "), language)


if __name__ == "__main__":
    unittest.main()
