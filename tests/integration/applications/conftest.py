"""One scene for most of these tests: an application in each state, made once for each database."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask

from qcc.applications.workflow import ApplicationState
from tests.conftest import Clock
from tests.databases import PostgreSQL, Sqlite
from tests.factories.applications import IN_STATE, Stage, stage, under_decision

S = ApplicationState

SPECIALTIES = {
    S.DRAFT: "麻醉",
    S.SUBMITTED: "放射",
    S.RETURNED: "病理",
    S.ACCEPTED: "护理",
    S.UNDER_DECISION: "肿瘤",
    S.APPROVED: "药事",
    S.REFUSED: "急诊",
    S.WITHDRAWN: "内镜",
}
"""The center applied for, by how far the application has come."""


@dataclass(frozen=True)
class Scene:
    """Who takes part, the applicant's application in each state, and the rival's for the center
    that is under decision."""

    app: Flask
    stage: Stage
    codes: dict[ApplicationState, str] = field(default_factory=dict)
    rival: str = ""


def _play(app: Flask) -> Scene:
    here = stage(specialties=tuple(SPECIALTIES.values()))
    codes = {state: IN_STATE[state](here, specialty=SPECIALTIES[state]) for state in SPECIALTIES}
    rival = under_decision(here, here.rival, specialty=SPECIALTIES[S.UNDER_DECISION])
    return Scene(app, here, codes, rival)


@pytest.fixture(scope="session")
def _scenes() -> dict[str, Scene]:
    return {}


@pytest.fixture
def scene(
    database: Sqlite | PostgreSQL, engine_kind: str, clock: Clock, _scenes: dict[str, Scene]
) -> Iterator[Scene]:
    """The scene, as it was when it was made, on a copy of its database."""
    if engine_kind not in _scenes:
        database.refresh()
        with database.app.app_context():
            _scenes[engine_kind] = _play(database.app)
            database.leave()
        database.keep("applications")
    else:
        database.refresh("applications")
    with database.app.app_context():
        yield _scenes[engine_kind]
        database.leave()
