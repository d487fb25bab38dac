"""Meetings in each state, made once for each database; every test begins with a copy."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from qcc.infra.db import db
from qcc.organizations.models import Organization
from tests.conftest import Clock
from tests.integration.conftest import Kept
from tests.integration.meetings import scenes
from tests.integration.meetings.scenes import Scene

MADE: dict[str, Callable[[Clock], Scene]] = {
    "scene": lambda _clock: scenes.scene(),
    "proposed": lambda _clock: scenes.proposed(),
    "announced": lambda _clock: scenes.announced(),
    "held": scenes.held,
    "drafting": scenes.drafting,
    "correcting": scenes.correcting,
    "final": scenes.final,
}
Begin = Callable[[str], Scene]


@pytest.fixture
def begin(kept: Kept[Any], clock: Clock) -> Begin:
    """The meeting in the state of that name, at the moment when it came there."""

    def at(stage: str) -> Scene:
        def make() -> tuple[Scene, datetime]:
            here = MADE[stage](clock)
            here.province.organizations = {}  # rows do not outlive their session
            return here, clock.moment

        here, moment = kept(f"meetings_{stage}", make)
        clock.set(moment)
        rows = here.own.organization_ids.items()
        here.province.organizations = {
            name: db.session.get_one(Organization, key) for name, key in rows
        }
        return here

    return at
