"""Pages of meetings ask as many questions of the database for many rows as for 20."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient

from qcc.centers.models import Center, Specialty
from qcc.centers.workflow import CenterState
from qcc.infra import clock as product_clock
from qcc.infra.db import db, transaction
from qcc.kernel.permissions import Actor
from qcc.meetings.models import (
    ActionItem,
    AgendaEntry,
    Capacity,
    Invitation,
    Meeting,
    MeetingMode,
    MinutesSection,
)
from qcc.meetings.workflow import ActionState, MeetingState
from tests.counting import statements
from tests.factories.centers import PROVINCE, sit_down
from tests.integration.meetings.conftest import Begin


def asked(client: FlaskClient, actor: Actor, path: str) -> int:
    """How many statements the page takes, once everything is warm."""
    sit_down(client, actor)
    client.get(path)
    with statements() as made:
        assert client.get(path).status_code == 200
    return len(made)


def same(client: FlaskClient, actor: Actor, path: str, add: Callable[[int], None]) -> None:
    """With 20 rows and with 100 more the page takes the same."""
    add(20)
    few = asked(client, actor, path)
    add(100)
    assert asked(client, actor, path) == few, path


def test_lists_and_calendars(client: FlaskClient, begin: Begin) -> None:
    here = begin("announced")

    def add(count: int) -> None:
        with transaction() as session:
            first = session.scalar(sa.select(sa.func.max(Meeting.number))) or 0
            session.add_all(
                Meeting(
                    center_id=here.own.center_id,
                    year=2026,
                    number=first + number,
                    title="调度会",
                    state=MeetingState.CANCELLED,
                    mode=MeetingMode.ONLINE,
                    starts_at=product_clock.now() + timedelta(hours=number),
                    created_at=product_clock.now(),
                )
                for number in range(1, count + 1)
            )

    for path in ("/meetings", "/meetings/calendar", "/meetings/calendar?year=2026"):
        same(client, here.commission, path, add)


def test_the_page_of_a_meeting(client: FlaskClient, begin: Begin) -> None:
    here = begin("drafting")

    def add(count: int) -> None:
        """So many who are invited, topics, sections with a task, and tasks on the agenda."""
        with transaction() as session:
            meeting = session.get_one(Meeting, here.meeting_id)
            for number in range(count):
                name, position = f"嘉宾{number}", len(meeting.agenda) + number
                meeting.invitations.append(Invitation(capacity=Capacity.OBSERVING, name=name))
                section = MinutesSection(
                    position=position, topic="议题", saved_at=product_clock.now()
                )
                meeting.sections.append(section)
                session.flush()
                item = ActionItem(
                    center_id=meeting.center_id,
                    section_id=section.id,
                    state=ActionState.OPEN,
                    what="任务",
                    owner=name,
                    given_on=product_clock.today(),
                    due_on=product_clock.today(),
                )
                session.add(item)
                session.flush()
                entry = AgendaEntry(position=position, title="议题", action_id=item.id)
                meeting.agenda.append(entry)

    same(client, here.secretary, f"/meetings/{here.meeting_id}", add)
    same(client, here.secretary, "/actions", add)


def test_the_months_of_the_year(client: FlaskClient, begin: Begin) -> None:
    here = begin("scene")
    free = iter(db.session.scalars(sa.select(Specialty).order_by(Specialty.id.desc())).all())

    def add(count: int) -> None:
        with transaction() as session:
            for specialty in (next(free) for _number in range(count // 5)):
                session.add(
                    Center(
                        kind=specialty.kind,
                        specialty_id=specialty.id,
                        place=PROVINCE,
                        name=f"浙江省{specialty.name}医疗质量控制中心",
                        state=CenterState.VACANT,
                        planned_on=product_clock.today(),
                    )
                )

    same(client, here.commission, "/meetings/compliance", add)
