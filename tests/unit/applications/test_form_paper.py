"""The statutory form as paper: the annex's cells in the annex's places, one page, nothing lost."""

import random
from dataclasses import replace
from datetime import date

import pdfplumber
import pytest

from qcc.applications.documents import (
    DirectorEntry,
    ExecutiveDeputyEntry,
    FormPaper,
    application_form_html,
)
from qcc.applications.documents.form import COLUMNS, ROWS
from qcc.infra.pdf import render_pdf
from qcc.infra.pdf.fitting import CONTINUED
from tests.papers import MM, Box, find, font_names, has_tofu, inked, opened, squeezed, text_of

REASON = (
    "本院重症医学科为省级临床重点专科，设床位九十六张，有完善的质量管理体系和质量控制标准。"
    "2025年收治患者3126例，VAP发生率为1.8‰，均优于全国平均水平；近三年未发生重大事件。\n"
)
ABILITY = "从事重症医学工作二十八年，主持国家级项目三项，熟悉医疗质量管理的法律法规和技术规范。"
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

PAPER = FormPaper(
    title_province="浙江省",
    institution_name="示例市第一人民医院",
    legal_representative="林某某",
    is_national_center_host=False,
    is_national_center_lead=True,
    center_name="浙江省重症医学质量控制中心",
    director=DirectorEntry("张某甲", "院长", "主任医师", "全院工作、医疗质量与安全管理"),
    executive_deputy=ExecutiveDeputyEntry(
        "李某乙", "重症医学科主任", "主任医师、教授", "重症医学", ABILITY
    ),
    reason=REASON,
    submission_number="330000-2026-0001",
    content_hash=HASH,
    submitted_on=date(2026, 3, 1),
)
LEFT, TABLE_TOP = 22.0, 19 + 60 * MM + 5


def _made(**changes: object) -> bytes:
    return render_pdf(application_form_html(replace(PAPER, **changes)))  # type: ignore[arg-type]


def _deputy(**changes: str) -> ExecutiveDeputyEntry:
    return replace(PAPER.executive_deputy, **changes)


@pytest.fixture(scope="module")
def made() -> bytes:
    return _made()


@pytest.fixture(scope="module")
def long_form() -> bytes:
    return _made(reason=REASON * 20, executive_deputy=_deputy(ability=ABILITY * 12))


def _cell(row: int, first: int, end: int, rows: int = 1) -> Box:
    """The cell of the annex's grid, in millimetres on the page."""
    left, top = LEFT + sum(COLUMNS[:first]), TABLE_TOP + sum(ROWS[:row])
    return Box(left, top, left + sum(COLUMNS[first:end]), top + sum(ROWS[row : row + rows]))


def _stands_in(text: Box, cell: Box) -> bool:
    return (
        cell.left <= text.left
        and text.right <= cell.right + 0.2
        and cell.top <= text.top
        and text.bottom <= cell.bottom
    )


# What stands where: text, how many times it stood before, row, columns, rows spanned.
LABELS = [
    ("医疗机构名称", 0, 0, 0, 1, 1),
    ("法定代表人", 0, 0, 4, 5, 1),
    ("是否国家质控中心挂靠单位", 0, 1, 0, 4, 1),
    ("是否国家医学中心或国家区域医疗中心牵头建设单位", 0, 2, 0, 4, 1),
    ("拟申请“中心”名称", 0, 3, 0, 1, 1),
    ("拟任“中心”主任基本情况", 0, 4, 0, 1, 2),
    ("姓名", 0, 4, 1, 2, 1),
    ("职务", 0, 4, 3, 4, 1),
    ("职称", 0, 4, 5, 6, 1),
    ("分管工作", 0, 5, 1, 2, 1),
    ("拟任“中心”常务副主任基本情况", 0, 6, 0, 1, 2),
    ("姓名", 1, 6, 1, 2, 1),
    ("职务", 1, 6, 3, 4, 1),
    ("职称", 1, 6, 5, 6, 1),
    ("从事专业", 0, 7, 1, 2, 1),
    ("专业水平能力", 0, 7, 3, 4, 1),
    ("申请理由", 0, 8, 0, 1, 1),
    ("单位意见", 0, 9, 0, 1, 1),
]
VALUES = [
    ("示例市第一人民医院", 0, 0, 1, 4, 1),
    ("林某某", 0, 0, 5, 7, 1),
    ("是☐否☑", 0, 1, 4, 7, 1),
    ("是☑否☐", 0, 2, 4, 7, 1),
    ("浙江省重症医学质量控制中心", 0, 3, 1, 7, 1),
    ("张某甲", 0, 4, 2, 3, 1),
    ("院长", 0, 4, 4, 5, 1),
    ("主任医师", 0, 4, 6, 7, 1),
    ("全院工作、医疗质量与安全管理", 0, 5, 2, 7, 1),
    ("李某乙", 0, 6, 2, 3, 1),
    ("重症医学科主任", 0, 6, 4, 5, 1),
    ("主任医师、教授", 0, 6, 6, 7, 1),
    ("重症医学", 2, 7, 2, 3, 1),
    (ABILITY, 0, 7, 4, 7, 1),
    ("（可附页）", 0, 8, 1, 7, 1),
    (squeezed(REASON), 0, 8, 1, 7, 1),
    ("法人代表签字：", 0, 9, 1, 7, 1),
    ("单位盖章：", 0, 9, 1, 7, 1),
    ("日期：年月日", 0, 9, 1, 7, 1),
]


