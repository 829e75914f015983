"""Table, page and picture against made-up results; and what is said when Linux cannot be fetched."""
import contextlib
import io
import os
import pathlib
import re
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

from . import main, page, picture, results, rows, table
from .boot import BenchError, Boot
from .figures import Figure, collect, recorded, times_better
from .metrics import BY_NAME
from .results import Results, Side
from .turns import Series, Turns

SVG = "{http://www.w3.org/2000/svg}"


def figure(value, unit="instructions", spread=0):
    return Figure(value, value - spread, value + spread, unit)


def made_up(others=0.1, measured=True):
    """Vitrine: a call three times better, a fault worse by the clock, reading a file half as fast; no fork, no disk."""
    vitrine = Side("Vitrine", {"syscall_getppid": figure(100), "anon_fault": figure(500),
                               "memcpy_16m_sse": figure(700)},
                   {"syscall_getppid": figure(200, "ns"), "anon_fault": figure(2000, "ns", 100),
                    "file_read_64k_cached": figure(1000, "MiB/s"), "swap_read_seq2": figure(300, "MiB/s", 20),
                    "swap_read_seq2_pages_in": figure(77, "pages"), "swap_pages_correct": figure(200608, "pages"),
                    "swap_pages_checked": figure(200608, "pages")},
                   {"fork": 38, "msync": 30, "blk": 2},
                   {"icount": ["tools/vitrine", "run", "--then", "a b", "--then", "c", "x y"], "wall": ["x"]})
    plain = Side("no AVX", {"anon_fault": figure(1000), "brk_fault": figure(9)}, {})
    linux = Side("Linux", {"syscall_getppid": figure(300), "anon_fault": figure(3000), "fork_exit_wait_min": figure(1e5),
                           "memcpy_16m_sse": figure(705)},
                 {"syscall_getppid": figure(400, "ns"), "anon_fault": figure(1000, "ns"),
                  "file_read_64k_cached": figure(2000, "MiB/s"), "swap_read_seq2": figure(100, "MiB/s", 50)}, {},
                 {"kernel": "6.1.0-test"})
    best = Side("Linux, page-cluster=5", {}, {"swap_read_seq2": figure(600, "MiB/s")}, {}, {"disks": ["qemu", "x y"]})
    floor = Side("floor", {"floor_syscall_full_frame": figure(53), "floor_fault_avx": figure(327)},
                 {"floor_fault_avx": figure(1300, "ns")})
    known = Side("Linux", {}, {"blk_read_4k": figure(34, "MiB/s")}, {}, {"date": "2026-11-22"})
    return Results("2026-01-01", "7.2.0", "a processor", others, vitrine, plain, linux, measured, "tuned", floor, known,
                   best)


class FiguresTest(unittest.TestCase):
    def test_median_and_ends_over_boots(self):
        boots = [Boot(f"anon_fault {value}.00 ns\n", 1, []) for value in (9, 1, 4)]
        self.assertEqual(collect(boots, False), {"anon_fault": Figure(4, 1, 9, "ns")})

    def test_rates_under_icount_become_instructions_per_page(self):
        got = collect([Boot("memcpy_16m_movsq 7629.37 MiB/s\n", 1, [])], True)["memcpy_16m_movsq"]
        self.assertEqual((round(got.median), got.unit), (512, "instructions"))

    def test_waiting_for_a_disk_is_no_instruction_count(self):
        self.assertEqual(collect([Boot("msync_only 500.00 MiB/s\n", 1, [])], True), {})

    def test_failures_are_no_figures(self):
        boot = Boot("fork FAIL 38\nanon_fault 1.00 ns\n", 1, [])
        self.assertEqual((boot.failures(), list(boot.figures())), ({"fork": 38}, ["anon_fault"]))

    def test_times_is_above_one_when_vitrine_is_better(self):
        self.assertEqual(times_better(figure(100), figure(300)), 3)
        self.assertEqual(times_better(figure(1000, "MiB/s"), figure(2000, "MiB/s")), 0.5)
        self.assertIsNone(times_better(None, figure(1)))

    def test_recorded_figures(self):
        one, best = (recorded("off" + words)[2] for words in ("", ",page-cluster=5"))
        self.assertGreater(best["swap_read_seq2"].median, one["swap_read_seq2"].median)
        for configuration in ("tuned", "off", "default"):
            facts, instructions, wall = recorded(configuration)
            self.assertEqual(facts["date"], "2026-11-22")
            self.assertLessEqual({name for name in wall if not name.startswith("swap_")}, set(BY_NAME))
            self.assertEqual(bool(instructions), configuration != "default")
        self.assertEqual(recorded("tuned")[1]["anon_fault"].median, 2915)
        self.assertEqual(recorded("off")[2]["anon_fault"], Figure(5932, 5603, 5959, "ns"))


