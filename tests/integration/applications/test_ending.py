"""Calling off: a center is taken out of a call in which nothing is under way; everybody is told."""

import pytest
import sqlalchemy as sa
from flask import Flask

from qcc.applications import services
from qcc.applications.documents import HTML_OF
from qcc.applications.models import Call, CallEnding
from qcc.applications.queries import list_calls
from qcc.centers.models import Center
from qcc.centers.workflow import CenterState
from qcc.infra import clock as clocks
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.outbox import Message
from qcc.infra.papers import issue_pending, list_papers_of
from qcc.kernel.permissions import NotPermitted
from qcc.kernel.workflow import GuardFailed
from tests.conftest import Clock
from tests.factories.applications import Stage, do, filled, published, stage, submit, submitted
from tests.integration.applications.browser import Browser
from tests.integration.applications.records import everything
from tests.integration.conftest import Kept

REASON = "专业规划调整"


@pytest.fixture
def here(kept: Kept[Stage]) -> Stage:
    return kept("stage", stage)


def end(here: Stage, reason: str = REASON) -> CallEnding:
    return do(lambda: services.end_call(here.commission, here.call_id, here.center_id, reason))


def state(here: Stage) -> CenterState:
    db.session.rollback()
    return db.session.get_one(Center, here.center_id, populate_existing=True).state


def test_a_call_is_called_off_with_a_paper_and_everybody_is_told(here: Stage, app: Flask) -> None:
    end(here)
    assert state(here) is CenterState.PLANNED
    assert db.session.query(AuditEvent).filter_by(event="call.ended").count() == 1
    told = set(db.session.scalars(sa.select(Message.organization_id).filter_by(kind="call.ended")))
    assert {here.applicant.organization_id, here.rival.organization_id} <= told
    paper, notice = list_papers_of("call", here.call_id)
    assert (paper.title, paper.content["notice"]) == ("终止申报公告", notice.number)
    assert not paper.content["goes_on"]
    while issue_pending(HTML_OF):
        pass
    page = Browser(app, here.rival).get(f"/calls/{here.call_id}").text
    assert REASON in page
    assert f"/papers/{paper.code}" in page
    assert "/apply" not in page


def test_a_draft_can_no_longer_be_submitted_not_even_after_a_new_call(here: Stage) -> None:
    code = filled(here)
    end(here)
    now = clocks.now()
    assert list_calls(here.rival, now=now, only_open=True) == []
    with pytest.raises(GuardFailed, match="call_is_open"):
        submit(here.applicant, code)
    with pytest.raises(Refused):
        do(lambda: services.start_application(here.rival, here.call_id, here.center_id))
    today = clocks.today()
    plan = services.CallPlan("再次申报", (here.center_id,), today, today)
    again = do(lambda: services.publish_call(here.commission, plan).id)
    assert [c.id for c in list_calls(here.rival, now=now, only_open=True)] == [again]
    with pytest.raises(GuardFailed, match="call_is_open"):
        submit(here.applicant, code)
    with pytest.raises(Refused):
        do(lambda: services.start_application(here.rival, here.call_id, here.center_id))


def test_who_has_applied_has_a_right_to_be_decided_upon(here: Stage) -> None:
    code = submitted(here)
    before = everything()
    with pytest.raises(Refused, match="1 "):
        end(here)
    assert everything() == before
    do(lambda: services.withdraw(here.applicant, code, "另有安排"))
    end(here)
    assert state(here) is CenterState.PLANNED


def test_other_centers_of_the_call_go_on(here: Stage) -> None:
    call_id, centers = published(here.commission, ("口腔", "眼科"))
    do(lambda: services.end_call(here.commission, call_id, centers["口腔"], REASON))
    assert list_papers_of("call", call_id)[0].content["goes_on"]
    begun = do(lambda: services.start_application(here.applicant, call_id, centers["眼科"]).code)
    assert begun


def test_nobody_else_calls_off_and_never_twice_or_too_late(here: Stage, clock: Clock) -> None:
    city = here.reception
    for actor, refusal in ((here.applicant, NotPermitted), (city, NotPermitted)):
        with pytest.raises(refusal):
            do(lambda a=actor: services.end_call(a, here.call_id, here.center_id, REASON))  # type: ignore[misc]
    with pytest.raises(NotFound):
        do(lambda: services.end_call(here.commission, here.call_id, 999_999, REASON))
    with pytest.raises(Refused):
        end(here, "  ")
    clock.set(db.session.get_one(Call, here.call_id).closes_at)
    with pytest.raises(Refused):
        end(here)
    clock.moment = clock.moment.replace(year=2026, month=3, day=1)
    end(here)
    with pytest.raises(Refused):
        end(here)


def test_the_page_asks_for_a_reason_and_calls_off(here: Stage, app: Flask) -> None:
    browser = Browser(app, here.commission)
    call, page = f"/calls/{here.call_id}", f"/calls/{here.call_id}/centers/{here.center_id}/end"
    assert page in browser.get(call).text
    assert browser.get(page).status_code == 200
    assert browser.post(page, reason="").status_code == 422
    assert browser.post(page, reason=REASON).status_code == 302
    assert page not in browser.get(call).text
    assert browser.post(page, reason=REASON).status_code == 422
    assert Browser(app, here.rival).get(page).status_code == 403
