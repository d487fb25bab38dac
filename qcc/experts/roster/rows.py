"""One row of a roster: a person with everything that was said, or what is wrong with which cell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qcc.experts.declarations import read_health, read_standing
from qcc.experts.identity import Identity, Sex
from qcc.experts.roster import cells
from qcc.experts.rules import PanelRole, Standing
from qcc.experts.titles import TitleReading
from qcc.infra.spreadsheets.refusals import CellError
from qcc.infra.spreadsheets.table import TableRow
from qcc.regulations.titles import Rank


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A person on the roster; *number* is the row of the sheet. *standing* and *is_healthy* are
    what the texts beside them declare."""

    number: int
    name: str
    identity: str = field(repr=False)
    birth_date: date
    sex: Sex
    employer: str
    post: str
    title: str
    rank: Rank
    specialty: str
    practised_since: date
    standing_text: str
    standing: frozenset[Standing]
    health_text: str
    is_healthy: bool
    role: PanelRole
    group: str
    leads_group: bool


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong, or remarkable, at one cell; *key* is the column's."""

    cell: str
    row: int
    key: str
    error: CellError


@dataclass(frozen=True, slots=True)
class ReadRow:
    """What came of a row: the person unless there are errors, and warnings besides."""

    row: RosterRow | None
    errors: tuple[CellFault, ...]
    warnings: tuple[CellFault, ...]


def read_row(row: TableRow, on: date) -> ReadRow:
    """Read one row; *on* is the first day of the term, which birth dates have to lie before."""
    read = _values(row, on)
    errors = {key: value for key, value in read.items() if isinstance(value, CellError)}
    if not errors:
        errors = _contradictions(read)
    faults = _faults(row, errors)
    if faults:
        return ReadRow(None, faults, ())
    return ReadRow(_person(row.number, read), (), _faults(row, _remarks(read)))


def _values(row: TableRow, on: date) -> dict[str, Any]:
    """Each column's value, or the `CellError` of its cell."""
    read: dict[str, Any] = {"name": cells.name(row["name"])}
    read["identity"] = told = cells.identity(row["identity"])
    # A number that is wrong already has its error: it can neither confirm nor contradict.
    known = told if isinstance(told, Identity) else None
    if isinstance(told, CellError) and row["birth_date"] is None:
        born: date | CellError | None = None
    else:
        born = cells.birth_date(row["birth_date"], known, on)
    read["birth_date"] = born
    if not (isinstance(told, CellError) and row["sex"] is None):
        read["sex"] = cells.sex(row["sex"], known)
    read["employer"] = cells.institution(row["employer"])
    read["post"] = cells.line(row["post"])
    read["title"] = cells.title(row["title"])
    read["specialty"] = cells.required(cells.line(row["specialty"]))
    read["practised_since"] = cells.practised_since(row["practised_since"], born)
    read["standing"] = cells.remark(row["standing"])
    read["health"] = cells.remark(row["health"])
    read["role"] = cells.role(row["role"])
    read["group"] = cells.line(row["group"])
    read["group_role"] = cells.leads_group(row["group_role"])
    return read


def _contradictions(read: Mapping[str, Any]) -> dict[str, CellError]:
    """Cells that are sound by themselves and not together."""
    if read["group_role"] and not read["group"]:
        return {"group": CellError("group_missing")}
    return {}


def _remarks(read: Mapping[str, Any]) -> dict[str, CellError]:
    """What is readable but may not be meant."""
    remarks: dict[str, CellError] = {}
    title: TitleReading = read["title"]
    if title.names_rank_only:
        remarks["title"] = CellError("title_rank_only", {"rank": title.rank})
    if read_health(read["health"]) is None:
        remarks["health"] = CellError("health_unclear", {"value": read["health"][:40]})
    return remarks


def _faults(row: TableRow, errors: Mapping[str, CellError]) -> tuple[CellFault, ...]:
    return tuple(
        CellFault(row.address(key), row.number, key, error) for key, error in errors.items()
    )


def _person(number: int, read: Mapping[str, Any]) -> RosterRow:
    told, title = read["identity"], read["title"]
    return RosterRow(
        number=number,
        name=read["name"],
        identity=told.number if told else "",
        birth_date=read["birth_date"],
        sex=read["sex"],
        employer=read["employer"],
        post=read["post"],
        title="、".join(each.name for each in title.titles) or title.rank.value,
        rank=title.rank,
        specialty=read["specialty"],
        practised_since=read["practised_since"],
        standing_text=read["standing"],
        standing=read_standing(read["standing"]),
        health_text=read["health"],
        is_healthy=bool(read_health(read["health"])),
        role=read["role"],
        group=read["group"],
        leads_group=read["group_role"],
    )
