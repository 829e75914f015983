"""Line charts as SVG: curves in, text out. Nothing is read or written here.

Each curve has a colour, a dash pattern and a mark of its own, so that it is told apart in print and by those who see no
colours; the first ones are the thickest, and still seen where others lie upon them. The ground is white whatever the
page's is.
"""
import collections
import math
import unicodedata
from xml.sax.saxutils import escape

# name: for the legend; points: (x, y), ascending in x.
Curve = collections.namedtuple("Curve", "name points")

WIDTH, HEIGHT = 900, 500
LEFT, RIGHT, TOP, BOTTOM = 84, 144, 76, 64  # around the field in which the curves are; on the right is the legend
FIELD_WIDTH, FIELD_HEIGHT = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
HEADING, SMALLEST_HEADING = 17, 12
LETTER = 0.62  # how wide one is, on average, in sizes: in a wide font; nobody knows which one the reader has
MARKS = 45  # a curve with more points has a mark at every second, third … one

Style = collections.namedtuple("Style", "colour width dash mark")
STYLES = [
    Style("#111111", 2, "", "circle"),
    Style("#7fb2e5", 6, "", "square"),
    Style("#c03020", 3.2, "9 4", "triangle"),
    Style("#1a7a3a", 2.4, "2 4", "diamond"),
    Style("#c07a00", 1.6, "10 3 2 3", "cross"),
    Style("#6a4fb0", 1.4, "4 3", "plus"),
]


def line_chart(title, curves, *, x_axis, y_axis, note=""):
    """The whole file. The axes' names say the unit; the y axis begins at 0. `note`: a smaller line below the title.

    A chart without any point is refused with ValueError.
    """
    points = [point for curve in curves for point in curve.points]
    if not points:
        raise ValueError("a chart needs a point")
    x_ticks = ticks([x for x, _ in points], 10)
    y_ticks = ticks([0, *(y for _, y in points)], 8)

    def place(x, y):
        return (LEFT + FIELD_WIDTH * (x - x_ticks[0]) / (x_ticks[-1] - x_ticks[0]),
                TOP + FIELD_HEIGHT * (1 - y / y_ticks[-1]))

    has_legend = len(curves) > 1
    width = WIDTH if has_legend else WIDTH - RIGHT + 32
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}" viewBox="0 0 {width} {HEIGHT}" '
        f'font-family="sans-serif" font-size="13" fill="#222">',
        f"<title>{escape(title)}</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        heading(title, width - 32),
        *([text(16, 50, note, size=12)] if note else []),
        *axes(x_ticks, y_ticks, place, x_axis, y_axis),
    ]
    for index, curve in enumerate(curves):
        style = STYLES[index % len(STYLES)]
        parts += draw_curve(curve.name, [place(x, y) for x, y in curve.points], style, with_marks=has_legend)
        if has_legend:
            parts += legend_line(curve.name, TOP + 10 + 24 * index, style)
    return "\n".join([*parts, "</svg>", ""])


def heading(title, width):
    """Smaller when it would not fit, and without its middle when it would be too small then: its end says what it is."""
    most = round(width / (LETTER * SMALLEST_HEADING))
    if len(title) > most:
        title = f"{title[:most // 2]}…{title[-(most - most // 2 - 1):]}"
    letters = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in title)
    return text(16, 28, title, size=min(HEADING, round(width / (LETTER * letters), 1) if letters else HEADING))


def working_set_chart(name, sizes, window):
    """The working set of a program over time. sizes: (ns since the start, pages used in the last `window` ns)."""
    curve = Curve("working set", [(time / 1e6, pages) for time, pages in sizes])
    return line_chart(f"{name}: the working set over time", [curve], x_axis="time since the start, in ms",
                      y_axis="pages of 4 KiB", note=f"different pages used in the last {window / 1e6:,.3g} ms")


def ticks(values, about):
    """Two or more round numbers around all values: 1, 2 or 5 times a power of ten apart; whole if all values are."""
    least, most = min(values), max(values)
    rough = (most - least) / about or 1
    if all(value == int(value) for value in values):
        rough = max(rough, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.floor(least / step), math.ceil(most / step)
    return [number * step for number in range(first, max(last, first + 1) + 1)]


def axes(x_ticks, y_ticks, place, x_axis, y_axis):
    bottom, right = TOP + FIELD_HEIGHT, LEFT + FIELD_WIDTH
    parts = []
    for tick in y_ticks:
        _, y = place(x_ticks[0], tick)
        parts += [line(LEFT, y, right, y, "#ddd"), text(LEFT - 8, y + 4, number(tick), anchor="end")]
    for tick in x_ticks:
        x, _ = place(tick, 0)
        parts += [line(x, bottom, x, bottom + 5, "#222"), text(x, bottom + 20, number(tick), anchor="middle")]
    middle = TOP + FIELD_HEIGHT / 2
    return [*parts, line(LEFT, TOP, LEFT, bottom, "#222"), line(LEFT, bottom, right, bottom, "#222"),
            text(LEFT + FIELD_WIDTH / 2, bottom + 46, x_axis, anchor="middle"),
            f'<g transform="rotate(-90 20 {middle:.1f})">{text(20, middle, y_axis, anchor="middle")}</g>']


def draw_curve(name, places, style, *, with_marks):
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    marked = places[::math.ceil(len(places) / MARKS)] if with_marks else []
    return ["<g>", f"<title>{escape(name)}</title>",
            f'<polyline points="{corners}" fill="none" stroke-linejoin="round" {stroke(style)}/>',
            *(draw_mark(x, y, style) for x, y in marked), "</g>"]


def legend_line(name, y, style):
    x = LEFT + FIELD_WIDTH + 18
    return [f'<line x1="{x}" y1="{y}" x2="{x + 36}" y2="{y}" {stroke(style)}/>',
            draw_mark(x + 18, y, style), text(x + 44, y + 4, name)]


def stroke(style):
    dash = f' stroke-dasharray="{style.dash}"' if style.dash else ""
    return f'stroke="{style.colour}" stroke-width="{style.width}"{dash}'


def draw_mark(x, y, style):
    paths = {
        "square": f"M{x - 4:.1f} {y - 4:.1f}h8v8h-8z",
        "triangle": f"M{x:.1f} {y - 4:.1f}l4 7h-8z",
        "diamond": f"M{x:.1f} {y - 4:.1f}l4 4l-4 4l-4 -4z",
        "cross": f"M{x - 3:.1f} {y - 3:.1f}l6 6m0 -6l-6 6",
        "plus": f"M{x - 4:.1f} {y:.1f}h8m-4 -4v8",
    }
    if style.mark == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#fff" stroke="{style.colour}" stroke-width="1.4"/>'
    return f'<path d="{paths[style.mark]}" fill="#fff" stroke="{style.colour}" stroke-width="1.4"/>'


def line(x1, y1, x2, y2, colour):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def text(x, y, words, anchor="start", size=13):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(words)}</text>'


def number(value):
    return f"{value:,.10g}"
