"""The decision on a case of prohibited conduct as it is printed."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from qcc.infra.pdf.official import OfficialPaper, official_paper_html, proof
from qcc.kernel.dates import chinese_date

Content = Mapping[str, Any]

_TITLES = {
    "unfounded": "关于{center}\n有关行为调查结果的告知书",
    "founded": "关于{center}\n违规行为的处理决定",
    "serious": "关于取消{host}\n{center}挂靠资格的决定",
}


def _day(text: str) -> str:
    return chinese_date(date.fromisoformat(text))


def _quoted(words: str) -> str:
    """Quoted; what is quoted within stands in single marks (GB/T 15834)."""
    return f"“{words.replace('“', '‘').replace('”', '’')}”"


def decision_html(content: Content) -> str:
    """What was said against the center, that it was heard, and what is decided."""
    heard = (
        "你“中心”已作陈述，我们进行了复核。"
        if content["has_statement"]
        else "你“中心”在规定期限内未作陈述。"
    )
    conduct = _quoted(content["conduct"])
    paragraphs = [
        f"经调查，认定下列事项：{content['allegation'].rstrip('。')}。该事项涉及{content['article']}"
        f"{conduct}的规定。{heard}"
        if content["verdict"] != "unfounded"
        else f"对你“中心”涉及{content['article']}{conduct}规定的有关事项，已调查完毕。{heard}",
        f"根据《{content['rulebook']}》（{content['document_number']}），{_verdict(content)}",
        f"理由：{content['reason'].rstrip('。')}。",
    ]
    title = _TITLES[content["verdict"]].format(**content)
    return official_paper_html(
        OfficialPaper(
            issuer=content["issuer"],
            title=title,
            addressee=f"{content['center']}、{content['host']}",
            paragraphs=paragraphs,
            signed_by=content["issuer"],
            signed_on=date.fromisoformat(content["decided_on"]),
            **proof(content),
        )
    )


def _verdict(content: Content) -> str:
    if content["verdict"] == "unfounded":
        return "认定违规行为不成立。"
    if content["verdict"] == "founded":
        due = content["due_on"]
        return (
            f"认定违规行为成立，责令限期整改，期限至{_day(due)}（整改要求另见限期整改通知书）。"
            if due
            else "认定违规行为成立，予以警告。"
        )
    panel = "，该专业专家组同时取消" if content["dissolves_panel"] else ""
    return (
        f"认定严重违反规定，依照{content['serious_article']}，取消{content['host']}"
        f"{content['center']}挂靠资格，自{_day(content['ends_on'])}起停止以“中心”名义开展工作{panel}，"
        "并重新遴选挂靠单位。"
    )


HTML_OF: dict[str, Callable[[Content], str]] = {"violation_decision": decision_html}
"""Kind of paper → its HTML out of the fixed content."""
