"""Calls: which centers may be opened, who is told, and what the page of a call offers."""

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from qcc.applications import services
from qcc.applications.models import Audience, Call
from qcc.applications.workflow import ApplicationState
from qcc.centers.models import Center
from qcc.centers.queries import lock_center
from qcc.centers.services import close_center, end_hosting, open_call, order_rectification
from qcc.centers.workflow import CENTER, CenterState
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.outbox import Message
from qcc.infra.transitions import history
from qcc.kernel.dates import SHANGHAI
from qcc.kernel.permissions import Actor, NotPermitted, Role
from qcc.kernel.workflow import ActionNotPossible
from qcc.organizations.models import Organization, OrganizationKind
from tests.conftest import Clock
from tests.factories.applications import (
    approved,
    center_of,
    do,
    find,
    published,
    stage,
    submitted,
)
from tests.factories.centers import CITY, planned
from tests.integration.applications.browser import Browser, actions, value_of
from tests.integration.applications.conftest import Scene
from tests.integration.applications.records import everything
from tests.integration.applications.test_approving import at_once

S, C = ApplicationState, CenterState
TODAY = date(2026, 3, 2)
REASON = "考核不达标"


def center_in(scene: Scene, state: CenterState) -> int:
    """A center of the province that came to the state."""
    commission = scene.stage.commission
    if state is C.PLANNED:
        return planned(commission, "口腔").id
    if state is C.IN_CALL:
        return find(scene.codes[S.SUBMITTED]).center_id
    if state is C.CLOSED:
        key = planned(commission, "高压氧").id
        do(lambda: close_center(commission, lock_center(key), REASON))
        return key
    key = find(scene.codes[S.APPROVED]).center_id
    if state is C.RECTIFYING:
        do(lambda: order_rectification(commission, lock_center(key), REASON))
    if state is C.VACANT:
        do(lambda: end_hosting(commission, lock_center(key), REASON, TODAY))
    return key


def plan(*centers: int, **more: object) -> services.CallPlan:
    return services.CallPlan("申报通知", centers, TODAY, TODAY + timedelta(days=20), **more)  # type: ignore[arg-type]


CALLABLE = {C.PLANNED, C.VACANT}


@pytest.mark.parametrize("state", C)
def test_a_call_opens_planned_and_vacant_centers(scene: Scene, state: CenterState) -> None:
    commission, key = scene.stage.commission, center_in(scene, state)
    before = everything()
    if state in CALLABLE:
        call_id = do(lambda: services.publish_call(commission, plan(key)).id)
        assert db.session.get_one(Center, key).state is C.IN_CALL
        step = history(CENTER, key)[0]
        assert (step.action, step.source, step.target) == ("open_call", state.value, "in_call")
        events = db.session.query(AuditEvent).filter_by(subject_type="call")
        told = [each.event for each in events.filter_by(subject_id=str(call_id))]
        assert sorted(told) == ["call.published", "paper.numbered"]
    else:
        with pytest.raises(Refused):
            do(lambda: services.publish_call(commission, plan(key)))
        with pytest.raises(ActionNotPossible):
            do(lambda: open_call(commission, lock_center(key)))
        assert everything() == before


def test_a_call_says_when_and_to_whom(scene: Scene) -> None:
    here = scene.stage
    call_id, _centers = published(here.commission, ("口腔", "高压氧"), days=3)
    call = db.session.get_one(Call, call_id)
    assert call.opens_at == datetime.combine(TODAY, time.min, SHANGHAI)
    assert call.closes_at == datetime.combine(TODAY + timedelta(days=4), time.min, SHANGHAI)
    assert (call.reception_id, call.issuer_id, call.audience) == (
        here.reception.organization_id, here.commission.organization_id, Audience.JURISDICTION,
    )  # fmt: skip
    assert len(call.centers) == 2
    institutions = db.session.scalars(
        sa.select(Organization.id).filter_by(kind=OrganizationKind.INSTITUTION)
    ).all()
    assert told(call_id) == [(key, Role.INSTITUTION_OFFICER) for key in sorted(institutions)]


def told(call_id: int) -> list[tuple[int | None, Role]]:
    messages = db.session.scalars(
        sa.select(Message).filter_by(kind="call.published", link=f"/calls/{call_id}")
    )
    return sorted((message.organization_id, message.role) for message in messages)


def test_a_call_by_invitation_tells_the_invited_alone(scene: Scene) -> None:
    here = scene.stage
    rival = here.rival.organization_id
    call_id, _centers = published(here.commission, ("口腔",), invited=(rival,))
    assert told(call_id) == [(rival, Role.INSTITUTION_OFFICER)]
    assert db.session.get_one(Call, call_id).audience is Audience.NAMED
    key, nobody = planned(here.commission, "高压氧").id, (here.commission.organization_id,)
    with pytest.raises(Refused) as refused:
        do(lambda: services.publish_call(here.commission, plan(key, invited_ids=nobody)))
    assert refused.value.field == "invited_ids"


def test_only_its_own_commission_opens_a_center(scene: Scene) -> None:
    here, key = scene.stage, center_in(scene, C.PLANNED)
    before = everything()
    for actor, error in (
        (here.reception, NotPermitted),
        (here.applicant, (Refused, NotPermitted, NotFound)),
        (here.security, (Refused, NotPermitted)),
    ):
        with pytest.raises(error):
            do(lambda a=actor: services.publish_call(a, plan(key)))  # type: ignore[misc]
    assert everything() == before


