"""All rulebooks: which edition of the measures holds in a place on a date.

The files stand in ``rulebooks/``, one for each edition of a regulation. All are read and proven
when the program starts; a single bad file stops it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import combinations
from pathlib import Path

from qcc.kernel.places import parent_code
from qcc.kernel.rules import Rulebook
from qcc.regulations.parsing import InvalidRulebook, parse_rulebook

__all__ = [
    "FOLDER",
    "InvalidRulebook",
    "NoRulebookInForce",
    "Rulebooks",
    "get_rulebook",
    "load_rulebooks",
    "read_rulebooks",
    "rulebook_for",
]

FOLDER = Path(__file__).with_name("rulebooks")


class NoRulebookInForce(LookupError):
    """No regulation of the place, nor of any place above it, holds on the date."""

    def __init__(self, jurisdiction: str, on: date) -> None:
        super().__init__(f"no rulebook is in force in {jurisdiction} on {on}")
        self.jurisdiction, self.on = jurisdiction, on


@dataclass(frozen=True, slots=True)
class Rulebooks:
    """Every known edition, in the order of jurisdiction and date."""

    books: tuple[Rulebook, ...]

    def __iter__(self) -> Iterator[Rulebook]:
        return iter(self.books)

    def __len__(self) -> int:
        return len(self.books)

    def get(self, rulebook_id: str) -> Rulebook:
        """The edition of that id; raises KeyError."""
        for book in self.books:
            if book.id == rulebook_id:
                return book
        raise KeyError(rulebook_id)

    def in_force(self, jurisdiction: str, on: date) -> Rulebook:
        """The edition of the nearest place, from *jurisdiction* upward, that holds *on* the date.

        Raises NoRulebookInForce.
        """
        place: str | None = jurisdiction
        while place is not None:
            for book in self.books:
                if book.jurisdiction == place and book.is_in_force(on):
                    return book
            place = parent_code(place)
        raise NoRulebookInForce(jurisdiction, on)


def read_rulebooks(folder: Path) -> Rulebooks:
    """Read and prove every file in the folder; raises InvalidRulebook at the first bad one."""
    books = [parse_rulebook(path) for path in sorted(folder.glob("*.toml"))]
    if not books:
        raise InvalidRulebook(folder.name, "*.toml", "no rulebook is there")
    books.sort(key=lambda book: (book.jurisdiction, book.in_force_from, book.id))
    for earlier, later in combinations(books, 2):
        _refuse_overlap(earlier, later)
    return Rulebooks(tuple(books))


def _refuse_overlap(earlier: Rulebook, later: Rulebook) -> None:
    if earlier.jurisdiction != later.jurisdiction:
        return
    if earlier.repealed_on is None or later.in_force_from < earlier.repealed_on:
        raise InvalidRulebook(
            f"{later.id}.toml",
            "rulebook.in_force_from",
            f"overlaps {earlier.id}, which holds in {later.jurisdiction}"
            f" until {earlier.repealed_on or 'further notice'}",
        )


@cache
def load_rulebooks() -> Rulebooks:
    """The product's own rulebooks, read once; the program calls this when it starts."""
    return read_rulebooks(FOLDER)


def rulebook_for(jurisdiction_code: str, on: date) -> Rulebook:
    """The edition that holds in the place on the date; raises NoRulebookInForce."""
    return load_rulebooks().in_force(jurisdiction_code, on)


def get_rulebook(rulebook_id: str) -> Rulebook:
    """The edition of that id; raises KeyError."""
    return load_rulebooks().get(rulebook_id)
