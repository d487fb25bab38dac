"""Who is told what of consents, ages and re-elections on which day.

The Measures set no days for any of it: they are this product's reading, with their reasons here.
"""

from collections.abc import Collection, Iterable
from datetime import date

from qcc.kernel.dates import add_years
from qcc.kernel.reminders import IsWorking, days_after, days_before
from qcc.kernel.rules import Limit

CONSENT_DAYS = (7, 14, 21, 28)
"""Days after a consent was asked for at which the body is reminded: weekly, for four weeks."""

SLOW_FROM = 14
"""From so many days on the center that waits is told too: it may call, or name another."""

AGE_DAYS = (90, 0)
"""Days before a member reaches the limit of age: time for a successor's consents; and the day."""

REELECTION_DAYS = (120, 60)
"""Days before the end of a term at which a center without a new roster is told: nomination,
consents and review take two to four months."""

URGENT_WITHIN = 60
"""From so many days before the end on the commission is told too."""


def told_of_consents(
    asked_on: Iterable[date], today: date, is_working: IsWorking
) -> tuple[bool, bool]:
    """Whether a body is told today that consents are awaited from it; and whether the center that
    waits is told too."""
    found = [
        days
        for day in asked_on
        if (days := days_after(day, today, CONSENT_DAYS, is_working)) is not None
    ]
    return bool(found), any(days >= SLOW_FROM for days in found)


def too_old_from(limit: Limit, born: date) -> date:
    """The birthday on which a person is too old: the 60th if the limit is under 60, the 61st if
    60 is still permitted."""
    return add_years(born, limit.number + (1 if limit.inclusive else 0))


def told_of_age(birthday: date, today: date, is_working: IsWorking) -> bool:
    """Whether a center is told today that a member reaches the limit of age on the birthday."""
    return days_before(birthday, today, AGE_DAYS, is_working) is not None


def told_of_reelection(
    term_end: date, today: date, has_next: bool, is_working: IsWorking
) -> Collection[str]:
    """Who is told today that the re-election is not prepared: the center, then the commission."""
    days = days_before(term_end, today, REELECTION_DAYS, is_working)
    if has_next or days is None:
        return ()
    return ("center", "commission") if days <= URGENT_WITHIN else ("center",)