class TableTest(unittest.TestCase):
    def test_a_row(self):
        shown = table.text(made_up())
        self.assertRegex(shown, r"\nsyscall_getppid +100 +300 +3\.00x +53\.0 +200 +400 +2\.00x\n")
        self.assertRegex(shown, r"\nfile_read_64k_cached +- +- +- +1,000 MiB/s +2,000 MiB/s +0\.50x\n")
        self.assertNotIn("WORTH LITTLE", shown)

    def test_zeroing_as_linux_does_is_shown_beside(self):
        self.assertRegex(table.text(made_up()), r"With pages zeroed as Linux does.*\nanon_fault +1,000 +3,000 +3\.00x\n")
        self.assertIn("| 500 | 1,000 | 3,000 | 3.00x |", page.text(made_up()))

    def test_swapping_is_compared_with_both_linuxes(self):
        row = r"\nswap_read_seq2 +300 MiB/s +100 MiB/s +3\.00x +4\.00x +600 MiB/s +0\.50x +2\.50x\n"
        shown = table.text(made_up())
        self.assertRegex(shown, row)
        self.assertIn("200,608 of 200,608 pages", shown)
        self.assertNotIn("pages_in", shown)
        shown = table.text(made_up(), ["swap"])
        self.assertRegex(shown, row + r" +its fastest boot +320 MiB/s +150 MiB/s +2\.13x")
        self.assertRegex(shown, r"\nswap_read_seq2_pages_in +77\.0 +- +-\n")

    def test_some_groups_say_nothing_of_others(self):
        self.assertIn("fork_exit_wait_min", table.text(made_up()))
        self.assertNotIn("fork_exit_wait_min", table.text(made_up(), ["swap"]))

    def test_what_is_missing_has_its_reason_and_no_figure(self):
        shown = table.text(made_up())
        self.assertRegex(shown, r"ENOSYS: there is no such system call:\n +fork_exit_wait_min")
        self.assertRegex(shown, r"EROFS: .*:\n +shared_dirty_fault")
        self.assertIsNone(re.search(r"fork_exit_wait_min +[\d-]", shown))

    def test_a_busy_machine_is_said(self):
        self.assertIn("WALL FIGURES ARE WORTH LITTLE", table.text(made_up(others=1.2)))

    def test_recorded_figures_are_said_to_be(self):
        self.assertIn("another machine and day", table.text(made_up(measured=False)))

    def test_results_survive_a_file(self):
        with tempfile.TemporaryDirectory() as directory:
            results.save(made_up(), f"{directory}/r.json")
            self.assertEqual(results.load(f"{directory}/r.json"), made_up())


class PageTest(unittest.TestCase):
    def test_the_page_is_whole(self):
        text = page.text(made_up())
        self.assertNotIn("$", text)
        self.assertIn("| `syscall_getppid` | null system call | 100 | 300 | 3.00x | 53.0 | 200 | 400 | 2.00x |", text)
        self.assertIn("| 2,000 (1,900–2,100) |", text)
        self.assertRegex(text, r"`blk_read_4k`.*ENOENT.*34.0 MiB/s †")
        self.assertIn("\ntools/vitrine run [--then …] 'x y'\n", text)

    def test_the_page_shows_disks(self):
        text = page.text(made_up())
        self.assertIn("| `swap_read_seq2` | read back in order once more | 300 MiB/s (280–320) | 100 MiB/s (50.0–150) | 3.00x "
                      "| 4.00x | 600 MiB/s | 0.50x | 2.50x |", text)
        self.assertIn("`swap_read_seq2` (read back in order once more): 0.50x by wall clock (page-cluster=5)", text)
        self.assertIn("# Linux, page-cluster=5, disks, wall clock\nqemu 'x y'\n", text)

    def test_counts_that_differ_between_boots_say_so(self):
        said = [page.counted(Figure(300, low, 310, "instructions")) for low in (305, 290)]
        self.assertEqual(said, ["300", "300 (290–310)"])

    def test_losses_are_listed_whichever_clock_shows_them(self):
        said = page.losses(made_up())
        self.assertIn("`anon_fault`", said)
        self.assertIn("0.50x by wall clock", said)
        self.assertIn("`file_read_64k_cached`", said)
        self.assertNotIn("syscall_getppid", said)

    def test_the_picture_draws_what_the_table_says(self):
        root = xml.etree.ElementTree.fromstring(picture.draw(made_up()))
        bars = [float(bar.get("width")) for bar in root.iter(SVG + "rect")
                if bar.get("x") == str(picture.LEFT)]
        # getppid 33 % and 50 % of Linux's, anon_fault 17 % and 200 %, the file 200 %: in proportion.
        self.assertEqual([round(bar / bars[0], 1) for bar in bars], [1.0, 1.5, 0.5, 6.0, 6.0])
        self.assertLessEqual(max(bars), picture.WIDTH + 0.1)

    def test_it_is_written_to_two_files(self):
        with tempfile.TemporaryDirectory() as directory:
            written = page.write(made_up(), pathlib.Path(directory))
            self.assertEqual(sorted(os.listdir(directory)), ["benchmarks.md", "benchmarks.svg"])
            self.assertEqual(len(written), 2)

    def test_numbers_for_people(self):
        self.assertEqual([rows.number(value) for value in (2.6e6, 1234.4, 99.94, 3)], ["2.600 M", "1,234", "99.9", "3.0"])


