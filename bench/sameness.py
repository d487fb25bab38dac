"""Whether the bare page and the product's show the same rows."""

import re
from html import unescape

CELL = re.compile(r"<td>(.*?)</td>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
CODE = "<code>"
"""Begins what the product shows in words of its own: a state, yes and no."""


def missing(product: str, bare: str) -> list[str]:
    """What stands in the bare page and nowhere in the product's."""
    there = _plain(product)
    cells = (_plain(cell) for cell in CELL.findall(bare) if not cell.startswith(CODE))
    return [cell for cell in cells if cell not in there]


def _plain(html: str) -> str:
    """Text as it is read: without tags, spaces run together."""
    return " ".join(unescape(TAG.sub(" ", html)).split())


def count_of(bare: str) -> str:
    """The count of all rows that a bare list states; empty for another page."""
    found = re.search(r"<p>(\d+)</p>", bare)
    return found.group(1) if found else ""
