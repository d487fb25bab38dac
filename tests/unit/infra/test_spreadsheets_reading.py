"""Reading workbooks: values, sheets, tables, and what stands in cells."""

import io
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import PatternFill

from qcc.infra.spreadsheets.addresses import address, column_number, letter, place_of
from qcc.infra.spreadsheets.coercion import (
    as_choice,
    as_code,
    as_date,
    as_name,
    as_text,
    clean_text,
)
from qcc.infra.spreadsheets.reading import Cell, CellValue, Row, Sheet, read_sheet
from qcc.infra.spreadsheets.refusals import CellError, SheetLimits, SpreadsheetRefused
from qcc.infra.spreadsheets.table import Column, read_table
from tests.factories.workbooks import (
    RELS,
    changed,
    parts_of,
    replaced,
    roster,
    with_sheet,
    workbook,
)

COLUMNS = (
    Column("name", "姓名"),
    Column("born", "出生日期", aliases=("生日",)),
    Column("unit", "工作单位", aliases=("单位", "所在单位")),
    Column("group", "亚专业组", required=False),
)


moment = datetime.fromisoformat  # as Excel has them: without a zone


def saved(book: openpyxl.Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def sheet_of(*rows: tuple[CellValue, ...], first: int = 1) -> Sheet:
    """A sheet in memory, empty cells left out as the reader does."""
    return Sheet(
        "表",
        tuple(
            Row(n, tuple(Cell(v, n, letter(c)) for c, v in enumerate(row, 1) if v is not None))
            for n, row in enumerate(rows, first)
        ),
    )


def refused(
    sheet: Sheet, columns: tuple[Column, ...] = COLUMNS, **options: bool
) -> SpreadsheetRefused:
    with pytest.raises(SpreadsheetRefused) as caught:
        read_table(sheet, columns, **options)
    return caught.value


# --- sheets ---


def test_values_come_with_their_types_and_places() -> None:
    data = workbook([["文", 1, 1.5, True, date(2026, 3, 1), "=1+1", 3.3e17], [], [None, "B3"]])
    sheet = read_sheet(data)
    first = [cell.value for cell in sheet.rows[0].cells]
    assert first == ["文", 1, 1.5, True, date(2026, 3, 1), "=1+1", 3.3e17]
    assert [type(value) for value in first[1:4]] == [int, float, bool]
    assert sheet.rows[1].cells == (Cell("B3", 3, "B"),)
    assert sheet.rows[1].at("B").address == "B3"
    assert sheet.rows[1].at("C").value is None


def test_times_error_values_and_strange_numbers_stay_readable() -> None:
    book = openpyxl.Workbook()
    cells = [moment("2026-03-01 08:30"), moment("2026-03-01"), "#N/A"]
    for column, value in enumerate(cells, 1):
        book.active.cell(1, column, value)
    values = [cell.value for cell in read_sheet(saved(book)).rows[0].cells]
    assert values == [moment("2026-03-01 08:30"), date(2026, 3, 1), "#N/A"]


def test_cells_without_addresses_count_from_the_left() -> None:
    data = with_sheet("<row><c><v>1</v></c><c><v>2</v></c></row><row><c r='C2'><v>3</v></c></row>")
    cells = [cell.address for row in read_sheet(data).rows for cell in row.cells]
    assert cells == ["A1", "B1", "C2"]


def test_the_named_sheet_is_read_else_the_first_that_is_shown() -> None:
    book = openpyxl.Workbook()
    book.active.title, book.active["A1"] = "说明", "a"
    book.create_sheet("隐藏")["A1"] = "b"
    book.create_sheet("专家组成员")["A1"] = "c"
    data = saved(book)
    assert read_sheet(data).title == "说明"
    assert read_sheet(data, title="专家组成员").rows[0].cells[0].value == "c"
    assert read_sheet(data, title="没有").title == "说明"
    book["说明"].sheet_state = "hidden"
    assert read_sheet(saved(book)).title == "隐藏"


def test_formulas_on_other_sheets_do_no_harm() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    book.create_sheet("计算")["A1"] = "=1+1"
    assert read_sheet(saved(book)).rows[0].cells[0].value == "x"
    with pytest.raises(SpreadsheetRefused, match="formulas"):
        read_sheet(saved(book), title="计算")


def test_formatted_but_empty_rows_do_not_count() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    for row in range(2, 7_000):
        book.active.cell(row, 1).fill = PatternFill("solid", start_color="FFFFFF")
    assert len(read_sheet(saved(book)).rows) == 1


def test_links_to_click_and_own_notes_of_programs_are_let_through() -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    link = f'<Relationship Id="x" Type="{kind}" Target="mailto:a@b.cn" TargetMode="External"/>'
    assert read_sheet(replaced(RELS, "</Relationships>", link + "</Relationships>")).rows
    notes = '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16")
    assert read_sheet(changed({"customXml/item1.xml": notes, "xl/media/a.png": b"x"})).rows


def test_the_limits_are_reached_exactly() -> None:
    exact = SheetLimits(rows=31, columns=6, cell_text=18)
    assert len(read_sheet(roster(30), limits=exact).rows) == 31
    for limits, code in (
        (SheetLimits(rows=30), "too_many_rows"),
        (SheetLimits(columns=5), "too_many_columns"),
        (SheetLimits(cell_text=17), "cell_too_long"),
        (SheetLimits(total_text=100), "too_much_text"),
    ):
        with pytest.raises(SpreadsheetRefused) as caught:
            read_sheet(roster(30), limits=limits)
        assert caught.value.code == code


def test_an_empty_sheet_has_no_rows() -> None:
    assert read_sheet(saved(openpyxl.Workbook())).rows == ()
    assert len(parts_of(roster())) > 5


# --- tables ---


def test_a_table_is_found_under_its_head_wherever_that_stands() -> None:
    table = read_table(
        sheet_of(
            ("浙江省心内科质控中心专家组",),
            (),
            ("序号", "所在 单位", "姓　名*", "生日（如 1975-03-01）", "备注", "原因"),
            (1, "省一院", "王　明", date(1975, 3, 1), "x", "年龄"),
            (None, "　", None, None),
            (2, "省二院", "李红", "1980.1.2"),
        ),
        COLUMNS,
    )
    assert (table.head_row, len(table), table.title) == (3, 2, "表")
    assert [cell.value for cell in table.unknown] == ["备注"]
    first, second = table
    assert (first["name"], first.address("name"), first.number) == ("王　明", "C4", 4)
    assert (second["born"], second.address("born")) == ("1980.1.2", "D6")
    assert (first["group"], first.address("group")) == (None, "A4")


def test_a_sheet_without_the_head_says_what_is_expected() -> None:
    for sheet in (sheet_of(), sheet_of(("a", "b")), sheet_of(("姓名", "生日", "单位"), first=11)):
        error = refused(sheet)
        assert error.code == "head_missing"
        assert error.params["columns"] == ["姓名", "出生日期", "工作单位"]


def test_missing_columns_are_named_with_what_stands_instead() -> None:
    error = refused(sheet_of(("姓名", "出生年月", "单位")))
    assert error.code == "columns_missing"
    assert error.params == {"columns": ["出生日期"], "unknown": ["出生年月"]}


def test_a_column_that_appears_twice_is_refused_with_both_places() -> None:
    error = refused(sheet_of(("姓名", "生日", "单位", "出生日期")))
    assert error.code == "columns_duplicate"
    assert error.params == {"columns": ["出生日期"], "cells": ["B1", "D1"]}


def test_a_title_with_a_hint_does_not_rival_the_exact_one() -> None:
    sheet = sheet_of(("姓名", "生日", "单位", "单位（曾用）"), ("甲", None, "一", "二"))
    table = read_table(sheet, COLUMNS)
    assert table.rows[0]["unit"] == "一"
    assert [cell.address for cell in table.unknown] == ["D1"]


def test_unknown_columns_are_refused_where_they_are_not_allowed() -> None:
    error = refused(sheet_of(("姓名", "生日", "单位", "备注")), allow_unknown=False)
    assert (error.code, error.params["columns"]) == ("columns_unknown", ["备注"])


# --- cells ---


@pytest.mark.parametrize(
    "written",
    [
        date(2026, 3, 1),
        moment("2026-03-01 08:30"),
        "2026-03-01",
        "2026-3-1",
        "2026/3/1",
        "2026.3.1",
        "2026年3月1日",
        "2026 年 3 月 1 日",
        "２０２６－０３－０１",
        "　2026/03/01　",
        "20260301",
        20260301,
        "2026-03-01 00:00:00",
        "2026-03-01T08:30",
    ],
)
def test_a_day_is_read_as_people_write_it(written: CellValue) -> None:
    assert as_date(written) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1975-03", "date_incomplete"),
        ("1975年3月", "date_incomplete"),
        ("1975.3", "date_incomplete"),
        (1975.3, "date_incomplete"),
        (197503, "date_incomplete"),
        ("1975", "date_incomplete"),
        ("2026-02-30", "date_impossible"),
        (20261301, "date_impossible"),
        ("2026-3/1", "date_unreadable"),
        ("昨天", "date_unreadable"),
        (45000, "date_unreadable"),
        (True, "date_unreadable"),
        ("26-3-1", "date_unreadable"),
        ("1899-12-31", "date_out_of_range"),
        (date(2101, 1, 1), "date_out_of_range"),
    ],
)
def test_what_is_no_day_says_why(written: CellValue, code: str) -> None:
    error = as_date(written)
    assert isinstance(error, CellError)
    assert error.code == code