class CommandTest(unittest.TestCase):
    def with_apt(self, directory, apt_get):
        """What the benchmark says on a machine whose apt-get is this script."""
        for name, script in (("apt-cache", "echo '  Depends: linux-image-0-cloud-amd64'"), ("apt-get", apt_get)):
            path = pathlib.Path(directory, name)
            path.write_text(f"#!/bin/sh\n{script}\n")
            path.chmod(0o755)
        return run_bench("--linux", PATH=f"{directory}:{os.environ['PATH']}", BUILD=directory)

    def test_a_kernel_that_cannot_be_fetched_is_one_line(self):
        with tempfile.TemporaryDirectory() as directory:
            done = self.with_apt(directory, "echo 'E: no network' >&2; exit 100")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.strip(), "bench: linux-image-0-cloud-amd64 cannot be downloaded (no network); "
                                              "run: apt-get update")

    @unittest.skipIf(os.geteuid(), "only root can renew the lists of packages")
    def test_old_lists_are_renewed_once(self):
        with tempfile.TemporaryDirectory() as directory:
            done = self.with_apt(directory, f"echo $2 >>{directory}/calls; [ $2 = update ] || exit 100")
            calls = pathlib.Path(directory, "calls").read_text().split()
        self.assertEqual((done.returncode, calls), (1, ["download", "update", "download"]))

    def test_an_unknown_option_is_refused(self):
        self.assertEqual(run_bench("--nonsense").returncode, 2)

    def test_an_unknown_group_is_refused(self):
        done = run_bench("--groups", "swap,nonsense")
        self.assertEqual(done.returncode, 2)
        self.assertIn("there is no group nonsense; there are: syscall", done.stderr)

    def test_the_page_is_not_written_from_some_groups(self):
        for words in (["--groups", "swap"], ["--vitrine=--checked"]):
            done = run_bench("--write", *words)
            self.assertEqual((done.returncode, "needs a whole run" in done.stderr), (2, True))


class PlanTest(unittest.TestCase):
    def booted(self, *words):
        return {(series.name, series.clock) for series in main.plan(main.arguments(words), page.HERE.parents[1] / "build")}

    def test_everything_by_its_clocks(self):
        self.assertEqual(self.booted(), {("floor", "icount"), ("floor", "wall"), ("Vitrine", "icount"), ("Vitrine", "wall"),
                                         ("no AVX", "icount"), ("Vitrine", "disks")})

    def test_only_what_the_groups_need(self):
        self.assertEqual(self.booted("--groups", "swap,disk"), {("Vitrine", "disks")})
        self.assertNotIn(("no AVX", "icount"), self.booted("--groups", "fork"))

    def test_pages_that_come_back_wrong_end_the_run(self):
        said = "swap_pages_correct 9.00 pages\nswap_pages_checked 10.00 pages\nswap FAIL 14\n"
        series = Series("Vitrine", "disks", lambda icount, hz: Boot(said, 1, []))
        with contextlib.redirect_stdout(io.StringIO()), self.assertRaisesRegex(BenchError, "returned 1 of 10 pages wrong"):
            Turns([series], 1, 1).all()

    def test_machines_take_turns(self):
        order = []
        series = [Series(name, "disks", lambda icount, hz, name=name: order.append(name) or Boot("", 1, []), once)
                  for name, once in (("a", False), ("b", True), ("c", False))]
        with contextlib.redirect_stdout(io.StringIO()):
            Turns(series, 2, 1).all()
        self.assertEqual(order, ["a", "b", "c", "a", "c"])


def run_bench(*words, **environment):
    return subprocess.run([page.HERE / "bench", *words], capture_output=True, text=True, timeout=60, check=False,
                          env={**os.environ, **environment})


if __name__ == "__main__":
    unittest.main()
