"""The two yearly documents of a center (M.23): what they hold, until when they are owed, and how it
stands with them.

The Measures name the day and nothing else; the other readings stand here with their reasons. A
center owes the documents of a year if it has a host on the day they are due. The day of the
submission counts; who corrects a returned document by the day that was set keeps the day of the
earlier submission. A returned document that was not corrected in time is missing: nobody is in time
by handing in an empty page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from qcc.kernel.reminders import IsWorking, days_after, days_before
from qcc.kernel.scores import rounded


class DocumentKind(StrEnum):
    """This year's summary, and next year's plan; both are due at the end of this year."""

    SUMMARY = "summary"
    NEXT_PLAN = "next_plan"

    def about(self, due_year: int) -> int:
        """The year that a document due at the end of *due_year* speaks of."""
        return due_year + (self is DocumentKind.NEXT_PLAN)


class InternalRuleKind(StrEnum):
    """What a center has internal rules about, as the Measures name it."""

    MEETINGS = "meetings"
    ASSESSMENT = "assessment"
    INFORMATION_SECURITY = "information_security"
    FUNDS = "funds"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document: prose, or rows with these columns; *optional* cells may stay empty."""

    name: str
    columns: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


SECTIONS: Mapping[DocumentKind, tuple[Section, ...]] = {
    DocumentKind.SUMMARY: (
        Section("goals"),
        Section("work"),
        Section("figures", ("name", "value", "unit"), ("unit",)),
        Section("problems"),
        Section("budget", ("name", "planned", "spent")),
    ),
    DocumentKind.NEXT_PLAN: (
        Section("goals"),
        Section("items", ("what", "owner", "month")),
    ),
}

Content = Mapping[str, Any]
"""What a section holds: `text`, or `rows`, each a mapping of its columns to text."""


def is_whole(section: Section, content: Content) -> bool:
    """Whether prose is written; whether there are rows, and none lacks a cell it must have."""
    if not section.columns:
        return bool(str(content.get("text", "")).strip())
    must = [column for column in section.columns if column not in section.optional]
    rows = content.get("rows", ())
    return bool(rows) and all(str(row.get(column, "")).strip() for row in rows for column in must)


def unwritten(kind: DocumentKind, contents: Mapping[str, Content]) -> tuple[str, ...]:
    """The sections that keep a document from being submitted, in their order."""
    return tuple(
        section.name
        for section in SECTIONS[kind]
        if not is_whole(section, contents.get(section.name, {}))
    )


@dataclass(frozen=True, slots=True)
class Budget:
    """What was planned and spent, in yuan, and which share of the plan was spent (per cent; None
    where nothing was planned)."""

    planned: Decimal
    spent: Decimal

    @property
    def executed(self) -> Decimal | None:
        """Two decimals, half up."""
        return (
            rounded(Fraction(self.spent) * 100 / Fraction(self.planned)) if self.planned else None
        )


def budget_of(rows: Iterable[Mapping[str, str]]) -> Budget:
    """The sums of the rows of a budget; empty cells are nothing yet."""
    planned = spent = Decimal(0)
    for row in rows:
        planned += Decimal(row.get("planned") or 0)
        spent += Decimal(row.get("spent") or 0)
    return Budget(planned, spent)


# --- until when, and how it stands ---


@dataclass(frozen=True, slots=True)
class Demand:
    """What is due at the end of a year, and the last day that is in time."""

    due_on: date
    kinds: tuple[DocumentKind, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A period in which the center had a host."""

    started_on: date
    ended_on: date | None


def owes(terms: Iterable[Term], due_on: date, today: date) -> bool:
    """Whether the center has a host on the day the documents are due; before that day, today."""
    day = min(due_on, today)
    return any(
        term.started_on <= day and (term.ended_on is None or term.ended_on > day) for term in terms
    )


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed in: on which day it counts, whether it lies with the commission (or was
    returned), and until when a returned one is to be corrected."""

    counted_on: date
    is_in: bool
    correct_by: date | None = None


class Standing(StrEnum):
    """How it stands with a document that is owed."""

    NOT_DUE = "not_due"
    IN_TIME = "in_time"
    LATE = "late"
    CORRECTING = "correcting"
    MISSING = "missing"


def counted_on(before: date | None, correct_by: date | None, today: date) -> date:
    """The day for which a submission of *today* counts."""
    if before is not None and correct_by is not None and today <= correct_by:
        return before
    return today


def standing(handed: Handed | None, due_on: date, today: date) -> Standing:
    """How it stands *today*; on the day it is due, a document is in time and none is missing."""
    if handed is not None and handed.is_in:
        return Standing.IN_TIME if handed.counted_on <= due_on else Standing.LATE
    if handed is not None and handed.correct_by is not None and today <= handed.correct_by:
        return Standing.CORRECTING
    return Standing.NOT_DUE if today <= due_on else Standing.MISSING


def tally(standings: Iterable[Standing]) -> tuple[int, int]:
    """How many documents are missing, and how many came late."""
    found = list(standings)
    return found.count(Standing.MISSING), found.count(Standing.LATE)


# --- reminders ---

DAYS_BEFORE = (30, 7, 0)
"""Days before documents are due: a month to gather figures, a week to finish, the last day."""

DAYS_AFTER = (1, 15, 29)
"""Days after that: the next day, and then every two weeks for a month."""

CORRECT_DAYS = (3, 0)
TASK_DAYS = (7, 3, 0)
REVIEW_DAYS = (30, 0)
"""Days before internal rules or a visit are to be looked at again: a meeting lies between them."""


def told_of_documents(due_on: date, today: date, is_working: IsWorking) -> str | None:
    """Whether it is told today that documents are due ("due") or overdue ("overdue")."""
    if days_before(due_on, today, DAYS_BEFORE, is_working) is not None:
        return "due"
    return "overdue" if days_after(due_on, today, DAYS_AFTER, is_working) is not None else None


def told_before(day: date, today: date, days: Sequence[int], is_working: IsWorking) -> bool:
    """Whether it is told today that something is to be done by the day."""
    return days_before(day, today, days, is_working) is not None


def told_after(day: date, today: date, is_working: IsWorking) -> bool:
    """Whether it is told today that the day has passed: on the next one that is worked."""
    return days_after(day, today, (1,), is_working) is not None
