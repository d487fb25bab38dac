"""A meeting in each state at the center of a place, with a task and an amendment."""

from datetime import date, datetime, timedelta

from qcc.centers.queries import lock_center
from qcc.demo.acts import do, evidence_pdf
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.transitions import begin
from qcc.kernel.dates import legal_date
from qcc.kernel.permissions import Actor
from qcc.meetings.models import ActionItem, Meeting, MeetingFileKind
from qcc.meetings.queries import last_meeting, list_files
from qcc.meetings.services import following, holding, materials, preparing, proposing
from qcc.meetings.workflow import MEETING

STAGES = ("final", "correcting", "drafting", "held", "announced", "proposed")
"""How far each meeting has come: the oldest, which began 35 days ago, the farthest."""


class Meetings:
    """The keys of what can be named in an address or a form."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self.versions: dict[str, int] = {}
        self.entries: dict[str, int] = {}
        self.invitations: dict[str, int] = {}
        self.section = self.section_version = 0
        self.tasks: dict[str, int] = {}
        self.task_versions: dict[str, int] = {}
        self.amendment = self.draft_task = self.draft_task_version = 0
        self.files: dict[str, str] = {}


def meet(secretary: Actor, director: Actor, center_id: int) -> Meetings:
    """All of them."""
    made, today = Meetings(), clock.now()
    for number, stage in enumerate(STAGES):
        starts_at = today - timedelta(days=35 - 7 * number)
        with clock.reading(lambda at=starts_at: at - timedelta(days=3)):  # type: ignore[misc]
            made.ids[stage] = do(_propose, secretary, center_id, starts_at)
        _carry_on(secretary, director, made.ids[stage], starts_at, number)
    do(_note, made)
    final = made.ids["final"]
    words = ("更正", "记录有误")
    made.amendment = do(lambda: following.propose_amendment(secretary, final, *words).id)
    return made


def _propose(secretary: Actor, center_id: int, starts_at: datetime) -> int:
    center = lock_center(center_id)
    meeting = proposing.make_proposal(center, last_meeting(center_id), clock.today())
    meeting.starts_at, meeting.venue = starts_at, "会议室"
    begin(MEETING, meeting, "propose", secretary)
    return meeting.id


def _version(meeting_id: int) -> int:
    return db.session.get_one(Meeting, meeting_id, populate_existing=True).version


def _carry_on(
    secretary: Actor, director: Actor, key: int, starts_at: datetime, number: int
) -> None:
    """The acts that lead to the stage."""
    steps = 5 - number
    with clock.reading(lambda: starts_at - timedelta(days=2)):
        if steps >= 1:
            do(lambda: preparing.announce(secretary, key, _version(key)))
    with clock.reading(lambda: starts_at + timedelta(hours=3)):
        if steps >= 1:
            do(lambda: holding.sign_in(secretary, key, _first(key), True))
        if steps >= 2:
            do(lambda: holding.hold(secretary, key, _version(key)))
            kind = MeetingFileKind.SLIDES
            do(lambda: materials.add_file(secretary, key, kind, evidence_pdf(), "汇报.pdf"))
        if steps >= 3:
            do(lambda: holding.draft_minutes(secretary, key, _version(key)))
            do(_write, secretary, key, legal_date(starts_at))
        if steps >= 4:
            do(lambda: holding.circulate(secretary, key, _version(key)))
        if steps >= 5:
            do(lambda: holding.sign_minutes(director, key, _version(key)))
            done, proof = _tasks(key)[1], (evidence_pdf(), "佐证.pdf")
            do(lambda: following.report_done(secretary, done.id, done.version, "已办", *proof))


def _first(key: int) -> int:
    return db.session.get_one(Meeting, key).invitations[0].id


def _tasks(key: int) -> list[ActionItem]:
    return db.session.get_one(Meeting, key).sections[0].actions


def _write(secretary: Actor, key: int, day: date) -> None:
    meeting = db.session.get_one(Meeting, key)
    for section in meeting.sections:
        words = {"topic": section.topic, "discussion": "讨论", "decision": "决定"}
        holding.save_section(secretary, key, section.id, section.version, words)
    for what in ("报送数据", "开展督导"):
        section_id, owner = meeting.sections[0].id, meeting.invitations[0].id
        following.add_action(secretary, key, section_id, what, owner, day + timedelta(days=20))


def _note(made: Meetings) -> None:
    for stage, key in made.ids.items():
        meeting = db.session.get_one(Meeting, key, populate_existing=True)
        made.versions[stage] = meeting.version
        made.files[stage] = next((each.code for each in list_files(key)), "")
        made.entries[stage] = meeting.agenda[0].id
        made.invitations[stage] = meeting.invitations[0].id
    section = db.session.get_one(Meeting, made.ids["drafting"]).sections[0]
    made.section, made.section_version = section.id, section.version
    draft = _tasks(made.ids["drafting"])[0]
    made.draft_task, made.draft_task_version = draft.id, draft.version
    for name, item in zip(("open", "done"), _tasks(made.ids["final"]), strict=True):
        made.tasks[name], made.task_versions[name] = item.id, item.version
