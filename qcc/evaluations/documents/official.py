"""Official papers of assessments: result (考核结果通知), revocation (撤销挂靠决定), commendation
(通报表扬). Each is a pure function of what was fixed when the paper was asked for."""

from collections.abc import Callable, Mapping, Sequence
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


def _paper(content: Content, title: str, addressee: str, paragraphs: Sequence[Paragraph]) -> str:
    return official_paper_html(
        OfficialPaper(
            issuer=content["issuer"],
            title=title,
            addressee=addressee,
            paragraphs=paragraphs,
            signed_by=content["issuer"],
            signed_on=date.fromisoformat(content["signed_on"]),
            **proof(content),
        )
    )


def _basis(content: Content) -> str:
    return f"《{content['rulebook']}》（{content['document_number']}）"


def _day(text: str) -> str:
    return chinese_date(date.fromisoformat(text))


def _sentence(text: str) -> str:
    """The text with a full stop at its end."""
    return text if text.endswith(("。", "！", "？")) else f"{text}。"


def result_html(content: Content) -> str:
    """What the center reached, group by group, whether it passed, and since when that is final."""
    verdict = content["grade"] or ("达标" if content["has_passed"] else "不达标")
    rows = [[name, most, points] for name, points, most in content["groups"]]
    consequence = (
        "请总结经验，继续做好质量控制工作。"
        if content["has_passed"]
        else "请认真分析存在的问题，按限期整改的要求落实整改。"
    )
    appealed = "（经申诉复核）" if content["appealed"] else ""
    return _paper(
        content,
        f"关于{content['center']}\n{content['year']}年度{content['kind']}结果的通知",
        f"{content['host']}、{content['center']}",
        [
            f"根据{_basis(content)}，{content['issuer']}组织开展了{content['title']}。"
            f"{content['center']}的考核结果已于{_day(content['final_on'])}生效{appealed}，现通知如下。",
            Heading(1, "一、考核结果"),
            f"总分{content['total']}分，达标分{content['pass_mark']}分，"
            f"考核等次为{verdict}{'' if content['has_passed'] else '，未达标'}。",
            Heading(1, "二、各部分得分"),
            Table(["考核内容", "满分", "得分"], rows, [60, 20, 20], frozenset({0})),
            Heading(1, "三、有关要求"),
            consequence,
        ],
    )


def revocation_html(content: Content) -> str:
    """Which two results it rests on, on which day the hosting ends, and how it goes on."""
    rows = [
        [f"{each['year']}年", each["title"], each["total"], each["pass_mark"], "不达标"]
        for each in content["results"]
    ]
    return _paper(
        content,
        f"关于撤销{content['host']}\n{content['center']}挂靠资格的决定",
        content["host"],
        [
            f"{content['center']}在{content['first_year']}年度和{content['last_year']}年度考核中"
            f"连续两年考核不达标。根据{_basis(content)}{content['article']}的规定，经研究，决定如下。",
            Heading(1, "一、撤销挂靠资格"),
            f"自{_day(content['ends_on'])}起，撤销{content['host']}作为{content['center']}挂靠单位的资格，"
            "主任、常务副主任、副主任和联络秘书的职务同时终止。",
            Heading(1, "二、认定的事实"),
            Table(
                ["年度", "考核", "总分", "达标分", "结果"],
                rows,
                [14, 44, 14, 14, 14],
                frozenset({1}),
            ),
            f"理由：{_sentence(content['reason'])}",
            Heading(1, "三、后续工作"),
            f"{content['center']}的专家组继续履职，挂靠单位专家所占比例按新的挂靠单位重新核定。"
            "我委将另行组织遴选新的挂靠单位。请做好资料、数据和经费的清点移交工作。",
        ],
    )


def commendation_html(content: Content) -> str:
    """The centers that are commended, each with its result and the reason."""
    rows = [
        [str(at), each["center"], each["host"], each["total"]]
        for at, each in enumerate(content["centers"], start=1)
    ]
    reasons = [
        f"（{at}）{each['center']}：{_sentence(each['reason'])}"
        for at, each in enumerate(content["centers"], start=1)
    ]
    return _paper(
        content,
        f"关于{content['year']}年度{content['kind']}\n优秀中心的通报",
        "各质控中心、技术指导中心及其挂靠单位",
        [
            f"{content['title']}已经结束。根据考核结果，经研究，决定对下列"
            f"{len(rows)}个考核等次为{content['grade']}的中心予以通报表扬。",
            Heading(1, "一、名单"),
            Table(["序号", "中心", "挂靠单位", "总分"], rows, [10, 40, 36, 14], frozenset({1, 2})),
            Heading(1, "二、主要成绩"),
            *reasons,
            Heading(1, "三、有关要求"),
            "希望受到表扬的中心再接再厉。各中心要学习先进经验，不断提高质量控制工作水平。",
        ],
    )


HTML_OF: dict[str, Callable[[Content], str]] = {
    "assessment_result": result_html,
    "revocation_decision": revocation_html,
    "commendation": commendation_html,
}
"""Kind of paper → its HTML out of the fixed content."""
