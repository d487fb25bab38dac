"""Cell addresses as people write them: A1, C5, AB12."""

import re
from functools import cache

_ADDRESS = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")


@cache
def letter(column: int) -> str:
    """The letters of a column counted from 1: 1 is A, 27 is AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@cache
def column_number(letters: str) -> int:
    """The number of a column counted from 1: A is 1, AA is 27."""
    number = 0
    for character in letters.upper():
        number = number * 26 + ord(character) - 64
    return number


def address(row: int, column: int) -> str:
    """The address of a cell, row and column counted from 1."""
    return f"{letter(column)}{row}"


def place_of(text: str) -> tuple[int, int] | None:
    """Row and column of an address, or nothing if it is none."""
    match = _ADDRESS.fullmatch(text)
    return (int(match[2]), column_number(match[1])) if match else None
