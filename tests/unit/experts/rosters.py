"""Rosters for tests: invented persons in workbooks."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from stdnum.cn import ric

from qcc.experts.roster.columns import COLUMNS, SHEET_TITLE
from tests.factories.workbooks import workbook

TITLES = [column.title for column in COLUMNS]
KEYS = [column.key for column in COLUMNS]
HOST = "示例市第一人民医院"
TERM_START = date(2026, 3, 1)


def identity_number(born: date, serial: int) -> str:
    """A number that no region gives out; odd serials are men's."""
    digits = f"000000{born:%Y%m%d}{serial:03d}"
    return digits + ric.calc_check_digit(f"{digits}0")


def person(number: int = 0, **changes: Any) -> dict[str, Any]:
    """A row that breaks no rule, by column key; each number is another person elsewhere."""
    born = date(1975, 1 + number % 12, 1 + number % 28)
    return {
        "name": f"虚构{chr(0x4E00 + number)}",
        "identity": identity_number(born, 1 + 2 * number % 999),
        "employer": f"示例县第{number}医院",
        "post": "科主任",
        "title": "主任医师",
        "specialty": "心血管内科",
        "practised_since": date(2000, 7, 1),
        "standing": "专业负责人",
        "health": "健康",
        **changes,
    }


def people(count: int, from_host: int = 0) -> list[dict[str, Any]]:
    """So many persons, the first of them of the host."""
    return [
        person(number, **({"employer": HOST} if number < from_host else {}))
        for number in range(count)
    ]


def roster_file(
    rows: Sequence[Mapping[str, Any]],
    *,
    without: Sequence[str] = (),
    title: str = SHEET_TITLE,
    above: Sequence[Sequence[Any]] = (),
) -> bytes:
    """A workbook with these rows; columns *without* are left out."""
    columns = [column for column in COLUMNS if column.key not in without]
    head = [column.title for column in columns]
    body = [[row.get(column.key) for column in columns] for row in rows]
    return workbook([*above, head, *body], title=title)
