"""A sheet as a table: find the head, map its titles to columns, give rows by key."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qcc.infra.spreadsheets.coercion import clean_text
from qcc.infra.spreadsheets.reading import Cell, CellValue, Row, Sheet
from qcc.infra.spreadsheets.refusals import SpreadsheetRefused
from qcc.infra.spreadsheets.titles import REASON, SERIAL, head_key, head_key_without_hint

HEAD_WITHIN = 10
_OWN_TITLES = {head_key(REASON), head_key(SERIAL)}


class ColumnKind(StrEnum):
    """How a template prepares the column's cells."""

    TEXT = "text"
    CODE = "code"  # identity numbers and the like: text, or Excel would cut their digits
    DATE = "date"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a feature knows: its key in rows, its Chinese title, other titles it had.

    *required* means that the column has to be there, not that each of its cells is filled.
    """

    key: str
    title: str
    aliases: tuple[str, ...] = ()
    required: bool = True
    kind: ColumnKind = ColumnKind.TEXT
    help: str = ""
    width: int = 16


@dataclass(frozen=True, slots=True)
class TableRow:
    """One filled row: values by key, and where each stands."""

    number: int
    values: Mapping[str, CellValue]
    letters: Mapping[str, str]

    def __getitem__(self, key: str) -> CellValue:
        return self.values[key]

    def address(self, key: str) -> str:
        """The cell's address; the row's first cell if the column is not in the file."""
        return f"{self.letters.get(key, 'A')}{self.number}"


@dataclass(frozen=True, slots=True)
class Table:
    """The rows under the head, without empty ones, and what else the head says."""

    title: str
    head_row: int
    letters: Mapping[str, str]
    unknown: tuple[Cell, ...]
    rows: tuple[TableRow, ...]

    def __iter__(self) -> Iterator[TableRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def read_table(sheet: Sheet, columns: Sequence[Column], *, allow_unknown: bool = True) -> Table:
    """Map the sheet to *columns*.

    The head is the row, among the first ten, that holds most of the titles. Raises
    SpreadsheetRefused: `head_missing`, `columns_duplicate`, `columns_missing` and, unless allowed,
    `columns_unknown`. The columns 原因 (our own marks) and 序号 are passed over.
    """
    head = _head(sheet, columns)
    found, unknown = _mapped(head, columns)
    _refuse_missing(found, unknown, columns)
    if unknown and not allow_unknown:
        raise SpreadsheetRefused("columns_unknown", {"columns": [str(c.value) for c in unknown]})
    letters = {column.key: found[column.key] for column in columns if column.key in found}
    rows = [_row(row, columns, letters) for row in sheet.rows if row.number > head.number]
    filled = tuple(row for row in rows if any(v is not None for v in row.values.values()))
    return Table(sheet.title, head.number, letters, tuple(unknown), filled)


def _head(sheet: Sheet, columns: Sequence[Column]) -> Row:
    keys = _keys(columns)
    rows = [row for row in sheet.rows if row.number <= HEAD_WITHIN]
    best = max(rows, key=lambda row: _known(row, keys), default=None)
    if best is None or _known(best, keys) < min(2, len(columns)):
        titles = [column.title for column in columns if column.required]
        raise SpreadsheetRefused("head_missing", {"within": HEAD_WITHIN, "columns": titles})
    return best


def _keys(columns: Sequence[Column]) -> dict[str, str]:
    return {head_key(t): column.key for column in columns for t in (column.title, *column.aliases)}


def _known(row: Row, keys: Mapping[str, str]) -> int:
    """How many different columns the row's titles name."""
    exact = {keys.get(head_key(cell.value)) for cell in row.cells}
    hinted = {keys.get(head_key_without_hint(cell.value)) for cell in row.cells}
    return len((exact | hinted) - {None})


def _mapped(head: Row, columns: Sequence[Column]) -> tuple[dict[str, str], list[Cell]]:
    """Letters by key, and the titles that nobody knows. Exact titles go before hinted ones."""
    keys = _keys(columns)
    places: dict[str, list[Cell]] = {}
    others = []
    for cell in head.cells:
        key = keys.get(head_key(cell.value))
        if key:
            places.setdefault(key, []).append(cell)
        elif head_key(cell.value) not in _OWN_TITLES:
            others.append(cell)
    unknown = []
    for cell in others:
        key = keys.get(head_key_without_hint(cell.value))
        if key and key not in places:
            places[key] = [cell]
        else:
            unknown.append(cell)
    _refuse_duplicates(places, columns)
    return {key: cells[0].column for key, cells in places.items()}, unknown


def _refuse_duplicates(places: Mapping[str, list[Cell]], columns: Sequence[Column]) -> None:
    titles = {column.key: column.title for column in columns}
    twice = {key: cells for key, cells in places.items() if len(cells) > 1}
    if twice:
        cells = [cell.address for cells in twice.values() for cell in cells]
        raise SpreadsheetRefused(
            "columns_duplicate", {"columns": [titles[key] for key in twice], "cells": cells}
        )


def _refuse_missing(
    found: Mapping[str, str], unknown: Sequence[Cell], columns: Sequence[Column]
) -> None:
    missing = [column.title for column in columns if column.required and column.key not in found]
    if missing:
        raise SpreadsheetRefused(
            "columns_missing",
            {"columns": missing, "unknown": [str(cell.value) for cell in unknown]},
        )


def _row(row: Row, columns: Sequence[Column], letters: Mapping[str, str]) -> TableRow:
    cells = {cell.column: _significant(cell.value) for cell in row.cells}
    values = {column.key: cells.get(letters.get(column.key, "")) for column in columns}
    return TableRow(row.number, values, letters)


def _significant(value: CellValue) -> CellValue:
    """Blanks alone are nothing."""
    return None if isinstance(value, str) and not clean_text(value) else value
