"""Writing the workbook that somebody else will fill: as helpful as a file can be.

Sheets: the one to fill, 填写说明 (what each column wants), 示例 (rows as they should look) and a
hidden one with the choices. The choices are reached through defined names, which Excel keeps when
it saves the file again, and which have no limit of 255 characters as lists inside a rule have.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from qcc.infra.spreadsheets.addresses import letter
from qcc.infra.spreadsheets.export import (
    HEAD_STYLE,
    Styles,
    new_workbook,
    sheet_name,
    write_value,
)
from qcc.infra.spreadsheets.reading import CellValue
from qcc.infra.spreadsheets.refusals import DEFAULT_LIMITS
from qcc.infra.spreadsheets.table import Column, ColumnKind
from qcc.infra.spreadsheets.titles import EXAMPLES, INSTRUCTIONS, LISTS

_LAST_ROW = DEFAULT_LIMITS.rows - 1
_LONGEST_MESSAGE = 255  # Excel's limit for a message beside a cell
_KINDS = {
    ColumnKind.TEXT: "文字",
    ColumnKind.CODE: "文字（号码）",
    ColumnKind.DATE: "日期，如 2026-03-01",
    ColumnKind.NUMBER: "数字",
}


@dataclass(frozen=True, slots=True)
class _Heads:
    """How the heads of required and other columns look."""

    required: Format
    optional: Format

    def of(self, column: Column) -> Format:
        return self.required if column.required else self.optional


def write_template(
    columns: Sequence[Column],
    *,
    sheet_title: str,
    instructions: Sequence[str] = (),
    examples: Sequence[Mapping[str, CellValue]] = (),
    dropdowns: Mapping[str, Sequence[str]] | None = None,
    suggestions: Collection[str] = (),
) -> bytes:
    """The empty workbook for *columns*; *dropdowns* are choices by a column's key. Where the key
    is among *suggestions*, other words than the choices may be typed.

    Raises ValueError for choices of a column that is not there.
    """
    choices = dict(dropdowns or {})
    strangers = choices.keys() - {column.key for column in columns}
    if strangers:
        raise ValueError(f"choices for unknown columns: {sorted(strangers)}")
    made = BytesIO()
    workbook = new_workbook(made, sheet_title)
    styles, heads = Styles(workbook), _heads(workbook)
    sheet = workbook.add_worksheet(sheet_name(sheet_title))
    _prepare(sheet, columns, styles, heads)
    _write_instructions(workbook, columns, instructions, styles)
    if examples:
        _write_examples(workbook, columns, examples, styles, heads)
    lists = _write_lists(workbook, choices)
    for number, column in enumerate(columns):
        _guide(sheet, number, column, lists.get(column.key), free=column.key in suggestions)
    sheet.activate()
    workbook.close()
    return made.getvalue()


def _heads(workbook: Workbook) -> _Heads:
    strong = {**HEAD_STYLE, "bg_color": "#1F4E79", "font_color": "#FFFFFF"}
    return _Heads(workbook.add_format(strong), workbook.add_format(HEAD_STYLE))


def _prepare(sheet: Worksheet, columns: Sequence[Column], styles: Styles, heads: _Heads) -> None:
    """Head, formats of whole columns, and a note at each title."""
    formats = {ColumnKind.DATE: styles.day, ColumnKind.NUMBER: None}
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width, formats.get(column.kind, styles.text))
        sheet.write_string(0, number, column.title, heads.of(column))
        sheet.write_comment(0, number, _note(column), {"author": "qcc", "x_scale": 1.6})
    sheet.freeze_panes(1, 0)


def _note(column: Column) -> str:
    duty = "必填。" if column.required else "可不填。"
    return f"{duty}{_KINDS[column.kind]}。\n{column.help}".strip()


def _write_instructions(
    workbook: Workbook, columns: Sequence[Column], instructions: Sequence[str], styles: Styles
) -> None:
    sheet = workbook.add_worksheet(INSTRUCTIONS)
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for column, width in enumerate((18, 10, 22, 80)):
        sheet.set_column(column, column, width)
    for row, line in enumerate(instructions):
        sheet.merge_range(row, 0, row, 3, "", wrapped)
        sheet.write_string(row, 0, line, wrapped)
    start = len(instructions) + 1 if instructions else 0
    for number, title in enumerate(("栏目", "必填", "类型", "说明")):
        sheet.write_string(start, number, title, styles.head)
    for row, described in enumerate(columns, start + 1):
        duty = "是" if described.required else "否"
        texts = (described.title, duty, _KINDS[described.kind], described.help)
        for number, text in enumerate(texts):
            sheet.write_string(row, number, text, wrapped)


def _write_examples(
    workbook: Workbook,
    columns: Sequence[Column],
    examples: Sequence[Mapping[str, CellValue]],
    styles: Styles,
    heads: _Heads,
) -> None:
    sheet = workbook.add_worksheet(EXAMPLES)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(0, number, column.title, heads.of(column))
        for row, example in enumerate(examples, 1):
            write_value(sheet, row, number, example.get(column.key), styles)
    sheet.freeze_panes(1, 0)


def _write_lists(workbook: Workbook, choices: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Put each list into a column of the hidden sheet; the names by which rules reach them."""
    names: dict[str, str] = {}
    filled = {key: options for key, options in choices.items() if options}
    if not filled:
        return names
    sheet = workbook.add_worksheet(LISTS)
    sheet.hide()
    for number, (key, options) in enumerate(filled.items()):
        for row, option in enumerate(options):
            sheet.write_string(row, number, option)
        names[key] = f"choices_{number + 1}"
        place = f"${letter(number + 1)}$1:${letter(number + 1)}${len(options)}"
        workbook.define_name(names[key], f"='{LISTS}'!{place}")
    return names


def _guide(
    sheet: Worksheet, number: int, column: Column, choices: str | None, *, free: bool
) -> None:
    """What Excel says and checks while somebody types into the column."""
    rule: dict[str, Any] = {"validate": "any", "ignore_blank": True}
    if choices is not None:
        rule |= {"validate": "list", "source": f"={choices}", "error_title": column.title[:32]}
        rule |= {"error_message": "请从下拉列表中选择。", "show_error": not free}
    if column.help:
        rule |= {"input_title": column.title[:32], "input_message": column.help[:_LONGEST_MESSAGE]}
    if choices is not None or column.help:
        sheet.data_validation(1, number, _LAST_ROW, number, rule)
