"""What people do with panels in a browser: rosters as workbooks, answers, receipts."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from playwright.sync_api import Locator, expect
from xlsxwriter import Workbook

from tests.e2e.visitor import Visitor

HEAD = (
    "姓名", "身份证号", "出生日期", "性别", "工作单位", "职务", "职称", "从事专业",
    "从事本专业起始日期", "专业负责人或学术威望", "健康状况", "专家组职务", "亚专业组", "组内职务",
)  # fmt: skip
FIRST, SECOND, THIRD, OTHER = (
    "浙江大学医学院附属第一医院",
    "浙江省人民医院",
    "温州医科大学附属第一医院",
    "浙江大学医学院附属第二医院",
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Row:
    """A person on the roster, as the secretary writes the row."""

    name: str
    number: str
    employer: str
    title: str = "主任医师"
    since: str = "2003-07-01"
    role: str = "成员"
    group: str = ""
    group_role: str = ""

    def cells(self) -> tuple[str, ...]:
        return (
            self.name, self.number, "", "", self.employer, "科主任", self.title, "麻醉",
            self.since, "专业负责人", "健康", self.role, self.group, self.group_role,
        )  # fmt: skip


def number_of(serial: int) -> str:
    """An identity number that nobody has, with its check digit."""
    digits = f"330106{date(1976, 1 + serial, 12):%Y%m%d}{900 + serial}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


GROUP = "临床质量组"
ROSTER = (
    Row("顾长川", number_of(1), FIRST, role="组长"),
    Row("沈望舒", number_of(2), SECOND, group=GROUP, group_role="组长"),
    Row("陆见山", number_of(3), SECOND, group=GROUP),
    Row("许知微", number_of(4), SECOND, title="副主任医师"),
    Row("韩清越", number_of(5), THIRD, role="副组长"),
    Row("方晓岚", number_of(6), THIRD),
    Row("白临川", number_of(7), OTHER),
)


def with_faults() -> tuple[Row, ...]:
    """The same with a mistyped number, a title that nobody bears, and a day that was left out."""
    rows = list(ROSTER)
    number = rows[1].number
    rows[1] = replace(rows[1], number=number[:-1] + ("1" if number[-1] != "1" else "2"))
    rows[3] = replace(rows[3], title="付主任医师师")
    rows[5] = replace(rows[5], since="")
    return tuple(rows)


def workbook(path: Path, rows: tuple[Row, ...]) -> Path:
    """The roster as a file."""
    book = Workbook(str(path))
    sheet = book.add_worksheet("专家组名单")
    for number, row in enumerate((HEAD, *(each.cells() for each in rows))):
        sheet.write_row(number, 0, row)
    book.close()
    return path


def upload(v: Visitor, file: Path) -> None:
    """From the form into the check of the roster."""
    v.page.locator("input[type=file][name=file]").set_input_files(file)
    v.press("Upload and check")


def answer(v: Visitor, expert: str, *, refusal: str = "") -> None:
    """The asked body answers about one expert, from its list."""
    v.go("Consents")
    v.leave_by(v.page.get_by_role("link", name=expert, exact=True).first)
    v.judge()
    v.page.get_by_label(v.word("We refuse" if refusal else "We consent"), exact=True).check()
    v.type("Document number", f"〔2026〕{sum(map(ord, expert)) % 90}号")
    if refusal:
        v.type("Reason of a refusal", refusal)
    v.press("Answer")
    v.sees("The answer was recorded.")


def row_of(v: Visitor, expert: str) -> Locator:
    """The row of a member on the roster."""
    return v.page.get_by_role("row").filter(has_text=expert).first


def record(v: Visitor, expert: str, scan: Path) -> None:
    """The secretary records an answer that came on paper."""
    row = row_of(v, expert)
    row.get_by_text(v.word("Record an answer on paper")).first.click()
    row.get_by_role("radio", name=v.word("Consents to it"), exact=True).check()
    row.get_by_label(v.word("Document number")).fill("纸质1号")
    row.locator("input[type=file]").set_input_files(scan)
    v.leave_by(row.get_by_role("button", name=v.word("Record"), exact=True))
    v.sees("The answer was recorded.")


def expect_state(v: Visitor, state: str) -> None:
    """The badge beside the title."""
    expect(v.page.locator(".page-title")).to_contain_text(v.word(state))
