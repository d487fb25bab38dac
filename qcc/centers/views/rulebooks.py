"""The rulebooks as readable tables."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from flask import render_template

from qcc.centers.parameter_words import group_of, group_words, name_of
from qcc.centers.views import rulebooks_bp
from qcc.infra import clock
from qcc.infra.access import requires
from qcc.infra.errors import NotFound
from qcc.infra.i18n import _l
from qcc.infra.rule_messages import limit_text
from qcc.infra.templating import Label, labels
from qcc.kernel.permissions import Permission as P
from qcc.kernel.rules import Limit, Rulebook
from qcc.regulations.catalogs import divisions
from qcc.regulations.rulebooks import get_rulebook, load_rulebooks


class Validity(StrEnum):
    """Whether an edition holds on a day."""

    COMING = "coming"
    IN_FORCE = "in_force"
    REPEALED = "repealed"


labels(
    {
        Validity.COMING: Label(_l("Not yet in force"), "wait", "…"),
        Validity.IN_FORCE: Label(_l("In force"), "done", "✓"),
        Validity.REPEALED: Label(_l("Repealed"), "idle", "×"),
    }
)


def validity(book: Rulebook, on: date) -> Validity:
    """Whether the edition holds on the day."""
    if on < book.in_force_from:
        return Validity.COMING
    return Validity.IN_FORCE if book.is_in_force(on) else Validity.REPEALED


def _place_name(code: str) -> str:
    return next((d.name for d in divisions() if d.code == code), code)


@dataclass(frozen=True, slots=True)
class Line:
    """A parameter as its row shows it: several words each by itself, else the value in words."""

    limit: Limit
    name: str
    words: tuple[str, ...]
    value: str


def _line(limit: Limit) -> Line:
    is_list = isinstance(limit.value, tuple) and isinstance(limit.value[0], str)
    words = tuple(limit.words.values()) if is_list else ()
    return Line(limit, name_of(limit), words, limit_text(limit))


def _groups(book: Rulebook) -> list[tuple[str, list[Line]]]:
    limits = groupby(book.limits.values(), group_of)
    return [(group_words(group), [_line(limit) for limit in members]) for group, members in limits]


@rulebooks_bp.get("/rulebooks")
@requires(P.RULEBOOK_VIEW)
def rulebooks() -> str:
    """All editions, the newest first, and where which of them holds today."""
    today = clock.today()
    books = sorted(load_rulebooks(), key=lambda book: book.in_force_from, reverse=True)
    return render_template(
        "regulations/rulebooks.html",
        books=[(book, validity(book, today), _place_name(book.jurisdiction)) for book in books],
    )


@rulebooks_bp.get("/rulebooks/<rulebook_id>")
@requires(P.RULEBOOK_VIEW)
def rulebook(rulebook_id: str) -> str:
    """One edition: every parameter with its value, force, article and source words."""
    try:
        book = get_rulebook(rulebook_id)
    except KeyError:
        raise NotFound from None
    return render_template(
        "regulations/rulebook.html",
        book=book,
        validity=validity(book, clock.today()),
        place=_place_name(book.jurisdiction),
        groups=_groups(book),
    )
