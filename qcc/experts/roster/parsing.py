"""Reading a roster: all of it, or what is wrong with which cell; nothing in between."""

from dataclasses import dataclass, replace
from datetime import date

from qcc.experts.roster.columns import COLUMNS, SHEET_TITLE
from qcc.experts.roster.rows import CellFault, ReadRow, RosterRow, read_row
from qcc.experts.rules import institution_key
from qcc.infra.spreadsheets.reading import Sheet, read_sheet
from qcc.infra.spreadsheets.refusals import CellError, SpreadsheetRefused
from qcc.infra.spreadsheets.table import Table, read_table


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster that was read without errors. *title* and *head_row* say where it stands in the
    workbook, *columns* in which letter each column's key does, for marking cells."""

    title: str
    head_row: int
    columns: dict[str, str]
    rows: tuple[RosterRow, ...]
    warnings: tuple[CellFault, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A roster of which nothing is taken, and every cell that is wrong, row by row."""

    title: str
    head_row: int
    errors: tuple[CellFault, ...]


def parse_roster(data: bytes, *, on: date) -> Roster | Rejected:
    """The roster in the workbook; *on* is the first day of the term.

    Raises SpreadsheetRefused for a file that is not to be read at all.
    """
    return parse_sheet(read_sheet(data, title=SHEET_TITLE), on=on)


def parse_sheet(sheet: Sheet, *, on: date) -> Roster | Rejected:
    """The same from a sheet that was read; raises SpreadsheetRefused for its head."""
    table = read_table(sheet, COLUMNS)
    _require_birth_dates(table)
    read = [read_row(row, on) for row in table]
    errors = tuple(fault for row in read for fault in row.errors)
    if not read:
        errors = (_nobody(table),)
    if errors:
        return Rejected(table.title, table.head_row, errors)
    return Roster(
        table.title,
        table.head_row,
        dict(table.letters),
        _with_one_spelling([row.row for row in read if row.row]),
        (*_unknown_columns(table), *_warnings(read)),
    )


def _require_birth_dates(table: Table) -> None:
    """Without both columns every row would lack its birth date: that is one fault of the head."""
    if not {"identity", "birth_date"} & set(table.letters):
        titles = [each.title for each in COLUMNS if each.key in {"identity", "birth_date"}]
        raise SpreadsheetRefused("columns_missing", {"columns": titles})


def _nobody(table: Table) -> CellFault:
    row = table.head_row + 1
    return CellFault(f"{table.letters['name']}{row}", row, "name", CellError("no_rows"))


def _warnings(read: list[ReadRow]) -> tuple[CellFault, ...]:
    return tuple(fault for row in read for fault in row.warnings)


def _unknown_columns(table: Table) -> tuple[CellFault, ...]:
    """Columns that nobody asked for are passed over, and it is said."""
    return tuple(
        CellFault(cell.address, cell.row, "", CellError("column_ignored", {"value": cell.value}))
        for cell in table.unknown
    )


def _with_one_spelling(rows: list[RosterRow]) -> tuple[RosterRow, ...]:
    """Groups as their first member writes them: widths and blanks make no second group."""
    spellings: dict[str, str] = {}
    return tuple(
        replace(row, group=spellings.setdefault(institution_key(row.group), row.group))
        for row in rows
    )
