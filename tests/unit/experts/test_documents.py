"""The papers of panels: what they say, and that rows stay whole."""

from typing import Any

from qcc.experts.documents import HTML_OF, change_html, filing_html, letters_html, roster_html
from qcc.infra.pdf import render_pdf
from tests.papers import has_tofu, opened, squeezed, text_of


def member(number: int, **more: Any) -> dict[str, Any]:
    """A member as a paper is told of them."""
    return {
        "code": f"CODE{number:02d}",
        "name": f"成员{number:02d}号",
        "sex": "female",
        "employer": "测试第一医院（测试市第一人民医院、测试大学附属医院）",
        "post": "科主任",
        "title": "主任医师、教授",
        "specialty": "麻醉",
        "role": "head" if number == 1 else "member",
        "group": "临床质量组" if number == 2 else "",
        "leads": number == 2,
        "joins": "",
        **more,
    }


def content(**more: Any) -> dict[str, Any]:
    """What was fixed when the panel was approved."""
    return {
        "verification": "ABCDE23456",
        "verify_url": "https://qc.example.org/verify/ABCDE23456",
        "center": "测试省麻醉医疗质量控制中心",
        "commission": "测试省卫生健康委员会",
        "term_number": 1,
        "term_start": "2026-04-01",
        "term_end": "2030-03-31",
        "approved_on": "2026-03-02",
        "justification": "",
        "findings": [],
        "receivers": ["national_center", "evaluation_center"],
        "members": [member(number) for number in range(1, 31)],
        **more,
    }


def test_rows_of_the_roster_stay_whole_and_the_head_repeats() -> None:
    pdf = render_pdf(roster_html(content()))
    with opened(pdf) as document:
        pages = ["".join(c["text"] for c in page.chars) for page in document.pages]
        assert len(pages) > 1
        for number in range(1, 31):
            name = f"成员{number:02d}号"
            assert sum(name in squeezed(page) for page in pages) == 1
        for page in pages[:-1]:
            assert "工作单位" in squeezed(page)
        for page in document.pages:
            for row in page.find_table().rows if page.find_table() else ():
                assert row.bbox[3] < page.height
    assert "核验码：ABCDE23456" in text_of(pdf)
    assert not has_tofu(pdf)


def test_each_member_has_a_letter_of_one_page() -> None:
    joined = content(members=[member(1), member(2, joins="2027-05-06")])
    pdf = render_pdf(letters_html(joined))
    with opened(pdf) as document:
        said = [squeezed("".join(c["text"] for c in page.chars)) for page in document.pages]
    assert len(said) == 2
    assert "专家组组长" in said[0]
    assert "2026年4月1日至2030年3月31日" in said[0]
    assert "2027年5月6日至2030年3月31日" in said[1]
    assert "临床质量组组长" in said[1]
    assert "https://qc.example.org/verify/ABCDE23456" in said[1]


def test_the_filing_letter_prints_an_overridden_principle() -> None:
    broken = {"force": "principle", "article": "第十二条（五）", "source": "不超过15%"}
    text = text_of(render_pdf(filing_html(content(findings=[broken], justification="专家稀缺"))))
    assert "第十二条（五）" in text
    assert "专家稀缺" in text
    assert "国家级医疗质量控制中心、评价中心" in text
    assert "例外" not in text_of(render_pdf(filing_html(content())))


def test_every_kind_of_paper_has_its_maker() -> None:
    kinds = {
        "panel_roster",
        "appointment_letters",
        "appointment_letter",
        "filing_letter",
        "change_letter",
    }
    assert set(HTML_OF) == kinds


def test_the_letter_of_a_replacement_says_who_leaves_and_who_follows_from_when() -> None:
    said = content(
        what="调往外省工作",
        leaves=member(5),
        follows=member(31, joins="2027-05-06", group="麻醉护理组"),
    )
    text = text_of(render_pdf(change_html(said)))
    assert "成员变更备案的函" in text
    assert "（调往外省工作），成员05号不再担任" in text
    assert "由成员31号（" in text
    assert "任期自2027年5月6日至2030年3月31日" in text
    assert "例外" not in text
