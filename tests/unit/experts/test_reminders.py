"""Who is told what of consents, ages and re-elections on which day: exact boundaries."""

from datetime import date, timedelta

from qcc.experts.rules.reminders import told_of_age, told_of_consents, told_of_reelection
from qcc.infra.workdays import is_working
from qcc.kernel.dates import add_years

DAY = timedelta(days=1)


def days(first: date, count: int) -> list[date]:
    return [first + n * DAY for n in range(count)]


def test_consents_are_asked_for_weekly_and_the_center_is_told_from_the_second_week_on() -> None:
    asked = date(2026, 3, 3)  # a Tuesday
    told = {day: told_of_consents([asked], day, is_working) for day in days(asked, 60)}
    assert {day: slow for day, (body, slow) in told.items() if body} == {
        date(2026, 3, 10): False,
        date(2026, 3, 17): True,
        date(2026, 3, 24): True,
        date(2026, 3, 31): True,
    }


def test_consents_asked_before_spring_festival() -> None:
    """The seventh and the fourteenth day fall on one working day after it."""
    asked = date(2026, 2, 9)
    told = [day for day in days(asked, 30) if told_of_consents([asked], day, is_working)[0]]
    assert told == [date(2026, 2, 24), date(2026, 3, 2), date(2026, 3, 9)]
    assert told_of_consents([asked], date(2026, 2, 24), is_working) == (True, True)


def test_the_birthday_of_who_was_born_on_leap_day() -> None:
    birthday = add_years(date(1967, 2, 28) + DAY, 60)
    assert birthday == date(2027, 3, 1)
    leap = add_years(date(1968, 2, 29), 59)
    told = [day for day in days(date(2026, 11, 1), 150) if told_of_age(leap, day, is_working)]
    assert leap == date(2027, 3, 1)
    assert told == [date(2026, 12, 1), leap]


def test_a_re_election_is_told_to_the_center_and_later_to_the_commission() -> None:
    end = date(2026, 7, 31)
    told = {
        day: told_of_reelection(end, day, False, is_working) for day in days(end - 150 * DAY, 151)
    }
    assert {day: tuple(whom) for day, whom in told.items() if whom} == {
        date(2026, 4, 2): ("center",),
        date(2026, 6, 1): ("center", "commission"),
    }
    assert not told_of_reelection(end, date(2026, 6, 1), True, is_working)