def test_nothing_is_no_day_and_no_text() -> None:
    assert as_date(None) is None
    assert as_date(" 　") is None
    assert as_text(None) == as_choice(None, ["男"]) == ""


def test_text_loses_only_what_nobody_typed_on_purpose() -> None:
    assert clean_text("　浙江省人民医院（朝晖院区）\u200b ") == "浙江省人民医院（朝晖院区）"
    assert clean_text("ＡＢ１２：㎡") == "AB12：㎡"
    assert clean_text("一\r\n  二\t三 ") == "一\n二 三"
    assert as_text(12) == "12"
    assert as_text(date(2026, 3, 1)) == "2026-03-01"
    assert as_text("长" * 5, max_length=4) == CellError("text_too_long", {"limit": 4, "length": 5})


def test_names_lose_their_padding() -> None:
    assert as_name("王　明") == "王明"
    assert as_name(" 买买提·艾力 ") == "买买提·艾力"
    assert as_name("John  Smith") == "John Smith"


def test_codes_are_plain_and_never_cut_numbers() -> None:
    assert as_code(" 33010619750301123ｘ ") == "33010619750301123X"
    assert as_code(13800000000) == "13800000000"
    assert as_code(330106197503011234) == CellError("number_cut", {})
    assert as_code(3.30106197503e17) == CellError("number_cut", {})


def test_a_choice_is_one_of_the_options() -> None:
    options = ["主任医师", "教授（研究员）"]
    assert as_choice(" 主任 医师", options) == "主任医师"
    assert as_choice("教授(研究员)", options) == "教授（研究员）"
    assert as_choice("医师", options) == CellError(
        "not_a_choice", {"value": "医师", "options": options}
    )


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes()))
def test_whatever_stands_in_a_cell_gives_a_value_or_an_error(value: CellValue) -> None:
    assert isinstance(as_date(value), date | CellError | None)
    for coerce in (as_text, as_name, as_code):
        assert isinstance(coerce(value), str | CellError)


@given(st.integers(1, 16_384), st.integers(1, 1_048_576))
def test_addresses_lead_back_to_their_places(column: int, row: int) -> None:
    assert place_of(address(row, column)) == (row, column)
    assert column_number(letter(column)) == column
