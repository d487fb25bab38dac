"""What a row of the organizations' workbook says, before anything registered is asked."""

import pytest

from qcc.infra.spreadsheets.reading import read_sheet
from qcc.infra.spreadsheets.refusals import SpreadsheetRefused
from qcc.organizations.sheet import COLUMNS, TITLE, SheetRow, read_rows, read_table_of, template
from tests.factories.workbooks import workbook

HEAD = [column.title for column in COLUMNS]


def rows(*given: list[object], head: list[str] | None = None) -> list[SheetRow]:
    return read_rows(read_table_of(workbook([head or HEAD, *given], title=TITLE)))


def test_the_template_can_be_read_back_and_is_empty() -> None:
    table = read_table_of(template())
    assert list(table) == []
    assert set(table.letters) == {column.key for column in COLUMNS}


def test_the_example_in_the_template_is_sound() -> None:
    sheet = read_sheet(template(), title="示例")
    [example] = sheet.rows[1:]
    values = [str(cell.value) for cell in example.cells]
    [row] = rows([*values[:4], "", *values[4:]])
    assert row.faults == []
    assert row.values["former_names"] == ["示例市人民医院", "示例市立医院"]


def test_values_are_cleaned() -> None:
    [row] = rows(
        [
            " 杭州市　第一人民医院\n",
            "医疗卫生机构",
            "",
            330102,
            "1233 0100 4701 1684 51",
            "三级甲等 ",
            "综合",
            "王　明",
            "0571－1",
            "甲；乙,丙、甲",
            "",
        ]
    )
    assert row.faults == []
    assert row.name == "杭州市第一人民医院"
    assert row.values["place"] == "330102"
    assert row.values["credit_code"] == "123301004701168451"
    assert row.values["grade"] == "三级甲等"
    assert row.values["former_names"] == ["甲", "乙", "丙"]
    assert "short_name" not in row.values


def test_each_fault_stands_at_its_cell() -> None:
    [row] = rows(["甲", "诊所", "简" * 61, "330102", "", "三甲", "综合科", "", "", "", ""])
    assert [(f.address, f.title) for f in row.faults] == [
        ("B2", "机构类别"),
        ("C2", "简称"),
        ("F2", "等级"),
        ("G2", "类别"),
    ]
    assert all(str(f.message) for f in row.faults)


def test_a_row_without_a_name_says_so() -> None:
    [row] = rows(["", "医疗卫生机构", "", "330102", "", "", "", "", "", "", ""])
    assert [(f.address, f.title) for f in row.faults] == [("A2", "机构名称")]


@pytest.mark.parametrize(("length", "faults"), [(120, 0), (121, 1)])
def test_names_have_at_most_120_characters(length: int, faults: int) -> None:
    [row] = rows(["医" * length, "医疗卫生机构", "", "330102", "", "", "", "", "", "", ""])
    assert len(row.faults) == faults
    [row] = rows(["甲", "医疗卫生机构", "", "330102", "", "", "", "", "", "医" * length, ""])
    assert len(row.faults) == faults


def test_empty_rows_are_passed_over_and_numbers_are_those_of_the_file() -> None:
    found = rows(["甲"], [], ["乙"])
    assert [(row.number, row.name) for row in found] == [(2, "甲"), (4, "乙")]


def test_columns_may_stand_in_any_order_and_optional_ones_may_lack() -> None:
    [row] = rows(["330102", "甲", "医疗卫生机构"], head=["所在地", "单位名称", "机构类别"])
    assert row.values == {"name": "甲", "kind": "医疗卫生机构", "place": "330102"}


def test_a_required_column_must_be_there() -> None:
    with pytest.raises(SpreadsheetRefused) as refused:
        rows(["甲", "330102"], head=["机构名称", "所在地"])
    assert refused.value.code == "columns_missing"
