"""What a program sees that lives in one piece, and what is said when it leaves it."""
import re

from tests.boot.vitrine import program as boot_program, run
from tests.pool.support import PoolTest, line, parse, program

FILE = ["--add", "README.md=/file"]
OUTSIDE = r"outside of its piece: base 0x400000, limit 0x[0-9a-f]+ \(about \d MiB\)"
STACK = r"the stack has had all of its 256 KiB from the start, and cannot grow"
# What `leave` does -> what the message must say.
LESSONS = {
    ("stack",): r"write to 0x\w+, \d+ bytes? below the stack's lowest page, in the guard page: " + STACK,
    ("array",): r"write to 0x\w+, about \d+ KiB below the stack's lowest page: " + STACK,
    ("below",): r"read from 0x3fffff, 1 byte before the first byte of all its memory: " + OUTSIDE,
    ("above", "0x10000000"): r"write to 0x10000000, .* past the end of all its memory: " + OUTSIDE,
    ("above", "0x7f0000000000"): r"write to 0x7f0000000000, about 126 TiB past the end of all its memory: " + OUTSIDE,
    ("break",): r"8192 bytes past the program's break \(0x\w+\): nothing is mapped there until brk or malloc asks",
    ("null",): r"write to 0x0: a null pointer was used",
    ("constant",): r"in the program's constants .*: constants can be read, but not changed",
}


class Programs(PoolTest):
    def test_flat_from_the_first_to_the_last_page(self):
        for name in ("inside", "inside-pie"):
            for heap, stack in ((2, 256), (9, 64)):
                for checked in ((), ("--checked",)):
                    with self.subTest(name, heap=heap, checked=checked):
                        outcome = self.pool_run(*FILE, *checked, *program(name, "/file", heap, stack), pool_heap=heap,
                                                pool_stack=stack)
                        self.assertEqual(outcome.out, "all is so\n")

    def test_nothing_is_left_of_the_former_tenant(self):
        outcome = self.pool_run("--then", line("traces", "look"), *program("traces", "leave"))
        self.assertEqual(outcome.out, "stack: clean\nstatics: clean\nmmap: clean\nheap: clean\n")

    def test_each_way_out_has_its_lesson(self):
        for words, sentence in LESSONS.items():
            with self.subTest(words):
                outcome = self.pool_run(*program("leave", *words), status=139)
                self.assertRegex(outcome.err, r"^leave\[2\] killed by SIGSEGV: .*" + sentence)
                self.assertEqual(outcome.out, "")

    def test_other_programs_are_out_of_reach(self):
        """A neighbour on either side goes on unharmed."""
        outcome = self.pool_run("--with", line("leave", "below"), "--with", line("leave", "above", "0x10000000"), "--then",
                                line("inside", "/file", 4, 256), *FILE, *program("inside", "/file", 4, 256))
        self.assertEqual(outcome.out, "all is so\nall is so\n")
        self.assertEqual(len(re.findall("outside of its piece", outcome.err)), 2)

    def test_forks_and_what_they_start_have_pieces_of_their_own(self):
        for fit in ("first", "best", "worst"):
            for checked in ((), ("--checked",)):
                with self.subTest(fit=fit, checked=checked):
                    outcome = self.pool_run(*FILE, *checked, *program("forks", "/file"), pool_fit=fit)
                    self.assertEqual(outcome.out, "all is so\n")

    def test_a_shell_and_its_pipes(self):
        script = "echo a | wc -c; x=$(seq 1000 | sort -rn | head -n 2); echo $x; (exit 3); echo $?"
        outcome = self.pool_run("/bin/busybox", "sh", "-c", script)
        self.assertEqual(outcome.out, "2\n1000 999\n3\n")

    def test_long_arguments_need_a_stack(self):
        self.pool_run(*program("leave", "x" * 14000), pool_stack=64)
        outcome = run("--option", "memory=pool", "--option", "pool_stack=64", *program("leave", "x" * 17000))
        self.assertEqual(outcome.status, 125)
        self.assertRegex(outcome.err, "its arguments and environment are too long")

    def test_a_name_in_proc_pool_is_one_word(self):
        for name, shown in (("a b\nc", "a?b?c"), ("0x0-0x1\n4", "0x0-0x1?4"), ("\u6c60", "???"), ("", "-"), ("x" * 20, "x" * 15)):
            with self.subTest(name):
                outcome = self.pool_run(*program("leave", "name", name))
                text, _, _ = outcome.out.rpartition("nothing happened")
                self.assertEqual([name for *_, pid, name in parse(text).extents if pid], [shown])


