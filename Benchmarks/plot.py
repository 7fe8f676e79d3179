"""Small line charts with logarithmic axes, as an SVG that needs nothing else."""

import dataclasses
import html
import math

WIDTH, HEIGHT = 420, 250
LEFT, RIGHT, TOP, BOTTOM = 58, 36, 34, 58
COLUMNS = 2
# Told apart without colour vision too: the marks differ.
COLOURS = ["#0b62a4", "#c2410c", "#4d7c0f"]


@dataclasses.dataclass
class Panel:
    """One chart."""

    title: str
    # The places of the marks on the horizontal axis.
    sizes: list
    # For each line its points, (size, value).
    lines: dict


def write_svg(panels, notes):
    """A page of panels, two in a row, and lines of text under them."""
    rows = math.ceil(len(panels) / COLUMNS)
    width, height = COLUMNS * WIDTH, rows * HEIGHT + 22 * len(notes) + 10
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
             f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">',
             f'<rect width="{width}" height="{height}" fill="white"/>']
    for number, panel in enumerate(panels):
        parts.append(f'<g transform="translate({number % COLUMNS * WIDTH},{number // COLUMNS * HEIGHT})">')
        parts += draw(panel)
        parts.append("</g>")
    for number, note in enumerate(notes):
        parts.append(text(10, rows * HEIGHT + 18 + 22 * number, note))
    return "\n".join([*parts, "</svg>"]) + "\n"


def draw(panel):
    """The parts of one panel."""
    values = [value for points in panel.lines.values() for _, value in points if value > 0]
    low, high = decades(values)
    across = scale(math.log10(panel.sizes[0]), math.log10(panel.sizes[-1]), LEFT, WIDTH - RIGHT)
    upward = scale(math.log10(low), math.log10(high), HEIGHT - BOTTOM, TOP)
    parts = [text(LEFT, 18, panel.title, weight="bold")]
    for size in panel.sizes:
        place = across(math.log10(size))
        parts += [line(place, TOP, place, HEIGHT - BOTTOM), text(place, HEIGHT - BOTTOM + 14, f"{size:,}", "middle")]
    step = low
    while step <= high * 1.001:
        place = upward(math.log10(step))
        parts += [line(LEFT, place, WIDTH - RIGHT, place), text(LEFT - 5, place + 4, f"{step:g}", "end")]
        step *= 10
    for number, (name, points) in enumerate(panel.lines.items()):
        spots = [(across(math.log10(size)), upward(math.log10(value))) for size, value in points if value > 0]
        parts += curve(spots, number) + legend(name, number, len(panel.lines))
    return parts


def decades(values):
    """The powers of ten around the values."""
    low = 10 ** math.floor(math.log10(min(values, default=1)))
    high = 10 ** math.ceil(math.log10(max(values, default=10)))
    return low, high if high > low else low * 10


def scale(start, end, first, last):
    """Maps a range to places on the page."""
    span = (end - start) or 1
    return lambda value: round(first + (value - start) / span * (last - first), 1)


def curve(spots, number):
    """A line with a mark at each point."""
    colour = COLOURS[number % len(COLOURS)]
    path = " ".join(f"{x},{y}" for x, y in spots)
    return [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
            *(mark(x, y, number, colour) for x, y in spots)]


def mark(x, y, number, colour):
    """A round, square or pointed mark."""
    if number % 3 == 0:
        return f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}"/>'
    if number % 3 == 1:
        return f'<rect x="{x - 4}" y="{y - 4}" width="8" height="8" fill="{colour}"/>'
    return f'<polygon points="{x},{y - 5} {x - 5},{y + 4} {x + 5},{y + 4}" fill="{colour}"/>'


def legend(name, number, count):
    """Which line is which, under the axis."""
    place = LEFT + number * (WIDTH - LEFT - RIGHT) / count
    return [mark(place + 4, HEIGHT - BOTTOM + 32, number, COLOURS[number % len(COLOURS)]),
            text(place + 12, HEIGHT - BOTTOM + 36, name.removeprefix("bake "))]


def line(x1, y1, x2, y2):
    """A line of the grid."""
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#ddd"/>'


def text(x, y, words, anchor="start", weight="normal"):
    """Words on the page."""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-weight="{weight}" fill="#222">{html.escape(words)}</text>'
