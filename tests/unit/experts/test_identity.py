"""Identity numbers: what they tell, and what is wrong with those that are none."""

from datetime import date

import pytest
from stdnum.cn import ric

from qcc.experts.identity import InvalidIdentity, Sex, masked, read_identity
from tests.unit.experts.rosters import identity_number


@pytest.mark.parametrize(
    ("born", "serial", "sex"),
    [
        (date(1975, 3, 1), 1, Sex.MALE),
        (date(1980, 2, 29), 2, Sex.FEMALE),
        (date(1999, 12, 31), 999, Sex.MALE),
    ],
)
def test_birth_date_and_sex_stand_in_the_number(born: date, serial: int, sex: Sex) -> None:
    read = read_identity(identity_number(born, serial))
    assert (read.birth_date, read.sex) == (born, sex)


def test_all_check_digits_are_accepted() -> None:
    numbers = [identity_number(date(1975, 3, 1), serial) for serial in range(100)]
    assert {number[-1] for number in numbers} == set("0123456789X")
    assert all(read_identity(number).number == number for number in numbers)


def test_regions_that_are_younger_than_the_person_are_accepted() -> None:
    """Numbers came in 1984; the library's own validation refuses most people born before."""
    number = "330182197503010015"  # a city since 1992
    assert not ric.is_valid(number)
    assert read_identity(number).birth_date == date(1975, 3, 1)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("000000750301001", "old"),
        ("00000019750301001", "length"),
        ("0000001975030100190", "length"),
        ("E12345678", "length"),
        ("00000A197503010019", "digits"),
        ("00000019750301001x", "digits"),
        ("00000019750301001Y", "digits"),
        ("００００００197503010019", "digits"),
        ("000000197503010018", "checksum"),
        ("000000197503100019", "checksum"),  # two digits swapped
    ],
)
def test_what_is_wrong_with_a_number_is_said(number: str, code: str) -> None:
    with pytest.raises(InvalidIdentity) as caught:
        read_identity(number)
    assert caught.value.code == code


def test_a_day_that_does_not_exist_is_refused() -> None:
    digits = "00000019750230001"
    with pytest.raises(InvalidIdentity, match="date"):
        read_identity(digits + ric.calc_check_digit(f"{digits}0"))


def test_a_number_is_shown_masked() -> None:
    shown = masked("000000197503010019")
    assert shown == "000*************19"
    assert len(shown) == 18
    assert masked("") == ""


def test_the_number_does_not_stand_in_representations() -> None:
    assert "1975030100" not in repr(read_identity(identity_number(date(1975, 3, 1), 1)))
