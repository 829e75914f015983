"""The picture of docs/benchmarks.md: Vitrine's cost in percent of Linux's, a pair of bars per metric, as SVG."""
from xml.sax.saxutils import escape

from .rows import kernel_rows, times

LEFT, WIDTH, RIGHT = 270, 560, 90  # names, bars, room for a number beyond them
TOP, ROW, BAR = 84, 34, 12
COLOURS = {"instructions": "#1f5a99", "wall": "#9cc3e6"}
LABELS = {"instructions": "instructions", "wall": "wall clock"}


def percent(times_better):
    return 100 / times_better


def draw(results):
    rows = kernel_rows(results)
    shares = [percent(cell.times) for row in rows for cell in (row.instructions, row.wall) if cell.times]
    scale = WIDTH / max(110, *shares)
    height = TOP + ROW * len(rows) + 40
    bottom = TOP + ROW * len(rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + RIGHT}" height="{height}" '
        f'viewBox="0 0 {LEFT + WIDTH + RIGHT} {height}" font-family="sans-serif" font-size="13" fill="#222">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        text(16, 26, f"What Vitrine needs, in percent of what Linux ({results.configuration}) needs", size=17),
        *legend(),
    ]
    for mark in range(0, int(WIDTH / scale) + 1, 25):
        x = LEFT + mark * scale
        strong = mark == 100
        parts.append(f'<line x1="{x:.1f}" y1="{TOP - 4}" x2="{x:.1f}" y2="{bottom}" '
                     f'stroke="{"#c03020" if strong else "#ddd"}" stroke-width="{1.5 if strong else 1}"/>')
        parts.append(text(x, bottom + 18, "Linux" if strong else f"{mark} %", anchor="middle"))
    for index, row in enumerate(rows):
        parts += draw_row(row, TOP + index * ROW, scale)
    return "\n".join([*parts, "</svg>", ""])


def legend():
    parts, x = [], 16
    for clock, colour in COLOURS.items():
        parts += [f'<rect x="{x}" y="44" width="22" height="{BAR}" fill="{colour}"/>', text(x + 28, 55, LABELS[clock])]
        x += 130
    parts += [f'<line x1="{x + 4}" y1="42" x2="{x + 4}" y2="58" stroke="#000" stroke-width="3"/>',
              text(x + 14, 55, "floor: a handler that does next to nothing (instructions)")]
    return parts


def draw_row(row, y, scale):
    parts = [text(LEFT - 8, y + 17, row.metric.name, anchor="end")]
    for offset, clock in ((0, "instructions"), (BAR + 1, "wall")):
        cell = getattr(row, clock)
        if not cell.times:
            continue
        length = percent(cell.times) * scale
        parts.append(f'<rect x="{LEFT}" y="{y + offset}" width="{length:.1f}" height="{BAR}" fill="{COLOURS[clock]}"/>')
        if clock == "instructions" and cell.floor:
            x = LEFT + percent(cell.linux.median / cell.floor.median) * scale
            parts.append(f'<line x1="{x:.1f}" y1="{y - 2}" x2="{x:.1f}" y2="{y + BAR + 2}" stroke="#000" '
                         f'stroke-width="3"/>')
            length = max(length, x - LEFT)
        parts.append(text(LEFT + length + 6, y + offset + BAR - 2, times(cell.times), size=11))
    return parts


def text(x, y, words, anchor="start", size=13):
    return f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}" font-size="{size}">{escape(words)}</text>'
