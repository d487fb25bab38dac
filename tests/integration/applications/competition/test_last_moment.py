"""A closing that is put off in its last moment, while somebody already takes it for over."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from threading import Event
from typing import Any

import pytest
from flask import Flask

from qcc.applications import services
from qcc.applications.models import Call
from qcc.applications.services import designation_drafts
from qcc.applications.workflow import ApplicationState, CompetitionState
from qcc.centers.models import Center
from qcc.centers.workflow import CenterState
from qcc.infra.db import db, transaction
from qcc.infra.errors import Refused
from qcc.kernel.dates import legal_date
from qcc.kernel.workflow import GuardFailed
from tests.conftest import Clock
from tests.crowds import at_once
from tests.databases import PostgreSQL, Sqlite
from tests.factories.applications import Stage, center_of, do, find
from tests.integration.applications.competition.conftest import Compete
from tests.integration.applications.conftest import Scene

S = ApplicationState


def meanwhile(app: Flask, clock: Clock, here: Stage, act: Callable[[], Any]) -> Any:
    """What comes of an act that begins when the closing has passed, while an extension, granted
    just before, is not committed yet."""
    closes = db.session.get_one(Call, here.call_id).closes_at
    clock.set(closes - timedelta(seconds=1))
    granted = Event()

    def extend() -> None:
        with transaction():
            day = legal_date(closes) + timedelta(days=5)
            services.extend_call(here.commission, here.call_id, day, "应申报单位请求")
            clock.set(closes)
            granted.set()
            time.sleep(0.5)

    def come() -> Any:
        granted.wait(30)
        return act()

    extended, outcome = at_once(app, [extend, come])
    assert extended is None
    return outcome


def test_nothing_is_opened_before_the_later_closing(
    database: Sqlite | PostgreSQL, clock: Clock, compete: Compete
) -> None:
    contest = compete("entered")
    outcome = meanwhile(
        database.app,
        clock,
        contest.stage,
        lambda: contest.act(services.sign_opening, contest.reception),
    )
    assert isinstance(outcome, GuardFailed)
    assert contest.row.state is CompetitionState.PLANNED


def test_no_center_is_given_back_before_the_later_closing(
    database: Sqlite | PostgreSQL, clock: Clock, compete: Compete
) -> None:
    contest = compete("planned")
    center_id = contest.row.center_id
    outcome = meanwhile(
        database.app, clock, contest.stage, lambda: do(lambda: services.lapse_by_clock(center_id))
    )
    assert outcome is False
    assert db.session.get_one(Center, center_id).state is CenterState.IN_CALL


def _withdraw(here: Stage, code: str) -> None:
    do(lambda: services.withdraw(here.applicant, code, "另有安排"))


def _refuse(here: Stage, code: str) -> None:
    do(lambda: services.refuse(here.commission, code, "条件尚不成熟"))


def _call_again(here: Stage, code: str) -> None:
    day = date(2026, 4, 1)
    with transaction():
        plan = services.CallPlan("再次申报", (find(code).center_id,), day, day + timedelta(days=9))
        services.publish_call(here.commission, plan)


def _designate(here: Stage, code: str) -> None:
    with transaction():
        center = find(code).center_id
        designation_drafts.start_designation(here.commission, center, "测试第一医院")


@pytest.mark.parametrize("act", [_withdraw, _refuse])
def test_who_goes_last_leaves_the_center_in_the_extended_call(
    scene: Scene, clock: Clock, act: Callable[[Stage, str], None]
) -> None:
    here, code = scene.stage, scene.codes[S.ACCEPTED]
    if act is _refuse:
        do(lambda: services.propose(here.reception, code, False, "建议不予批准"))
    assert meanwhile(scene.app, clock, here, lambda: act(here, code)) is None
    assert find(code).state in (S.WITHDRAWN, S.REFUSED)
    assert center_of(code).state is CenterState.IN_CALL


@pytest.mark.parametrize("act", [_call_again, _designate])
def test_nobody_else_takes_the_center_out_of_the_extended_call(
    scene: Scene, clock: Clock, act: Callable[[Stage, str], None]
) -> None:
    here, code = scene.stage, scene.codes[S.WITHDRAWN]
    outcome = meanwhile(scene.app, clock, here, lambda: act(here, code))
    assert isinstance(outcome, Refused)
    assert center_of(code).state is CenterState.IN_CALL
