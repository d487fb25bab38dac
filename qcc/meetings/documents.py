"""The papers of a meeting: notice (会议通知), attendance sheet (签到表), minutes (会议纪要).

What they say was fixed when the notice was sent, or the minutes were signed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from qcc.infra.pdf import paper_html
from qcc.infra.pdf.official import Heading, OfficialPaper, Table, official_paper_html, proof
from qcc.infra.pdf.qr import qr_svg
from qcc.kernel.dates import chinese_date
from qcc.meetings.rules.attendance import Quorum

Content = Mapping[str, Any]

MODES = {"in_person": "现场会议", "online": "线上会议", "hybrid": "现场与线上相结合"}
CAPACITIES = {"attending": "出席", "observing": "列席"}
NUMERALS = "一二三四五六七八九十"
SPARE_ROWS = 6
"""Empty rows on the attendance sheet, for those who come unannounced."""


def _when(text: str) -> str:
    """2026年3月9日14:30."""
    moment = datetime.fromisoformat(text)
    return f"{chinese_date(moment.date())}{moment:%H:%M}"


def _where(content: Content) -> str:
    places = [content["venue"]] if content["venue"] else []
    if content["mode"] != "in_person" and content["link"]:
        places.append(f"线上地址：{content['link']}")
    return "；".join(places) or "另行通知"


def _numeral(at: int) -> str:
    """一 … 十, 十一 … 十九, 二十 …"""
    tens, ones = divmod(at, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{NUMERALS[tens - 1]}十"
    return head + (NUMERALS[ones - 1] if ones else "")


def _invited(content: Content, capacity: str) -> list[str]:
    return [
        f"{each['organization']}{each['name']}"
        for each in content["invited"]
        if each["capacity"] == capacity
    ]


def _titled(content: Content, before: str, after: str) -> str:
    """The title on two lines, parted behind the name of the center that it begins with."""
    center, title = content["center"], content["title"]
    rest = title.removeprefix(center)
    parted = f"{center}\n{rest}" if rest and rest != title else title
    return f"{before}{parted}{after}"


def notice_html(content: Content) -> str:
    """The notice of a meeting with its agenda."""
    observing = _invited(content, "observing")
    rows = [
        [str(at), each["title"], each["presenter"] or "—", f"{each['minutes']}分钟"]
        for at, each in enumerate(content["agenda"], start=1)
    ]
    total = sum(each["minutes"] for each in content["agenda"])
    return official_paper_html(
        OfficialPaper(
            issuer=content["center"],
            title=_titled(content, "关于召开", "的通知"),
            addressee="各参会单位",
            paragraphs=[
                f"为落实每月调度工作要求，定于近期召开{content['title']}，现将有关事项通知如下。",
                Heading(1, "一、会议时间"),
                f"{_when(content['starts_at'])}，预计{total}分钟。",
                Heading(1, "二、会议方式和地点"),
                f"{MODES[content['mode']]}。{_where(content)}。",
                Heading(1, "三、参会人员"),
                f"出席：{'、'.join(_invited(content, 'attending'))}。",
                *([f"列席：{'、'.join(observing)}。"] if observing else []),
                Heading(1, "四、会议议程"),
                Table(["序号", "议题", "汇报人", "时长"], rows, [10, 54, 22, 14], frozenset({1})),
                Heading(1, "五、有关要求"),
                "请收到通知后在系统内回复是否参会；不能参会的，请说明原因或委派人员参加。",
            ],
            signed_by=content["center"],
            signed_on=date.fromisoformat(content["signed_on"]),
            **proof(content),
        )
    )


def sheet_html(content: Content) -> str:
    """The sheet on which those present sign, with room for more."""
    rows = [
        {
            "organization": each["organization"] or each["name"],
            "name": each["name"] if each["organization"] else "",
            "capacity": CAPACITIES[each["capacity"]],
        }
        for each in content["invited"]
    ]
    spare = [{"organization": "", "name": "", "capacity": ""}] * SPARE_ROWS
    return paper_html(
        "attendance_sheet",
        content=content,
        rows=[*rows, *spare],
        when=_when(content["starts_at"]),
        where=content["venue"] or MODES[content["mode"]],
        qr=qr_svg(content["verify_url"]),
    )


def minutes_html(content: Content) -> str:
    """The minutes as signed, with those present, excused and sitting in (出席、请假、列席)."""
    ending = [
        *_attendance(content),
        *_quorum(content),
        *([f"签发：{content['signer']}。"] if content.get("signer") else []),
    ]
    return official_paper_html(
        OfficialPaper(
            issuer=content["center"],
            title=_titled(content, "", "纪要"),
            addressee="各参会单位",
            paragraphs=[
                f"{_when(content['starts_at'])}，{content['center']}召开{content['title']}"
                f"（{MODES[content['mode']]}）。现将会议议定事项纪要如下。",
                *(line for at, s in enumerate(content["sections"], 1) for line in _section(at, s)),
                *ending,
            ],
            signed_by=content["center"],
            signed_on=date.fromisoformat(content["signed_on"]),
            masthead="会议纪要",
            tail=len(ending) + 1,
            **proof(content, otherwise=_ordinal(content)),
        )
    )


def _ordinal(content: Content) -> str:
    """2026年第3次; minutes that were signed before this stood in them have none."""
    return f"{content['year']}年第{content['number']}次" if "number" in content else ""


def _section(at: int, section: Content) -> list[Any]:
    lines: list[Any] = [Heading(1, f"{_numeral(at)}、{section['topic']}")]
    lines += section["discussion"].splitlines()
    if section["decision"]:
        first, *rest = section["decision"].splitlines()
        lines += [f"会议议定：{first}", *rest]
    lines += [
        f"任务：{each['what']}。责任单位（人）：{each['owner']}；"
        f"完成时限：{chinese_date(date.fromisoformat(each['due_on']))}。"
        for each in section["actions"]
    ]
    return lines


def _attendance(content: Content) -> list[str]:
    words: Sequence[tuple[str, str]] = (
        ("出席", "attended"),
        ("请假", "excused"),
        ("未到", "absent"),
        ("列席", "observed"),
    )
    return [f"{word}：{'、'.join(content[key])}。" for word, key in words if content[key]]


def _quorum(content: Content) -> list[str]:
    """Whether as many attended as the rulebook asks for, where it asks; minutes that were signed
    before this stood in them say nothing."""
    if not content.get("quorum"):
        return []
    quorum = Quorum(**content["quorum"])
    word = "达到" if quorum.is_reached else "未达到"
    return [
        f"应出席{quorum.invited}个单位（人），实际出席{quorum.present}个，{word}规定的出席比例"
        f"（不少于应出席的{quorum.share}%）。"
    ]


def _plain_notice(content: Content, title: str, paragraphs: Sequence[str]) -> str:
    return official_paper_html(
        OfficialPaper(
            issuer=content["center"],
            title=title,
            addressee="各参会单位",
            paragraphs=paragraphs,
            signed_by=content["center"],
            signed_on=date.fromisoformat(content["signed_on"]),
            **proof(content),
        )
    )


def change_html(content: Content) -> str:
    """The notice that a meeting takes place otherwise than told; what it says goes before."""
    paragraphs = [
        f"原定于{_when(content['before'])}召开的{content['title']}，会议安排变更如下。",
        f"会议时间：{_when(content['starts_at'])}。",
        f"会议方式和地点：{MODES[content['mode']]}。{_where(content)}。",
        "此前发出的会议通知与本通知不一致的，以本通知为准。请各参会单位相互转告。",
    ]
    return _plain_notice(content, _titled(content, "关于变更", "安排的通知"), paragraphs)


def cancellation_html(content: Content) -> str:
    """The notice that a meeting is called off, and why."""
    told = f"原定于{_when(content['starts_at'])}召开的{content['title']}现予取消。"
    paragraphs = [told, f"取消原因：{_sentence(content['reason'])}", "请各参会单位相互转告。"]
    return _plain_notice(content, _titled(content, "关于取消", "的通知"), paragraphs)


def amendment_html(content: Content) -> str:
    """What is added to minutes that were signed."""
    paragraphs = [
        f"现对{content['title']}纪要作如下更正，其余内容不变。",
        *content["text"].splitlines(),
        f"更正理由：{_sentence(content['reason'])}",
        f"提出：{content['proposer']}。审定：{content['decider']}。",
    ]
    return _plain_notice(content, _titled(content, "关于更正", "纪要的通知"), paragraphs)


def _sentence(text: str) -> str:
    """The text with a full stop at its end."""
    return text if text.endswith(("。", "！", "？")) else f"{text}。"


HTML_OF: dict[str, Callable[[Content], str]] = {
    "meeting_notice": notice_html,
    "attendance_sheet": sheet_html,
    "meeting_minutes": minutes_html,
    "meeting_change": change_html,
    "meeting_cancellation": cancellation_html,
    "minutes_amendment": amendment_html,
}
"""Kind of paper → its HTML out of the fixed content."""
