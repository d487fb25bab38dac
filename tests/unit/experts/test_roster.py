"""Rosters: the template, what is read, and what is wrong with which cell."""

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from qcc.experts.identity import Sex
from qcc.experts.roster.columns import CHOICES, COLUMNS, EXAMPLES, FREE_CHOICES, SHEET_TITLE
from qcc.experts.roster.facts import panel_facts, resembling_hosts
from qcc.experts.roster.messages import ROSTER_MESSAGES, describe_cell, marks
from qcc.experts.roster.parsing import Rejected, Roster, parse_roster
from qcc.experts.roster.template import roster_template
from qcc.experts.rules import ROSTER_RULES, PanelRole, Seat, Standing
from qcc.infra.spreadsheets.marking import mark_up
from qcc.infra.spreadsheets.messages import CELL_MESSAGES
from qcc.infra.spreadsheets.refusals import CellError, SpreadsheetRefused
from qcc.kernel.rules import check
from qcc.regulations.titles import Rank
from tests.unit.experts.rosters import (
    HOST,
    KEYS,
    TERM_START,
    TITLES,
    people,
    person,
    roster_file,
)
from tests.unit.judging import BOOK


def read(*rows: dict[str, Any], **how: Any) -> Roster:
    """The roster of rows that are right."""
    parsed = parse_roster(roster_file(rows, **how), on=TERM_START)
    assert isinstance(parsed, Roster), parsed
    return parsed


def faults(*rows: dict[str, Any], **how: Any) -> list[tuple[str, str]]:
    """Cells and codes of what is wrong with rows."""
    parsed = parse_roster(roster_file(rows, **how), on=TERM_START)
    assert isinstance(parsed, Rejected)
    return [(fault.cell, fault.error.code) for fault in parsed.errors]


def cell(key: str, row: int = 2) -> str:
    return f"{'ABCDEFGHIJKLMN'[KEYS.index(key)]}{row}"


# --- template ---


def test_the_template_has_the_columns_of_the_order_in_order() -> None:
    assert TITLES == [
        "姓名", "身份证号", "出生日期", "性别", "工作单位", "职务", "职称", "从事专业",
        "从事本专业起始日期", "专业负责人或学术威望", "健康状况", "专家组职务", "亚专业组",
        "组内职务",
    ]  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(roster_template()))
    assert [head.value for head in book[SHEET_TITLE][1]] == TITLES
    assert book.sheetnames == [SHEET_TITLE, "填写说明", "示例", "选项"]


def test_the_template_keeps_identity_numbers_as_text_and_offers_lists() -> None:
    book = openpyxl.load_workbook(io.BytesIO(roster_template()))
    sheet = book[SHEET_TITLE]
    assert sheet.column_dimensions["B"].width > 18
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    for key in CHOICES:
        rule = rules[cell(key)]
        assert rule.type == "list"
        assert bool(rule.showErrorMessage) is (key not in FREE_CHOICES)
    assert all(rules[cell(column.key)].prompt == column.help for column in COLUMNS)


def test_the_template_as_it_is_names_nobody() -> None:
    parsed = parse_roster(roster_template(), on=TERM_START)
    assert isinstance(parsed, Rejected)
    assert [(fault.cell, fault.error.code) for fault in parsed.errors] == [("A2", "no_rows")]


def test_a_filled_template_is_read() -> None:
    book = openpyxl.load_workbook(io.BytesIO(roster_template()))
    for row in people(3):
        book[SHEET_TITLE].append([row.get(key) for key in KEYS])
    saved = io.BytesIO()
    book.save(saved)
    parsed = parse_roster(saved.getvalue(), on=TERM_START)
    assert isinstance(parsed, Roster)
    assert [row.number for row in parsed.rows] == [2, 3, 4]
    assert parsed.warnings == ()


def test_the_examples_would_be_read_without_error_and_break_no_rule() -> None:
    roster = read(*EXAMPLES)
    assert roster.warnings == ()
    panel = panel_facts(roster, host_names=["别的医院"], on=TERM_START)
    assert check(ROSTER_RULES, panel, BOOK) == []


