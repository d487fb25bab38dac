"""The dispatch meetings of the demo: one with signed minutes and a task, the next one announced."""

from datetime import date, datetime, time, timedelta

from qcc.centers.models import Center
from qcc.demo.acts import at, do
from qcc.demo.panels import desk
from qcc.infra import clock
from qcc.infra.db import db
from qcc.kernel.dates import SHANGHAI
from qcc.kernel.permissions import Actor, Role
from qcc.meetings.models import Capacity, Meeting, MeetingMode
from qcc.meetings.services import following, holding, inviting, preparing, proposing
from qcc.meetings.services.preparing import MeetingPlan

DISCUSSION = "（演示）各参会单位汇报了工作进展，围绕存在的问题进行了讨论。"
DECISION = "（演示）各中心继续按年度工作计划推进，下次会议通报落实情况。"
ROOM = "行政楼三楼会议室（演示）"


def load_meetings(center_id: int) -> None:
    """A meeting three weeks ago, from its notice to its signed minutes, and one in nine days."""
    secretary = desk(Role.CENTER_SECRETARY, center_id)
    director = desk(Role.CENTER_DIRECTOR, center_id)
    today = clock.today()
    day = today - timedelta(days=21)
    with at(day - timedelta(days=7)):
        key = _announced(secretary, center_id, day)
    with at(day, 17):
        meeting = db.session.get_one(Meeting, key)
        present = [each.id for each in meeting.invitations]
        for invitation_id in present:
            do(holding.sign_in, secretary, key, invitation_id, True)
        do(lambda: holding.hold(secretary, key, _version(key)))
        do(lambda: holding.draft_minutes(secretary, key, _version(key)))
        do(lambda: _write(secretary, key))
    with at(day + timedelta(days=1)):
        do(lambda: holding.circulate(secretary, key, _version(key)))
    with at(day + timedelta(days=5)):
        do(lambda: holding.sign_minutes(director, key, _version(key)))
    with at(today - timedelta(days=1)):
        _announced(secretary, center_id, today + timedelta(days=9))


def _version(key: int) -> int:
    return db.session.get_one(Meeting, key, populate_existing=True).version


def _announced(secretary: Actor, center_id: int, day: date) -> int:
    key = do(lambda: proposing.propose_meeting(secretary).id)
    specialty = db.session.get_one(Center, center_id).specialty.name
    guest = ("李明（演示）", f"国家{specialty}专业质控中心", Capacity.OBSERVING)
    invited = db.session.get_one(Meeting, key).invitations
    if not any(each.organization for each in invited):
        do(lambda: inviting.invite_guest(secretary, key, *guest))
    title = db.session.get_one(Meeting, key).title
    starts_at = datetime.combine(day, time(14, 30), SHANGHAI)
    plan = MeetingPlan(title, MeetingMode.HYBRID, starts_at, ROOM, "")
    do(lambda: preparing.plan_meeting(secretary, key, _version(key), plan))
    do(lambda: preparing.announce(secretary, key, _version(key)))
    return key


def _write(secretary: Actor, key: int) -> None:
    meeting = db.session.get_one(Meeting, key)
    for section in meeting.sections:
        words = {"topic": section.topic, "discussion": DISCUSSION, "decision": DECISION}
        holding.save_section(secretary, key, section.id, section.version, words)
    due, owner = clock.today() + timedelta(days=14), meeting.invitations[-2].id
    following.add_action(
        secretary, key, meeting.sections[-1].id, "报送上季度不良事件分析（演示）", owner, due
    )
