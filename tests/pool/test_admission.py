"""Who is admitted and who is refused, and where: exactly as a model says."""
import os
import random
import re
import tempfile

from tests.boot.vitrine import program as boot_program, run
from tests.pool.support import GUARD_KIB, Model, PoolTest, image_kib, line, options, parse, program

POOL_MIB, HEAP_MIB, STACK_KIB = 40, 1, 64
HOLDS = {f"hold{mib}": mib for mib in (1, 2, 3, 5, 8, 13)}


def piece_kib(name):
    return image_kib(name) + HEAP_MIB * 1024 + GUARD_KIB + STACK_KIB


class Admission(PoolTest):
    def assert_is(self, state, model, waiting):
        self.assertEqual([(kib, name) for _, _, kib, _, name in state.extents], [tuple(each) for each in model.extents])
        holes = [kib for kib, owner in model.extents if owner is None]
        self.assertEqual((state.fit, state.kib), (model.fit, POOL_MIB * 1024))
        self.assertEqual((state.free, state.holes, state.largest), (sum(holes), len(holes), max(holes, default=0)))
        self.assertEqual((state.refused, state.refused_name, state.refused_kib), (model.refused, *model.last_refused))
        self.assertEqual((state.waiting, state.started), (waiting, model.started))
        for (begin, end, kib, _, _), after in zip(state.extents, [*state.extents[1:], None]):
            self.assertEqual(end - begin, kib * 1024)
            self.assertTrue(after is None or after[0] == end, "one after the other")
        pids = [pid for *_, pid, _ in state.extents if pid]
        self.assertEqual(len(pids), len(set(pids)))

    def play(self, fit, seed):
        chance = random.Random(seed)
        jobs = chance.choices(list(HOLDS), weights=[4, 4, 3, 3, 2, 1], k=44)
        together, queue = jobs[:8], jobs[8:]
        ends = [chance.randrange(1000) for _ in range(32)]
        words = [word for name in together for word in ("--with", line(name))]
        words += [word for name in queue for word in ("--queue", line(name))]
        outcome = self.pool_run(*words, *program("landlord", len(together), *ends), pool=POOL_MIB, pool_fit=fit,
                                pool_heap=HEAP_MIB, pool_stack=STACK_KIB)
        shown = [parse(text) for text in outcome.out.strip().split("\n\n")]

        model = Model(POOL_MIB * 1024, fit, queue, piece_kib)
        self.assertTrue(model.admit("landlord"))
        for name in together:
            model.admit(name)
        self.assert_is(shown[0], model, len(queue))
        for number, state in zip(ends, shown[1:]):
            model.end(number % model.tenants())
            self.assert_is(state, model, len(model.queue))
        self.assertEqual(len(shown), 1 + len(ends))
        while model.tenants():
            model.end(0)
        self.assertEqual(len(re.findall("^cannot run .*: it needs one piece of ", outcome.err, re.M)), model.refused)
        return model.refused

    def test_as_the_model_says(self):
        refused = 0
        for fit in ("first", "best", "worst"):
            for seed in (1, 2):
                with self.subTest(fit=fit, seed=seed):
                    refused += self.play(fit, seed)
        self.assertGreater(refused, 20, "or nothing was shown")


class Refusal(PoolTest):
    def test_the_figures(self):
        outcome = self.pool_run("--with", line("hold5"), "--with", line("hold3"), "--with", line("hold8"),
                                "--queue", line("hold13"), *program("landlord", 3, 0), pool=24, pool_heap=HEAP_MIB,
                                pool_stack=STACK_KIB)
        after = parse(outcome.out.strip().split("\n\n")[1])
        self.assertEqual(after.holes, 2)
        wanted = piece_kib("hold13")
        self.assertLess(after.largest, wanted)
        self.assertIn(f"cannot run {program('hold13')[0]}: it needs one piece of {wanted} KiB (image "
                      f"{image_kib('hold13')} KiB, heap 1 MiB, guard page 4 KiB, stack 64 KiB); {after.free} KiB are "
                      f"free in 2 holes, the largest {after.largest} KiB\n", outcome.err)

    def test_the_first_program_stops_the_machine(self):
        self.assert_refuses_to_start([*options(pool=8, pool_heap=HEAP_MIB), *program("hold13")],
                                     r"cannot run \S+/hold13: it needs one piece of \d+ KiB \(image \d+ KiB, heap 1 MiB, "
                                     r"guard page 4 KiB, stack 256 KiB\); 8 MiB are free in 1 hole, and the whole pool "
                                     r"has 8 MiB")

    def test_a_full_pool(self):
        size = piece_kib("landlord") // 1024 + 1
        outcome = self.pool_run("--with", line("hold1"), *program("landlord", 1), pool=size, pool_heap=HEAP_MIB,
                                pool_stack=STACK_KIB)
        self.assertRegex(outcome.err, r"cannot run \S+/hold1: .* KiB are free in 1 hole, and the whole pool has "
                                      rf"{size} MiB\n")

    def test_the_queue_goes_on_and_the_first_programs_status_counts(self):
        outcome = self.pool_run("--option", "queue=/nowhere", "--queue", line("hold13"), "--queue",
                                boot_program("hello"), "--then", boot_program("hello"), *program("leave", "null"),
                                status=139, pool=8, pool_heap=HEAP_MIB)
        self.assertEqual(outcome.out, "hello\nhello\n")
        self.assertIn("cannot run /nowhere: there is no such file", outcome.err)
        self.assertRegex(outcome.err, r"cannot run \S+/hold13: it needs one piece")

    def test_what_is_no_program(self):
        """None of it stops the queue, which the kernel looks through on nobody's behalf: there is no /proc/self."""
        problems = {"/text": "it is not a program", "/proc": "it is a directory", "/dev/zero": "not a regular file",
                    "/proc/self/exe": "there is no such file", "/proc/pool": "nobody may execute it",
                    "/text/x": "a part of the path is not a directory"}
        with tempfile.NamedTemporaryFile() as text:
            text.write(b"no program")
            text.flush()
            os.chmod(text.name, 0o755)
            queue = [word for path in problems for word in ("--option", f"queue={path}")]
            outcome = self.pool_run("--add", f"{text.name}=/text", *queue, "--queue", boot_program("hello"),
                                    *program("leave"))
        for path, problem in problems.items():
            self.assertRegex(outcome.err, f"cannot run {path}: .*{problem}")
        self.assertEqual(outcome.out, "nothing happened\nhello\n")

    def test_a_queued_program_that_has_to_end_otherwise(self):
        """ends= behind a queue=: then nothing more is started."""
        leave, hello = program("leave")[0], boot_program("hello")
        for status, printed in ((3, "nothing happened\n" * 2), (0, "nothing happened\n" * 2 + "hello\n")):
            with self.subTest(status):
                outcome = self.pool_run("--add", hello, "--option", f"queue={leave}", "--option", f"ends={status}",
                                        "--option", f"queue={hello}", leave, status=1 if status else 0)
                self.assertEqual(outcome.out, printed)
                self.assertEqual("ended with status 0, not 3 as it should: nothing more is started" in outcome.err,
                                 status == 3)

    def test_the_queue_under_paging(self):
        outcome = run("--queue", boot_program("hello"), "--queue", boot_program("hello"), "--then", line("leave", "last"),
                      *program("leave", "first"))
        self.assert_runs(outcome)
        self.assertEqual(outcome.out, "nothing happened\nhello\nhello\nnothing happened\n")
        self.assert_frames_returned(outcome)
