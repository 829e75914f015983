"""Boots on small and large machines, on processors with and without optional features, through GRUB and by PVH."""
import re

from tests.boot.vitrine import VitrineTest, program, run


class Memory(VitrineTest):
    def test_boots_and_returns_every_frame(self):
        for mib in (16, 64, 256, 8192):
            with self.subTest(mib=mib):
                outcome = run("--memory", mib, program("hello"))
                self.assert_runs(outcome)
                self.assertEqual(outcome.out, "hello\n")
                self.assert_frames_returned(outcome)

    def test_the_kernel_keeps_at_most_4_mib_and_0_8_percent(self):
        for mib in (64, 256, 8192):
            with self.subTest(mib=mib):
                outcome = run("--memory", mib, program("hello"))
                match = re.search(r"kernel keeps (\d+) KiB of (\d+) KiB", outcome.log)
                self.assertIsNotNone(match, outcome.log)
                self.assertLessEqual(int(match[1]), 4096 + int(match[2]) * 0.008)

    def test_too_little_memory_is_said_not_suffered(self):
        outcome = run("--memory", 16, "--add", f"{program('padding')}=/padding", program("hello"))
        self.assertEqual(outcome.status, 125)
        self.assertEqual(outcome.err.count("\n"), 1, outcome.err)


class Boot(VitrineTest):
    def test_grub_and_pvh_give_the_same(self):
        direct, iso = run(program("hello"), "x"), run("--iso", program("hello"), "x")
        self.assert_runs(direct)
        self.assert_runs(iso)
        self.assertEqual(direct.out, iso.out)
        self.assertRegex(iso.log, "(?i)multiboot2|grub")
        self.assert_frames_returned(iso)

    def test_checked_build_boots(self):
        outcome = run("--checked", program("hello"))
        self.assert_runs(outcome)
        self.assert_frames_returned(outcome)

    def test_bad_options_are_refused_with_a_sentence(self):
        for option in ("nonsense=1", "winsize=wide", "tty=9", "test=unknown_test", "ends=256", "ends=killed",
                       "ask=", "with=a,b", "swap=dev", "swap=/dev/vdz", "swap=/dev/null", "swap_policy=best"):
            with self.subTest(option):
                outcome = run("--option", option, program("hello"))
                self.assertEqual(outcome.status, 125)
                self.assertIn(option.split("=")[0], outcome.err)
                self.assertEqual(outcome.err.count("\n"), 1, outcome.err)


class Processor(VitrineTest):
    def test_optional_features_may_be_absent(self):
        for missing in ("smep=off", "smap=off", "umip=off", "pdpe1gb=off", "avx=off,avx2=off", "xsave=off",
                        "fsgsbase=off"):
            with self.subTest(missing):
                outcome = run("--cpu", f"max,la57=off,{missing}", program("hello"))
                self.assert_runs(outcome)
                name = {"pdpe1gb": "1 GiB"}.get(missing.split("=")[0], missing.split("=")[0])
                self.assertRegex(outcome.log, "(?i)" + name)

    def test_a_required_feature_that_is_missing_is_named(self):
        for missing, name in (("nx=off", "NX"),):
            with self.subTest(missing):
                outcome = run("--cpu", f"max,la57=off,{missing}", program("hello"))
                self.assertEqual(outcome.status, 125)
                self.assertIn(name, outcome.err)


class Programs(VitrineTest):
    def test_programs_that_start_together_run_by_turns_in_memories_of_their_own(self):
        outcome = run("--with", f"{program('turns')} b", program("turns"), "a")
        self.assert_runs(outcome)
        self.assertEqual(outcome.out.count("a kept its value"), 1, outcome.out)
        self.assertEqual(outcome.out.count("b kept its value"), 1, outcome.out)
        self.assert_frames_returned(outcome)

    def test_a_spinning_program_does_not_keep_others_from_running(self):
        outcome = run("--with", program("hello"), program("spin"), 300)
        self.assert_runs(outcome)
        self.assertEqual(outcome.out, "hello\nspun\n")

    def test_then_starts_after_all_have_ended(self):
        outcome = run("--then", f"{program('hello')} later", "--with", f"{program('spin')} 100", program("hello"))
        self.assert_runs(outcome)
        self.assertEqual(outcome.out.splitlines()[-1], "hello later")

    def test_programs_joined_by_an_ampersand_start_together_after_the_others(self):
        pair = f"{program('turns')} a & {program('turns')} b"
        outcome = run("--then", pair, "--then", f"{program('hello')} last", program("hello"))
        self.assert_runs(outcome)
        lines = outcome.out.splitlines()
        self.assertEqual((lines[0], lines[-1]), ("hello", "hello last"))
        self.assertEqual(sorted(lines[1:-1]), ["a kept its value", "b kept its value"])

    def test_the_first_programs_status_is_the_launchers(self):
        outcome = run("--with", f"{program('exit')} 0", program("exit"), 7)
        self.assert_runs(outcome, 7)
        self.assert_runs(run("--with", f"{program('exit')} 7", program("exit"), 0), 0)
        self.assert_runs(run(program("exit"), "segv"), 139)

    def test_stdin_reaches_the_program_byte_for_byte_and_ends(self):
        data = bytes(range(256)) * 4096
        outcome = run(program("checksum"), stdin=data)
        self.assert_runs(outcome)
        self.assertEqual(outcome.out, f"{len(data)} bytes, sum {sum(data)}\n")

    def test_a_program_that_eats_all_memory_is_ended_and_the_others_go_on(self):
        outcome = run("--memory", 32, "--with", f"{program('spin')} 300", program("eat"))
        self.assertEqual(outcome.status, 137, outcome.err)
        self.assertIn("spun\n", outcome.out)
        self.assertRegex(outcome.log, "out of memory")
        self.assert_frames_returned(outcome)

    def test_of_several_programs_the_largest_is_ended_and_whoever_ran_out_of_memory_goes_on(self):
        for how in ("touch", "read"):
            with self.subTest(how=how):
                outcome = run("--memory", 32, "--lessons", "--with", f"{program('hold')} 20", program("take"), 20, 12, how)
                self.assert_runs(outcome)
                self.assertEqual(outcome.out, "took it\n")
                self.assertRegex(outcome.err, r"(?m)^> hold\[3\] +\d+ +0 +\d+ +\d+$")
                self.assertRegex(outcome.err, r"(?m)^  take\[2\] +\d+ +0 +\d+ +\d+$")
                self.assertIn("hold[3] killed by SIGKILL: out of memory: process 2 needed a frame", outcome.err)
                self.assert_frames_returned(outcome)
