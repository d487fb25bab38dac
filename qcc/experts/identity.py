"""Identity numbers of 18 digits (GB 11643): check digit, and the birth date and sex they tell.

The region is not looked at: numbers were first given out in 1984, so that people who were born
earlier bear regions younger than themselves, which the library's own validation refuses.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

_LENGTH, _OLD_LENGTH = 18, 15
_SHOWN_AT_START, _SHOWN_AT_END = 3, 2


class Sex(StrEnum):
    """As papers of the country write it."""

    MALE = "男"
    FEMALE = "女"


class InvalidIdentity(ValueError):
    """No identity number; *code* says why: old, length, digits, checksum or date."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Identity:
    """What an identity number tells."""

    number: str = field(repr=False)
    birth_date: date
    sex: Sex


def read_identity(number: str) -> Identity:
    """Read a number that is written without blanks, X as a capital; raises InvalidIdentity."""
    if len(number) != _LENGTH:
        old = len(number) == _OLD_LENGTH and number.isdecimal()
        raise InvalidIdentity("old" if old else "length")
    if not (number[:-1].isascii() and number[:-1].isdecimal() and number[-1] in "0123456789X"):
        raise InvalidIdentity("digits")
    if number[-1] != ric.calc_check_digit(number):
        raise InvalidIdentity("checksum")
    try:
        born = ric.get_birth_date(number)
    except ValidationError:
        raise InvalidIdentity("date") from None
    sex = Sex.MALE if int(number[-2]) % 2 else Sex.FEMALE
    return Identity(number, born, sex)


def masked(number: str) -> str:
    """The number as it is shown: its first three and last two characters."""
    hidden = len(number) - _SHOWN_AT_START - _SHOWN_AT_END
    return f"{number[:_SHOWN_AT_START]}{'*' * hidden}{number[-_SHOWN_AT_END:]}" if number else ""
