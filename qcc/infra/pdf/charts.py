"""Charts of papers: small SVG pictures of our own making, drawn in millimetres.

Flat bars, strips and lines with their numbers written beside them, so that nobody has to measure a
picture; told apart by words too, never by color alone. Words are escaped. A chart of nothing is an
empty string: the caller says that nothing is on record.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

BLUE, PALE, GREEN, AMBER, RED, GREY = (
    "#1f4e79", "#9db8d2", "#3b7a57", "#b7791f", "#a33a3a", "#c9ced6",
)  # fmt: skip
LINE = "#8a94a3"
BARS = 6.2
"""Millimetres from one bar to the next."""

Bar = tuple[str, int]


def _svg(width: float, height: float, words: str, parts: Sequence[str]) -> Markup:
    return Markup(  # noqa: S704 -- words are escaped, the rest is ours
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img"'
        f' width="{width:g}mm" height="{height:g}mm" viewBox="0 0 {width:g} {height:g}">'
        f"<desc>{escape(words)}</desc>{''.join(parts)}</svg>"
    )


def _text(x: float, y: float, text: str, anchor: str = "start", color: str = "#000") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="3.1" text-anchor="{anchor}" fill="{color}">'
        f"{escape(text)}</text>"
    )


def _rect(x: float, y: float, width: float, height: float, color: str) -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{max(width, 0):.2f}" height="{height:g}"'
        f' fill="{color}"/>'
    )


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def bars(rows: Sequence[Bar], *, width: float = 156, label: float = 46, unit: str = "") -> Markup:
    """Horizontal bars with their words to the left and their numbers to the right."""
    if not rows:
        return Markup()
    most, room = max(max(count for _word, count in rows), 1), width - label - 18
    parts = [f'<path d="M{label:g} 0V{BARS * len(rows):g}" stroke="{LINE}" stroke-width=".25"/>']
    for at, (word, count) in enumerate(rows):
        y = at * BARS
        length = room * count / most
        parts += [
            _text(label - 2, y + 4.2, _shortened(word, int(label / 3.2)), "end"),
            _rect(label, y + 1.1, length, 4, BLUE),
            _text(label + length + 1.5, y + 4.2, f"{count}{unit}"),
        ]
    words = "；".join(f"{word} {count}{unit}" for word, count in rows)
    return _svg(width, BARS * len(rows), words, parts)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole: its word, its size, its color."""

    word: str
    count: int
    color: str


def strip(shares: Sequence[Share], *, width: float = 156, unit: str = "") -> Markup:
    """A whole in one bar, its parts named and numbered below it."""
    whole = sum(share.count for share in shares)
    if not whole:
        return Markup()
    parts, x = [], 0.0
    for share in shares:
        length = width * share.count / whole
        parts.append(_rect(x, 0, length, 6, share.color))
        x += length
    step = width / len(shares)
    for at, share in enumerate(shares):
        percent = f"{share.count * 100 / whole:.1f}%"
        parts += [
            _rect(at * step, 9.2, 3, 3, share.color),
            _text(at * step + 4.5, 11.9, f"{share.word} {share.count}{unit}（{percent}）"),
        ]
    words = "；".join(f"{share.word} {share.count}{unit}" for share in shares)
    return _svg(width, 14, words, parts)


@dataclass(frozen=True, slots=True)
class Cell:
    """A month: what it says below its number, and its color."""

    word: str
    color: str


def months(cells: Sequence[Cell], *, width: float = 156) -> Markup:
    """The twelve months of a year side by side."""
    if not cells:
        return Markup()
    step, parts = width / len(cells), []
    for at, cell in enumerate(cells):
        middle = at * step + step / 2
        parts += [
            _rect(at * step + 0.4, 0, step - 0.8, 6, cell.color),
            _text(middle, 4.2, f"{at + 1}月", "middle", "#fff" if cell.color != GREY else "#000"),
            _text(middle, 10, cell.word, "middle"),
        ]
    words = "；".join(f"{at}月{cell.word}" for at, cell in enumerate(cells, start=1))
    return _svg(width, 12, words, parts)


def course(
    points: Sequence[tuple[str, float]],
    most: float,
    mark: float | None = None,
    *,
    width: float = 156,
    height: float = 52,
) -> Markup:
    """A line over the years with each number above its point; *mark* is drawn across."""
    if not points:
        return Markup()
    left, right, top, foot = 14.0, 8.0, 6.0, 8.0
    room = height - top - foot
    step = (width - left - right) / max(len(points), 1)

    def y_of(value: float) -> float:
        return top + room * (1 - min(value, most) / most)

    def is_below(y: float) -> bool:
        """A number that would stand on the mark stands below its point."""
        return mark is not None and 0 <= y - y_of(mark) < 7

    parts = [
        f'<path d="M{left:g} {top:g}V{top + room:g}H{width - right:g}" fill="none"'
        f' stroke="{LINE}" stroke-width=".3"/>',
        _text(left - 2, top + 1, f"{most:g}", "end"),
        _text(left - 2, top + room + 1, "0", "end"),
    ]
    if mark is not None:
        parts += [
            f'<path d="M{left:g} {y_of(mark):.2f}H{width - right:g}" stroke="{RED}"'
            f' stroke-width=".3" stroke-dasharray="1.5 1"/>',
            _text(width - right, y_of(mark) - 1, f"达标分 {mark:g}", "end", RED),
        ]
    places = [(left + step * (at + 0.5), y_of(value)) for at, (_w, value) in enumerate(points)]
    if len(places) > 1:
        path = "L".join(f"{x:.2f} {y:.2f}" for x, y in places)
        parts.append(f'<path d="M{path}" fill="none" stroke="{BLUE}" stroke-width=".6"/>')
    for (word, value), (x, y) in zip(points, places, strict=True):
        parts += [
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="1.1" fill="{BLUE}"/>',
            _text(x, y + 5 if is_below(y) else y - 2.4, f"{value:.2f}", "middle"),
            _text(x, top + room + 5.2, word, "middle"),
        ]
    words = "；".join(f"{word} {value:.2f}" for word, value in points)
    return _svg(width, height, words, parts)


def shares(rows: Sequence[tuple[str, float, float]], *, width: float = 156) -> Markup:
    """What was reached of what could be: a pale bar for the whole, a dark one for the part."""
    if not rows:
        return Markup()
    label = 46.0
    room, parts = width - label - 34, []
    for at, (word, part, whole) in enumerate(rows):
        y, share = at * BARS, part / whole if whole else 0.0
        parts += [
            _text(label - 2, y + 4.2, _shortened(word, 14), "end"),
            _rect(label, y + 1.1, room, 4, GREY),
            _rect(label, y + 1.1, room * min(share, 1), 4, BLUE),
            _text(label + room + 1.5, y + 4.2, f"{part:.2f} / {whole:g}（{share * 100:.1f}%）"),
        ]
    words = "；".join(f"{word} {part:.2f} / {whole:g}" for word, part, whole in rows)
    return _svg(width, BARS * len(rows), words, parts)
