"""Who is told of closing calls and corrections on which day.

The Measures set no days for it: they are this product's reading, with their reasons here.
"""

from datetime import date

from qcc.kernel.reminders import IsWorking, days_before

CLOSING_DAYS = (7, 1)
"""Days before a call closes at which who has begun is told: a week for the report, a day for the
seal."""

CORRECTION_DAYS = (3, 1)
"""Days before a correction is due: it is given less time than the application was."""

DRAFT_DAYS = 366
"""Days after the closing of its call at which a draft that was never submitted is deleted: it is
nobody's record, and whoever wants words of it has had a year."""


def told_of_closing(last_day: date, today: date, is_working: IsWorking) -> bool:
    """Whether who has a draft is told today that the call takes applications until *last_day*."""
    return days_before(last_day, today, CLOSING_DAYS, is_working) is not None


def told_of_correction(last_day: date, today: date, is_working: IsWorking) -> bool:
    """Whether an applicant is told today that the correction is due on *last_day*."""
    return days_before(last_day, today, CORRECTION_DAYS, is_working) is not None