def test_the_template_is_always_the_same() -> None:
    assert roster_template() == roster_template()


# --- what is read ---


def test_a_row_becomes_a_person() -> None:
    (row,) = read(
        person(
            1,
            name="张　虚",
            identity=" 000000 19750301 0019 ",
            employer="示例市第一人民医院",
            post="无",
            title="副主任医师、教授",
            standing="科主任，在本地区有较高的学术威望",
            role="组长",
            group="冠心病组",
            group_role="组长",
        )
    ).rows
    assert (row.number, row.name, row.identity) == (2, "张虚", "000000197503010019")
    assert (row.birth_date, row.sex) == (date(1975, 3, 1), Sex.MALE)
    assert (row.title, row.rank) == ("副主任医师、教授", Rank.SENIOR)
    assert row.standing == frozenset(Standing)
    assert (row.post, row.is_healthy, row.role) == ("", True, PanelRole.HEAD)
    assert (row.group, row.leads_group) == ("冠心病组", True)
    assert "19750301" not in repr(row).replace("1975, 3, 1", "")


def test_what_is_not_filled_in_is_taken_as_usual() -> None:
    (row,) = read(person(1)).rows
    assert (row.role, row.group, row.leads_group, row.post) == (
        PanelRole.MEMBER,
        "",
        False,
        "科主任",
    )


SPELLINGS = (
    date(1975, 3, 1),
    datetime(1975, 3, 1, 8, 30),  # noqa: DTZ001 - as Excel has it
    "1975-03-01",
    "1975/3/1",
    "1975.3.1",
    "1975年3月1日",
    "1975 年 03 月 01 日",
    "１９７５年３月１日",
    "19750301",
    19750301,
    "1975-03-01 00:00:00",
)


def test_dates_are_read_in_all_usual_spellings() -> None:
    births = [
        person(n, identity=None, birth_date=written, sex="男")
        for n, written in enumerate(SPELLINGS)
    ]
    assert {row.birth_date for row in read(*births).rows} == {date(1975, 3, 1)}
    starts = [
        person(n, identity=None, birth_date="1950-1-1", sex="男", practised_since=written)
        for n, written in enumerate(SPELLINGS)
    ]
    assert {row.practised_since for row in read(*starts).rows} == {date(1975, 3, 1)}


def test_without_a_number_birth_date_and_sex_are_enough() -> None:
    (row,) = read(person(1, identity=None, birth_date="1980-02-29", sex="女")).rows
    assert (row.identity, row.birth_date, row.sex) == ("", date(1980, 2, 29), Sex.FEMALE)


def test_columns_that_may_be_missing() -> None:
    bare = ("birth_date", "sex", "post", "role", "group", "group_role")
    assert len(read(*people(2), without=bare).rows) == 2
    plain = [person(n, identity=None, birth_date="1980-02-29", sex="女") for n in range(2)]
    assert len(read(*plain, without=("identity",)).rows) == 2


def test_the_table_is_found_under_a_heading_and_on_any_sheet() -> None:
    roster = read(
        *people(2),
        above=[["示例质控中心专家组名单"], [], ["填表日期：", "2026-02-01"]],
        title="表1",
    )
    assert (roster.title, roster.head_row) == ("表1", 4)
    assert [row.number for row in roster.rows] == [5, 6]


def test_group_names_that_differ_in_blanks_and_widths_are_one() -> None:
    roster = read(
        person(1, group="介入（冠脉）组", group_role="组长"),
        person(2, group="介入 (冠脉) 组"),
        person(3, group="无"),
    )
    assert [row.group for row in roster.rows] == ["介入（冠脉）组", "介入（冠脉）组", ""]


def test_a_roster_becomes_the_facts_of_a_panel() -> None:
    roster = read(
        person(1, employer=HOST, group="甲组", group_role="组长"),
        person(2, group="甲组", role="副组长"),
    )
    panel = panel_facts(roster, host_names=[HOST], on=TERM_START)
    assert (panel.term_start, panel.size, panel.from_host) == (TERM_START, 2, 1)
    assert [each.key for each in panel.members] == ["2", "3"]
    assert [each.seats for each in panel.members] == [(Seat("甲组", True),), (Seat("甲组"),)]
    assert panel.members[1].role is PanelRole.DEPUTY_HEAD
    assert panel.members[0].expert.rank == "正高"


