"""Official papers measured with a ruler against GB/T 9704-2012."""

from collections.abc import Sequence
from datetime import date

import pytest
from markupsafe import Markup

from qcc.infra.pdf import render_pdf
from qcc.infra.pdf.official import Heading, OfficialPaper, official_paper_html
from tests.papers import (
    MM,
    Box,
    box_of,
    find,
    font_names,
    has_tofu,
    inked,
    lines,
    opened,
    page_with,
    text_of,
)

ISSUER = "示例省卫生健康委员会"
BODY = "经审核和组织专家评议，你单位申请设置的示例省重症医学质量控制中心符合规定的条件。"
LEFT, RIGHT, TOP, BOTTOM = 28.0, 210 - 26.0, 37.0, 297 - 35.0


def _paper(paragraphs: Sequence[str | Heading] = (BODY,), **changes: object) -> OfficialPaper:
    values = {
        "issuer": ISSUER,
        "number": "示卫发〔2026〕3号",
        "title": "关于同意设置示例省重症医学\n质量控制中心的批复",
        "addressee": "示例市第一人民医院",
        "paragraphs": paragraphs,
        "signed_by": ISSUER,
        "signed_on": date(2026, 3, 1),
    }
    return OfficialPaper(**(values | changes))  # type: ignore[arg-type]


def _made(paragraphs: Sequence[str | Heading] = (BODY,), **changes: object) -> bytes:
    return render_pdf(official_paper_html(_paper(paragraphs, **changes)))


@pytest.fixture(scope="module")
def long_paper() -> bytes:
    return _made(["国" * 2000])


@pytest.fixture(scope="module")
def short_paper() -> bytes:
    return _made()


def _body(page: object) -> list[list[dict]]:
    """The lines above the page number."""
    return [line for line in lines(page) if box_of(line).top < BOTTOM]  # type: ignore[arg-type]


def test_page_is_a4_and_full_pages_have_22_lines_of_28(long_paper: bytes) -> None:
    with opened(long_paper) as document:
        page = document.pages[1]
        assert (page.width * MM, page.height * MM) == pytest.approx((210, 297), abs=0.1)
        body = _body(page)
        assert len(body) == 22
        assert {len(line) for line in body} == {28}


def test_type_area_has_its_margins(long_paper: bytes) -> None:
    with opened(long_paper) as document:
        area = box_of([char for line in _body(document.pages[1]) for char in line])
    leading = 225 / 22
    above = (leading - 16 * MM) / 2  # a letter stands in the middle of its line
    assert area.left == pytest.approx(LEFT, abs=0.2)
    assert area.right == pytest.approx(RIGHT, abs=0.3)
    assert area.top - above == pytest.approx(TOP, abs=0.3)
    assert area.bottom + above == pytest.approx(BOTTOM, abs=0.3)


def test_first_lines_are_two_characters_in_and_end_with_the_others(long_paper: bytes) -> None:
    with opened(long_paper) as document:
        first = next(line for line in _body(document.pages[0]) if line[0]["text"] == "国")
    assert len(first) == 26
    assert box_of(first).left - LEFT == pytest.approx(2 * 156 / 28, abs=0.1)
    assert box_of(first).right == pytest.approx(RIGHT, abs=0.3)


def test_sizes_and_fonts() -> None:
    made = _made([Heading(1, "一、总体要求"), Heading(2, "（一）目标"), Heading(3, "1.任务"), BODY])
    with opened(made) as document:
        page = document.pages[0]
        seen = {char["text"]: (char["fontname"][7:], round(char["size"])) for char in inked(page)}
    assert seen["经"] == ("FandolFang", 16)
    assert seen["批"] == ("Noto-Serif-CJK-SC-Bold", 22)
    assert seen["总"] == ("Noto-Sans-CJK-SC", 16)
    assert seen["目"] == ("FandolKai", 16)
    assert seen["任"] == ("FandolFang", 16)
    assert seen["—"] == ("Noto-Serif-CJK-SC", 14)
    assert not has_tofu(made)
    assert "FandolFang" in font_names(made)