@pytest.mark.parametrize(("text", "nth", "row", "first", "end", "rows"), [*LABELS, *VALUES])
def test_cells_stand_where_the_annex_has_them(
    made: bytes, text: str, nth: int, row: int, first: int, end: int, rows: int
) -> None:
    with opened(made) as document:
        found = find(document.pages[0], text, nth)
    assert _stands_in(found, _cell(row, first, end, rows))


@pytest.mark.parametrize(("text", "nth", "row", "first", "end", "rows"), LABELS)
def test_labels_are_in_the_middle_of_their_cells(
    made: bytes, text: str, nth: int, row: int, first: int, end: int, rows: int
) -> None:
    with opened(made) as document:
        found = find(document.pages[0], text, nth)
    assert found.middle == pytest.approx(_cell(row, first, end, rows).middle, abs=0.6)


def test_borders_are_the_annexs_grid_and_even(made: bytes) -> None:
    with opened(made) as document:
        page = document.pages[0]
        edges = [*page.rects, *page.lines]
        across = sorted({round(edge["top"] * MM) for edge in edges if edge["width"] > 60})
        assert len({round(min(edge["width"], edge["height"]), 1) for edge in edges}) <= 2
    expected = [round(TABLE_TOP + sum(ROWS[:row])) for row in range(len(ROWS) + 1)]
    assert all(min(abs(line - row) for line in across) <= 1 for row in expected)


def test_one_page_a4_in_chinese_fonts(made: bytes) -> None:
    with opened(made) as document:
        assert len(document.pages) == 1
        page = document.pages[0]
        assert (page.width * MM, page.height * MM) == pytest.approx((210, 297), abs=0.1)
        letters = {char["text"]: char["fontname"].partition("+")[2] for char in inked(page)}
    assert letters["院"] == "FandolFang"
    assert letters["☑"] == "DejaVu-Sans"
    assert not has_tofu(made)
    assert font_names(made) == {
        "FandolFang", "Noto-Serif-CJK-SC", "Noto-Serif-CJK-SC-Bold", "DejaVu-Sans",
    }  # fmt: skip


def test_title_stands_in_two_lines_in_the_middle(made: bytes) -> None:
    with opened(made) as document:
        page = document.pages[0]
        upper = find(page, "浙江省医疗质量控制中心和医疗技术指导中心")
        lower = find(page, "设置申请表")
        assert {round(char["size"]) for char in inked(page)[:25]} == {22}
    assert upper.bottom <= lower.top + 2
    for box in (upper, lower):
        assert box.middle[0] == pytest.approx(105, abs=0.5)
        assert box.bottom - box.top < 22 * MM * 1.6