def test_names_that_resemble_the_host_are_told() -> None:
    roster = read(
        person(1, employer=HOST), person(2, employer=f"{HOST}（东院）"), person(3, employer="别处")
    )
    assert resembling_hosts(roster, [HOST]) == [f"{HOST}（东院）"]
    assert resembling_hosts(roster, [HOST, f"{HOST}(东院)"]) == []


# --- warnings ---


def test_what_is_readable_but_perhaps_not_meant_is_a_warning() -> None:
    roster = read(person(1, title="正高", health="尚可"))
    assert [(note.cell, note.error.code) for note in roster.warnings] == [
        (cell("title"), "title_rank_only"),
        (cell("health"), "health_unclear"),
    ]
    assert (roster.rows[0].title, roster.rows[0].is_healthy) == ("正高", False)


def test_columns_that_nobody_asked_for_are_told() -> None:
    data = roster_file(people(1))
    book = openpyxl.load_workbook(io.BytesIO(data))
    book[SHEET_TITLE]["O1"] = "联系电话"
    saved = io.BytesIO()
    book.save(saved)
    roster = parse_roster(saved.getvalue(), on=TERM_START)
    assert isinstance(roster, Roster)
    assert [(note.cell, note.error.code) for note in roster.warnings] == [("O1", "column_ignored")]


# --- errors ---


@pytest.mark.parametrize("key", ["name", "employer", "title", "specialty", "practised_since"])
def test_what_has_to_be_filled_in(key: str) -> None:
    for empty in (None, "", "　 "):
        assert faults(person(1, **{key: empty})) == [(cell(key), "required")]


