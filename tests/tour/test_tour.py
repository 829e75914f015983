"""The tour plays what user/tour.txt says, to a person at a terminal and to nobody."""
import os
import re
import subprocess
import tempfile
import unicodedata
import unittest

from tests.tour.world import BUILD, EXHIBITS, ISO, LAUNCHER, LIMIT, MEMORY, ROOT, RUNS, Terminal, boot

KEYS = "any key: go on   q: the end of the tour"
GOODBYE = "Those were all."
DEATHS = sum(dies for *_, dies in RUNS)


def columns(line):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


class Through(unittest.TestCase):
    def check_order(self, text, heading):
        """Each run is announced once, in order, and then comes what its program says about itself."""
        for line in text.splitlines():
            self.assertLessEqual(columns(line), 80, line)
        position = 0
        for number, title, sentence, _ in RUNS:
            announced = heading.format(number=number, of=len(EXHIBITS), title=title)
            self.assertEqual(text.count(f" {announced} ="), 1, announced)
            position = text.index(announced, position)
            self.assertLessEqual(columns(sentence), 80)
            if sentence in text:
                self.assertGreater(text.index(sentence), position)
            program = re.match("[a-z]+", title)[0]  # malloc.musl is malloc, too
            self.assertRegex(text[position:].split("\n===")[0], rf"\n{program}.*(: look at |：请看)")

    def test_the_list_is_whole(self):
        self.assertGreaterEqual(len(EXHIBITS), 4)
        self.assertGreaterEqual(len(RUNS), len(EXHIBITS))
        self.assertGreater(DEATHS, 0)

    def test_without_a_terminal_in_the_least_memory(self):
        done = boot("--memory", MEMORY)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.check_order(done.stdout, "{number} of {of}: {title}")
        for *_, sentence, _ in RUNS:
            self.assertEqual(done.stdout.count(f"\n{sentence}\n"), 1, sentence)
        self.assertEqual(len(re.findall(r"^\w+\[\d+\] killed by SIGSEGV: ", done.stderr, re.M)), DEATHS, done.stderr)
        self.assertIn(GOODBYE, done.stdout)
        self.assertNotIn(KEYS, done.stdout)
        self.assertTrue(done.stdout.isascii())
        self.assertIn("\nEvery byte of every page was right, in all 3 processes.\n", done.stdout)
        self.assertRegex(done.stdout, r"\nunequal, who was more urgent \d+ of \d+ times\.\n")

    def test_without_swap_it_says_so_and_goes_on(self):
        done = boot(swap=0)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for name in ("swap", "priority"):
            self.assertIn(f"\nThere is no swap here. A machine that has some: make run EXHIBIT={name}\n", done.stdout)
        self.assertIn(GOODBYE, done.stdout)

    def test_in_chinese(self):
        done = boot("--memory", MEMORY, language="zh_CN")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.check_order(done.stdout, "{number} / {of}：{title}")
        self.assertTrue(done.stdout.startswith("这里是 Vitrine"), done.stdout[:200])
        self.assertIn("展品都看完了", done.stdout)
        for *_, sentence, _ in RUNS:
            self.assertNotIn(sentence, done.stdout)

    def test_output_to_a_file_waits_for_nobody(self):
        """Standard input is a terminal, standard output is not: nobody would see the question."""
        with tempfile.TemporaryFile() as file:
            with Terminal(LAUNCHER, "boot", ISO, output=file) as terminal:
                self.assertEqual(terminal.end()[0], 0)
            file.seek(0)
            text = file.read().decode()
        self.assertIn(GOODBYE, text)
        self.assertNotIn(KEYS, text)


class AtATerminal(unittest.TestCase):
    def test_each_run_waits_for_a_key(self):
        keys = [b" ", b"x", b"\r", b"\033[A", "é".encode()]  # one key each
        with Terminal(LAUNCHER, "boot", ISO) as terminal:
            for count, (number, title, sentence, _) in enumerate(RUNS):
                shown = terminal.until(KEYS)
                self.assertIn(f"{number} of {len(EXHIBITS)}: {title}", shown)
                self.assertIn(sentence, shown)
                if count == 0:
                    self.assertFalse(terminal.is_shown_within(1), "it has to wait")
                terminal.press(keys[count % len(keys)])
            status, shown = terminal.end()
            self.assertEqual(status, 0, shown)
            self.assertIn(GOODBYE, shown)
            self.assertNotIn(KEYS, shown)
            self.assertEqual(terminal.attributes(), terminal.before)

    def test_q_ends_it(self):
        for language, keys, farewell in (("en", KEYS, "The tour ends here."),
                                         ("zh", "按 q 结束导览", "导览到此结束。")):
            with self.subTest(language), Terminal(LAUNCHER, "boot", ISO, VITRINE_LANG=language) as terminal:
                terminal.until(keys)
                terminal.press(b" ")
                terminal.until(keys)
                terminal.press(b"q")
                status, shown = terminal.end()
                self.assertEqual(status, 0, shown)
                self.assertIn(farewell, shown)
                self.assertNotIn(RUNS[1][1].split()[0] + ": look", shown)
                self.assertEqual(terminal.attributes(), terminal.before)

    def test_ctrl_c_leaves_the_terminal_as_it_was(self):
        with Terminal(LAUNCHER, "boot", ISO) as terminal:
            terminal.until(KEYS)
            terminal.press(b"\x03")
            self.assertEqual(terminal.end()[0], 130)
            self.assertEqual(terminal.attributes(), terminal.before)

    def test_while_it_is_stopped_the_terminal_is_as_it_was(self):
        with Terminal(LAUNCHER, "boot", ISO) as terminal:
            terminal.until(KEYS)
            terminal.press(b"\x1a")
            terminal.wait_until_stopped()
            self.assertEqual(terminal.attributes(), terminal.before)
            terminal.resume()
            terminal.press(b" ")
            terminal.until(KEYS)
            terminal.press(b"q")
            self.assertEqual(terminal.end()[0], 0)
            self.assertEqual(terminal.attributes(), terminal.before)

    def test_fast_does_not_wait(self):
        with Terminal("make", "-s", f"BUILD={BUILD}", "run", "FAST=1") as terminal:
            status, shown = terminal.end()
        self.assertEqual(status, 0, shown)
        self.assertNotIn(KEYS, shown)
        self.assertEqual(len(re.findall(rf"\d+ of {len(EXHIBITS)}: ", shown)), len(RUNS))
        self.assertIn(GOODBYE, shown)


