"""A call that comes to nothing gives its centers back, and a new one is made of it."""

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

from qcc.applications import services
from qcc.applications.jobs import lapse_calls
from qcc.centers.models import Center
from qcc.centers.queries import lock_center
from qcc.centers.services import end_hosting
from qcc.centers.workflow import CENTER, CenterState
from qcc.infra.db import db
from qcc.infra.transitions import history
from qcc.kernel.dates import SHANGHAI
from qcc.kernel.permissions import Actor
from tests.conftest import Clock
from tests.factories.applications import (
    Stage,
    approved,
    do,
    draft,
    refused,
    returned,
    stage,
    submitted,
    under_decision,
)
from tests.integration.applications.browser import Browser, value_of
from tests.integration.conftest import Kept

C = CenterState
CLOSED = datetime(2026, 4, 1, 0, 0, 0, tzinfo=SHANGHAI)
SECOND = timedelta(seconds=1)


@pytest.fixture
def here(kept: Kept[Stage]) -> Stage:
    return kept("stage", stage)


def state(here: Stage) -> CenterState:
    db.session.rollback()
    return db.session.get_one(Center, here.center_id, populate_existing=True).state


def test_nobody_applied(here: Stage, clock: Clock) -> None:
    clock.set(CLOSED - SECOND)
    assert (lapse_calls(), state(here)) == ("0 centers given back", C.IN_CALL)
    clock.set(CLOSED)
    assert (lapse_calls(), state(here)) == ("1 centers given back", C.PLANNED)
    assert lapse_calls() == "0 centers given back"
    step = history(CENTER, here.center_id)[0]
    assert (step.action, step.organization_name) == ("lapse", "系统")


def test_a_draft_that_nobody_submitted_is_no_application(here: Stage, clock: Clock) -> None:
    draft(here)
    clock.set(CLOSED)
    lapse_calls()
    assert state(here) is C.PLANNED


def test_the_refusal_of_the_last_gives_the_center_back(here: Stage, clock: Clock) -> None:
    codes = [under_decision(here), under_decision(here, here.rival)]
    clock.set(CLOSED)
    lapse_calls()
    do(lambda: services.refuse(here.commission, codes[0], "条件不足"))
    assert state(here) is C.IN_CALL
    do(lambda: services.refuse(here.commission, codes[1], "条件不足"))
    assert state(here) is C.PLANNED


def test_the_withdrawal_of_the_last_gives_the_center_back(here: Stage, clock: Clock) -> None:
    code = submitted(here)
    clock.set(CLOSED)
    do(lambda: services.withdraw(here.applicant, code, "另有安排"))
    assert state(here) is C.PLANNED


def test_while_the_call_is_open_others_may_still_come(here: Stage) -> None:
    refused(here)
    assert state(here) is C.IN_CALL


def test_what_may_still_be_corrected_is_waited_for(here: Stage, clock: Clock) -> None:
    last = date(2026, 4, 20)
    returned(here, by=last)
    returned(here, here.rival, by=last - timedelta(days=5))
    clock.set(datetime.combine(last, time(23, 59, 59), SHANGHAI))
    lapse_calls()
    assert state(here) is C.IN_CALL
    clock.set(datetime.combine(last + timedelta(days=1), time.min, SHANGHAI))
    lapse_calls()
    assert state(here) is C.PLANNED


def test_a_center_that_once_had_a_host_is_vacant_again(here: Stage, clock: Clock) -> None:
    approved(here)
    today = date(2026, 3, 2)
    do(lambda: end_hosting(here.commission, lock_center(here.center_id), "考核不达标", today))
    closes = today + timedelta(days=3)
    plan = services.CallPlan("再次申报", (here.center_id,), today, closes)
    do(lambda: services.publish_call(here.commission, plan))
    clock.set(datetime.combine(closes + timedelta(days=1), time.min, SHANGHAI))
    lapse_calls()
    assert state(here) is C.VACANT


def _again(app: Flask, actor: Actor, address: str) -> str:
    browser = Browser(app, actor)
    form = browser.get(address)
    assert form.status_code == 200
    assert "checked" in form.text
    sent = {"key": value_of(form, "key"), "title": value_of(form, "title"),
            "center_ids": value_of(form, "center_ids"), "opens_on": value_of(form, "opens_on"),
            "closes_on": "2026-05-30"}  # fmt: skip
    answer = browser.post("/calls/new", **sent)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_a_new_call_is_made_of_the_old_one_before_the_clock_came(
    here: Stage, clock: Clock, app: Flask
) -> None:
    code = submitted(here)
    old = f"/calls/{here.call_id}"
    clock.set(CLOSED)
    browser = Browser(app, here.commission)
    assert "from=" not in browser.get(old).text
    do(lambda: services.withdraw(here.applicant, code, "另有安排"))
    link = f"/calls/new?from={here.call_id}"
    assert link in browser.get(old).text
    assert browser.get("/calls/new?from=99999999999999999999").status_code == 200
    form = browser.get(link)
    assert value_of(form, "title") == "挂靠单位申报"
    assert "如实填写。" in form.text
    new = _again(app, here.commission, link)
    assert state(here) is C.IN_CALL
    assert f'href="{old}"' in browser.get(new).text
    assert "from=" not in browser.get(old).text


def test_where_nobody_applied_the_new_call_need_not_wait_for_the_clock(
    here: Stage, clock: Clock, app: Flask
) -> None:
    clock.set(CLOSED)
    _again(app, here.commission, f"/calls/new?from={here.call_id}")
    steps = [step.action for step in history(CENTER, here.center_id)]
    assert steps[:2] == ["open_call", "lapse"]


def test_a_vacant_center_is_called_for_from_its_page(here: Stage, app: Flask) -> None:
    approved(here)
    today = date(2026, 3, 2)
    do(lambda: end_hosting(here.commission, lock_center(here.center_id), "考核不达标", today))
    link = f"/calls/new?center={here.center_id}"
    page = Browser(app, here.commission).get(f"/centers/{here.center_id}")
    assert link in page.text
    _again(app, here.commission, link)
    assert state(here) is C.IN_CALL


def test_nobody_else_makes_a_call_of_it(here: Stage, app: Flask, clock: Clock) -> None:
    clock.set(CLOSED)
    link = f"/calls/new?from={here.call_id}"
    assert Browser(app, here.applicant).get(link).status_code == 403
    assert Browser(app, here.commission).get("/calls/new?from=999").status_code == 404
