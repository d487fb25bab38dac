"""Writing workbooks: templates that come back filled, marked files, exports, sentences."""

import io
import re
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask_babel import force_locale
from openpyxl.comments import Comment

from qcc.infra import i18n
from qcc.infra.filetypes import FileRefused
from qcc.infra.spreadsheets import messages
from qcc.infra.spreadsheets.export import sheet_name, write_table
from qcc.infra.spreadsheets.marking import mark_up
from qcc.infra.spreadsheets.messages import describe
from qcc.infra.spreadsheets.reading import read_sheet
from qcc.infra.spreadsheets.refusals import CellError, SpreadsheetRefused
from qcc.infra.spreadsheets.table import Column, ColumnKind, read_table
from qcc.infra.spreadsheets.template import write_template
from tests.factories.workbooks import HOSTILE, roster, workbook

TITLE = "专家组成员"
LONG_LIST = [f"浙江省第{n}人民医院" for n in range(200)]
COLUMNS = (
    Column("name", "姓名", help="与身份证一致"),
    Column("id_number", "身份证号", kind=ColumnKind.CODE, width=22),
    Column("born", "出生日期", kind=ColumnKind.DATE),
    Column("sex", "性别"),
    Column("unit", "工作单位", help="全称", width=30),
    Column("years", "从业年限", kind=ColumnKind.NUMBER, required=False),
)
EXAMPLE = {"name": "张三", "id_number": "330106197503010011", "born": date(1975, 3, 1), "years": 20}


def template() -> bytes:
    return write_template(
        COLUMNS,
        sheet_title=TITLE,
        instructions=["每位专家一行。", "=不是公式"],
        examples=[EXAMPLE],
        dropdowns={"sex": ["男", "女"], "unit": LONG_LIST},
    )


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


moment = datetime.fromisoformat  # as Excel has them: without a zone


def saved(book: openpyxl.Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


# --- templates ---


def test_a_template_filled_in_another_program_reads_back() -> None:
    book = opened(template())
    row = ["王明", "330106197503010011", moment("1975-03-01"), "男", LONG_LIST[7], 12]
    for column, value in enumerate(row, 1):
        book[TITLE].cell(2, column, value)
    table = read_table(read_sheet(saved(book), title=TITLE), COLUMNS, allow_unknown=False)
    assert [table.rows[0][column.key] for column in COLUMNS] == [
        "王明", "330106197503010011", date(1975, 3, 1), "男", LONG_LIST[7], 12,
    ]  # fmt: skip


def test_an_empty_template_has_a_head_and_no_rows() -> None:
    table = read_table(read_sheet(template()), COLUMNS)
    assert (len(table), table.head_row, table.title) == (0, 1, TITLE)


def test_a_template_helps_and_guards() -> None:
    book = opened(template())
    assert book.sheetnames == [TITLE, "填写说明", "示例", "选项"]
    assert book["选项"].sheet_state == "hidden"
    sheet = book[TITLE]
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["B"].width > 20
    assert "与身份证一致" in sheet["A1"].comment.text
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules["D2:D5000"].formula1 == "choices_1"
    assert rules["E2:E5000"].formula1 == "choices_2"
    assert rules["E2:E5000"].prompt == "全称"
    assert book.defined_names["choices_2"].attr_text == "'选项'!$B$1:$B$200"
    assert book["选项"]["B200"].value == LONG_LIST[-1]
    assert book["示例"]["B2"].value == "330106197503010011"
    assert book["示例"]["C2"].value == moment("1975-03-01")
    assert (book["填写说明"]["A2"].value, book["填写说明"]["A2"].data_type) == ("=不是公式", "s")
    assert book.properties.title == TITLE


def test_code_columns_of_a_template_are_text() -> None:
    xml = opened(template())[TITLE]
    assert xml.column_dimensions["B"].number_format == "@"
    assert xml.column_dimensions["C"].number_format == "yyyy-mm-dd"


def test_the_same_template_has_the_same_bytes() -> None:
    assert template() == template()


def test_choices_for_a_column_that_is_not_there_are_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="sexx"):
        write_template(COLUMNS, sheet_title=TITLE, dropdowns={"sexx": ["男"]})


# --- marked workbooks ---


def test_a_marked_workbook_is_the_users_own_with_reasons() -> None:
    errors = {"C3": "满 60 周岁", "A3": "重名", "D5": "=HYPERLINK(1)"}
    sheet = opened(mark_up(roster(5), errors))[TITLE]
    assert sheet["B3"].value == "330106197503010001"
    assert sheet["C3"].fill.start_color.rgb == "FFFFC7CE"
    assert sheet["C3"].comment.text == "满 60 周岁"
    assert sheet["B3"].comment is None
    assert sheet["G1"].value == "原因"
    assert sheet["G3"].value == "重名；满 60 周岁"
    assert (sheet["G5"].value, sheet["G5"].data_type) == ("=HYPERLINK(1)", "s")
    assert sheet["G4"].value is None


def test_text_like_a_formula_stays_text_when_marked() -> None:
    data = workbook([["姓名"], ["=1+1"], ["@x"]])
    marked = mark_up(data, {"A3": "错"})
    sheet = opened(marked)[TITLE]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")
    assert read_sheet(marked).rows[1].cells[0].value == "=1+1"