class Memory(unittest.TestCase):
    def test_too_little_is_told_in_one_line(self):
        for memory, status, line in ((MEMORY // 2, 3, rf"tour: \d+ MiB .* needs a machine with {MEMORY} "),
                                     (MEMORY - 10, 3, rf"tour: \d+ MiB .* needs a machine with {MEMORY} "),
                                     (16, 125, "vitrine: .*archive.cpio cannot be loaded: is memory short?")):
            with self.subTest(memory=memory):
                done = boot("--memory", memory)
                self.assertEqual((done.returncode, done.stdout), (status, ""))
                self.assertRegex(done.stderr, rf"\A{line}.*\n\Z")

    def test_it_is_stated_where_people_look(self):
        texts = [subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout]
        for name in ("README.md", "README.zh-CN.md"):
            with open(os.path.join(ROOT, name), encoding="utf-8") as file:
                texts.append(file.read())
        texts.append(subprocess.run([LAUNCHER, "boot", "--help"], capture_output=True, text=True, check=True).stdout)
        for text in texts:
            self.assertRegex(text, rf"\b{MEMORY}\b")


class Broken(unittest.TestCase):
    """Tours in which something goes wrong must not look as if all were well."""

    def play(self, text):
        with tempfile.TemporaryDirectory() as place:
            tour, iso = os.path.join(place, "tour.txt"), os.path.join(place, "tour.iso")
            with open(tour, "w", encoding="utf-8") as file:
                file.write(text)
            made = subprocess.run([LAUNCHER, "iso", "--output", iso, "--tour", tour], capture_output=True, text=True,
                                  timeout=LIMIT)
            return boot(iso=iso) if made.returncode == 0 else made

    def test_an_exhibit_that_does_not_end_as_it_should(self):
        for run, status, ended in (("run brk past", 139, "139, not 0"), ("run brk nonsense", 2, "2, not 0"),
                                   ("dies brk 1", 1, "0, not 139")):
            with self.subTest(run):
                done = self.play(f"memory 32\nfirst\n    A.\n    {run}\nsecond\n    B.\n    run brk 1\n")
                self.assertEqual(done.returncode, status, done.stderr)
                self.assertIn("=== 1 of 2: brk", done.stdout)
                self.assertNotIn("2 of 2", done.stdout)
                self.assertIn(f"ended with status {ended} as it should: nothing more is started\n", done.stderr)

    def test_one_of_two_that_start_together(self):
        done = self.play("memory 32\nfirst\n    A.\n    run brk 1 & brk nonsense\n")
        self.assertEqual(done.returncode, 2, done.stderr)

    def test_a_tour_that_makes_no_sense(self):
        for text, why in (("memory 32\nbrk\n", "nothing is run of brk"),
                          ("brk\n    A.\n    run brk\n", "a part is missing"),
                          ("memory 32\nbrk\n    run brk\n", "line 3: a sentence must come"),
                          ("memory 32\nbrk\n    A.\n    run brk &\n", "a program is missing beside the &"),
                          ("memory 32\nbrk 1\n", "line 2: "), ("memory 32\nx\n    A.\n    run nosuch\n", "nosuch")):
            with self.subTest(text):
                done = self.play(text)
                self.assertEqual(done.returncode, 125)
                self.assertRegex(done.stderr, rf"\Avitrine: .*{re.escape(why)}.*\n\Z")


class OneExhibit(unittest.TestCase):
    def make_run(self, *words):
        return subprocess.run(["make", "-s", f"BUILD={BUILD}", "run", *words], cwd=ROOT, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=LIMIT)

    def test_one_with_arguments(self):
        done = self.make_run("EXHIBIT=brk", "ARGS=3")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(" 3 of 3 present", done.stdout)

    def test_with_its_partner(self):
        done = self.make_run("EXHIBIT=translate")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("\nphysical address "), 2)

    def test_unknown(self):
        done = self.make_run("EXHIBIT=nosuch")
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, rf"\A.*no exhibit nosuch; there are: {' '.join(EXHIBITS)}\b.*\n\Z")


if __name__ == "__main__":
    unittest.main()