def test_two_calls_at_once_do_not_open_one_center(scene: Scene) -> None:
    commission, key = scene.stage.commission, center_in(scene, C.PLANNED)
    outcomes = at_once(scene.app, [lambda: services.publish_call(commission, plan(key))] * 6)
    assert outcomes["done"] == 1
    assert set(outcomes) <= {"done", "Refused", "ActionNotPossible"}
    found = sa.select(sa.func.count()).select_from(Call).where(Call.centers.any(Center.id == key))
    assert db.session.scalar(found) == 1


def test_a_call_is_published_by_its_form(scene: Scene) -> None:
    here, key = scene.stage, center_in(scene, C.PLANNED)
    browser = Browser(scene.app, here.commission)
    sent = {"key": value_of(browser.get("/calls/new"), "key"), "title": "口腔中心申报",
            "center_ids": str(key), "opens_on": "2026-03-20", "closes_on": "2026-03-10",
            "conditions": "三级医院"}  # fmt: skip
    wrong = browser.post("/calls/new", **sent)
    assert wrong.status_code == 422
    assert 'href="#closes_on"' in wrong.text
    assert value_of(wrong, "title") == "口腔中心申报"
    sent["closes_on"] = "2026-03-30"
    answers = [browser.post("/calls/new", **sent) for _again in range(2)]
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.location for answer in answers}) == 1
    assert browser.get(answers[0].location).status_code == 200


def offers(app: Flask, actor: Actor, call_id: int) -> bool:
    page = Browser(app, actor).get(f"/calls/{call_id}")
    assert page.status_code == 200
    return f"/calls/{call_id}/apply" in actions(page)


def test_the_page_offers_to_apply_while_that_is_possible(scene: Scene, clock: Clock) -> None:
    here = scene.stage
    call_id, _centers = published(here.commission, ("口腔",), starts_in=1, days=2)

    def at(day: int, hour: time) -> None:
        clock.set(datetime.combine(date(2026, 3, day), hour, SHANGHAI))

    expected = []
    for day, hour in ((2, time(23, 59, 59)), (3, time.min), (5, time(23, 59, 59)), (6, time.min)):
        at(day, hour)
        expected.append(offers(scene.app, here.applicant, call_id))
        assert not offers(scene.app, here.commission, call_id)
    assert expected == [False, True, True, False]


def test_who_has_begun_is_led_to_what_was_begun(scene: Scene) -> None:
    here = scene.stage
    call_id, centers = published(here.commission, ("口腔",))
    browser = Browser(scene.app, here.applicant)
    key = value_of(browser.get(f"/calls/{call_id}"), "key")
    sent = {"center_id": str(centers["口腔"]), "key": key}
    answers = [browser.post(f"/calls/{call_id}/apply", **sent) for _again in range(2)]
    assert len({answer.location for answer in answers}) == 1
    assert not offers(scene.app, here.applicant, call_id)
    assert answers[0].location in browser.get(f"/calls/{call_id}").text
    other = browser.post(f"/calls/{call_id}/apply", center_id=str(centers["口腔"]), key="")
    assert other.status_code == 422
    assert offers(scene.app, here.rival, call_id)


@pytest.mark.usefixtures("clock")
def test_a_center_that_found_its_host_is_offered_no_more(app: Flask) -> None:
    here = stage(specialties=("麻醉", "放射"))
    approved(here, specialty="麻醉")
    center = center_of(approved(here, specialty="放射"))
    key = center.id
    with pytest.raises(Refused):
        do(lambda: services.start_application(here.rival, here.call_id, key))
    assert not offers(app, here.rival, here.call_id)


def test_the_check_page_offers_no_submission_out_of_time(scene: Scene, clock: Clock) -> None:
    here = scene.stage
    draft, back = scene.codes[S.DRAFT], scene.codes[S.SUBMITTED]
    do(lambda: services.return_for_correction(
        here.reception, back, "补正", {"form": "请补充"}, date(2026, 4, 10)))  # fmt: skip
    shown = []
    last, first = time(23, 59, 59), time.min
    for day, hour in (
        (date(2026, 3, 31), last),
        (date(2026, 4, 1), first),
        (date(2026, 4, 10), last),
        (date(2026, 4, 11), first),
    ):
        clock.set(datetime.combine(day, hour, SHANGHAI))
        browser = Browser(scene.app, here.applicant)
        shown.append(tuple(
            f"/applications/{code}/submit" in actions(browser.get(f"/applications/{code}/review"))
            for code in (draft, back)))  # fmt: skip
    assert shown == [(True, True), (False, True), (False, True), (False, False)]


@pytest.mark.usefixtures("clock")
def test_remarks_stand_at_parts_that_are_asked(app: Flask) -> None:
    """A city asks no conditions: there is no part at which to remark on one."""
    here = stage(CITY)
    code = submitted(here)
    page = Browser(app, here.reception).get(f"/applications/{code}/check").text
    assert "remark-hospital_profile" in page
    assert "remark-resources" not in page
    with pytest.raises(NotFound):
        do(lambda: services.return_for_correction(
            here.reception, code, "补正", {"resources": "请补充"}, None))  # fmt: skip
