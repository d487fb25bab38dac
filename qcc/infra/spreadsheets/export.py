"""Writing tables for people: every text stays text, every date is a date.

XlsxWriter would turn strings that begin with `=` into formulas and addresses into links. Here
each value is written by its type, and texts that a spreadsheet program could take for a formula
when somebody edits them carry the text format and the quote prefix as well.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any
from unicodedata import east_asian_width

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from qcc.infra.spreadsheets.reading import CellValue
from qcc.kernel.dates import SHANGHAI

_LONGEST = 32_767  # Excel's own limit for a cell
_FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_NO_GUESSING = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
# One input, one output: files of the same content have the same bytes.
_MADE = datetime.fromisoformat("2000-01-01")

HEAD_STYLE = {"bold": True, "bg_color": "#D9E2EC", "border": 1, "text_wrap": True, "valign": "top"}


class Styles:
    """The formats of one workbook, made once."""

    def __init__(self, workbook: Workbook) -> None:
        self.head: Format = workbook.add_format(HEAD_STYLE)
        self.text: Format = workbook.add_format({"num_format": "@"})
        self.guarded: Format = workbook.add_format({"num_format": "@", "quote_prefix": True})
        self.day: Format = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self.moment: Format = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})


def write_table(title: str, head: Sequence[str], rows: Iterable[Sequence[CellValue]]) -> bytes:
    """A workbook of one sheet: a frozen, filterable head and the rows.

    Times that know their zone are shown in Asia/Shanghai. Text beyond Excel's 32,767 characters
    is cut, and ends in an ellipsis that says so.
    """
    made = BytesIO()
    workbook = new_workbook(made, title)
    sheet = workbook.add_worksheet(sheet_name(title))
    styles = Styles(workbook)
    widths = [_width(name) for name in head]
    for column, name in enumerate(head):
        sheet.write_string(0, column, name, styles.head)
    last = 0
    for last, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            write_value(sheet, last, column, value, styles)
            widths[column] = max(widths[column], _width(value))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    if head:
        sheet.autofilter(0, 0, last, len(head) - 1)
    workbook.close()
    return made.getvalue()


def new_workbook(target: BytesIO, title: str) -> Workbook:
    """A workbook that guesses nothing from strings."""
    workbook = Workbook(target, dict(_NO_GUESSING))
    workbook.set_properties({"title": title, "author": "qcc", "created": _MADE})
    return workbook


def sheet_name(title: str) -> str:
    """A title as a name that Excel allows: 31 characters, none of []:*?/\\'."""
    return " ".join(title.translate(_FORBIDDEN_IN_NAMES).split())[:31].strip() or "Sheet1"


def write_value(sheet: Worksheet, row: int, column: int, value: CellValue, styles: Styles) -> None:
    """Write one value by its type."""
    if isinstance(value, str):
        style = styles.guarded if value.startswith(_FORMULA_MARKS) else styles.text
        sheet.write_string(row, column, _cut(value), style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        _write_number(sheet, row, column, value, styles)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, _local(value), styles.moment)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, styles.day)


def _write_number(sheet: Worksheet, row: int, column: int, value: float, styles: Styles) -> None:
    """Numbers that Excel would cut after 15 digits are written as text."""
    if abs(value) < 10**15:
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value), styles.text)


def _local(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(SHANGHAI).replace(tzinfo=None)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _width(value: Any) -> int:
    """Columns' width in characters; Chinese ones count twice."""
    longest = str(value if value is not None else "").split("\n", 1)[0][:40]
    return min(40, 2 + sum(2 if east_asian_width(c) in "WF" else 1 for c in longest))
