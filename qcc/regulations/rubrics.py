"""All rubrics: by what the centers of a place are judged in a year.

The files stand in ``rubrics/``, one for each edition. All are read and proven when the program
starts; a single bad file stops it.
"""

import hashlib
import tomllib
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

from qcc.kernel.places import parent_code
from qcc.kernel.rubrics import AssessmentKind, Group, Item, Rubric, ScoringLevel, Source
from qcc.regulations.parsing import InvalidRulebook
from qcc.regulations.tables import Fault, Table, one_of

FOLDER = Path(__file__).with_name("rubrics")


class NoRubric(LookupError):
    """No rubric of that kind covers the place and the year."""


def parse_rubric(path: Path) -> Rubric:
    """The rubric in the file; raises InvalidRulebook with file, key and reason."""
    content = path.read_bytes()
    try:
        return _rubric(tomllib.loads(content.decode()), path.stem, content)
    except UnicodeDecodeError as error:
        raise InvalidRulebook(path.name, f"byte {error.start}", "is not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise InvalidRulebook(path.name, "syntax", str(error)) from None
    except Fault as fault:
        raise InvalidRulebook(path.name, fault.key, fault.reason) from None


def _rubric(content: dict[str, Any], stem: str, file: bytes) -> Rubric:
    whole = Table("", content)
    head = Table("rubric", whole.raw("rubric"))
    groups = tuple(_group(n, part) for n, part in enumerate(whole.take("groups", list)))
    whole.finish()
    rubric = Rubric(
        id=head.words("id"),
        title=head.words("title"),
        kind=one_of(AssessmentKind, head.words("kind"), head.key("kind")),
        jurisdiction=head.words("jurisdiction"),
        first_year=head.take("first_year", int),
        last_year=head.take("last_year", int, 0) or None,
        origin=head.words("origin"),
        version=f"{stem}@{hashlib.sha256(file).hexdigest()[:12]}",
        groups=groups,
    )
    head.finish()
    _require_sense(rubric, stem)
    return rubric


def _group(number: int, content: Any) -> Group:
    table = Table(f"groups[{number}]", content)
    items = table.take("items", list)
    group = Group(
        name=table.words("name"),
        points=_points(table),
        items=tuple(_item(f"{table.path}.items[{n}]", part) for n, part in enumerate(items)),
        is_bonus=table.take("bonus", bool, False),
    )
    table.finish()
    together = sum((item.points for item in group.items), Decimal())
    if together != group.points and not (group.is_bonus and together > group.points):
        raise Fault(table.key("points"), f"is {group.points}, and the items have {together}")
    return group


def _item(path: str, content: Any) -> Item:
    table = Table(path, content)
    source = table.words("source", "")
    item = Item(
        code=table.words("code"),
        name=table.words("name"),
        points=_points(table),
        scoring=table.words("scoring"),
        evidence=table.list_of_words("evidence"),
        levels=tuple(_levels(table)),
        source=one_of(Source, source, table.key("source")) if source else None,
    )
    table.finish()
    if any(not item.allows(level.points) for level in item.levels):
        raise Fault(table.key("levels"), f"must lie between 0 and {item.points}")
    return item


def _levels(table: Table) -> Iterable[ScoringLevel]:
    for number, part in enumerate(table.take("levels", list, [])):
        level = Table(f"{table.path}.levels[{number}]", part)
        yield ScoringLevel(level.words("words"), _points(level))
        level.finish()


def _points(table: Table) -> Decimal:
    """Points are written as whole numbers, or as text where they have decimals."""
    value = table.raw("points")
    if type(value) is int:
        return Decimal(value)
    raise Fault(table.key("points"), "must be a whole number")


def _require_sense(rubric: Rubric, stem: str) -> None:
    if rubric.id != stem:
        raise Fault("rubric.id", f"must be the name of the file, {stem}")
    if rubric.last_year is not None and rubric.last_year < rubric.first_year:
        raise Fault("rubric.last_year", "must not be before first_year")
    codes = [item.code for item in rubric.items]
    if len(set(codes)) != len(codes):
        raise Fault("groups", "name a code twice")
    if rubric.points != 100:
        raise Fault("groups", f"come to {rubric.points} points and not to 100")


def read_rubrics(folder: Path) -> tuple[Rubric, ...]:
    """Read and prove every file in the folder; raises InvalidRulebook at the first bad one."""
    rubrics = tuple(parse_rubric(path) for path in sorted(folder.glob("*.toml")))
    for one, other in combinations(rubrics, 2):
        alike = (one.kind, one.jurisdiction) == (other.kind, other.jurisdiction)
        last = min(one.last_year or 9999, other.last_year or 9999)
        if alike and max(one.first_year, other.first_year) <= last:
            raise InvalidRulebook(f"{other.id}.toml", "rubric.first_year", f"overlaps {one.id}")
    return rubrics


@cache
def load_rubrics() -> tuple[Rubric, ...]:
    """The product's own rubrics, read once; the program calls this when it starts."""
    return read_rubrics(FOLDER)


def get_rubric(rubric_id: str) -> Rubric:
    """The rubric of that id; raises NoRubric."""
    for rubric in load_rubrics():
        if rubric.id == rubric_id:
            return rubric
    raise NoRubric(rubric_id)


def rubric_for(kind: AssessmentKind, jurisdiction: str, year: int) -> Rubric:
    """The edition of the nearest place, from *jurisdiction* upward; raises NoRubric."""
    place: str | None = jurisdiction
    while place is not None:
        for rubric in load_rubrics():
            if (rubric.kind, rubric.jurisdiction) == (kind, place) and rubric.covers(year):
                return rubric
        place = parent_code(place)
    raise NoRubric(f"{kind.value} {jurisdiction} {year}")
