"""Official papers about the choice of a center's host: review result, approval, refusal,
designation; what is published about a call is in ``notices``.

Each is a pure function of what was fixed when the paper was asked for; ``paper_number``,
``verification`` and ``verify_url`` are added when it is rendered.
"""

from collections.abc import Mapping, Sequence
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

POSTS = {
    "director": "主任",
    "executive_deputy": "常务副主任",
    "deputy": "副主任",
    "secretary": "联络秘书",
}
NAMED = 3
"""So many centers or institutions are named in a title or as addressees; more are counted."""


def paper(
    content: Content,
    title: str,
    addressee: str,
    paragraphs: Sequence[Paragraph],
    *,
    signed_on: str,
    otherwise: str = "",
) -> str:
    """An official paper in the issuer's name; *signed_on* is the key of its day."""
    return official_paper_html(
        OfficialPaper(
            issuer=content["issuer"],
            title=title,
            addressee=addressee,
            paragraphs=paragraphs,
            signed_by=content["issuer"],
            signed_on=date.fromisoformat(content[signed_on]),
            **proof(content, otherwise=otherwise),
        )
    )


def basis(content: Content) -> str:
    """The regulation that it rests on, with its number."""
    return f"《{content['rulebook']}》（{content['document_number']}）"


def day(text: str) -> str:
    """A day in the words of papers."""
    return chinese_date(date.fromisoformat(text))


def addressees(area: str, whom: Sequence[str]) -> str:
    """Whom a paper addresses: the named institutions, or all of an area (none named)."""
    if not whom:
        return f"{area}各医疗机构"
    return "、".join(whom) if len(whom) <= NAMED else "各有关医疗机构"


# --- the decision ---


def decision_html(content: Content) -> str:
    """The commission's decision; a justification of an overridden principle rule is printed with
    the rule's article.

    Keys: issuer, institution, center, number (of the application), approved, reason, findings,
    officers, decided_on, rulebook, document_number.
    """
    approved = bool(content["approved"])
    institution, center = content["institution"], content["center"]
    verdict = "同意" if approved else "不予同意"
    return paper(
        content,
        f"关于{verdict}{institution}\n挂靠设置{center}的决定",
        institution,
        _approval(content) if approved else _refusal(content),
        signed_on="decided_on",
        otherwise=f"申报编号：{content['number']}",
    )


def _received(content: Content) -> str:
    return (
        f"你单位关于设置{content['center']}的申请（申报编号：{content['number']}）收悉。"
        f"根据{basis(content)}，经审核，"
    )


def _staff(content: Content) -> str:
    named: dict[str, list[str]] = {}
    for officer in content["officers"]:
        named.setdefault(officer["post"], []).append(f"{officer['name']}（{officer['employer']}）")
    staff = "；".join(f"{POSTS[post]}：{'、'.join(named[post])}" for post in POSTS if post in named)
    return f"“中心”人员：{staff}。"


_DUTIES = "请你单位按照规定落实“中心”工作经费、办公场所、设备和人员，保障“中心”工作正常开展。"


def _approval(content: Content) -> list[str]:
    return [
        f"{_received(content)}批准你单位为{content['center']}挂靠单位。",
        _staff(content),
        *_justification(content, content["reason"]),
        _DUTIES,
    ]


def _justification(content: Content, reason: str) -> list[str]:
    overridden = [f for f in content["findings"] if f["force"] == "principle"]
    if not overridden:
        return []
    articles = "、".join(dict.fromkeys(f"{f['article']}“{f['source']}”" for f in overridden))
    return [f"本次设置不符合{articles}的原则性规定，准予例外的理由：{reason}"]


def _refusal(content: Content) -> list[str]:
    return [
        f"{_received(content)}不予批准你单位为{content['center']}挂靠单位。",
        f"理由：{content['reason']}",
    ]


# --- designation ---


def designation_html(content: Content) -> str:
    """A center's host designated without a competition (直接指定决定).

    Keys: issuer, institution, center, ground (why, in words), article (that permits it, such as
    第八条), officers (each post, name, employer; may be none), decided_on, rulebook,
    document_number, justification, findings.
    """
    institution, center = content["institution"], content["center"]
    return paper(
        content,
        f"关于指定{institution}\n为{center}挂靠单位的决定",
        institution,
        [
            f"根据{basis(content)}{content['article']}的规定，经研究，直接指定你单位为"
            f"{center}挂靠单位。",
            f"指定理由：{content['ground']}",
            *([_staff(content)] if content["officers"] else []),
            *_justification(content, content["justification"]),
            _DUTIES,
        ],
        signed_on="decided_on",
    )


# --- the review of a competition ---


def review_result_html(content: Content) -> str:
    """The result of an expert review (评审结果通报): the ranks, and how a tie was decided.

    Keys: issuer, center, addressee (may be empty: then the institutions of the rows), rulebook,
    document_number, plan (how points are given, one paragraph for each line), closed_on,
    published_on, tie_decision (empty if there was no tie), rows: each rank, institution, total,
    mean, spread, below_minimum, tied. Points may be numbers or words; None is a dash.
    """
    rows: Sequence[Content] = content["rows"]
    institutions = [row["institution"] for row in rows]
    remarks = {"tied": "并列", "below_minimum": "低于最低分"}
    return paper(
        content,
        f"关于{content['center']}\n挂靠单位申报评审结果的通报",
        content["addressee"] or addressees("", institutions),
        [
            f"根据{basis(content)}，{content['center']}挂靠单位申报的专家评审已于"
            f"{day(content['closed_on'])}结束，评审结果通报如下。",
            Heading(1, "一、评审方案"),
            *str(content["plan"]).splitlines(),
            Heading(1, "二、评审结果"),
            Table(
                head=("名次", "申报单位", "总分", "平均分", "极差", "备注"),
                rows=[
                    (
                        _points(row["rank"]),
                        row["institution"],
                        _points(row["total"]),
                        _points(row["mean"]),
                        _points(row["spread"]),
                        "、".join(word for key, word in remarks.items() if row[key]),
                    )
                    for row in rows
                ],
                widths=(12, 56, 18, 20, 16, 34),
                words=frozenset({1}),
            ),
            *_tie(content["tie_decision"]),
        ],
        signed_on="published_on",
    )


def _tie(decision: str) -> list[Paragraph]:
    if not decision:
        return []
    return [Heading(1, "三、并列名次的确定"), *decision.splitlines()]


def _points(value: Any) -> str:
    """88.5 for 88.50, 90 for 90.0; words as they are."""
    if value is None:
        return "—"
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
