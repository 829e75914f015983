"""A swap area's number is free again when its disk is no longer in use."""
from .support import SwapTest, program


class AreaNumberTest(SwapTest):
    def test_an_area_comes_and_goes_more_often_than_there_are_numbers(self):
        words = ["on", "/dev/vda", 0, "off", "/dev/vda"] * 9
        lines = self.swap_run(program("areas", *words), options=["--disk", self.formatted("area", 1)])
        self.assertEqual(lines, ["on /dev/vda 0: 0", "off /dev/vda: 0"] * 9)
