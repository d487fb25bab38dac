"""Child program: inspect a workbook and read the values of one sheet.

Only `sandbox` starts it; nothing imports it.
"""

import math
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from python_calamine import load_workbook

from qcc.infra.spreadsheets.addresses import address
from qcc.infra.spreadsheets.archive import damaged, open_archive
from qcc.infra.spreadsheets.inspection import Inspected, inspect
from qcc.infra.spreadsheets.refusals import SheetLimits, SpreadsheetRefused
from qcc.infra.spreadsheets.worker import Answer, repack, serve

_EXACT = 2**53
Sent = str | int | float | bool | list[str] | None


def read(data: bytes, limits: SheetLimits, arguments: Mapping[str, Any]) -> Answer:
    """The filled rows of the wanted sheet, as plain values and tagged dates."""
    found = inspect(open_archive(data, limits), arguments["title"], limits)
    if found.cells.count_of_formulas:
        raise SpreadsheetRefused(
            "formulas",
            {
                "cell": found.cells.formulas[0],
                "cells": found.cells.formulas,
                "count": found.cells.count_of_formulas,
            },
        )
    rows = list(_rows(found, limits))
    return {"title": found.sheet.title, "rows": rows}, b""


def _rows(found: Inspected, limits: SheetLimits) -> Iterator[tuple[int, dict[int, Sent]]]:
    """Row number and filled cells by column number, both counted from 1."""
    budget = limits.total_text
    for number, values in _values(found, repack(found.parts)):
        cells: dict[int, Sent] = {}
        for column, value in enumerate(values, 1):
            sent = _sent(found.cells.errors.get((number, column)) or value)
            if sent is None:
                continue
            if isinstance(sent, str):
                budget -= len(sent)
                _refuse_long(sent, budget, address(number, column), limits)
            cells[column] = sent
        if cells:
            yield number, cells


def _refuse_long(text: str, budget: int, cell: str, limits: SheetLimits) -> None:
    if len(text) > limits.cell_text:
        raise SpreadsheetRefused("cell_too_long", {"cell": cell, "limit": limits.cell_text})
    if budget < 0:
        raise SpreadsheetRefused("too_much_text", {"limit": limits.total_text})


def _values(found: Inspected, packed: BytesIO) -> Iterator[tuple[int, list[Any]]]:
    with load_workbook(packed) as workbook:
        if workbook.sheet_names[found.sheet.index] != found.sheet.title:
            raise damaged("sheets")
        sheet = workbook.get_sheet_by_index(found.sheet.index)
        if sheet.start is None:
            return
        row, column = sheet.start
        for offset, values in enumerate(sheet.to_python()):
            yield row + offset + 1, [None] * column + values


def _sent(value: object) -> Sent:
    """A value as JSON carries it; dates as a tagged pair, nothing for empty cells."""
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return ["date", value.date().isoformat()] if midnight else ["moment", value.isoformat()]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, time | timedelta):
        return str(value)
    return value if isinstance(value, str | int) and value != "" else None


def _number(value: float) -> int | float | str:
    if not math.isfinite(value):
        return str(value)
    return int(value) if value.is_integer() and abs(value) < _EXACT else value


if __name__ == "__main__":
    serve(read)
