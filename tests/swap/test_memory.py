"""What programs do with pages that are on swap, and what they are told about them."""
from .support import MIB, SwapTest, line, program

KINDS = ["told", "written again", "shared", "private file", "moved", "protected", "unmapped", "end of the heap", "stack",
         "asked for early", "locked"]
# What tests/swap/programs/calls.c writes from memory that was on swap.
WRITTEN = ["x" * 70, "a vector", "a vector"]


class MemoryTest(SwapTest):
    def kinds(self, **more):
        lines = self.swap_run(program("kinds"), then=[line("areas", "show")], **more)
        self.assertEqual([each for each in lines if each.split(":")[0] in KINDS], [f"{kind}: right" for kind in KINDS])

    def test_kinds_of_memory(self):
        for options in ([], ["--checked"]):
            with self.subTest(options=options):
                self.kinds(memory=64, swap=128, options=options)

    def test_kinds_of_memory_while_it_is_short(self):
        for policy in ("clock", "random"):
            with self.subTest(policy=policy):
                self.kinds(swap=256, beside=[line("thrash", 2, 30, "0.2", "with", "kinds")],
                           options=["--option", f"swap_policy={policy}"])

    def calls(self, **more):
        lines = self.swap_run(program("calls"), **more)
        self.assertEqual(lines[:3], WRITTEN)
        self.assertRegex(lines[3], r"^right: \d+ calls$")

    def test_system_calls(self):
        self.calls(memory=64, swap=64)

    def test_system_calls_while_memory_is_short(self):
        self.calls(swap=256, beside=[line("thrash", 2, 30, "0.2", "with", "calls")])

    def test_direct_transfers(self):
        """A disk reads and writes pages of programs whose memory is short: those stay where they are meanwhile."""
        disk = self.image("disk", 32 * MIB)
        beside = [line("thrash", 2, 30, "0.2", "with", "direct")]
        lines = self.swap_run(program("direct", "/dev/vda", 32), swap=256, beside=beside, options=["--disk", disk])
        self.assertEqual(sorted(lines), ["direct: right", "thrash 2: right"])
