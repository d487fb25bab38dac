"""How the minutes of a meeting are set."""

from io import BytesIO
from typing import Any

from pypdf import PdfReader

from qcc.infra.pdf import render_pdf
from qcc.meetings.documents import minutes_html

WORDS = "各市中心汇报了进展，与会专家就麻醉后监测治疗室管理、低体温发生率等问题进行了讨论。" * 3


def minutes(sections: int, **more: Any) -> list[str]:
    """The pages of minutes with so many sections."""
    task = {"what": "报送数据", "owner": "杭州市麻醉医疗质量控制中心", "due_on": "2026-04-10"}
    center = "浙江省麻醉医疗质量控制中心"
    content = {
        "center": center,
        "title": f"{center}2026年第3次调度会",
        "starts_at": "2026-03-20T14:30:00+08:00",
        "mode": "hybrid",
        "signed_on": "2026-03-23",
        "signer": "张某",
        "sections": [
            {"topic": "改进目标", "discussion": WORDS, "decision": "继续推进。", "actions": [task]}
            for _number in range(sections)
        ],
        "attended": [center, "宁波市麻醉医疗质量控制中心"],
        "excused": ["杭州市麻醉医疗质量控制中心"],
        "absent": [],
        "observed": [],
        "verification": "ABCDE23456",
        "verify_url": "https://qc.example.org/verify/ABCDE23456",
        **more,
    }
    pages = PdfReader(BytesIO(render_pdf(minutes_html(content)))).pages
    return ["".join(page.extract_text().split()) for page in pages]


def test_what_is_signed_stands_with_the_end_of_the_last_section() -> None:
    """However long the minutes are: never the signature alone on a page."""
    for sections in (2, 3, 4):
        last = minutes(sections)[-1]
        assert last.index("任务：") < last.index("出席：") < last.index("签发：张某。")


def test_minutes_say_that_the_quorum_was_missed() -> None:
    """Somebody noted as present may be taken back while the minutes are written."""
    said = "".join(minutes(1, quorum={"present": 1, "invited": 4, "share": 50}))
    assert "应出席4个单位（人），实际出席1个，未达到规定的出席比例（不少于应出席的50%）。" in said
