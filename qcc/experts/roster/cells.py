"""Single cells of a roster: each function gives the value, or a `CellError` that says why not."""

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from qcc.experts.identity import Identity, InvalidIdentity, Sex, read_identity
from qcc.experts.roster.columns import (
    GROUP_ROLES,
    OTHER_GROUP_ROLES,
    OTHER_ROLES,
    ROLES,
)
from qcc.experts.rules import PanelRole
from qcc.experts.titles import TitleReading, read_titles
from qcc.infra.spreadsheets.coercion import as_choice, as_code, as_date, as_name, as_text
from qcc.infra.spreadsheets.reading import CellValue
from qcc.infra.spreadsheets.refusals import CellError

T = TypeVar("T")

_LONGEST_NAME, _LONGEST_LINE, _LONGEST_TEXT = 50, 100, 500
_OTHER_SEXES = {"男性": Sex.MALE, "女性": Sex.FEMALE}
_NOTHING = frozenset({"无", "-", "--", "—", "——", "/", "无亚专业组"})


def required(value: T | CellError) -> T | CellError:
    """The value, unless the cell is empty."""
    return CellError("required") if value in ("", None) else value


def name(value: CellValue) -> str | CellError:
    """The name of a person."""
    return required(as_name(value, max_length=_LONGEST_NAME))


def institution(value: CellValue) -> str | CellError:
    """The name of an employer, on one line."""
    return required(as_name(value, max_length=_LONGEST_LINE))


def line(value: CellValue) -> str | CellError:
    """A short text that may be empty; a sign for nothing is nothing."""
    text = as_name(value, max_length=_LONGEST_LINE)
    return "" if isinstance(text, str) and text in _NOTHING else text


def remark(value: CellValue) -> str | CellError:
    """A longer text that may be empty."""
    return as_text(value, max_length=_LONGEST_TEXT)


def identity(value: CellValue) -> Identity | CellError | None:
    """An identity number with what it tells."""
    number = as_code(value)
    if isinstance(number, CellError):
        return number
    if number in ("", *_NOTHING):
        return None
    try:
        return read_identity(number)
    except InvalidIdentity as invalid:
        return CellError(f"identity_{invalid.code}", {"length": len(number)})


def sex(value: CellValue, told: Identity | None) -> Sex | CellError:
    """The sex, from the cell or from the identity number; both have to agree."""
    written = _choice(value, list(Sex), list(_OTHER_SEXES))
    if isinstance(written, CellError):
        return written
    if written == "":
        return told.sex if told else CellError("sex_missing")
    said = _OTHER_SEXES.get(written) or Sex(written)
    if told and told.sex is not said:
        return CellError("sex_contradicts", {"told": told.sex.value})
    return said


def birth_date(value: CellValue, told: Identity | None, on: date) -> date | CellError:
    """The birth date, from the cell or from the identity number; both have to agree."""
    written = as_date(value)
    if isinstance(written, CellError):
        return written
    born = written or (told.birth_date if told else None)
    if born is None:
        return CellError("birth_date_missing")
    if told and told.birth_date != born:
        return CellError("birth_date_contradicts", {"told": told.birth_date.isoformat()})
    if born >= on:
        return CellError("birth_date_late", {"on": on.isoformat()})
    return born


def practised_since(value: CellValue, born: date | CellError | None) -> date | CellError:
    """The first day in the specialty, which lies after birth."""
    since = required(as_date(value))
    if since is None or isinstance(since, CellError):
        return since or CellError("required")
    if isinstance(born, date) and since <= born:
        return CellError("practised_before_birth", {"born": born.isoformat()})
    return since


def title(value: CellValue) -> TitleReading | CellError:
    """One or several titles of the catalog."""
    text = required(remark(value))
    if isinstance(text, CellError):
        return text
    reading = read_titles(text)
    if reading.rank is None or reading.unknown:
        unknown = reading.unknown or (text[:40],)
        code = "title_unknown_near" if reading.near else "title_unknown"
        return CellError(code, {"value": "、".join(unknown)[:40], "near": list(reading.near)})
    return reading


def role(value: CellValue) -> PanelRole | CellError:
    """What the member is in the panel; nothing written means an ordinary member."""
    return _one_of(value, ROLES, OTHER_ROLES, PanelRole.MEMBER)


def leads_group(value: CellValue) -> bool | CellError:
    """Whether the member leads the group; nothing written means no."""
    return _one_of(value, GROUP_ROLES, OTHER_GROUP_ROLES, default=False)


def _one_of(
    value: CellValue, words: Mapping[str, T], others: Mapping[str, T], default: T
) -> T | CellError:
    """What a word means."""
    word = _choice(value, list(words), [*others, *_NOTHING])
    return word if isinstance(word, CellError) else {**others, **words}.get(word, default)


def _choice(value: CellValue, words: list[str], others: list[str]) -> str | CellError:
    """One of the words, or of others that are understood too but not offered."""
    word = as_choice(value, (*words, *others))
    if isinstance(word, CellError) and "options" in word.params:
        return CellError(word.code, {**word.params, "options": words})
    return word