class Options(PoolTest):
    def test_each_has_its_sentence(self):
        hello = boot_program("hello")
        for words, sentence in (
                (["memory=flat"], "option memory: it must be paging or pool"),
                (["memory=pool", "pool=0"], "option pool: it must be MiB, from 1 to"),
                (["memory=pool", "pool=many"], "option pool: it must be MiB, from 1 to"),
                (["memory=pool", "pool_fit=next"], "option pool_fit: it must be first, best or worst"),
                (["memory=pool", "pool_heap=-1"], "option pool_heap: it must be MiB"),
                (["memory=pool", "pool_heap=99999999999999999999"], "option pool_heap: it must be MiB"),
                (["memory=pool", "pool_stack=8"], "option pool_stack: it must be KiB, whole pages of 4, from 16 to"),
                (["memory=pool", "pool_stack=30"], "option pool_stack: it must be KiB, whole pages of 4"),
                (["pool=8"], "options pool, pool_fit, pool_heap and pool_stack say how memory=pool is to be"),
                (["memory=paging", "pool_fit=best"], "options pool, pool_fit, pool_heap and pool_stack say how"),
                (["memory=pool", "swap=/dev/vda"], "options memory=pool and swap= exclude each other: .*nothing to swap"),
                (["queue=,x"], "option queue: the program's path is missing"),
                (["queue=/%zz"], "option queue: a percent sign"),
                (["memory=pool", "pool=64"], r"there can be no pool of 65536 KiB \(option pool, in MiB\): \d+ KiB are free, "
                                             r"\d+ KiB of them in one piece, and the kernel has to have 2176 KiB for "
                                             "itself")):
            with self.subTest(words):
                self.assert_refuses_to_start([*(word for each in words for word in ("--option", each)), hello], sentence)

    def test_the_log_says_how_much_and_where(self):
        outcome = self.pool_run(boot_program("hello"), pool=20, pool_fit="worst", pool_heap=3, pool_stack=128)
        self.assertRegex(outcome.log, r"pool: 20480 KiB from 0x[0-9a-f]+000 on, worst fit; each program gets 3 MiB of heap "
                                      r"and 128 KiB of stack")
        self.assertEqual(outcome.out, "hello\n")

    def test_three_quarters_unless_said_otherwise(self):
        outcome = self.pool_run(boot_program("hello"))
        kib = int(re.search(r"pool: (\d+) KiB", outcome.log)[1])
        free = int(re.search(r"frames free before first program: (\d+)", outcome.log)[1]) * 4
        self.assertAlmostEqual(kib / (kib + free), 0.75, delta=0.02)

    def test_the_largest_pool_leaves_room_for_the_tables_of_its_pages(self):
        memory = 1400
        outcome = run("--memory", memory, "--option", "memory=pool", "--option", f"pool={memory}", boot_program("hello"))
        free, longest, kept = map(int, re.search(r"(\d+) KiB are free, (\d+) KiB of them .* have (\d+) KiB",
                                                 outcome.err).groups())
        pool = min(longest, free - kept) // 1024
        outcome = self.pool_run(*program("leave", "fill", pool - 4), memory=memory, pool=pool, pool_heap=pool - 3)
        self.assertEqual(outcome.out, "nothing happened\n")

    def test_without_a_pool_there_is_no_such_file(self):
        outcome = run("--option", "memory=paging", *program("landlord", 0))
        self.assertEqual(outcome.status, 1)
