"""The kernel protects itself: each protection is provoked by a kernel option and ends in the panic that names it."""
from tests.boot.vitrine import VitrineTest, program, run

# option value -> what the panic's line must say
PROVOCATIONS = {
    "text_write": "write .*text",
    "rodata_write": "write .*(read-only|rodata|constant)",
    "data_exec": "execut",
    "stack_overflow": "stack overflow",
    "double_fault": "double fault",
    "null_read": "null|page zero|0x0",
    "user_exec": "SMEP",
    "user_read": "SMAP",
    "panic": ".",
}


class Protection(VitrineTest):
    def test_each_protection_ends_in_its_panic(self):
        for name, reason in PROVOCATIONS.items():
            with self.subTest(name):
                self.assert_panics(run("--option", f"test={name}", program("hello")), reason)

    def test_a_panic_names_functions_and_walks_the_tables(self):
        outcome = run("--option", "test=text_write", program("hello"))
        self.assertRegex(outcome.log, r"(?i)pml4|level 4")
        self.assertRegex(outcome.log, r"kernel_main")

    def test_a_hang_ends_at_the_timeout_with_status_125(self):
        outcome = run("--option", "test=hang", program("hello"), timeout=5)
        self.assertEqual(outcome.status, 125)
        self.assertRegex(outcome.err, "timeout|5 s")

    def test_a_triple_fault_is_a_failure_and_says_so(self):
        outcome = run("--option", "test=triple_fault", program("hello"))
        self.assertEqual(outcome.status, 125)
        self.assertRegex(outcome.err, "triple fault|reset")