@pytest.mark.parametrize("place", ["浙江省", "新疆维吾尔自治区", "黔东南苗族侗族自治州", "市"])
def test_title_of_any_place_is_one_line_and_moves_nothing(place: str) -> None:
    with opened(_made(title_province=place)) as document:
        page = document.pages[0]
        title = find(page, f"{place}医疗质量控制中心和医疗技术指导中心")
        assert title.left > LEFT - 0.5
        assert title.right < 210 - LEFT + 0.5
        assert title.bottom - title.top < 12
        assert _stands_in(find(page, "单位意见"), _cell(9, 0, 1))


@pytest.mark.parametrize("fixture", ["made", "long_form"])
def test_room_for_ink_is_left_empty(fixture: str, request: pytest.FixtureRequest) -> None:
    cell = _cell(9, 1, 7)
    with opened(request.getfixturevalue(fixture)) as document:
        page = document.pages[0]
        inside = page.crop(tuple(value / MM for value in vars(cell).values()))
        assert squeezed(inside.extract_text()) == "法人代表签字：单位盖章：日期：年月日"
        sign, seal = find(page, "法人代表签字："), find(page, "单位盖章：")
        dated = find(page, "日期：")
    assert sign.left == pytest.approx(seal.left, abs=0.2) == pytest.approx(dated.left, abs=0.2)
    assert seal.top - sign.bottom > 6
    assert dated.top - seal.bottom > 6
    assert cell.right - sign.right > 40


def test_footer_has_number_hash_and_page(long_form: bytes) -> None:
    with opened(long_form) as document:
        assert len(document.pages) > 1
        for at, page in enumerate(document.pages, start=1):
            number = find(page, f"—{at}—")
            assert number.middle[0] == pytest.approx(105, abs=1)
            assert number.top > TABLE_TOP + sum(ROWS)
            assert find(page, "申报编号：330000-2026-0001").left == pytest.approx(LEFT, abs=0.5)
            short = find(page, f"校验码：{HASH[:16]}")
            assert short.right == pytest.approx(210 - LEFT, abs=0.5)
            assert find(page, f"SHA-256{HASH}").bottom < 297 - 5


def test_long_texts_continue_on_attached_pages(long_form: bytes) -> None:
    with opened(long_form) as document:
        first, *attached = document.pages
        assert _stands_in(find(first, CONTINUED, 0), _cell(7, 4, 7))
        assert _stands_in(find(first, CONTINUED, 1), _cell(8, 1, 7))
        assert _stands_in(find(first, "单位意见"), _cell(9, 0, 1))
        heads = [squeezed(page.extract_text())[:2] for page in attached]
    assert heads[0] == "附页"
    whole = text_of(long_form)
    assert whole.index("申请理由（续）") < whole.index("常务副主任专业水平能力（续）")


def _without_frame(pdf: bytes) -> str:
    """All text but the footers, so that what runs over a page reads on."""
    with opened(pdf) as document:
        return "".join(
            char["text"] for page in document.pages for char in inked(_above_footer(page))
        )


def _above_footer(page: pdfplumber.page.Page) -> pdfplumber.page.Page:
    return page.crop((0, 0, page.width, (TABLE_TOP + sum(ROWS) + 1) / MM))


def _holds(pdf: bytes, text: str, heading: str) -> bool:
    """Whether *text* is in the PDF, whole or parted at the mark of continuation."""
    whole, wanted = _without_frame(pdf), squeezed(text)
    if wanted in whole:
        return True
    ends = [at for at in range(len(whole)) if whole.startswith(CONTINUED, at)]
    rest_at = whole.index(f"{heading}（续）") + len(heading) + 3
    return any(
        whole[:end].endswith(wanted[:size]) and whole.startswith(wanted[size:], rest_at)
        for end in ends
        for size in range(len(wanted))
        if whole[end - 1] == wanted[size - 1]
    )


def test_nothing_is_lost(long_form: bytes) -> None:
    assert _holds(long_form, REASON * 20, "申请理由")
    assert _holds(long_form, ABILITY * 12, "专业水平能力")
    assert not _holds(long_form, REASON * 20 + "少", "申请理由")


ODD = {
    "one endless word": "a" * 1500,
    "wide letters": "W@M%" * 300,
    "punctuation only": "，。" * 500,
    "brackets": "（（（（" * 200,
    "short paragraphs": "一。\n" * 80,
    "spaces": "a b " * 400,
    "signs of other fonts": "镕㎡☑噁" * 150,
    "beyond the basic plane": "𠮷" * 400,
    "numbers and units": "1.8‰/2025年，≤60%；" * 80,
    "markup": "<b>&amp;</b><script>1</script>{{ 7*7 }}" * 20,
}


