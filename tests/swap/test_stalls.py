"""A swap disk that does not answer: who waits for it, until when, and what becomes of the memory in its hands."""
from .machine import Machine
from .support import SwapTest, areas_in, line, program

BUS, KILLED = 128 + 7, 128 + 9


class StallTest(SwapTest):
    def machine(self, mebibytes, *words):
        return Machine(self.place.name, self.formatted("area", mebibytes), *words)

    def assert_ends(self, machine, status):
        outcome = machine.end()
        self.log = outcome.log
        self.assert_runs(outcome, status)
        return outcome

    def test_no_answer(self):
        """Who needs a page of it gets SIGBUS in the end; who does not goes on all the time."""
        beside = line("thrash", 5, 4, "0.5", "with", "loss")
        with self.machine(32, "--memory", 64, "--option", "disk_timeout=2", "--with", beside, "--then",
                          line("areas", "show"), *program("loss", 4, 0, "wait")) as machine:
            machine.wait_for("out\n")
            machine.stall(reads=1)
            machine.say()
            outcome = self.assert_ends(machine, BUS)
        self.assertRegex(outcome.out, r"^out\nthrash 5: right\n")
        self.assertIn("killed by SIGBUS", outcome.log)
        self.assertIn("the disk could not read it back", outcome.log)
        self.assertGreater(self.held(), 0)
        # Nobody has a page there any more; and what the disk may still write to is nobody else's.
        self.assertEqual(areas_in(outcome.out.splitlines())["/dev/vda"][1], 0)
        self.assertIn(f"anonymous frames: 0 before the first program, {self.held()} after the last", outcome.log)

    def test_a_late_answer(self):
        with self.machine(32, "--memory", 64, "--option", "disk_timeout=2", "--then", line("loss", 4, 0, "wait"),
                          *program("loss", 4, 0, "wait")) as machine:
            machine.wait_for("out\n")
            machine.stall(reads=1)
            machine.say()
            machine.wait_for("out\nout\n")  # the second, which only writes as yet
            self.log = machine.log()
            self.assertGreater(self.held(), 0)
            machine.stall()
            machine.say()
            outcome = self.assert_ends(machine, BUS)
        self.assertEqual(outcome.out, "out\nout\nall right\n")
        self.assertIn("a request that had failed is answered now", outcome.log)
        self.assert_frames_returned(outcome)

    def test_killed_while_it_waits(self):
        """The disk never answers, and the kernel would wait for ever; the program that is killed does not."""
        with self.machine(32, "--memory", 64, "--option", "disk_timeout=0", "--with", line("killer", "loss"), "--then",
                          line("free", "wait"), *program("loss", 4, 0, "wait")) as machine:
            machine.wait_for("out\n")
            machine.stall(reads=1)
            machine.say()
            machine.wait_for("gone\n")
            machine.wait_for("ready\n")
            machine.stall()
            machine.say()
            outcome = self.assert_ends(machine, KILLED)
        self.assertIn("process 3 sent it this signal", outcome.log)
        self.assertNotIn("no answer", outcome.log)

    def test_nothing_is_written(self):
        """Pages that the disk has not taken stay as they are until it answers, and memory runs out. Who needs nothing of
        the disk never notices."""
        beside = line("thrash", 5, 4, "0.5", "locked", "with", "grow")
        with self.machine(2, "--memory", 24, "--option", "disk_timeout=1", "--with", beside, "--then",
                          line("free", "wait"), *program("grow", "wait")) as machine:
            machine.wait_for("ready\n")
            machine.stall(writes=1)
            machine.say()
            machine.wait_for("thrash 5: right\nready\n")
            self.log = machine.log()
            failed = self.log.count("it fails, and")
            self.assertGreater(failed, 0)
            machine.stall()
            machine.wait_for_log("a request that had failed is answered now", failed)
            machine.say()
            outcome = self.assert_ends(machine, KILLED)
        self.assert_frames_returned(outcome)
