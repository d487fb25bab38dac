"""What is published about a call, as numbered papers of the commission that issued it: shown on the
call's page to everybody whom it addresses. Each is the last thing of its act."""

from datetime import date, timedelta
from typing import Any

from qcc.applications.models import Audience, Call, CallEnding, CallExtension
from qcc.infra.papers import Paper, list_papers_of
from qcc.kernel.dates import legal_date
from qcc.organizations.queries import get_place
from qcc.organizations.services import issue_numbered
from qcc.regulations.rulebooks import rulebook_for

CALL_NOTICE = "call_notice"
SECOND = timedelta(seconds=1)


def issue_call_notice(call: Call) -> Paper:
    """The notice of a call that is being published."""
    published = legal_date(call.published_at)
    return _issue(
        call,
        CALL_NOTICE,
        "申报通知",
        {
            "reception": call.reception.name,
            "conditions": call.conditions,
            "opens_on": legal_date(call.opens_at).isoformat(),
            "closes_on": _closing_day(call).isoformat(),
            "published_on": published.isoformat(),
        },
        published,
    )


def issue_extension_notice(call: Call, extension: CallExtension) -> Paper:
    """The closing of the call is put off."""
    published = legal_date(extension.at)
    return _issue(
        call,
        "extension_notice",
        "补充公告",
        {
            "notice": _notice_number(call),
            "closed_on": legal_date(extension.closed_at - SECOND).isoformat(),
            "closes_on": _closing_day(call).isoformat(),
            "reason": extension.reason,
            "published_on": published.isoformat(),
        },
        published,
    )


def issue_ending_notice(call: Call, ending: CallEnding, *, goes_on: bool) -> Paper:
    """A center is taken out of the call; *goes_on*: others are still called for."""
    ended = legal_date(ending.at)
    return _issue(
        call,
        "ending_notice",
        "终止申报公告",
        {
            "notice": _notice_number(call),
            "center": next(c.name for c in call.centers if c.id == ending.center_id),
            "reason": ending.reason,
            "ended_on": ended.isoformat(),
            "goes_on": goes_on,
        },
        ended,
    )


def _closing_day(call: Call) -> date:
    return legal_date(call.closes_at - SECOND)


def _notice_number(call: Call) -> str:
    """The number of the call's own notice."""
    papers = list_papers_of("call", call.id)
    return next((paper.number for paper in papers if paper.kind == CALL_NOTICE), "")


def _issue(call: Call, kind: str, title: str, content: dict[str, Any], day: date) -> Paper:
    """Ask for a paper about the call, under the issuer's next number; what every such paper says
    of the call is added."""
    book = rulebook_for(call.place, day)
    named = call.addressees if call.audience is Audience.NAMED else []
    earlier = sum(paper.kind == kind for paper in list_papers_of("call", call.id))
    again = f"第{earlier + 1}号" if earlier else ""
    return issue_numbered(
        call.issuer,
        kind=kind,
        title=title,
        name=f"{call.title}（{title}{again}）.pdf",
        subject=("call", call.id),
        owner_id=call.issuer_id,
        content={
            "issuer": call.issuer.name,
            "title": call.title,
            "centers": [center.name for center in call.centers],
            "institutions": [institution.name for institution in named],
            "area": get_place(call.place).name,
            "rulebook": book.title,
            "document_number": book.document_number,
            **content,
        },
        rulebook_version=book.version,
        round_=earlier + 1,
        dated_on=day,
    )