def test_a_second_marking_replaces_the_first() -> None:
    first = mark_up(roster(5), {"C3": "满 60 周岁", "A4": "重名"})
    sheet = opened(mark_up(first, {"B2": "号码有误"}))[TITLE]
    assert [sheet.cell(row, 7).value for row in range(1, 5)] == ["原因", "号码有误", None, None]
    assert sheet["H1"].value is None
    assert sheet["C3"].comment is None
    assert sheet["C3"].fill.fill_type is None
    assert sheet["B2"].comment.text == "号码有误"


def test_a_marked_workbook_reads_back_without_its_reasons() -> None:
    table = read_table(
        read_sheet(mark_up(roster(5), {"C3": "满 60 周岁"})),
        (Column("name", "姓名"), Column("unit", "工作单位")),
    )
    assert len(table) == 5
    assert "原因" not in [cell.value for cell in table.unknown]


def test_merged_cells_and_own_comments_survive_marking() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for place, text in (("A1", "名单"), ("A2", "姓名"), ("B2", "单位"), ("A3", "王明")):
        sheet[place] = text
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("A3:A4")
    sheet["A3"].comment = Comment("请核对", "秘书")
    marked = opened(mark_up(saved(book), {"A4": "重名"}, head_row=2)).active
    assert marked["A3"].fill.start_color.rgb == "FFFFC7CE"
    assert marked["A3"].comment.text == "重名\n请核对"
    assert (marked["C2"].value, marked["C4"].value) == ("原因", "重名")


def test_formulas_can_be_marked_though_not_read() -> None:
    marked = opened(mark_up(HOSTILE["formula"][0](), {"C5": "公式"}))[TITLE]
    assert marked["C5"].comment.text == "公式"


def test_marking_refuses_what_reading_refuses() -> None:
    for name in ("bomb", "laughs in the texts", "macros", "password", "cut in half"):
        build, code = HOSTILE[name]
        with pytest.raises(SpreadsheetRefused) as caught:
            mark_up(build(), {"A1": "x"})
        assert caught.value.code == code


def test_an_address_that_is_none_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        mark_up(roster(), {"nowhere": "x"})


# --- exports ---


def test_an_export_keeps_text_text_and_dates_dates() -> None:
    dangerous = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "http://example.org", "0012"]
    aware = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
    rows = [[*dangerous], [date(2026, 3, 1), aware, 1, 2.5, True, None, 330106197503011234]]
    sheet = opened(write_table("中心：名录/2026", list("abcdefg"), rows)).active
    assert [cell.value for cell in sheet[2]] == dangerous
    assert {cell.data_type for cell in sheet[2]} == {"s"}
    assert sheet["A2"].quotePrefix
    assert all(cell.hyperlink is None for cell in sheet[2])
    assert [cell.value for cell in sheet[3]] == [
        moment("2026-03-01"), moment("2026-03-02 00:30"), 1, 2.5, True, None, "330106197503011234",
    ]  # fmt: skip
    assert sheet.title == "中心：名录 2026"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:G3")


def test_an_export_cuts_what_excel_could_not_hold() -> None:
    sheet = opened(write_table("x", ["a"], [["长" * 40_000]])).active
    assert len(sheet["A2"].value) == 32_767
    assert sheet["A2"].value.endswith("…")


def test_names_of_sheets_are_allowed_by_excel() -> None:
    assert sheet_name("a[b]:*?/\\'c") == "a b c"
    assert sheet_name("'") == "Sheet1"
    assert len(sheet_name("长" * 50)) == 31


# --- sentences ---


def codes_in_source() -> set[str]:
    """Every code that is written in the modules that refuse."""
    folder = Path(messages.__file__).parent
    source = "".join(
        path.read_text() for path in [*folder.glob("*.py"), folder.parent / "filetypes.py"]
    )
    found = re.findall(r'(?:Refused|CellError)\(\s*"([a-z_]+)"', source)
    return {*found, *re.findall(r'code = "([a-z_]+)"', source)}


def test_every_code_has_a_sentence() -> None:
    known = {**messages.FILE_MESSAGES, **messages.SHEET_MESSAGES, **messages.CELL_MESSAGES}
    assert len(codes_in_source()) > 25
    assert codes_in_source() <= known.keys()
    hostile = {code for _, codes in HOSTILE.values() for code in codes.split("|")}
    assert hostile - {"read"} <= known.keys()


def test_every_hostile_workbook_is_described_with_its_parameters() -> None:
    app = Flask("describing")
    i18n.init_app(app)
    with app.test_request_context(), force_locale("en"):
        for name in ("formula", "bomb", "last cell", "password", "long text"):
            with pytest.raises(SpreadsheetRefused) as caught:
                read_sheet(HOSTILE[name][0]())
            sentence = str(describe(caught.value))
            assert "%" not in sentence
            assert sentence != str(messages._UNREADABLE)


def test_sentences_list_names_and_never_fail() -> None:
    app = Flask("describing")
    i18n.init_app(app)
    with app.test_request_context(), force_locale("en"):
        missing = SpreadsheetRefused("columns_missing", {"columns": ["姓名", "职称"]})
        assert "姓名、职称" in str(describe(missing))
        assert "10 MB" in str(describe(FileRefused("too_large", {"limit_mb": 10})))
        assert "2026-02-30" in str(describe(CellError("date_impossible", {"value": "2026-02-30"})))
        assert str(describe(SpreadsheetRefused("something new"))) == "The file cannot be read."
        assert str(describe(SpreadsheetRefused("too_slow"))) == "The file cannot be read."
