"""The proposal of a meeting: cloned from the last, with what is still open on the agenda."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from qcc.centers.models import Center
from qcc.centers.queries import lock_center
from qcc.centers.workflow import CenterState
from qcc.experts.queries import KnownExpert, find_upper_center, list_known_experts
from qcc.infra import audit, clock
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.transitions import begin
from qcc.infra.workdays import is_working
from qcc.kernel.dates import SHANGHAI, legal_date
from qcc.kernel.permissions import Actor
from qcc.kernel.reminders import DAY, IsWorking, last_working_day, next_working_day
from qcc.meetings.models import AgendaEntry, Capacity, Invitation, Meeting, MeetingMode
from qcc.meetings.permissions import is_own
from qcc.meetings.queries import (
    established_before,
    last_meeting,
    list_lower_centers,
    list_open_items,
    next_number,
)
from qcc.meetings.rules.agenda import Topic, carried_over, next_agenda
from qcc.meetings.rules.compliance import last_day
from qcc.meetings.services.telling import tell_own
from qcc.meetings.workflow import MEETING, PREPARED, MeetingState

STANDING = (
    Topic("通报上次会议任务落实情况", "联络秘书", 10),
    Topic("年度改进目标落实情况", "中心主任", 30),
    Topic("医疗质量安全（不良）事件发生与溯源情况", "常务副主任", 20),
)
"""The topics that the Seven name for the meeting (item 4), for a center's first one."""

USUAL_TIME = time(14, 30)
NOTICE_DAYS = 7


def propose_meeting(actor: Actor) -> Meeting:
    """The center's next meeting, with everything it takes over from the last one."""
    if actor.center_id is None or not is_own(actor, actor.center_id):
        raise NotFound
    center = lock_center(actor.center_id)
    last = last_meeting(center.id)
    if last is not None and _is_being_prepared(last, clock.today()):
        raise Refused(_l("A meeting is being prepared already."))
    meeting = make_proposal(center, last, clock.today())
    begin(MEETING, meeting, "propose", actor)
    return meeting


def _is_being_prepared(meeting: Meeting, today: date) -> bool:
    """Whether the meeting is to come; one of an earlier month that nobody held nor called off keeps
    no other back."""
    return meeting.state in PREPARED and legal_date(meeting.starts_at) >= today.replace(day=1)


def make_proposal(center: Center, last: Meeting | None, today: date) -> Meeting:
    """The row with its agenda and invitations, flushed."""
    starts_at = next_time(last.starts_at if last else None, today, is_working)
    year = legal_date(starts_at).year
    number = next_number(center.id, year)
    meeting = Meeting(
        center_id=center.id,
        center=center,
        year=year,
        number=number,
        title=f"{center.name}{year}年第{number}次调度会",
        state=MeetingState.PROPOSED,
        mode=last.mode if last else MeetingMode.HYBRID,
        starts_at=starts_at,
        venue=last.venue if last else "",
        link=last.link if last else "",
        created_at=clock.now(),
    )
    fill_agenda(meeting, last)
    meeting.invitations = _invited_again(center, last) if last else _first_invited(center)
    db.session.add(meeting)
    db.session.flush()
    return meeting


def next_time(last: datetime | None, today: date, is_working: IsWorking) -> datetime:
    """A month after the last meeting, on the same day and hour; with the notice it takes if that
    has passed, or if there was none. On a working day, of the same month if one is left in it."""
    earliest = today + timedelta(days=NOTICE_DAYS)
    if last is None:
        return datetime.combine(worked_day(earliest, earliest, is_working), USUAL_TIME, SHANGHAI)
    local = last.astimezone(SHANGHAI)
    year, month = (local.year + 1, 1) if local.month == 12 else (local.year, local.month + 1)
    day = max(date(year, month, min(local.day, last_day(year, month).day)), earliest)
    return datetime.combine(worked_day(day, earliest, is_working), local.time(), SHANGHAI)


def worked_day(day: date, earliest: date, is_working: IsWorking) -> date:
    """The day itself if it is worked, else the next that is; but the last before it, if the next is
    of another month and the notice allows it."""
    after, before = next_working_day(day, is_working), last_working_day(day, is_working)
    is_better = after.month != day.month and before.month == day.month and before >= earliest
    return before if is_better else after


def fill_agenda(meeting: Meeting, last: Meeting | None) -> None:
    """What is still open, then the standing topics."""
    standing = [_topic(entry) for entry in last.agenda] if last else list(STANDING)
    carried = carried_over(list_open_items(meeting.center_id), legal_date(meeting.starts_at))
    for position, topic in enumerate(next_agenda(standing, carried)):
        meeting.agenda.append(
            AgendaEntry(
                position=position,
                title=topic.title,
                presenter=topic.presenter[:60],
                minutes=topic.minutes,
                action_id=topic.action_id,
            )
        )


def _topic(entry: AgendaEntry) -> Topic:
    return Topic(entry.title, entry.presenter, entry.minutes, entry.action_id)


def _invited_again(center: Center, last: Meeting) -> list[Invitation]:
    """Those of the last meeting, as they are called now: not the centers that are no longer at
    work, nor the experts who left; and the centers below that were established since."""
    upper, lower = find_upper_center(center), list_lower_centers(center)
    centers = {each.id: each.name for each in (center, *([upper] if upper else []), *lower)}
    experts = {each.person_id: each for each in list_known_experts(center)}
    again = [
        _renewed(each, centers, experts)
        for each in last.invitations
        if each.is_guest or each.center_id in centers or each.person_id in experts
    ]
    known = established_before(list(centers), legal_date(last.created_at) + DAY)
    known |= {each.center_id for each in again if each.center_id is not None}
    return [*again, *(_to_center(each) for each in lower if each.id not in known)]


def _renewed(
    last: Invitation, centers: Mapping[int, str], experts: Mapping[int, KnownExpert]
) -> Invitation:
    """The same anew, unanswered, under the present name."""
    name, organization = last.name, last.organization
    if last.center_id is not None:
        name = centers[last.center_id]
    elif last.person_id is not None:
        name, organization = experts[last.person_id].name, experts[last.person_id].employer
    return Invitation(
        capacity=last.capacity,
        center_id=last.center_id,
        person_id=last.person_id,
        name=name,
        organization=organization,
        email=last.email,
    )


def _first_invited(center: Center) -> list[Invitation]:
    """The center itself and those of its specialty below it."""
    return [_to_center(each) for each in (center, *list_lower_centers(center))]


def _to_center(center: Center) -> Invitation:
    return Invitation(capacity=Capacity.ATTENDING, center_id=center.id, name=center.name)


def propose_by_clock(center_id: int, today: date) -> bool:
    """Propose the meeting of the month for a center that has none; whether it did."""
    center, last = lock_center(center_id), last_meeting(center_id)
    if last is not None and legal_date(last.starts_at) >= today.replace(day=1):
        return False
    meeting = make_proposal(center, last, today)
    audit.record(None, "meeting.proposed", "meeting", meeting.id, {"title": meeting.title})
    tell_own(meeting, "meeting.proposed")
    return True


def propose_all(today: date) -> int:
    """Propose the meeting of the month for every center at work; how many."""
    centers = sa.select(Center.id).where(
        Center.state.in_((CenterState.ESTABLISHED, CenterState.RECTIFYING))
    )
    keys = db.session.scalars(centers.order_by(Center.id)).all()
    return sum(propose_by_clock(key, today) for key in keys)
