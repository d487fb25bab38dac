"""Meetings for tests, made by the services that make them in the product."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from qcc.infra import clock
from qcc.infra.db import db, transaction
from qcc.kernel.permissions import Actor
from qcc.meetings.models import Capacity, Invitation, Meeting, MeetingMode
from qcc.meetings.services import following, holding, inviting, preparing, proposing
from qcc.meetings.services.preparing import MeetingPlan
from tests.conftest import Clock
from tests.factories.centers import CITY, OTHER_CITY, PROVINCE, Province
from tests.integration.experts.scenes import Scene as CenterScene
from tests.integration.experts.scenes import scene as center_scene


@dataclass
class Scene:
    """A provincial center, one of a city below it and one of another specialty; a meeting."""

    own: CenterScene
    lower: CenterScene
    other: CenterScene
    meeting_id: int = 0

    @property
    def province(self) -> Province:
        return self.own.province

    @property
    def secretary(self) -> Actor:
        return self.own.secretary

    @property
    def director(self) -> Actor:
        return self.own.director

    @property
    def commission(self) -> Actor:
        return self.province.actor(PROVINCE)

    @property
    def city(self) -> Actor:
        return self.province.actor(CITY)

    @property
    def other_city(self) -> Actor:
        return self.province.actor(OTHER_CITY)

    @property
    def meeting(self) -> Meeting:
        """As it is now."""
        db.session.rollback()
        return db.session.get_one(Meeting, self.meeting_id, populate_existing=True)

    @property
    def version(self) -> int:
        return self.meeting.version

    def act(self, step: Any, *given: Any, **named: Any) -> Any:
        """One step in a transaction of its own."""
        with transaction():
            return step(*given, **named)

    def invitation(self, name: str) -> Invitation:
        """The invitation of whoever is called so."""
        db.session.rollback()
        found = sa.select(Invitation).filter_by(meeting_id=self.meeting_id)
        return next(i for i in db.session.scalars(found) if name in i.name)

    def step(self, step: Any, actor: Actor | None = None, *given: Any) -> Any:
        """A step of the meeting by its secretary, on its present version."""
        return self.act(step, actor or self.secretary, self.meeting_id, self.version, *given)


def plan(starts_at: datetime) -> MeetingPlan:
    """A meeting in a room and at screens."""
    return MeetingPlan(
        "省麻醉质控中心调度会",
        MeetingMode.HYBRID,
        starts_at,
        "行政楼三楼会议室",
        "https://a.example",
    )


def scene() -> Scene:
    """Nothing but the centers."""
    own = center_scene()
    lower = center_scene(place=CITY, here=own.province)
    return Scene(own, lower, center_scene(name="护理", here=own.province))


def proposed(here: Scene | None = None) -> Scene:
    """Proposed, in a week, in a room."""
    here = here or scene()
    here.meeting_id = here.act(proposing.propose_meeting, here.secretary).id
    guest = ("王某", "国家麻醉专业质控中心", Capacity.OBSERVING)
    here.act(inviting.invite_guest, here.secretary, here.meeting_id, *guest)
    here.step(preparing.plan_meeting, None, plan(clock.now() + timedelta(days=7)))
    return here


def announced(here: Scene | None = None) -> Scene:
    """The notice was sent."""
    here = proposed(here)
    here.step(preparing.announce)
    return here


def held(time: Clock, here: Scene | None = None) -> Scene:
    """Held a week later; the center itself and the guest were there."""
    here = announced(here)
    time.forward(timedelta(days=7, hours=2))
    for name in (here.own.center.name, "王某"):
        key = here.invitation(name).id
        here.act(holding.sign_in, here.secretary, here.meeting_id, key, True)
    here.step(holding.hold)
    return here


def drafting(time: Clock, here: Scene | None = None) -> Scene:
    """Every section of the minutes is written; the lower center has a task."""
    here = held(time, here)
    here.step(holding.draft_minutes)
    for section in list(here.meeting.sections):
        words = {"topic": section.topic, "discussion": "讨论", "decision": "决定"}
        here.act(
            holding.save_section,
            here.secretary,
            here.meeting_id,
            section.id,
            section.version,
            words,
        )
    due = clock.today() + timedelta(days=20)
    first, owner = here.meeting.sections[0].id, here.invitation(here.lower.center.name).id
    here.act(
        following.add_action, here.secretary, here.meeting_id, first, "报送上季度数据", owner, due
    )
    return here


def correcting(time: Clock, here: Scene | None = None) -> Scene:
    """Sent to those invited for correction."""
    here = drafting(time, here)
    here.step(holding.circulate)
    return here


def final(time: Clock, here: Scene | None = None) -> Scene:
    """Signed by the director."""
    here = correcting(time, here)
    here.step(holding.sign_minutes, here.director)
    return here
