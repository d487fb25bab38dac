"""Reading somebody's workbook: its values and where each stands, or a refusal.

Whatever the bytes are (random, cut off, a bomb, encrypted), `read_sheet` answers within the limits
of `SheetLimits` with a `Sheet` or with `SpreadsheetRefused`; the calling process lives.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from qcc.infra.spreadsheets import sandbox
from qcc.infra.spreadsheets.addresses import letter
from qcc.infra.spreadsheets.archive import (
    damaged,
    is_compound,
    is_encrypted_compound,
    open_archive,
)
from qcc.infra.spreadsheets.inspection import refuse_parts
from qcc.infra.spreadsheets.refusals import (
    DEFAULT_LIMITS,
    MEGABYTE,
    SheetLimits,
    SpreadsheetRefused,
)

# A datetime is a date too: a cell that carries a time of day arrives as datetime.
CellValue = str | int | float | bool | date | None

_CHILD = "qcc.infra.spreadsheets.child_read"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and where it stands; *column* is a letter as in the sheet."""

    value: CellValue
    row: int
    column: str

    @property
    def address(self) -> str:
        """The place as people say it: C5."""
        return f"{self.column}{self.row}"


@dataclass(frozen=True, slots=True)
class Row:
    """The filled cells of one row, from left to right; *number* as in the sheet."""

    number: int
    cells: tuple[Cell, ...]

    def at(self, column: str) -> Cell:
        """The cell in this column, empty if nothing stands there."""
        for cell in self.cells:
            if cell.column == column:
                return cell
        return Cell(None, self.number, column)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its title and its rows, without the empty ones."""

    title: str
    rows: tuple[Row, ...]


def read_sheet(
    data: bytes, *, title: str | None = None, limits: SheetLimits = DEFAULT_LIMITS
) -> Sheet:
    """The sheet called *title* if there is one, else the first that is shown.

    Raises SpreadsheetRefused, with nothing else thrown whatever *data* is.
    """
    refuse_outright(data, limits)
    reply = sandbox.run(_CHILD, data, limits, {"title": title})
    try:
        rows = tuple(_row(number, cells) for number, cells in reply.report["rows"])
        return Sheet(str(reply.report["title"]), rows)
    except (ValueError, KeyError, TypeError) as error:
        raise damaged("answer") from error


def refuse_outright(data: bytes, limits: SheetLimits) -> None:
    """What is clear from the first bytes and the directory, without a child process."""
    if not data:
        raise SpreadsheetRefused("empty")
    if len(data) > limits.file_bytes:
        raise SpreadsheetRefused("too_large", {"limit_mb": limits.file_bytes // MEGABYTE})
    if is_compound(data):
        raise SpreadsheetRefused("encrypted" if is_encrypted_compound(data) else "old_format")
    if not data.startswith(b"PK\x03\x04"):
        raise SpreadsheetRefused("not_xlsx")
    refuse_parts(open_archive(data, limits))


def _row(number: int, cells: Mapping[str, Any]) -> Row:
    """The answer keeps columns as numbers, in JSON's way as text."""
    return Row(
        int(number),
        tuple(
            Cell(_value(sent), int(number), letter(int(column))) for column, sent in cells.items()
        ),
    )


def _value(sent: Any) -> CellValue:
    if isinstance(sent, list):
        kind, text = sent
        return date.fromisoformat(text) if kind == "date" else datetime.fromisoformat(text)
    if isinstance(sent, str | int | float):
        return sent
    raise ValueError(sent)
