"""From what stands in a cell to what is meant: text, names, codes, dates, choices.

Each function returns the value or a `CellError`; nothing is raised, so that a table can collect
all faults of all cells. Empty cells give "" or None: whether a cell may be empty is the feature's
rule, not a matter of reading.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from qcc.infra.spreadsheets.reading import CellValue
from qcc.infra.spreadsheets.refusals import CellError

_EXACT = 10**15  # Excel keeps 15 digits of a number; what follows is zeros
_FULL_WIDTH = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()}
)
_BLANKS = re.compile(r"[^\S\n]+")
_HAN = r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_GAP_IN_NAME = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")
_CLOCK = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_DATE = re.compile(
    r"(\d{4})\s*"
    r"(?:([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})|年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?)" + _CLOCK
)
_SOLID_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_INCOMPLETE = re.compile(r"\d{4}\s*年?|\d{4}\s*[-/.年]\s*\d{1,2}\s*月?|\d{6}")
_YEARS = range(1900, 2101)


def clean_text(text: str) -> str:
    """Text without what nobody typed on purpose.

    Full-width digits and letters become plain, ideographic blanks become blanks, invisible
    characters go. Chinese punctuation and characters stay as they are, because they belong to
    names of persons and bodies: no NFKC here.
    """
    text = re.sub(r"\r\n?", "\n", text).replace("\t", " ").translate(_FULL_WIDTH)
    kept = (c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    lines = _BLANKS.sub(" ", "".join(kept)).split("\n")
    return "\n".join(line.strip() for line in lines).strip()


def as_text(value: CellValue, *, max_length: int | None = None) -> str | CellError:
    """Cleaned text; numbers and dates as they are written, "" for an empty cell."""
    text = _written(value)
    if isinstance(text, CellError):
        return text
    if max_length is not None and len(text) > max_length:
        return CellError("text_too_long", {"limit": max_length, "length": len(text)})
    return text


def as_name(value: CellValue, *, max_length: int = 100) -> str | CellError:
    """A name on one line; the blank that pads two-character names (王　明) goes."""
    text = as_text(value, max_length=max_length)
    return text if isinstance(text, CellError) else _GAP_IN_NAME.sub("", " ".join(text.split()))


def as_code(value: CellValue) -> str | CellError:
    """An identity number, credit code or the like: plain characters, no blanks, capitals."""
    text = as_text(value)
    if isinstance(text, CellError):
        return text
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def as_choice(value: CellValue, options: Sequence[str]) -> str | CellError:
    """One of the options; blanks and widths do not matter, everything else does."""
    text = as_text(value)
    if isinstance(text, CellError) or text == "":
        return text
    for option in options:
        if _choice_key(option) == _choice_key(text):
            return option
    return CellError("not_a_choice", {"value": text[:40], "options": list(options)})


def as_date(value: CellValue) -> date | CellError | None:
    """A day: Excel's own date, 2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日 or 20260301.

    A year and month alone are refused: no day is invented.
    """
    if value is None:
        return None
    if isinstance(value, datetime):
        return _in_range(value.date())
    if isinstance(value, date):
        return _in_range(value)
    return _date_in(unicodedata.normalize("NFKC", clean_text(str(value))))


def _written(value: CellValue) -> str | CellError:
    if value is None:
        return ""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        if abs(value) >= _EXACT:
            return CellError("number_cut", {})
        return str(value)
    return value.isoformat()


def _choice_key(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _date_in(text: str) -> date | CellError | None:
    if text == "":
        return None
    match = _DATE.fullmatch(text) or _SOLID_DATE.fullmatch(text)
    if match is None:
        code = "date_incomplete" if _INCOMPLETE.fullmatch(text) else "date_unreadable"
        return CellError(code, {"value": text[:40]})
    year, month, day = (int(part) for part in match.groups() if part and part.isdigit())
    try:
        return _in_range(date(year, month, day))
    except ValueError:
        return CellError("date_impossible", {"value": text[:40]})


def _in_range(day: date) -> date | CellError:
    if day.year not in _YEARS:
        return CellError(
            "date_out_of_range",
            {"value": day.isoformat(), "first": _YEARS[0], "last": _YEARS[-1]},
        )
    return day
