"""What the address of a list says: search words, chosen values, and where its page begins.

Addresses are typed, cut and mangled by people and machines; whatever they say, a list answers.
"""

from datetime import date
from enum import StrEnum
from typing import TypeVar

import sqlalchemy as sa
from flask import request

from qcc.kernel.dates import YEARS

LARGEST_KEY = 2**31 - 1
LONGEST_SEARCH = 60

Choice = TypeVar("Choice", bound=StrEnum)


def after() -> int:
    """The key after which the page begins; 0 for the first page."""
    key = request.args.get("after", 0, type=int)
    return key if 0 < key <= LARGEST_KEY else 0


def words(name: str = "q") -> str:
    """What was typed in a search box, without what nobody can type."""
    typed = request.args.get(name, "")
    return "".join(char for char in typed if char.isprintable()).strip()[:LONGEST_SEARCH]


def chosen(name: str, values: type[Choice]) -> Choice | None:
    """The chosen value of an enum; None if there is none of that name."""
    try:
        return values(request.args.get(name, ""))
    except ValueError:
        return None


def key(name: str) -> int:
    """A chosen row's key; 0 if none is named."""
    number = request.args.get(name, 0, type=int)
    return number if 0 < number <= LARGEST_KEY else 0


def day(name: str) -> date | None:
    """A chosen day; None if none is named, it is not a date, or none that anybody means."""
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if found.year in YEARS else None


def waiting_first(waits: sa.ColumnElement[bool], row: sa.SQLColumnExpression[int]) -> sa.Case[int]:
    """The key by which a list goes on that shows first what waits, the oldest before the others,
    and then the rest, the newest before the others."""
    return sa.case((waits, row), else_=LARGEST_KEY - row)
