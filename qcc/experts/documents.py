"""The papers of a panel: its roster, letters of appointment (聘书), filing letters (备案函).

What they say was fixed when the commission approved the panel, or a replacement in it.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from qcc.infra.pdf import paper_html
from qcc.infra.pdf.official import OfficialPaper, official_paper_html, proof
from qcc.infra.pdf.qr import qr_svg
from qcc.kernel.dates import chinese_date

ROLES = {"head": "组长", "deputy_head": "副组长", "member": "成员"}
SEXES = {"male": "男", "female": "女"}
RECEIVERS = {
    "national_center": "国家级医疗质量控制中心",
    "evaluation_center": "评价中心",
    "upper_center": "上一级“中心”",
}

Content = Mapping[str, Any]


def _day(text: str) -> str:
    return chinese_date(date.fromisoformat(text))


def _seat(member: Content) -> str:
    """专家组组长；临床质量组组长."""
    group = member["group"]
    words = [f"专家组{ROLES[member['role']]}"]
    if group:
        words.append(f"{group}{'组长' if member['leads'] else '成员'}")
    return "、".join(words)


def roster_html(content: Content) -> str:
    """The roster as a table; rows do not split and the head repeats."""
    rows = [
        {**member, "sex": SEXES.get(member["sex"], ""), "seat": _seat(member)}
        for member in content["members"]
    ]
    return paper_html(
        "panel_roster",
        content=content,
        rows=rows,
        qr=qr_svg(content["verify_url"]),
        start=_day(content["term_start"]),
        end=_day(content["term_end"]),
        approved=_day(content["approved_on"]),
    )


def letters_html(content: Content) -> str:
    """Letters of appointment, one page for each member; a successor's begins on the day of
    joining."""
    letters = [
        {**member, "seat": _seat(member), "start": _day(member["joins"] or content["term_start"])}
        for member in content["members"]
    ]
    return paper_html(
        "appointment_letters",
        content=content,
        letters=letters,
        qr=qr_svg(content["verify_url"]),
        end=_day(content["term_end"]),
        approved=_day(content["approved_on"]),
    )


def filing_html(content: Content) -> str:
    """The letter with which an approved panel is filed; an overridden principle is printed."""
    return _letter_of_filing(
        content,
        f"关于报送{content['center']}\n第{content['term_number']}届专家组名单备案的函",
        f"{content['center']}第{content['term_number']}届专家组名单已征得专家所在单位和属地"
        f"卫生健康行政部门同意，经{content['commission']}审核通过。专家组共"
        f"{len(content['members'])}人，任期自{_day(content['term_start'])}至"
        f"{_day(content['term_end'])}。现报送备案。",
    )


def change_html(content: Content) -> str:
    """The letter with which a replacement in an approved panel is filed."""
    leaves, follows = content["leaves"], content["follows"]
    return _letter_of_filing(
        content,
        f"关于报送{content['center']}\n第{content['term_number']}届专家组成员变更备案的函",
        f"因工作变动（{content['what']}），{leaves['name']}"
        f"不再担任{content['center']}第{content['term_number']}届专家组成员，"
        f"由{follows['name']}（{follows['employer']}，{follows['title']}）接任{_seat(follows)}，"
        f"任期自{_day(follows['joins'])}至{_day(content['term_end'])}。上述变更已征得接任专家所在单位"
        f"和属地卫生健康行政部门同意，经{content['commission']}审核通过。变更后专家组共"
        f"{len(content['members'])}人。现报送备案。",
    )


def _letter_of_filing(content: Content, title: str, body: str) -> str:
    """To whom it is filed with, with the roster; an overridden principle is printed."""
    overridden = [f for f in content["findings"] if f["force"] == "principle"]
    exception = (
        [
            "该专家组不符合"
            + "、".join(dict.fromkeys(f"{f['article']}“{f['source']}”" for f in overridden))
            + f"的原则性规定，准予例外的理由：{content['justification'].rstrip('。')}。"
        ]
        if overridden
        else []
    )
    return official_paper_html(
        OfficialPaper(
            issuer=content["center"],
            title=title,
            addressee="、".join(RECEIVERS.get(name, name) for name in content["receivers"]),
            paragraphs=[body, *exception],
            attachments=[f"{content['center']}专家组名单"],
            signed_by=content["center"],
            signed_on=date.fromisoformat(content["approved_on"]),
            **proof(content),
        )
    )


HTML_OF: dict[str, Callable[[Content], str]] = {
    "panel_roster": roster_html,
    "appointment_letters": letters_html,
    "appointment_letter": letters_html,
    "filing_letter": filing_html,
    "change_letter": change_html,
}
"""Kind of paper → its HTML out of the fixed content."""