@pytest.mark.parametrize("kind", ODD)
def test_odd_texts_keep_page_one_and_lose_nothing(kind: str) -> None:
    text = ODD[kind]
    made = _made(reason=text, executive_deputy=_deputy(ability=text))
    with opened(made) as document:
        first = document.pages[0]
        assert _stands_in(find(first, "单位意见"), _cell(9, 0, 1))
        assert _stands_in(find(first, "日期：年月日"), _cell(9, 1, 7))
        assert "附页" in squeezed(document.pages[1].extract_text())[:2]
    assert _holds(made, text, "申请理由")
    assert _holds(made, text, "专业水平能力")


@pytest.mark.parametrize("step", [170, pytest.param(15, marks=pytest.mark.soak)])
def test_texts_of_every_length_keep_page_one(step: int) -> None:
    chance = random.Random(3)
    letters = "质控中心医疗机构，。；（）“”、ABab 019.%—"
    for length in range(20, 700, step):
        text = "".join(chance.choices(letters, k=length))
        made = _made(reason=text, executive_deputy=_deputy(ability=text))
        with opened(made) as document:
            first = document.pages[0]
            assert _stands_in(find(first, "单位意见"), _cell(9, 0, 1)), text
        assert _holds(made, text, "申请理由"), text
        assert _holds(made, text, "专业水平能力"), text


def test_long_names_stay_in_their_cells() -> None:
    name = "示例大学医学院附属示例市第一人民医院（示例省重症医学研究院、示例市急救中心）"
    made = _made(
        institution_name=name,
        center_name="浙江省" + "重症医学与体外生命支持技术" * 3 + "质量控制中心",
        legal_representative="买买提·阿不都热合曼",
        director=DirectorEntry("阿不都热合曼·买买提", "党委书记、院长兼重症医学科主任",
                               "主任医师、二级教授、博士生导师", "分管" * 40),
        executive_deputy=_deputy(specialty="心血管内科学与介入诊疗技术", post="大内科主任兼教师"),
    )  # fmt: skip
    with opened(made) as document:
        assert len(document.pages) == 1
        page = document.pages[0]
        assert _stands_in(find(page, name), _cell(0, 1, 4))
        assert _stands_in(find(page, "阿不都热合曼·买买提"), _cell(4, 2, 3))
        assert _stands_in(find(page, "主任医师、二级教授、博士生导师"), _cell(4, 6, 7))
        assert _stands_in(find(page, "心血管内科学与介入诊疗技术"), _cell(7, 2, 3))
        assert _stands_in(find(page, "单位意见"), _cell(9, 0, 1))


def test_absurdly_long_names_continue_on_attached_pages_too() -> None:
    name = "示例市人民医院" * 60
    made = _made(institution_name=name)
    assert _holds(made, name, "医疗机构名称")
    with opened(made) as document:
        assert _stands_in(find(document.pages[0], "单位意见"), _cell(9, 0, 1))


def test_an_empty_form_is_the_annex() -> None:
    blank = DirectorEntry("", "", "", "")
    made = _made(
        institution_name="", legal_representative="", center_name="", reason="", director=blank,
        executive_deputy=ExecutiveDeputyEntry("", "", "", "", ""),
    )  # fmt: skip
    with opened(made) as document:
        assert len(document.pages) == 1
        for text, nth, row, first, end, rows in LABELS:
            assert _stands_in(find(document.pages[0], text, nth), _cell(row, first, end, rows))


def test_a_draft_says_so_on_every_page_and_has_no_number() -> None:
    made = _made(draft=True, reason=REASON * 20)
    whole = text_of(made)
    assert "330000-2026-0001" not in whole
    assert HASH[:16] not in whole
    with opened(made) as document:
        assert len(document.pages) > 1
        for page in document.pages:
            large = {char["text"] for char in inked(page) if char["height"] > 60}
            assert large == {"草", "稿"}


def test_the_same_application_gives_the_same_bytes(made: bytes) -> None:
    assert _made() == made
    assert _made(reason=REASON + "。") != made
