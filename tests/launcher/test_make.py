"""Which machine `make run` and `make debug` start."""
import os
import re
import subprocess
import sys

from support import ROOT, LauncherTest

sys.path.insert(0, os.path.join(ROOT, "tools"))
from vitrine_launcher import arguments, main  # noqa: E402


class MakeTest(LauncherTest):
    def make(self, *arguments):
        done = subprocess.run(
            ["make", "-s", "--no-print-directory", *arguments],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "TMPDIR": self.temporary},
            stdout=subprocess.PIPE,
            text=True,
            timeout=self.LIMIT,
            check=True,
        )
        return done.stdout

    def machine(self, *variables):
        return self.make("--eval=machine: ; @echo $(MACHINE)", "machine", *variables).split()

    def test_every_way_of_starting_it_names_the_machine(self):
        ways = ["run-tour", "run-program", "run-exhibit", "debug"]
        printed = self.make("--dry-run", *ways, "EXHIBIT=brk", "MEMORY=77", "SWAP=8")
        started = [line for line in printed.splitlines() if re.match("tools/vitrine (boot|run|debug) ", line)]
        self.assertEqual(len(started), len(ways), printed)
        for line in started:
            self.assertIn(" --memory 77 --swap 8 ", line)

    def test_an_exhibit_with_something_else_to_start_it(self):
        printed = self.make("--dry-run", "run-exhibit", "EXHIBIT=pool", "MEMORY=77", "SWAP=8", "ARGS=best")
        self.assertRegex(printed, "(?m)^user/pool/run --iso --lessons --memory 77 --swap 8 [ \\\\\n\t]+build/user/pool best$")

    def test_what_the_user_says(self):
        self.assertEqual(self.machine("PROGRAM=./a.out"), ["--memory", "256"])
        self.assertEqual(self.machine("PROGRAM=./a.out", "SWAP=512"), ["--memory", "256", "--swap", "512"])
        self.assertEqual(self.machine("EXHIBIT=brk"), ["--memory", "256"])
        self.assertEqual(
            self.machine("EXHIBIT=brk", "SWAP=8", "MEMORY=64"), ["--memory", "64", "--swap", "8"]
        )

    def test_the_tour(self):
        self.assertEqual(self.machine("TOUR_SWAP=0"), ["--memory", "256"])
        self.assertEqual(self.machine("TOUR_SWAP=300"), ["--memory", "256", "--swap", "300"])
        self.assertEqual(self.machine("TOUR_SWAP=300", "SWAP=8"), ["--memory", "256", "--swap", "8"])
        self.assertEqual(self.machine("TOUR_SWAP=300", "SWAP=0"), ["--memory", "256"])
        self.assertEqual(self.machine("TOUR_SWAP=300", "PROGRAM=./a.out"), ["--memory", "256"])

    def test_an_exhibit_with_a_machine_of_its_own(self):
        own = ["EXHIBIT=brk", "EXHIBIT_MEMORY_brk=48", "EXHIBIT_SWAP_brk=200"]
        self.assertEqual(self.machine(*own), ["--memory", "48", "--swap", "200"])
        self.assertEqual(self.machine(*own, "MEMORY=100"), ["--memory", "100", "--swap", "200"])
        self.assertEqual(self.machine(*own, "SWAP=0"), ["--memory", "48"])
        self.assertEqual(self.machine(*own, "EXHIBIT=heap"), ["--memory", "256"])

    def test_the_exhibits_about_swap(self):
        for name, least in (("swap", "32"), ("priority", "48")):
            for firmware, memory in (("", least), ("1", "64")):
                words = self.machine(f"EXHIBIT={name}", f"EXHIBITS={name}", f"UEFI={firmware}")
                self.assertEqual(words[:3], ["--memory", memory, "--swap"])
                self.assertGreaterEqual(int(words[3]), 4 * int(memory) - int(memory))

    def test_debug_passes_them_on(self):
        options = main.debug_options()
        settings = arguments.parse(options, ["--swap", "8", "--swap-file", "a b", "./prog"], "debug")
        words = arguments.words(settings, options)
        self.assertIn("--swap=8", words)
        self.assertIn("--swap-file=a b", words)
