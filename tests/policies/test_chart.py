"""Line charts: well-formed, complete, and in their field."""
import os
import random
import sys
import unittest
import xml.etree.ElementTree as ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools"))
from vitrine_launcher import chart  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"


def draw(*curves, title="a title", **more):
    named = [chart.Curve(f"curve {i}", points) for i, points in enumerate(curves)]
    return ElementTree.fromstring(chart.line_chart(title, named, x_axis="x", y_axis="y", **more))


def polylines(root):
    return [[tuple(map(float, corner.split(","))) for corner in line.get("points").split()]
            for line in root.iter(SVG + "polyline")]


def texts(root):
    return ["".join(text.itertext()) for text in root.iter(SVG + "text")]


class ChartTest(unittest.TestCase):
    def test_a_curve_has_its_points_and_they_are_where_they_should(self):
        (places,) = polylines(draw([(0, 0), (5, 50), (10, 100)]))
        left, top = chart.LEFT, chart.TOP
        right, bottom = left + chart.FIELD_WIDTH, top + chart.FIELD_HEIGHT
        self.assertEqual(places, [(left, bottom), ((left + right) / 2, (top + bottom) / 2), (right, top)])

    def test_random_curves_stay_in_the_field(self):
        chance = random.Random(20261123)
        for _ in range(300):
            scale = 10 ** chance.uniform(-3, 15)
            curves = [sorted((chance.random() * scale, chance.random() * 10 ** chance.uniform(-3, 15))
                             for _ in range(chance.randrange(1, 100))) for _ in range(chance.randrange(1, 8))]
            drawn = polylines(draw(*curves))
            self.assertEqual([len(curve) for curve in drawn], [len(curve) for curve in curves])
            for x, y in (place for curve in drawn for place in curve):
                self.assertTrue(chart.LEFT - 0.1 <= x <= chart.LEFT + chart.FIELD_WIDTH + 0.1, x)
                self.assertTrue(chart.TOP - 0.1 <= y <= chart.TOP + chart.FIELD_HEIGHT + 0.1, y)

    def test_each_curve_is_told_apart_without_colours(self):
        root = draw(*[[(0, i), (1, i)] for i in range(len(chart.STYLES))])
        looks = {(line.get("stroke-dasharray"), line.get("stroke-width")) for line in root.iter(SVG + "polyline")}
        self.assertEqual(len(looks), len(chart.STYLES))
        self.assertEqual(len({style.mark for style in chart.STYLES}), len(chart.STYLES))

    def test_the_words(self):
        root = draw([(1, 2)], [(1, 3)], title="<&> \"x\"", note="a <note>")
        words = texts(root)
        for word in ('<&> "x"', "a <note>", "x", "y", "curve 0", "curve 1"):
            self.assertIn(word, words)

    def test_a_long_title_fits(self):
        usual = next(iter(draw([(1, 2)], title="short").iter(SVG + "text")))
        self.assertEqual((usual.get("font-size"), usual.text), (str(chart.HEADING), "short"))
        for length in (1, 60, 80, 100, 300):
            for letter in "x\u4e2d":
                heading = next(iter(draw([(1, 2)], title=letter * length + ": what it is").iter(SVG + "text")))
                letters = len(heading.text) + heading.text.count("\u4e2d")
                self.assertLessEqual(letters * chart.LETTER * float(heading.get("font-size")), chart.WIDTH)
                self.assertTrue(heading.text.endswith(": what it is"))
                self.assertTrue("…" in heading.text or heading.text.startswith(letter * length))

    def test_one_curve_needs_no_legend(self):
        self.assertNotIn("curve 0", texts(draw([(1, 2), (2, 2)])))

    def test_nothing_to_draw_is_refused(self):
        for curves in ([], [[]], [[], []]):
            with self.assertRaises(ValueError):
                draw(*curves)

    def test_all_the_same_and_all_zero(self):
        for points in ([(5, 5)], [(0, 0)], [(0, 0), (0, 0)], [(3, 0), (4, 0)], [(1e18, 1e18)]):
            self.assertEqual(len(polylines(draw(points))[0]), len(points))

    def test_ticks(self):
        self.assertEqual(chart.ticks([0, 100], 10), [10 * i for i in range(11)])
        self.assertEqual(chart.ticks([1, 5], 10), [1, 2, 3, 4, 5])  # whole values: whole ticks
        self.assertEqual(chart.ticks([0, 1.0, 0.5], 2), [0, 0.5, 1])
        self.assertEqual(chart.ticks([7], 10), [7, 8])
        for values in ([0, 12345], [3, 1000], [0.1, 0.7], [1e6, 1e6 + 3], [0, 999999999999]):
            ticks = chart.ticks(values, 10)
            self.assertLessEqual(len(ticks), 13)
            self.assertLessEqual(ticks[0], min(values))
            self.assertGreaterEqual(ticks[-1], max(values))

    def test_numbers_are_written_for_people(self):
        self.assertEqual([chart.number(n) for n in (0, 12345, 0.5, 0.1 + 0.2, 2.0)], ["0", "12,345", "0.5", "0.3", "2"])

    def test_a_working_set_says_its_window(self):
        root = ElementTree.fromstring(chart.working_set_chart("prog", [(0, 3), (2_000_000, 7)], 1_500_000))
        self.assertEqual(len(polylines(root)[0]), 2)
        self.assertIn("different pages used in the last 1.5 ms", texts(root))


if __name__ == "__main__":
    unittest.main()
