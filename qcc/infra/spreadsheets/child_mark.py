"""Child program: hand a workbook back with its bad cells marked.

openpyxl parses the whole file here, so this too runs only inside the sandbox, on the parts that
were inspected. Only `sandbox` starts it; nothing imports it.
"""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from qcc.infra.spreadsheets.addresses import letter, place_of
from qcc.infra.spreadsheets.archive import open_archive
from qcc.infra.spreadsheets.inspection import inspect
from qcc.infra.spreadsheets.markup import SheetCells
from qcc.infra.spreadsheets.refusals import SheetLimits
from qcc.infra.spreadsheets.titles import MARK_AUTHOR, REASON, head_key
from qcc.infra.spreadsheets.worker import Answer, repack, serve

_RED = PatternFill("solid", start_color="FFFFC7CE", end_color="FFFFC7CE")
_PLAIN = PatternFill()
_DARK_RED = Font(color="FF9C0006")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MOST_COMMENTS = 1_000  # beyond that Excel grows slow; the reason column has them all
_LONGEST = 2_000

Places = Mapping[tuple[int, int], str]


def mark(data: bytes, limits: SheetLimits, arguments: Mapping[str, Any]) -> Answer:
    """The workbook with red cells, comments and the reason column, as bytes."""
    found = inspect(open_archive(data, limits), arguments["title"], limits)
    workbook = load_workbook(repack(found.parts), keep_links=False, rich_text=True)
    sheet = workbook[found.sheet.title]
    places = {
        place: text for cell, text in arguments["errors"].items() if (place := place_of(cell))
    }
    column = _reason_column(sheet, arguments["head_row"], found.cells)
    _mark_cells(sheet, places)
    _give_reasons(sheet, places, column)
    marked = BytesIO()
    workbook.save(marked)
    return {}, marked.getvalue()


def _reason_column(sheet: Worksheet, head_row: int, cells: SheetCells) -> int:
    """Where the reasons stand: the column of an earlier answer, emptied, or a new last one."""
    for column in range(1, cells.last_column + 1):
        if head_key(str(sheet.cell(head_row, column).value)) == head_key(REASON):
            _unmark(sheet, head_row, column, cells)
            return column
    column = _free_column(sheet, head_row, cells.last_column + 1)
    head = _top_left(sheet, head_row, column)
    _write(head, REASON)
    head.font = Font(bold=True, color="FF9C0006")
    sheet.column_dimensions[letter(column)].width = 50
    return column


def _free_column(sheet: Worksheet, head_row: int, column: int) -> int:
    """The first column from here on that no merged cells reach into, from the head down."""
    for merged in sorted(sheet.merged_cells.ranges, key=lambda merged: merged.min_col):
        if merged.max_row >= head_row and merged.min_col <= column <= merged.max_col:
            column = merged.max_col + 1
    return column


def _unmark(sheet: Worksheet, head_row: int, reasons: int, cells: SheetCells) -> None:
    """Take away what an earlier answer marked, and its reasons."""
    for row in range(head_row + 1, cells.last_row + 1):
        for column in range(1, cells.last_column + 1):
            cell = sheet.cell(row, column)
            if isinstance(cell, MergedCell):
                continue
            if column == reasons:
                cell.value = None
            elif cell.comment is not None and cell.comment.author == MARK_AUTHOR:
                cell.comment, cell.fill = None, _PLAIN


def _mark_cells(sheet: Worksheet, places: Places) -> None:
    for number, ((row, column), message) in enumerate(sorted(places.items())):
        cell = _top_left(sheet, row, column)
        cell.fill = _RED
        if number < _MOST_COMMENTS:
            own = "" if cell.comment is None else f"\n{cell.comment.text}"
            cell.comment = Comment(_clean(message + own), MARK_AUTHOR, height=90, width=260)


def _top_left(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell itself, or the one that stands for it if it is merged into others."""
    cell = sheet.cell(row, column)
    for merged in sheet.merged_cells.ranges if isinstance(cell, MergedCell) else ():
        if cell.coordinate in merged:
            cell = sheet.cell(merged.min_row, merged.min_col)
    if isinstance(cell, MergedCell):
        raise ValueError("merged cells overlap")
    return cell


def _give_reasons(sheet: Worksheet, places: Places, column: int) -> None:
    """One line for each row: all its messages from left to right."""
    reasons: dict[int, list[str]] = {}
    for (row, _), message in sorted(places.items()):
        reasons.setdefault(row, []).append(message)
    for row, messages in reasons.items():
        cell = _top_left(sheet, row, column)
        _write(cell, "；".join(messages))
        cell.font = _DARK_RED
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _write(cell: Cell, text: str) -> None:
    """Write text that stays text, also when it begins with an equals sign."""
    cell.value = _clean(text)
    cell.data_type = "s"


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("", text)[:_LONGEST]


if __name__ == "__main__":
    serve(mark)
