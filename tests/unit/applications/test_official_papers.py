"""The official papers about a center's host: what they say, measured against GB/T 9704-2012, and
the code that leads to the page on which they are verified."""

import io
from typing import Any

import pdfplumber
import pytest
import zxingcpp

from qcc.applications.documents import HTML_OF
from qcc.infra.pdf import render_pdf
from tests.papers import MM, box_of, find, has_tofu, inked, lines, opened, squeezed, text_of

URL = "https://qc.example.org/verify/ABCDEFGHJK"
NUMBER = "浙卫医质〔2026〕12号"
CENTER = "浙江省麻醉医疗质量控制中心"
HOSPITAL = "测试大学医学院附属第一医院"
LEFT, RIGHT, TOP, BOTTOM = 28.0, 210 - 26.0, 37.0, 297 - 35.0
BROKEN = {"force": "principle", "article": "第八条（二）", "source": "原则上不超过2个"}

SHARED: dict[str, Any] = {
    "issuer": "浙江省卫生健康委员会",
    "rulebook": "浙江省医疗质量控制中心管理办法",
    "document_number": "浙卫发〔2021〕9号",
    "paper_number": NUMBER,
    "verification": "ABCDEFGHJK",
    "verify_url": URL,
    "center": CENTER,
    "institution": HOSPITAL,
}
OFFICERS = [
    {"post": "director", "name": "某院长", "employer": HOSPITAL},
    {"post": "deputy", "name": "某主任", "employer": HOSPITAL},
    {"post": "deputy", "name": "另一主任", "employer": "测试第二医院"},
]
DECISION = {
    **SHARED,
    "number": "2026-AAAAA-BBBBB",
    "approved": True,
    "reason": "",
    "findings": [],
    "officers": OFFICERS,
    "decided_on": "2026-03-02",
}
CALL = {
    **SHARED,
    "title": "2026年第一批申报",
    "centers": [CENTER],
    "institutions": [],
    "area": "浙江省",
    "reception": "浙江省医疗服务管理评价中心",
    "conditions": "",
    "opens_on": "2026-03-02",
    "closes_on": "2026-03-31",
    "published_on": "2026-03-01",
}
ROW = {
    "rank": 1,
    "institution": HOSPITAL,
    "total": "91.25",
    "mean": 90.5,
    "spread": 12,
    "below_minimum": False,
    "tied": False,
}
RESULT = {
    **SHARED,
    "addressee": "",
    "plan": "评审专家7名，满分100分。\n去掉一个最高分和一个最低分。",
    "closed_on": "2026-03-20",
    "published_on": "2026-03-22",
    "tie_decision": "",
    "rows": [ROW],
}
DESIGNATION = {
    **SHARED,
    "ground": "该专业仅有一家医疗机构具备条件。",
    "article": "第十一条",
    "officers": OFFICERS,
    "decided_on": "2026-03-02",
    "justification": "",
    "findings": [],
}
CONTENT: dict[str, dict[str, Any]] = {
    "decision": DECISION,
    "call_notice": CALL,
    "review_result": RESULT,
    "designation": DESIGNATION,
}


def made(kind: str, **changes: Any) -> bytes:
    return render_pdf(HTML_OF[kind]({**CONTENT[kind], **changes}))


@pytest.fixture(scope="module")
def approval() -> bytes:
    return made("decision")


def body(page: pdfplumber.page.Page) -> list[list[dict[str, Any]]]:
    """The lines above the page number."""
    return [line for line in lines(page) if box_of(line).top < BOTTOM]


# --- what they say ---


def test_the_approval_says_who_and_under_what_number(approval: bytes) -> None:
    text = text_of(approval)
    for words in (
        NUMBER,
        "批准你单位为浙江省麻醉医疗质量控制中心挂靠单位",
        "申报编号：2026-AAAAA-BBBBB",
        "副主任：某主任（测试大学医学院附属第一医院）、另一主任（测试第二医院）",
        "核验码：ABCDEFGHJK",
        f"核验网址：{URL}",
        "2026年3月2日",
    ):
        assert squeezed(words) in text, words
    assert "例外" not in text


def test_the_approval_prints_an_overridden_principle() -> None:
    text = text_of(made("decision", findings=[BROKEN, BROKEN], reason="专科能力突出"))
    assert text.count("第八条（二）“原则上不超过2个”") == 1
    assert "准予例外的理由：专科能力突出" in text


def test_the_refusal_says_why() -> None:
    text = text_of(made("decision", approved=False, reason="择优确定其他单位"))
    assert "不予批准你单位为浙江省麻醉医疗质量控制中心挂靠单位" in text
    assert "理由：择优确定其他单位" in text


def test_a_decision_of_before_the_register_shows_the_application_s_number() -> None:
    text = text_of(made("decision", paper_number=""))
    assert text.startswith(squeezed("浙江省卫生健康委员会文件申报编号：2026-AAAAA-BBBBB"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ["关于组织申报浙江省麻醉医疗质量控制中心挂靠单位的通知", "浙江省各医疗机构："]),
        ({}, ["自2026年3月2日起至2026年3月31日止", "受理单位：浙江省医疗服务管理评价中心"]),
        ({"institutions": ["甲医院", "乙医院"]}, ["甲医院、乙医院：", "甲医院、乙医院。"]),
        ({"institutions": list("甲乙丙丁")}, ["各有关医疗机构：", "甲、乙、丙、丁。"]),
        ({"centers": ["甲中心", "乙中心"]}, ["1．甲中心；2．乙中心。", "组织申报甲中心、乙中心"]),
        ({"centers": list("甲乙丙丁")}, ["组织申报甲等4个医疗质量控制中心挂靠单位的通知"]),
        (
            {"conditions": "须有省级重点专科。\n近三年无重大事件。"},
            ["须有省级重点专科。", "近三年"],
        ),
    ],
)
def test_the_notice_of_a_call(changes: dict[str, Any], said: list[str]) -> None:
    text = text_of(made("call_notice", **changes))
    for words in said:
        assert squeezed(words) in text, words


