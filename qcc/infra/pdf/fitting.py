"""How much text goes into a box of a form: the share that fits, and what continues elsewhere.

The widths are estimates on the safe side (an ideograph is one em, Latin letters a little more than
they are), so that what is said to fit does fit; the box may end a few letters early, never late.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

CONTINUED = "（续见附页）"
MM_PER_POINT = 25.4 / 72

_NO_START = frozenset("，。、；：？！）〕】》」』”’…—,.;:?!)]}%‰℃·")
_NO_END = frozenset("（〔【《「『“‘([{")
_SENTENCE_ENDS = frozenset("。；！？\n")
_CLAUSE_ENDS = frozenset("，、 ")
_WIDE_ASCII = frozenset("mw%@&ABCDEFGHJKLMNOPQRSTUVWXYZ")
_NARROW_ASCII = frozenset(" iIjl.,;:'|!")


@dataclass(frozen=True, slots=True)
class Face:
    """A size of type: points, leading as a multiple of it; perhaps only for a few lines."""

    points: float
    leading: float = 1.35
    most_lines: int | None = None

    def ems(self, width: float) -> float:
        """How many ideographs stand in a line of *width* millimetres."""
        return width / (self.points * MM_PER_POINT)

    def lines(self, height: float) -> int:
        """How many lines stand in *height* millimetres."""
        lines = int(height / (self.points * self.leading * MM_PER_POINT))
        return min(lines, self.most_lines or lines)


@dataclass(frozen=True, slots=True)
class Box:
    """The inside of a cell in millimetres, and the first-line indent of its paragraphs in ems."""

    width: float
    height: float
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text as a box shows it: paragraphs in *face*; *rest* continues on an attached page.

    *ems* is the narrowest measure that makes no further line: set in it, lines come out even.
    """

    face: Face
    ems: float
    paragraphs: tuple[str, ...]
    rest: tuple[str, ...] = ()
    rest_is_mid_paragraph: bool = False


def fit(text: str, box: Box, faces: Sequence[Face]) -> Fitted:
    """Set *text* in the first of *faces* that holds it; if none does, in the last, and split it."""
    whole = _normal(text)
    for face in faces:
        if _lines(whole, face.ems(box.width), box.indent) <= face.lines(box.height):
            return Fitted(face, _narrowest(whole, face, box), _paragraphs(whole))
    face = faces[-1]
    cut = _cut(whole, face.ems(box.width), face.lines(box.height), box.indent)
    first, rest = whole[:cut], whole[cut:]
    return Fitted(
        face,
        face.ems(box.width),
        _paragraphs(first.rstrip() + CONTINUED),
        _paragraphs(rest),
        rest_is_mid_paragraph=not first.endswith("\n") and not rest.startswith("\n"),
    )


def _narrowest(text: str, face: Face, box: Box) -> float:
    ems = face.ems(box.width)
    lines = _lines(text, ems, box.indent)
    while ems > 4 and _lines(text, ems - 1, box.indent) == lines:
        ems -= 1
    return ems


def _normal(text: str) -> str:
    """One line break between paragraphs, no blank ones, no spaces at their ends."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.split("\n") if line)


def _lines(text: str, ems: float, indent: int) -> int:
    return sum(_lines_of(paragraph, ems, indent) for paragraph in text.split("\n"))


def _lines_of(paragraph: str, ems: float, indent: int) -> int:
    """Set one paragraph line by line as the renderer does: units stay whole."""
    count, used = 1, float(indent)
    for unit in _units(paragraph):
        width = sum(map(_width, unit))
        if used + width > ems and used:
            count, used = count + 1, 0.0
        while width > ems:  # a word longer than the line is broken anywhere
            count, width = count + 1, width - max(ems - 1, 1)
        used += width
    return count


def _units(paragraph: str) -> Iterator[str]:
    """What may not be parted: Latin words, and punctuation with what it clings to."""
    start = 0
    for index, (left, right) in enumerate(pairwise(paragraph), start=1):
        if not _cling(left, right):
            yield paragraph[start:index]
            start = index
    yield paragraph[start:]


def _cling(left: str, right: str) -> bool:
    if right in _NO_START or left in _NO_END:
        return True
    return _is_word(left) and _is_word(right)


def _is_word(char: str) -> bool:
    return char.isascii() and not char.isspace()


def _width(char: str) -> float:
    if not char.isascii() or char in _WIDE_ASCII:
        return 1.0
    return 0.36 if char in _NARROW_ASCII else 0.58


def _cut(text: str, ems: float, lines: int, indent: int) -> int:
    """Where to part *text*: after a sentence or clause that ends near, else where it must."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = _lines(text[:middle].rstrip() + CONTINUED, ems, indent) <= lines
        low, high = (middle, high) if fits else (low, middle - 1)
    for ends, within in ((_SENTENCE_ENDS, 2 * ems), (_CLAUSE_ENDS, ems)):
        for cut in range(low, max(low - int(within), 0), -1):
            if text[cut - 1] in ends:
                return cut
    while 0 < low < len(text) and _cling(text[low - 1], text[low]):
        low -= 1
    return low
