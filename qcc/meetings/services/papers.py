"""The papers of a meeting, asked for in the transaction of the act: notice, attendance sheet,
minutes. What they say is fixed then."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from qcc.centers.queries import current_hosting
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.papers import Paper, list_papers_of
from qcc.infra.scans import scope_papers
from qcc.kernel.dates import SHANGHAI
from qcc.kernel.permissions import Actor
from qcc.meetings.models import Amendment, Capacity, Invitation, Meeting, Reply
from qcc.meetings.permissions import is_own, may_read_minutes, meeting_is_visible_to
from qcc.meetings.services.attendance import quorum_of
from qcc.meetings.workflow import ActionState

NOTICE, SHEET, MINUTES = "meeting_notice", "attendance_sheet", "meeting_minutes"
CHANGE, CANCELLATION = "meeting_change", "meeting_cancellation"
AMENDMENT = "minutes_amendment"
TITLES = {
    NOTICE: "会议通知",
    SHEET: "签到表",
    CHANGE: "会议变更通知",
    CANCELLATION: "取消会议通知",
    MINUTES: "会议纪要",
    AMENDMENT: "会议纪要更正",
}
SUBJECTS = {
    NOTICE: "meeting",
    SHEET: "meeting",
    CHANGE: "meeting",
    CANCELLATION: "meeting",
    MINUTES: "minutes",
    AMENDMENT: "minutes",
}
"""What a paper is about: the meeting, which all read who were invited, or its signed minutes."""


def _seen(actor: Actor, meeting_id: int) -> Meeting | None:
    seen = sa.select(Meeting).join(Meeting.center).where(meeting_is_visible_to(actor))
    return db.session.scalars(seen.where(Meeting.id == meeting_id)).first()


def _may_read(actor: Actor, meeting_id: int) -> bool:
    return _seen(actor, meeting_id) is not None


def _may_read_minutes(actor: Actor, meeting_id: int) -> bool:
    meeting = _seen(actor, meeting_id)
    return meeting is not None and may_read_minutes(actor, meeting)


def _may_seal(actor: Actor, paper: Paper) -> bool:
    return is_own(actor, db.session.get_one(Meeting, paper.subject_id).center_id)


scope_papers("meeting", _may_read, _may_seal)
scope_papers("minutes", _may_read_minutes, _may_seal)


def list_papers(meeting: Meeting, reads_minutes: bool) -> list[Paper]:
    """The papers of a meeting that the reader may see, newest first."""
    subjects = ("meeting", "minutes") if reads_minutes else ("meeting",)
    return [paper for subject in subjects for paper in list_papers_of(subject, meeting.id)]


def ask_for_notice(meeting: Meeting) -> None:
    """The notice, and the sheet on which those present sign."""
    for kind in (NOTICE, SHEET):
        _ask(meeting, kind, _content(meeting))


def ask_for_change(meeting: Meeting, before: datetime) -> None:
    """The notice that a meeting takes place otherwise than told, and a sheet that says so too."""
    content = {**_content(meeting), "before": before.astimezone(SHANGHAI).isoformat()}
    for kind in (CHANGE, SHEET):
        _ask(meeting, kind, content)


def ask_for_minutes(meeting: Meeting) -> None:
    """The minutes as they were signed."""
    sections = [
        {
            "topic": section.topic,
            "discussion": section.discussion,
            "decision": section.decision,
            "actions": [
                {"what": item.what, "owner": item.owner, "due_on": item.due_on.isoformat()}
                for item in section.actions
                if item.state is not ActionState.DROPPED
            ],
        }
        for section in meeting.sections
    ]
    signer = meeting.signer.name if meeting.signer else ""
    quorum = quorum_of(meeting)
    more = {
        "sections": sections,
        "signer": signer,
        "quorum": asdict(quorum) if quorum else None,
        **_attendance(meeting),
    }
    _ask(meeting, MINUTES, {**_content(meeting), **more})


def ask_for_cancellation(meeting: Meeting, reason: str) -> None:
    """The notice that a meeting is called off."""
    _ask(meeting, CANCELLATION, {**_content(meeting), "reason": reason})


def ask_for_amendment(meeting: Meeting, amendment: Amendment) -> None:
    """What is added to signed minutes, why, and by which two."""
    decider = amendment.decider.name if amendment.decider else ""
    more = {
        "text": amendment.text,
        "reason": amendment.reason,
        "proposer": amendment.proposer.name,
        "decider": decider,
    }
    _ask(meeting, AMENDMENT, {**_content(meeting), **more})


def _ask(meeting: Meeting, kind: str, content: dict[str, Any]) -> None:
    hosting = current_hosting(meeting.center_id)
    if hosting is None:
        return
    about = list_papers_of(SUBJECTS[kind], meeting.id)
    earlier = [paper.round for paper in about if paper.kind == kind]
    db.session.add(
        Paper(
            kind=kind,
            subject_type=SUBJECTS[kind],
            subject_id=meeting.id,
            round=max(earlier, default=0) + 1,
            owner_id=hosting.institution_id,
            name=f"{meeting.title}{TITLES[kind]}.pdf",
            title=TITLES[kind],
            issuer=meeting.center.name,
            dated_on=clock.today(),
            content=content,
            rulebook_version=meeting.rulebook_version,
            asked_at=clock.now(),
        )
    )


def _content(meeting: Meeting) -> dict[str, Any]:
    return {
        "center": meeting.center.name,
        "title": meeting.title,
        "year": meeting.year,
        "number": meeting.number,
        "starts_at": meeting.starts_at.astimezone(SHANGHAI).isoformat(),
        "mode": meeting.mode.value,
        "venue": meeting.venue,
        "link": meeting.link,
        "signed_on": clock.today().isoformat(),
        "agenda": [
            {"title": each.title, "presenter": each.presenter, "minutes": each.minutes}
            for each in meeting.agenda
        ],
        "invited": [
            {"name": each.name, "organization": each.organization, "capacity": each.capacity.value}
            for each in meeting.invitations
        ],
    }


def _named(invitation: Invitation) -> str:
    """某中心（某某代）."""
    of = f"{invitation.organization}" if invitation.organization else ""
    substitute = f"（{invitation.substitute}代）" if invitation.reply is Reply.SUBSTITUTE else ""
    return f"{of}{invitation.name}{substitute}"


def _attendance(meeting: Meeting) -> dict[str, list[str]]:
    """Who attended (出席), who was excused or absent (请假), who sat in (列席)."""
    there = [each for each in meeting.invitations if each.signed_in_at]
    attending = [each for each in there if each.capacity is Capacity.ATTENDING]
    away = [
        each
        for each in meeting.invitations
        if not each.signed_in_at and each.capacity is Capacity.ATTENDING
    ]
    return {
        "attended": [_named(each) for each in attending],
        "excused": [_named(each) for each in away if each.reply is Reply.NO],
        "absent": [_named(each) for each in away if each.reply is not Reply.NO],
        "observed": [_named(each) for each in there if each.capacity is Capacity.OBSERVING],
    }