def test_the_designation_says_on_what_ground() -> None:
    text = text_of(made("designation", findings=[BROKEN], justification="仅此一家"))
    for words in (
        "浙卫发〔2021〕9号）第十一条的规定",
        "直接指定你单位为浙江省麻醉医疗质量控制中心挂靠单位",
        "指定理由：该专业仅有一家医疗机构具备条件。",
        "主任：某院长",
        "准予例外的理由：仅此一家",
    ):
        assert squeezed(words) in text, words
    assert "“中心”人员" not in text_of(made("designation", officers=[]))


def test_the_result_of_a_review_is_a_table_of_ranks() -> None:
    rows = [
        ROW,
        {**ROW, "rank": 2, "institution": "测试第二医院", "tied": True, "total": "80.00"},
        {**ROW, "rank": 2, "institution": "测试第三医院", "tied": True, "mean": None},
        {**ROW, "rank": 4, "institution": "测试第四医院", "below_minimum": True, "total": 50.0},
    ]
    pdf = made("review_result", rows=rows, tie_decision="经专家组表决，第二医院列第二名。")
    with opened(pdf) as document:
        page = next(page for page in document.pages if page.find_table())
        table = page.extract_table()
    cells = [[squeezed(cell) for cell in row] for row in table]
    assert cells[0] == ["名次", "申报单位", "总分", "平均分", "极差", "备注"]
    assert cells[1] == ["1", HOSPITAL, "91.25", "90.5", "12", ""]
    assert cells[2][5] == "并列"
    assert cells[3][3] == "—"
    assert cells[4][2:] == ["50", "90.5", "12", "低于最低分"]
    text = text_of(pdf)
    assert "各有关医疗机构：" in text
    assert "去掉一个最高分和一个最低分。" in text
    assert "三、并列名次的确定经专家组表决，第二医院列第二名。" in text
    assert "三、并列" not in text_of(made("review_result"))


def test_a_long_table_repeats_its_head_and_keeps_its_rows_whole() -> None:
    rows = [{**ROW, "rank": at, "institution": f"{HOSPITAL}第{at}院区"} for at in range(1, 61)]
    with opened(made("review_result", rows=rows)) as document:
        with_table = [page for page in document.pages if page.find_table()]
        assert len(with_table) > 1
        for page in with_table:
            assert squeezed(page.extract_table()[0][1]) == "申报单位"
            assert page.find_table().bbox[3] * MM <= BOTTOM + 0.1
        ranks = [row[0] for page in with_table for row in page.extract_table()[1:]]
    assert ranks == [str(at) for at in range(1, 61)]


@pytest.mark.parametrize("kind", sorted(CONTENT))
def test_no_letter_is_missing_from_the_fonts(kind: str) -> None:
    assert not has_tofu(made(kind))


# --- how it is measured ---


def test_an_approval_is_set_as_the_standard_asks(approval: bytes) -> None:
    with opened(approval) as document:
        assert len(document.pages) <= 2
        for page in document.pages:
            assert (page.width * MM, page.height * MM) == pytest.approx((210, 297), abs=0.1)
            area = box_of([char for line in body(page) for char in line])
            assert area.left >= LEFT - 0.3
            assert area.right <= RIGHT + 0.4
            assert area.top >= TOP - 0.3
            assert area.bottom <= BOTTOM + 0.3
        first = document.pages[0]
        sizes = {char["text"]: round(char["size"]) for char in inked(first)}
        title = [line for line in body(first) if {round(c["size"]) for c in line} == {22}]
        assert title
        assert sizes["悉"] == 16
        number = find(document.pages[0], "—1—")
        assert RIGHT - number.right == pytest.approx(14 * MM, abs=0.6)
        assert number.top == pytest.approx(BOTTOM + 7, abs=1.5)


def test_a_long_decision_has_22_lines_of_28_on_a_page() -> None:
    with opened(made("decision", approved=False, reason="国" * 1500)) as document:
        page = document.pages[1]
        rows = body(page)
        leading = 225 / 22
        above = (leading - 16 * MM) / 2
        area = box_of([char for line in rows for char in line])
    assert len(rows) == 22
    assert {len(row) for row in rows} == {28}
    assert (area.left, area.right) == pytest.approx((LEFT, RIGHT), abs=0.4)
    assert (area.top - above, area.bottom + above) == pytest.approx((TOP, BOTTOM), abs=0.4)


@pytest.mark.parametrize("length", range(0, 700, 56))
def test_the_code_never_stands_alone_on_a_page(length: int) -> None:
    with opened(made("decision", approved=False, reason="国" * length)) as document:
        last = "".join(char["text"] for char in inked(document.pages[-1]))
    assert "国" in last or "理由" in last, last


# --- the code ---


def read_back(pdf: bytes, page: int) -> list[str]:
    """What a reader of codes sees on the page, printed at 200 points an inch."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        picture = document.pages[page].to_image(resolution=200).original.convert("L")
    return [found.text for found in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("kind", sorted(CONTENT))
def test_the_code_on_the_paper_leads_to_its_verification(kind: str) -> None:
    assert read_back(made(kind), -1) == [URL]


def test_the_code_is_read_though_the_address_is_long() -> None:
    long = "https://medical-quality-control-centers.health.example-province.gov.cn/qcc"
    pdf = made("decision", verify_url=f"{long}/verify/ABCDEFGHJK")
    assert read_back(pdf, -1) == [f"{long}/verify/ABCDEFGHJK"]
