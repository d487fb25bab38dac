"""The rectification order as it is printed (限期整改通知书)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from qcc.infra.pdf.official import (
    Heading,
    OfficialPaper,
    Paragraph,
    Table,
    official_paper_html,
    proof,
)
from qcc.kernel.dates import chinese_date

Content = Mapping[str, Any]

_SOURCES = {
    "violation": "经查，你“中心”存在违反管理规定的行为。",
    "supervision": "经监督检查，你“中心”工作存在需要整改的问题。",
}


def _day(text: str) -> str:
    return chinese_date(date.fromisoformat(text))


def order_html(content: Content) -> str:
    """What was found, what is to be put right by when, and what is to be handed in."""
    due = _day(content["due_on"])
    paragraphs: list[Paragraph] = [
        f"{_found(content)}{_basis(content)}现责令你“中心”限期整改，并将有关要求通知如下。",
        Heading(1, "一、整改事项"),
        _table(content),
        Heading(1, "二、整改期限"),
        f"请于{due}前（含当日）完成整改。",
        Heading(1, "三、有关要求"),
        "请逐项制定整改措施，明确责任人和完成时间，并提交佐证材料；整改效果由未承担整改工作的"
        "人员复核。逾期未整改的，将逐级上报。",
    ]
    if content["reason"]:
        paragraphs.insert(1, f"下达理由：{content['reason'].rstrip('。')}。")
    return official_paper_html(
        OfficialPaper(
            issuer=content["issuer"],
            title=f"关于责令{content['center']}\n限期整改的通知",
            addressee=f"{content['center']}、{content['host']}",
            paragraphs=paragraphs,
            signed_by=content["issuer"],
            signed_on=date.fromisoformat(content["issued_on"]),
            **proof(content, otherwise="限期整改通知书"),
        )
    )


def _found(content: Content) -> str:
    if content["basis"] != "assessment":
        return _SOURCES[content["basis"]]
    what = "述职评价" if content["is_debrief"] else "考核"
    return (
        f"你“中心”在{content['round']}中得{content['total']}分，低于合格分数线"
        f"{content['pass_mark']}分，{what}结果为不达标。"
    )


def _basis(content: Content) -> str:
    if not content.get("rulebook"):
        return ""
    return f"根据《{content['rulebook']}》（{content['document_number']}），"


def _table(content: Content) -> Table:
    rows = [
        (str(number), "".join((item["item"], item["title"])) or "—", item["lost"] or "—",
         item["wanted"])
        for number, item in enumerate(content["items"], 1)
    ]  # fmt: skip
    return Table(("序号", "项目", "失分", "整改要求"), rows, (8, 32, 12, 48), frozenset({1, 3}))


HTML_OF: dict[str, Callable[[Content], str]] = {"rectification_order": order_html}
"""Kind of paper → its HTML out of the fixed content."""
