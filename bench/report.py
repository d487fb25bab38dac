"""Tables that read well in a terminal and as Markdown."""

from collections.abc import Sequence


class Table:
    """A Markdown table that is printed row by row, while it is measured."""

    def __init__(self, headings: Sequence[str]) -> None:
        self._widths = [len(heading) for heading in headings]
        self.row(headings)
        self.row(["-" * width for width in self._widths])

    def row(self, cells: Sequence[str]) -> None:
        """Print a row; the first column stands left, numbers right."""
        pairs = list(zip(cells, self._widths, strict=True))
        first = pairs[0][0].ljust(pairs[0][1])
        print("|", " | ".join([first, *(c.rjust(w) for c, w in pairs[1:])]), "|", flush=True)


def percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"
