"""A closing that is put off in its last moment, while somebody already takes it for over."""

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import Any

from flask import Flask

from qcc.applications import services
from qcc.applications.workflow import CompetitionState
from qcc.centers.models import Center
from qcc.centers.workflow import CenterState
from qcc.infra.db import db, transaction
from qcc.kernel.dates import legal_date
from qcc.kernel.workflow import GuardFailed
from tests.crowds import at_once
from tests.databases import PostgreSQL, Sqlite
from tests.factories.applications import do
from tests.factories.competitions import Contest
from tests.integration.applications.competition.conftest import Compete


def meanwhile(app: Flask, contest: Contest, act: Callable[[], Any]) -> Any:
    """What comes of an act that begins when the closing has passed, while an extension, granted
    just before, is not committed yet."""
    closes = contest.row.call.closes_at
    contest.clock.moment = closes - timedelta(seconds=1)
    granted = Event()

    def extend() -> None:
        with transaction():
            day = legal_date(closes) + timedelta(days=5)
            services.extend_call(contest.commission, contest.stage.call_id, day, "应申报单位请求")
            contest.clock.moment = closes
            granted.set()
            time.sleep(0.5)

    def come() -> Any:
        granted.wait(30)
        return act()

    extended, outcome = at_once(app, [extend, come])
    assert extended is None
    return outcome


def test_nothing_is_opened_before_the_later_closing(
    database: Sqlite | PostgreSQL, compete: Compete
) -> None:
    contest = compete("entered")
    outcome = meanwhile(
        database.app, contest, lambda: contest.act(services.sign_opening, contest.reception)
    )
    assert isinstance(outcome, GuardFailed)
    assert contest.row.state is CompetitionState.PLANNED


def test_no_center_is_given_back_before_the_later_closing(
    database: Sqlite | PostgreSQL, compete: Compete
) -> None:
    contest = compete("planned")
    center_id = contest.row.center_id
    outcome = meanwhile(
        database.app, contest, lambda: do(lambda: services.lapse_by_clock(center_id))
    )
    assert outcome is False
    assert db.session.get_one(Center, center_id).state is CenterState.IN_CALL
