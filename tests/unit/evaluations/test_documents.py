"""Yearly documents at the bounds of their day, what keeps them from being submitted, reminders."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from qcc.evaluations.rules.documents import (
    SECTIONS,
    DocumentKind,
    Handed,
    Standing,
    Term,
    budget_of,
    counted_on,
    owes,
    standing,
    tally,
    told_after,
    told_before,
    told_of_documents,
    unwritten,
)
from qcc.kernel.dates import SHANGHAI, legal_date

DUE = date(2026, 12, 31)
NEW_YEAR = date(2027, 1, 1)
S = Standing


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=SHANGHAI), S.IN_TIME),
        (datetime(2027, 1, 1, 0, 0, 0, tzinfo=SHANGHAI), S.LATE),
    ],
)
def test_the_last_second_of_the_year(moment: datetime, expected: Standing) -> None:
    handed = Handed(legal_date(moment), is_in=True)
    assert standing(handed, DUE, NEW_YEAR) is expected


@pytest.mark.parametrize(
    ("handed", "today", "expected"),
    [
        (None, DUE, S.NOT_DUE),
        (None, NEW_YEAR, S.MISSING),
        # returned, to be corrected until 10 January
        (Handed(DUE, False, date(2027, 1, 10)), date(2027, 1, 10), S.CORRECTING),
        (Handed(DUE, False, date(2027, 1, 10)), date(2027, 1, 11), S.MISSING),
        # the day of the correction has passed, that of the documents has not
        (Handed(date(2026, 12, 1), False, date(2026, 12, 5)), DUE, S.NOT_DUE),
        (Handed(date(2026, 12, 1), False, date(2026, 12, 5)), NEW_YEAR, S.MISSING),
    ],
)
def test_how_it_stands(handed: Handed | None, today: date, expected: Standing) -> None:
    assert standing(handed, DUE, today) is expected


@pytest.mark.parametrize(
    ("before", "correct_by", "today", "expected"),
    [
        (None, None, DUE, DUE),
        (DUE, date(2027, 1, 10), date(2027, 1, 10), DUE),
        (DUE, date(2027, 1, 10), date(2027, 1, 11), date(2027, 1, 11)),
    ],
)
def test_who_corrects_in_time_keeps_the_day(
    before: date | None, correct_by: date | None, today: date, expected: date
) -> None:
    assert counted_on(before, correct_by, today) == expected


@pytest.mark.parametrize(
    ("term", "today", "expected"),
    [
        (Term(DUE, None), NEW_YEAR, True),
        (Term(NEW_YEAR, None), NEW_YEAR, False),
        (Term(date(2020, 1, 1), DUE), NEW_YEAR, False),
        (Term(date(2020, 1, 1), NEW_YEAR), NEW_YEAR, True),
        (Term(date(2020, 1, 1), date(2026, 6, 1)), date(2026, 5, 31), True),
        (Term(date(2020, 1, 1), date(2026, 6, 1)), date(2026, 6, 1), False),
    ],
)
def test_who_has_a_host_on_the_day_owes(term: Term, today: date, expected: bool) -> None:
    assert owes([term], DUE, today) is expected


def test_tally() -> None:
    assert tally([S.MISSING, S.LATE]) == (1, 1)
    assert tally([S.NOT_DUE, S.IN_TIME, S.CORRECTING]) == (0, 0)


def test_the_plan_speaks_of_the_next_year() -> None:
    assert DocumentKind.SUMMARY.about(2026) == 2026
    assert DocumentKind.NEXT_PLAN.about(2026) == 2027


def written(kind: DocumentKind) -> dict[str, Any]:
    return {
        part.name: {"rows": [dict.fromkeys(part.columns, "1")]} if part.columns else {"text": "写"}
        for part in SECTIONS[kind]
    }


@pytest.mark.parametrize("kind", DocumentKind)
def test_every_section_has_to_be_written(kind: DocumentKind) -> None:
    assert unwritten(kind, written(kind)) == ()
    assert unwritten(kind, {}) == tuple(part.name for part in SECTIONS[kind])
    for part in SECTIONS[kind]:
        empty: dict[str, Any] = {"rows": []} if part.columns else {"text": " \n"}
        assert unwritten(kind, {**written(kind), part.name: empty}) == (part.name,)


def test_a_row_lacks_only_what_it_may_lack() -> None:
    kind = DocumentKind.SUMMARY
    figures = {"rows": [{"name": "质控检查", "value": "12", "unit": ""}]}
    assert unwritten(kind, {**written(kind), "figures": figures}) == ()
    figures = {"rows": [{"name": "质控检查", "value": "", "unit": "次"}]}
    assert unwritten(kind, {**written(kind), "figures": figures}) == ("figures",)


def test_a_budget_and_its_execution() -> None:
    rows = [{"planned": "100000", "spent": "66666.67"}, {"planned": "200000.00", "spent": ""}]
    found = budget_of(rows)
    assert (found.planned, found.spent) == (Decimal("300000.00"), Decimal("66666.67"))
    assert found.executed == Decimal("22.22")
    assert budget_of([{"planned": "8", "spent": "0.0004"}]).executed == Decimal("0.01")  # half up
    assert budget_of([]).executed is None


def works(day: date) -> bool:
    return day.weekday() < 5 and day != NEW_YEAR


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 12, 1), "due"),
        (date(2026, 12, 2), None),
        (date(2026, 12, 24), "due"),
        (DUE, "due"),
        (NEW_YEAR, None),  # free
        (date(2027, 1, 4), "overdue"),  # the first working day after it
        (date(2027, 1, 15), "overdue"),
        (date(2027, 1, 29), "overdue"),
        (date(2027, 2, 12), None),
    ],
)
def test_when_it_is_told(today: date, expected: str | None) -> None:
    assert told_of_documents(DUE, today, works) == expected


def test_before_and_after_a_day() -> None:
    saturday, friday = date(2026, 12, 5), date(2026, 12, 4)
    assert told_before(saturday, friday, (0,), works)
    assert not told_before(saturday, saturday, (0,), works)
    assert told_after(saturday, date(2026, 12, 7), works)
    assert not told_after(saturday, date(2026, 12, 8), works)
