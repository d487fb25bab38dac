"""The workbook from which organizations are imported: its columns, and what a row says.

Titles and choices are Chinese: they stand in files that officials exchange.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from qcc.infra.i18n import _l
from qcc.infra.spreadsheets.coercion import as_choice, as_code, as_name, as_text
from qcc.infra.spreadsheets.messages import describe
from qcc.infra.spreadsheets.reading import CellValue, read_sheet
from qcc.infra.spreadsheets.refusals import CellError
from qcc.infra.spreadsheets.table import Column, ColumnKind, Table, TableRow, read_table
from qcc.infra.spreadsheets.template import write_template
from qcc.organizations.models import OrganizationKind
from qcc.regulations.catalogs import CATEGORIES, GRADES

TITLE = "机构"
KINDS = {
    "卫生健康委员会": OrganizationKind.COMMISSION,
    "评价中心": OrganizationKind.EVALUATION_CENTER,
    "医疗卫生机构": OrganizationKind.INSTITUTION,
}

COLUMNS = (
    Column(
        "name", "机构名称", aliases=("单位名称",), help="全称，与执业许可证或批文一致。", width=34
    ),
    Column("kind", "机构类别", help="从列表中选择。", width=18),
    Column("short_name", "简称", required=False, width=18),
    Column(
        "place",
        "所在地",
        help="行政区划名称（如“杭州市上城区”）或六位代码（如 330102）。",
        kind=ColumnKind.CODE,
        width=22,
    ),
    Column(
        "credit_code",
        "统一社会信用代码",
        required=False,
        kind=ColumnKind.CODE,
        help="18 位，可不填。",
        width=24,
    ),
    Column("grade", "等级", required=False, help="医疗卫生机构填写，从列表中选择。"),
    Column("category", "类别", required=False, help="医疗卫生机构填写，从列表中选择。"),
    Column("legal_representative", "法定代表人", required=False),
    Column("phone", "电话", required=False, kind=ColumnKind.CODE, width=18),
    Column("former_names", "曾用名", required=False, help="多个曾用名之间用顿号隔开。", width=34),
    Column(
        "parent", "上级单位", required=False, help="上级单位的全称，须已登记或在本表中。", width=34
    ),
)
TITLES = {column.key: column.title for column in COLUMNS}

_INSTRUCTIONS = (
    "一行填一个机构。机构名称或统一社会信用代码与已登记的相同，即视为更新；空白单元格不改变原有内容。",
    "机构更名：填写新名称和原统一社会信用代码，原名称自动记为曾用名。",
    "上传后先列出将要新增、变更和有误的内容，确认后才写入；只要有一处错误，全部不写入。",
)
_EXAMPLES = (
    {
        "name": "示例市第一人民医院",
        "kind": "医疗卫生机构",
        "short_name": "示例一院",
        "place": "330102",
        "grade": "三级甲等",
        "category": "综合",
        "legal_representative": "张三",
        "phone": "0571-00000000",
        "former_names": "示例市人民医院、示例市立医院",
        "parent": "示例市卫生健康委员会",
    },
)
_LONGEST = {
    "short_name": 60,
    "legal_representative": 60,
    "phone": 40,
    "place": 60,
    "parent": 120,
    "former_names": 600,
}
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a row: at which cell, under which title, and the sentence for it."""

    address: str
    title: str
    message: Any


@dataclass(slots=True)
class SheetRow:
    """What one row says: the values of its filled cells by key, and what cannot be read."""

    source: TableRow
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.source.number

    @property
    def name(self) -> str:
        return str(self.values.get("name", ""))

    def blame(self, key: str, message: Any) -> None:
        """Note a fault at the cell of *key*; of several the first is told."""
        if not self.is_blamed(key):
            self.faults.append(Fault(self.source.address(key), TITLES[key], message))

    def is_blamed(self, *keys: str) -> bool:
        """Whether one of the cells has a fault."""
        return bool({fault.title for fault in self.faults} & {TITLES[key] for key in keys})


def template() -> bytes:
    """The empty workbook with its explanations, lists and an example."""
    return write_template(
        COLUMNS,
        sheet_title=TITLE,
        instructions=_INSTRUCTIONS,
        examples=_EXAMPLES,
        dropdowns={"kind": list(KINDS), "grade": GRADES, "category": CATEGORIES},
    )


def read_table_of(data: bytes) -> Table:
    """The table in an uploaded workbook; raises SpreadsheetRefused."""
    return read_table(read_sheet(data, title=TITLE), COLUMNS)


def read_rows(table: Table) -> list[SheetRow]:
    """What each row of the table says."""
    return [_read(row) for row in table]


def _read(source: TableRow) -> SheetRow:
    row = SheetRow(source)
    for column in COLUMNS:
        value = _coerced(column.key, source[column.key])
        if isinstance(value, CellError):
            row.blame(column.key, describe(value))
        elif value:
            row.values[column.key] = value
    if not row.name:
        row.blame("name", _l("Fill this in."))
    return row


def _coerced(key: str, value: CellValue) -> Any:
    if key == "name":
        return as_name(value, max_length=LONGEST_NAME)
    if key == "credit_code":
        return as_code(value)
    options: dict[str, Sequence[str]] = {
        "kind": list(KINDS),
        "grade": GRADES,
        "category": CATEGORIES,
    }
    if key in options:
        return as_choice(value, options[key])
    text = as_text(value, max_length=_LONGEST[key])
    return _names(text) if key == "former_names" and isinstance(text, str) else text


def _names(text: str) -> list[str] | CellError:
    names = list(dict.fromkeys(filter(None, map(str.strip, re.split(r"[、；;，,\n]+", text)))))
    longest = max(map(len, names), default=0)
    if longest > LONGEST_NAME:
        return CellError("text_too_long", {"limit": LONGEST_NAME, "length": longest})
    return names
