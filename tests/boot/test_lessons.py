"""A message is a lesson: what the kernel says when a program dies, for the person (--lessons) and in the log."""
import re

from tests.boot.vitrine import VitrineTest, program, run

# mistake -> status, what the message must say
LESSONS = {
    "null": (139, r"SIGSEGV: write to 0x0: a null pointer"),
    "member": (139, r"read from 0x14: a null pointer was used, 20 bytes further on"),
    "code": (139, r"write to 0x\w+, in the program's code \(0x\w+-0x\w+\)"),
    "constant": (139, r"write to 0x\w+, in the program's constants"),
    "break": (139, r"1 MiB past the program's break \(0x\w+\): nothing is mapped there until brk or malloc asks"),
    "stack": (139, r"below the stack's lowest page: the stack hit its limit of 8 MiB \(RLIMIT_STACK\)"),
    "read_only": (139, r"write to 0x200000001388, in memory from mmap .*read-only"),
    "reserved": (139, r"write to 0x210000000010, in memory from mmap .*PROT_NONE"),
    "past_end": (139, r"read from 0x200000010009: nothing is mapped .*ends at 0x200000010000: this is 10 bytes past"),
    "kernel": (139, r"belongs to the kernel"),
    "run_data": (139, r"jump to 0x\w+, in the program's variables .*data is not code"),
    "run_null": (139, r"jump to 0x0: a function pointer that is null"),
    "pointer": (139, r"rbx.*0x4141414141414141.*canonical"),
    "divide": (136, r"SIGFPE: .*divided by zero"),
    "trap": (132, r"SIGILL: .*ud2"),
    "halt": (139, r"privileged instruction.*f4"),
    "int80": (139, r"int 0x80"),
    "abort": (134, r"SIGABRT: .*abort\(\)"),
    "terminate": (143, r"SIGTERM: it sent this signal to itself"),
    "in_handler": (139, r"SIGSEGV: write to 0x8.*has a handler for it, but the signal is blocked"),
    "no_room": (139, r"SIGSEGV: .*RLIMIT_STACK.*no room for its frame on the stack"),
    "time": (152, r"SIGXCPU: .*RLIMIT_CPU"),
}


class Lessons(VitrineTest):
    def test_each_mistake_has_its_lesson(self):
        for mistake, (status, sentence) in LESSONS.items():
            with self.subTest(mistake):
                outcome = run("--lessons", program("mistake"), mistake)
                self.assert_runs(outcome, status)
                self.assertRegex(outcome.err, r"mistake\[2\] killed by .*" + sentence)
                self.assertIn(outcome.err.strip(), outcome.log)
                self.assertEqual(outcome.out, "")
                self.assert_frames_returned(outcome)

    def test_standard_error_stays_the_programs_own(self):
        outcome = run(program("mistake"), "null")
        self.assert_runs(outcome, 139)
        self.assertEqual(outcome.err, "")
        self.assertRegex(outcome.log, "a null pointer")

    def test_another_program_that_cannot_start_is_told_and_the_rest_goes_on(self):
        outcome = run("--lessons", "--option", "then=/nowhere", "--then", program("hello"), program("hello"))
        self.assert_runs(outcome)
        self.assertRegex(outcome.err, "cannot run /nowhere: there is no such file")
        self.assertEqual(len(re.findall("hello", outcome.out)), 2)

    def test_names_neither_break_lines_nor_command_terminals(self):
        outcome = run("--lessons", program("names"))
        self.assert_runs(outcome, 139)
        name = r"bad\n\x1b[31m\x9b[2]"
        self.assertRegex(outcome.err, rf"\A{re.escape(name)} killed by SIGSEGV: .*\n\Z")
        self.assertIn(r"the mapped file /tmp/größe\r\n\x1b]0;title\x07", outcome.err)
        self.assertIn(outcome.err.strip(), outcome.log)
        self.assertIn(f"{name} was killed by signal 11", outcome.log)
        self.assertNotRegex(outcome.log, "[\x00-\x09\x0b-\x1f\x7f]")
