"""What can be wrong with a workbook, as stable codes with parameters, and how much is allowed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MEGABYTE = 1024 * 1024


class SpreadsheetRefused(Exception):
    """The file as a whole can't be used; *code* is stable, *params* fill its sentence."""

    def __init__(self, code: str, params: Mapping[str, Any] | None = None) -> None:
        super().__init__(code, dict(params or {}))
        self.code = code
        self.params = dict(params or {})


@dataclass(frozen=True, slots=True)
class CellError:
    """One cell can't be understood: a value that coercions return instead of raising."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetLimits:
    """How much of a machine, and how large a sheet, one uploaded workbook may take.

    Bytes are bytes, text is counted in characters, *seconds* is the whole time from call to
    answer (one second of it is kept for ending the child), *memory* the child's address space.
    """

    file_bytes: int = 10 * MEGABYTE
    members: int = 1_000
    inflated_bytes: int = 64 * MEGABYTE
    ratio: int = 200
    rows: int = 5_000
    columns: int = 60
    cell_text: int = 4_000
    total_text: int = 4_000_000
    seconds: int = 10
    memory: int = 512 * MEGABYTE


DEFAULT_LIMITS = SheetLimits()
