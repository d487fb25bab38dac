"""Handing a rejected workbook back: the user's own file, bad cells red, reasons at the end."""

from collections.abc import Mapping

from qcc.infra.spreadsheets import sandbox
from qcc.infra.spreadsheets.addresses import place_of
from qcc.infra.spreadsheets.reading import refuse_outright
from qcc.infra.spreadsheets.refusals import DEFAULT_LIMITS, SheetLimits

_CHILD = "qcc.infra.spreadsheets.child_mark"


def mark_up(
    original: bytes,
    errors: Mapping[str, str],
    *,
    title: str | None = None,
    head_row: int = 1,
    limits: SheetLimits = DEFAULT_LIMITS,
) -> bytes:
    """The workbook with the cells of *errors* (address to message) marked.

    Each cell turns red and carries its message as a comment; the column 原因 after the last one
    repeats the messages of each row. A file that was marked before is cleaned first. Text stays
    text. What openpyxl does not know is lost: form controls, shapes, lists of newer Excel.

    Raises SpreadsheetRefused as reading does, except that formulas are let be: they may be what is
    to be marked. Raises ValueError for an address that is none.
    """
    wrong = [cell for cell in errors if place_of(cell) is None]
    if wrong:
        raise ValueError(f"not addresses of cells: {wrong[:3]}")
    refuse_outright(original, limits)
    arguments = {"title": title, "head_row": head_row, "errors": dict(errors)}
    return sandbox.run(_CHILD, original, limits, arguments).content
