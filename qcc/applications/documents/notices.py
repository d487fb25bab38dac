"""Official papers that are published about a call: its notice, and what is announced later.

Each is a pure function of what was fixed when the paper was asked for, as those in ``official``.
"""

from collections.abc import Sequence

from qcc.applications.documents.official import NAMED, Content, addressees, basis, day, paper
from qcc.infra.pdf.official import Heading


def call_notice_html(content: Content) -> str:
    """The notice of a call (申报通知).

    Keys: issuer, title (the call's own), centers, institutions (those named; none: all of the
    jurisdiction), area (the jurisdiction), reception, conditions, opens_on, closes_on,
    published_on, rulebook, document_number.
    """
    centers: Sequence[str] = content["centers"]
    whom: Sequence[str] = content["institutions"]
    several = len(centers) > 1
    return paper(
        content,
        f"关于组织申报{_named(centers, '个医疗质量控制中心')}\n挂靠单位的通知",
        addressees(content["area"], whom),
        [
            f"根据{basis(content)}，为做好医疗质量控制中心（以下简称“中心”）设置工作，"
            f"现组织申报“中心”挂靠单位（{content['title']}），有关事项通知如下。",
            Heading(1, "一、申报的“中心”"),
            *((_listed(centers)) if several else [f"{centers[0]}。"]),
            Heading(1, "二、申报单位"),
            f"{'、'.join(whom)}。" if whom else f"{content['area']}辖区内的医疗机构。",
            Heading(1, "三、申报条件"),
            f"申报单位和拟任“中心”人员应当符合{basis(content)}规定的条件。",
            *str(content["conditions"]).splitlines(),
            Heading(1, "四、申报时间"),
            f"自{day(content['opens_on'])}起至{day(content['closes_on'])}止。"
            "以医疗质量控制中心管理系统收到的时间为准，逾期不予受理。",
            Heading(1, "五、申报方式"),
            "申报单位登录医疗质量控制中心管理系统，填写设置申请表和申报报告，上传证明材料，"
            f"提交后打印设置申请表，签字盖章后上传扫描件。受理单位：{content['reception']}。",
        ],
        signed_on="published_on",
    )


def _named(names: Sequence[str], counted: str) -> str:
    if len(names) <= NAMED:
        return "、".join(names)
    return f"{names[0]}等{len(names)}{counted}"


def _listed(names: Sequence[str]) -> list[str]:
    last = len(names)
    return [f"{at}．{name}{'。' if at == last else '；'}" for at, name in enumerate(names, start=1)]


def extension_notice_html(content: Content) -> str:
    """The closing of a call is put off (补充公告).

    Keys: those of the notice that name the call, whom it addresses and who receives, and
    ``notice`` (the number of the call's notice), closed_on, closes_on, reason, published_on.
    """
    return paper(
        content,
        f"关于延长{_named(content['centers'], '个医疗质量控制中心')}\n挂靠单位申报时间的补充公告",
        addressees(content["area"], content["institutions"]),
        [
            f"{_call(content)}申报截止时间由{day(content['closed_on'])}"
            f"延长至{day(content['closes_on'])}。以医疗质量控制中心管理系统收到的时间为准，"
            "逾期不予受理。",
            f"延长理由：{_sentence(content['reason'])}",
            "延长后的申报时间适用于全部申报单位，已提交的申请继续有效；其他事项仍按原通知执行。",
        ],
        signed_on="published_on",
    )


def ending_notice_html(content: Content) -> str:
    """A center is taken out of a call (终止申报公告).

    Keys: as above, with ``center`` (the one that is no longer called for), reason, ended_on, and
    ``goes_on``: whether the call goes on for other centers.
    """
    return paper(
        content,
        f"关于终止{content['center']}\n挂靠单位申报的公告",
        addressees(content["area"], content["institutions"]),
        [
            f"{_call(content)}中{content['center']}挂靠单位的申报，"
            f"自{day(content['ended_on'])}起终止，不再受理申请。",
            f"终止理由：{_sentence(content['reason'])}",
            *(["该通知所列其他“中心”挂靠单位的申报照常进行。"] if content["goes_on"] else []),
        ],
        signed_on="ended_on",
    )


def _call(content: Content) -> str:
    """The call by its own title and the number of its notice."""
    number = f"（{content['notice']}）" if content["notice"] else ""
    return f"根据{basis(content)}，经研究，申报通知{number}发布的“{content['title']}”"


def _sentence(text: str) -> str:
    """With its full stop, typed or not."""
    return text if text.endswith(("。", "！", "？", "；")) else f"{text}。"
