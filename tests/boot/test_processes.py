"""What the tree of processes does at the ends of it: init, what programs leave behind, and more of them than can be."""
from tests.boot.vitrine import VitrineTest, program, run


class Init(VitrineTest):
    def ends(self, *arguments, status, out):
        outcome = run("--memory", 64, program("tree"), *arguments)
        self.assertEqual((outcome.status, outcome.out), (status, out), outcome.log)
        self.assert_frames_returned(outcome)
        return outcome.log

    def test_ends_what_programs_leave_behind(self):
        self.assertIn("1 process that programs have left behind ends now", self.ends("left", status=3, out=""))

    def test_halts_turns_off_and_restarts_as_busybox_asks(self):
        for signal, said in ((10, "halted"), (12, "turned off"), (15, "restarted")):
            with self.subTest(signal):
                self.assertIn(f"the machine is {said}", self.ends("signal", signal, status=0, out="asked to end\n"))

    def test_other_signals_mean_nothing_to_it(self):
        for signal in (1, 9, 19, 34):
            with self.subTest(signal):
                self.assertNotIn("the machine is", self.ends("signal", signal, status=4, out="still here\n"))

    def test_reboot_asks_nobody(self):
        for command, said in ((0xcdef0123, "halted"), (0x4321fedc, "turned off"), (0x1234567, "restarted"),
                              (0xa1b2c3d4, "restarted")):
            with self.subTest(hex(command)):
                self.assertIn(f"the machine is {said}", self.ends("reboot", hex(command), status=0, out=""))

    def test_nothing_is_started_afterwards(self):
        outcome = run("--then", program("hello"), program("tree"), "signal", 12)
        self.assertEqual((outcome.status, outcome.out), (0, "asked to end\n"), outcome.log)


class Bomb(VitrineTest):
    def test_ends_in_eagain(self):
        outcome = run("--memory", 64, program("tree"), "bomb")
        self.assertEqual((outcome.status, outcome.out), (0, "alive\n"), outcome.log)
        self.assert_frames_returned(outcome)


class Stops(VitrineTest):
    def test_are_told_once(self):
        """A line for each would keep the machine busy with its log."""
        outcome = run("--memory", 64, program("tree"), "stop", 200)
        self.assertEqual((outcome.status, outcome.log.count("is stopped by SIGSTOP")), (0, 1), outcome.log)
