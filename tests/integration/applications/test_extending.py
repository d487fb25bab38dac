"""Extensions of a call's deadline: for all alike, only later, before it closes, and told."""

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from qcc.applications import services
from qcc.applications.documents import HTML_OF
from qcc.applications.models import Call, CallExtension
from qcc.applications.workflow import ApplicationState
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.outbox import Message
from qcc.infra.papers import issue_pending, list_papers_of
from qcc.kernel.dates import SHANGHAI
from qcc.kernel.permissions import NotPermitted
from qcc.kernel.workflow import GuardFailed
from qcc.organizations.models import Organization, OrganizationKind
from tests.conftest import Clock
from tests.factories.applications import do, find, published, submit
from tests.integration.applications.browser import Browser, value_of
from tests.integration.applications.conftest import Scene
from tests.integration.applications.records import everything

S = ApplicationState
CLOSES, LATER = date(2026, 3, 31), date(2026, 4, 10)
LAST = time(23, 59, 59)


def on(day: date, hour: time = LAST) -> datetime:
    return datetime.combine(day, hour, SHANGHAI)


def extend(scene: Scene, day: date = LATER, reason: str = "应申报单位要求") -> int:
    here = scene.stage
    return do(lambda: services.extend_call(here.commission, here.call_id, day, reason).id)


def test_the_new_closing_day_is_in_time_to_its_last_second(scene: Scene, clock: Clock) -> None:
    code = scene.codes[S.DRAFT]
    clock.set(on(CLOSES))
    extend(scene)
    clock.set(on(LATER))
    submit(scene.stage.applicant, code)
    assert find(code).submitted_at == on(LATER)


def test_the_first_second_after_the_new_closing_day_is_late(scene: Scene, clock: Clock) -> None:
    code = scene.codes[S.DRAFT]
    extend(scene)
    clock.set(on(LATER + timedelta(days=1), time.min))
    before = everything()
    with pytest.raises(GuardFailed, match="call_is_open"):
        submit(scene.stage.applicant, code)
    assert everything() == before


def test_an_extension_is_kept_audited_and_told_to_all(scene: Scene) -> None:
    call_id = scene.stage.call_id
    extension = db.session.get_one(CallExtension, extend(scene))
    call = db.session.get_one(Call, call_id, populate_existing=True)
    assert call.closes_at == extension.closes_at == on(LATER + timedelta(days=1), time.min)
    assert extension.closed_at == on(CLOSES + timedelta(days=1), time.min)
    event = db.session.query(AuditEvent).filter_by(event="call.extended").one()
    assert event.subject_id == str(call_id)
    told = db.session.scalars(sa.select(Message.organization_id).filter_by(kind="call.extended"))
    institutions = sa.select(Organization.id).filter_by(kind=OrganizationKind.INSTITUTION)
    assert sorted(told) == sorted(db.session.scalars(institutions))  # type: ignore[type-var]


def test_an_extension_is_a_numbered_paper_that_everybody_addressed_reads(scene: Scene) -> None:
    here = scene.stage
    extend(scene)
    extend(scene, LATER + timedelta(days=5), "再次延期")
    second, first, notice = list_papers_of("call", here.call_id)
    assert (second.kind, second.round, first.round) == ("extension_notice", 2, 1)
    assert {second.title, first.title} == {"补充公告"}
    assert first.content["notice"] == notice.number
    assert (second.serial, second.issuer_id) == (first.serial + 1, notice.issuer_id)  # type: ignore[operator]
    assert (first.content["closed_on"], first.content["closes_on"]) == ("2026-03-31", "2026-04-10")
    while issue_pending(HTML_OF):
        pass
    rival = Browser(scene.app, here.rival)
    assert f"/papers/{first.code}" in rival.get(f"/calls/{here.call_id}").text
    assert rival.get(f"/papers/{first.code}/file").status_code == 200


def test_of_a_call_by_invitation_the_invited_alone_are_told(scene: Scene) -> None:
    here = scene.stage
    rival = here.rival.organization_id
    call_id, _centers = published(here.commission, ("口腔",), invited=(rival,))
    do(lambda: services.extend_call(here.commission, call_id, date(2026, 5, 1), "再延"))
    told = db.session.scalars(sa.select(Message.organization_id).filter_by(kind="call.extended"))
    assert list(told) == [rival]


def test_a_deadline_is_only_put_off_and_only_before_it_closes(scene: Scene, clock: Clock) -> None:
    before = everything()
    for day, reason, field in (
        (CLOSES, "理由", "closes_on"),
        (CLOSES - timedelta(days=1), "理由", "closes_on"),
        (date.max, "理由", "closes_on"),
        (LATER, " ", "reason"),
    ):
        with pytest.raises(Refused) as refused:
            extend(scene, day, reason)
        assert refused.value.field == field
    clock.set(on(CLOSES + timedelta(days=1), time.min))
    with pytest.raises(Refused):
        extend(scene)
    assert everything() == before


def test_every_extension_is_later_than_the_one_before(scene: Scene) -> None:
    extend(scene, CLOSES + timedelta(days=1))
    with pytest.raises(Refused):
        extend(scene, CLOSES + timedelta(days=1))
    extend(scene, CLOSES + timedelta(days=2))
    rows = db.session.scalars(sa.select(CallExtension).order_by(CallExtension.id)).all()
    assert [row.closed_at for row in rows][1:] == [row.closes_at for row in rows][:-1]


def test_only_the_commission_that_issued_a_call_extends_it(scene: Scene) -> None:
    here, before = scene.stage, everything()
    for actor in (here.reception, here.applicant, here.security):
        with pytest.raises((NotPermitted, NotFound)):
            do(lambda a=actor: services.extend_call(a, here.call_id, LATER, "理由"))  # type: ignore[misc]
    assert everything() == before


def test_the_page_extends_once_and_tells_everybody_why(scene: Scene) -> None:
    here, page = scene.stage, f"/calls/{scene.stage.call_id}/extend"
    browser = Browser(scene.app, here.commission)
    key = value_of(browser.get(page), "key")
    wrong = browser.post(page, key=key, closes_on="2026-03-31", reason="理由")
    assert wrong.status_code == 422
    assert 'href="#closes_on"' in wrong.text
    sent = {"key": key, "closes_on": "2026-04-10", "reason": "申报材料较多，酌情延期"}
    assert {browser.post(page, **sent).status_code for _again in range(2)} == {302}
    assert db.session.query(CallExtension).count() == 1
    seen = Browser(scene.app, here.rival).get(f"/calls/{here.call_id}").text
    assert "申报材料较多，酌情延期" in seen
    assert seen.count("2026年4月10日") >= 2
    assert "2026年3月31日" in seen
    assert "2026-04-10" in Browser(scene.app, here.rival).get("/inbox").text
    assert Browser(scene.app, here.applicant).get(page).status_code == 403