@pytest.mark.parametrize("key", ["standing", "health"])
def test_what_is_not_declared_is_a_finding_and_no_error(key: str) -> None:
    panel = panel_facts(read(person(1, **{key: None})), host_names=[HOST], on=TERM_START)
    assert [found.rule for found in check(ROSTER_RULES, panel, BOOK)] == [f"expert.{key}"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"identity": None}, [("birth_date", "birth_date_missing"), ("sex", "sex_missing")]),
        ({"identity": None, "sex": "男"}, [("birth_date", "birth_date_missing")]),
        ({"identity": None, "birth_date": "1975-03-01"}, [("sex", "sex_missing")]),
        ({"identity": "000000197503010018"}, [("identity", "identity_checksum")]),
        ({"identity": "000000750301001"}, [("identity", "identity_old")]),
        ({"identity": "12345"}, [("identity", "identity_length")]),
        ({"identity": "00000A197503010019"}, [("identity", "identity_digits")]),
        ({"identity": "000000197502300014"}, [("identity", "identity_date")]),
        ({"identity": 110101197503010019}, [("identity", "number_cut")]),
        (
            {"identity": "000000197503010019", "birth_date": "1975-03-02"},
            [("birth_date", "birth_date_contradicts")],
        ),
        ({"identity": "000000197503010019", "sex": "女"}, [("sex", "sex_contradicts")]),
        ({"birth_date": "1975年3月"}, [("birth_date", "date_incomplete")]),
        ({"birth_date": "三月一日"}, [("birth_date", "date_unreadable")]),
        ({"birth_date": "1975-02-30"}, [("birth_date", "date_impossible")]),
        ({"sex": "不详"}, [("sex", "not_a_choice")]),
        (
            {"identity": None, "sex": "男", "birth_date": "2026-03-01"},
            [("birth_date", "birth_date_late")],
        ),
        ({"practised_since": "1970-01-01"}, [("practised_since", "practised_before_birth")]),
        ({"practised_since": "2005年7月"}, [("practised_since", "date_incomplete")]),
        ({"title": "心内科主任医师"}, [("title", "title_unknown_near")]),
        ({"title": "xyz"}, [("title", "title_unknown")]),
        ({"title": "主任医师、院长"}, [("title", "title_unknown")]),
        ({"role": "主席"}, [("role", "not_a_choice")]),
        ({"group": "甲组", "group_role": "副组长"}, [("group_role", "not_a_choice")]),
        ({"group_role": "组长"}, [("group", "group_missing")]),
        ({"name": "张" * 51}, [("name", "text_too_long")]),
        ({"standing": "长" * 501}, [("standing", "text_too_long")]),
        ({"post": "长" * 101}, [("post", "text_too_long")]),
        ({"group": 1e300}, [("group", "number_cut")]),
        (
            {"role": 1e300, "group_role": 1e300},
            [("role", "number_cut"), ("group_role", "number_cut")],
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_cell(
    changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    wrong = [(cell(key, 3), code) for key, code in expected]
    assert faults(person(1), person(2, **changes), person(3)) == wrong


def test_a_wrong_number_does_not_contradict_what_is_beside_it() -> None:
    row = person(1, identity="000000197503010018", birth_date="1980-02-29", sex="女")
    assert faults(row) == [(cell("identity"), "identity_checksum")]


def test_all_errors_of_all_rows_are_given_at_once() -> None:
    assert faults(person(1, name=None, title="xyz"), person(2), person(3, sex="不详")) == [
        ("A2", "required"),
        ("G2", "title_unknown"),
        ("D4", "not_a_choice"),
    ]


@pytest.mark.parametrize(
    "without", [("name",), ("health", "standing"), ("identity", "birth_date"), ("title",)]
)
def test_columns_that_have_to_be_there(without: tuple[str, ...]) -> None:
    with pytest.raises(SpreadsheetRefused) as caught:
        parse_roster(roster_file(people(1), without=without), on=TERM_START)
    assert caught.value.code == "columns_missing"
    titles = [column.title for column in COLUMNS if column.key in without]
    assert sorted(caught.value.params["columns"]) == sorted(titles)


# --- sentences ---


def test_every_code_has_a_sentence_that_can_be_filled() -> None:
    sample = {
        "length": 5, "told": "女", "on": "2026-03-01", "born": "1975-03-01", "value": "甲",
        "near": ["主任医师", "教授"], "rank": "正高",
    }  # fmt: skip
    for code in ROSTER_MESSAGES:
        sentence = str(describe_cell(CellError(code, sample)))
        assert sentence.endswith(".")
        assert "%(" not in sentence
    assert not set(ROSTER_MESSAGES) & set(CELL_MESSAGES)
    assert str(describe_cell(CellError("number_cut"))).startswith("Excel")


def test_an_unknown_title_is_answered_with_near_ones() -> None:
    parsed = parse_roster(roster_file([person(1, title="付主任医师")]), on=TERM_START)
    assert isinstance(parsed, Rejected)
    (sentence,) = marks(parsed.errors).values()
    assert "付主任医师" in sentence
    assert "副主任医师" in sentence


def test_sentences_do_not_repeat_identity_numbers() -> None:
    number = "000000197503010018"
    parsed = parse_roster(roster_file([person(1, identity=number)]), on=TERM_START)
    assert isinstance(parsed, Rejected)
    assert number not in repr(parsed) + str(marks(parsed.errors))


def test_a_rejected_workbook_can_be_handed_back_with_its_marks() -> None:
    data = roster_file([person(1, name=None), person(2)])
    parsed = parse_roster(data, on=TERM_START)
    assert isinstance(parsed, Rejected)
    marked = mark_up(data, marks(parsed.errors), title=parsed.title, head_row=parsed.head_row)
    sheet = openpyxl.load_workbook(io.BytesIO(marked))[SHEET_TITLE]
    assert sheet["A2"].fill.start_color.rgb == "FFFFC7CE"
    assert sheet["O1"].value == "原因"
    assert "empty" in sheet["O2"].value
    again = parse_roster(marked, on=TERM_START)
    assert isinstance(again, Rejected)
    assert again.errors == parsed.errors