def test_masthead_number_and_title_are_centered(short_paper: bytes) -> None:
    center = (LEFT + RIGHT) / 2
    with opened(short_paper) as document:
        page = document.pages[0]
        masthead = find(page, f"{ISSUER}文件")
        number = find(page, "示卫发〔2026〕3号")
        titles = find(page, "关于同意设置示例省重症医学"), find(page, "质量控制中心的批复")
        assert page.chars[0]["non_stroking_color"][0] > 0.8  # red
    for box in (masthead, number, *titles):
        assert box.middle[0] == pytest.approx(center, abs=0.6)
    assert masthead.top == pytest.approx(TOP + 35, abs=3)
    assert masthead.bottom < number.top < titles[0].top < titles[1].top


def test_a_long_line_of_the_title_comes_out_even() -> None:
    name = "关于同意示例大学医学院附属示例市第一人民医院"
    with opened(_made(title=f"{name}\n设置质量控制中心的批复")) as document:
        page = document.pages[0]
        rows = [line for line in _body(page) if round(line[0]["size"]) == 22]
        assert [len(row) for row in rows] == [11, 11, 11]
        assert find(page, name).bottom <= find(page, "设置质量控制中心的批复").top + 2


def test_page_numbers_stand_at_the_outer_edges(long_paper: bytes) -> None:
    with opened(long_paper) as document:
        numbers = [find(page, f"—{at}—") for at, page in enumerate(document.pages, start=1)]
    letter = 14 * MM
    assert len(numbers) >= 3
    for at, box in enumerate(numbers, start=1):
        outer = RIGHT - box.right if at % 2 else box.left - LEFT
        assert outer == pytest.approx(letter, abs=0.6)
        assert box.top == pytest.approx(BOTTOM + 7, abs=1.5)


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 12, 31)])
def test_issuer_stands_over_the_date_four_characters_from_the_right(day: date) -> None:
    with opened(_made(signed_on=day)) as document:
        page = document.pages[0]
        issuer = find(page, ISSUER, nth=1)
        signed = find(page, f"{day.year}年{day.month}月{day.day}日")
    assert RIGHT - signed.right == pytest.approx(4 * 16 * MM, abs=1)
    assert issuer.middle[0] == pytest.approx(signed.middle[0], abs=0.5)
    assert issuer.bottom < signed.top


def test_signature_never_stands_alone() -> None:
    for length in range(300, 620, 28):
        with opened(_made(["国" * length])) as document:
            last = document.pages[-1]
            assert any(char["text"] == "国" for char in inked(last)), length


def test_attachments_stand_under_each_other() -> None:
    names = ["人员名单", "专家组名单"]
    with opened(_made(attachments=names)) as document:
        page = page_with(document, "附件：")
        first, second = (find(page, name) for name in names)
        assert find(page, "附件：").left - LEFT == pytest.approx(2 * 16 * MM, abs=0.3)
    assert first.left == pytest.approx(second.left, abs=0.1)
    assert first.bottom < second.top


def test_verification_stands_last_with_its_picture() -> None:
    picture = Markup('<svg viewBox="0 0 2 2"><path d="M0 0h1v1h-1z"/></svg>')
    with opened(_made(qr_svg=picture, verification="核验编号 A1")) as document:
        page = document.pages[-1]
        words = find(page, "核验编号A1")
        assert words.top == pytest.approx(max(box_of(line).top for line in _body(page)), abs=1)
        squares = [curve for curve in (*page.rects, *page.curves) if curve["width"] * MM > 9]
        assert any(square["x1"] * MM < words.left for square in squares)


def test_values_are_escaped() -> None:
    made = _made(["<b>甲</b> & <img src=file:///etc/passwd>"])
    assert "<b>甲</b>&<imgsrc=file:///etc/passwd>" in text_of(made)


def test_long_names_stay_in_one_line() -> None:
    name = "示例壮族自治区卫生健康委员会办公室"
    with opened(_made(issuer=name, signed_by=name)) as document:
        page = document.pages[0]
        boxes: list[Box] = [find(page, f"{name}文件"), find(page, name, nth=1)]
    for box in boxes:
        assert box.left >= LEFT - 0.5
        assert box.right <= RIGHT + 0.5
        assert box.bottom - box.top < 17
