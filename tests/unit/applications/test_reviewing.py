"""Who is kept from reviewing, at the exact days; and the draw, which anybody can follow."""

from collections import Counter
from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest

from qcc.applications.rules.reviewing import (
    Bar,
    Barred,
    Candidate,
    Contest,
    Employment,
    Named,
    bars_of,
    draw,
)

ON = date(2026, 3, 1)
CONTEST = Contest(ON, 3, inclusive=False, applicants={1: None, 2: 20})
FREE = Candidate("c", Named("甲"), (Employment(9, date(2000, 1, 1)),))


def bars(candidate: Candidate, contest: Contest = CONTEST) -> list[tuple[Bar, int | None]]:
    return [(barred.bar, barred.applicant_id) for barred in bars_of(candidate, contest)]


def employed(*employments: Employment) -> Candidate:
    return replace(FREE, employments=employments)


def test_a_stranger_may_review() -> None:
    assert bars(FREE) == []


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (None, [(Bar.EMPLOYED, 1)]),
        (date(2026, 3, 1), [(Bar.EMPLOYED, 1)]),  # the last day is a day of employment
        (date(2026, 2, 28), [(Bar.EMPLOYED_EARLIER, 1)]),
        (date(2023, 3, 2), [(Bar.EMPLOYED_EARLIER, 1)]),
        (date(2023, 3, 1), []),  # three years are full today
        (date(2020, 1, 1), []),
    ],
)
def test_employment_by_an_applicant(left: date | None, expected: list[object]) -> None:
    assert bars(employed(Employment(1, date(2010, 1, 1), left))) == expected


def test_the_filled_anniversary_counts_where_the_rulebook_says_so() -> None:
    contest = replace(CONTEST, inclusive=True)
    assert bars(employed(Employment(1, date(2010, 1, 1), date(2023, 3, 1))), contest)
    assert not bars(employed(Employment(1, date(2010, 1, 1), date(2023, 2, 28))), contest)


def test_the_parent_of_an_applicant_binds_as_the_applicant_does() -> None:
    assert bars(employed(Employment(20, date(2010, 1, 1)))) == [(Bar.EMPLOYED_BY_PARENT, 2)]
    left = Employment(20, date(2010, 1, 1), date(2023, 3, 2))
    assert bars(employed(left)) == [(Bar.EMPLOYED_BY_PARENT, 2)]
    assert bars(employed(replace(left, ended_on=date(2023, 3, 1)))) == []


def test_any_role_for_an_applicant_binds() -> None:
    assert bars(replace(FREE, desks=frozenset({2, 7}))) == [(Bar.ON_STAFF, 2)]


def test_a_declared_conflict_binds() -> None:
    assert bars(replace(FREE, has_declared_conflict=True)) == [(Bar.DECLARED, None)]


@pytest.mark.parametrize(
    ("officer", "is_one"),
    [
        (Named("甲"), True),
        (Named("乙"), False),
        (Named("甲", date(1970, 1, 1)), True),
        (Named("甲", date(1970, 1, 2)), False),
        (Named("甲", None, 8), False),  # a namesake elsewhere
        (Named("甲", None, 9), True),
        (Named("甲", date(1970, 1, 1), 8), True),  # the birth date tells more than the employer
    ],
)
def test_proposed_officers_do_not_judge_themselves(officer: Named, is_one: bool) -> None:
    candidate = replace(FREE, named=Named("甲", date(1970, 1, 1), 9))
    contest = replace(CONTEST, proposed=((2, officer),))
    assert bars(candidate, contest) == ([(Bar.PROPOSED, 2)] if is_one else [])


def test_every_bar_is_named_once() -> None:
    twice = employed(Employment(1, date(2000, 1, 1), date(2024, 1, 1)), Employment(1, ON))
    assert bars(twice) == [(Bar.EMPLOYED_EARLIER, 1), (Bar.EMPLOYED, 1)]
    again = employed(Employment(1, date(2000, 1, 1)), Employment(1, ON))
    assert bars_of(again, CONTEST) == (Barred(Bar.EMPLOYED, 1),)


def test_a_draw_can_be_repeated_by_anybody() -> None:
    codes = [f"code{n}" for n in range(20)]
    drawn = draw(codes, 5, "seed")
    by_hand = sorted(codes, key=lambda c: sha256(f"seed:{c}".encode()).hexdigest())
    assert list(drawn) == by_hand[:5]
    assert draw(list(reversed(codes)), 5, "seed") == drawn
    assert draw(codes[:3], 5, "seed") == tuple(c for c in by_hand if c in codes[:3])


def test_everybody_is_drawn_about_as_often() -> None:
    codes = [f"code{n}" for n in range(10)]
    drawn = Counter(code for n in range(2000) for code in draw(codes, 3, str(n)))
    assert min(drawn.values()) > 500
    assert max(drawn.values()) < 700
