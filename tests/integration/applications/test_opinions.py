"""The opinion on a refusal: once, in time, answered by another; the decision stands."""

from datetime import datetime, timedelta

import pytest

from qcc.applications.models import Opinion
from qcc.applications.queries.opinions import find_opinion
from qcc.applications.services import opinions
from qcc.applications.workflow import ApplicationState
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.outbox import Message
from qcc.kernel.dates import SHANGHAI
from qcc.kernel.workflow import ActionNotPossible, GuardFailed
from tests.conftest import Clock
from tests.factories.applications import do, find
from tests.factories.centers import PDF
from tests.integration.applications.browser import Browser, value_of
from tests.integration.applications.conftest import Scene
from tests.integration.applications.records import everything

S = ApplicationState
LATE = datetime(2026, 3, 13, 0, 0, 0, tzinfo=SHANGHAI)  # refused on 2 March, ten days


def send(scene: Scene, text: str = "我院符合条件，请予复核。") -> Opinion:
    code = scene.codes[S.REFUSED]
    files = [(PDF, "说明.pdf")]
    return do(lambda: opinions.send_opinion(scene.stage.applicant, code, text, files))


def test_the_last_second_of_the_last_day_is_in_time(scene: Scene, clock: Clock) -> None:
    clock.set(LATE - timedelta(seconds=1))
    send(scene)
    assert find_opinion(find(scene.codes[S.REFUSED]).id) is not None


def test_the_next_second_is_late(scene: Scene, clock: Clock) -> None:
    before = everything()
    clock.set(LATE)
    with pytest.raises(Refused):
        send(scene)
    assert everything() == before


def test_an_opinion_is_sent_once_told_and_audited(scene: Scene) -> None:
    send(scene)
    with pytest.raises(Refused):
        send(scene, "再次陈述")
    told = db.session.query(Message).filter_by(kind="opinion.send").one()
    assert told.organization_id == scene.stage.commission.organization_id
    assert db.session.query(AuditEvent).filter_by(event="opinion.send").count() == 1
    assert find(scene.codes[S.REFUSED]).state is S.REFUSED


def test_only_the_applicant_of_a_refused_application_sends_one(scene: Scene) -> None:
    here, before = scene.stage, everything()
    for actor, state in (
        (here.rival, S.REFUSED),
        (here.commission, S.REFUSED),
        (here.applicant, S.APPROVED),
        (here.applicant, S.WITHDRAWN),
        (here.applicant, S.UNDER_DECISION),
    ):
        with pytest.raises(NotFound):
            do(lambda a=actor, s=state: opinions.send_opinion(a, scene.codes[s], "意见"))  # type: ignore[misc]
    assert everything() == before


def test_another_than_who_refused_answers_and_nothing_else_changes(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.REFUSED]
    send(scene)
    with pytest.raises(GuardFailed, match="answered_by_another"):
        do(lambda: opinions.answer_opinion(here.commission, code, "维持原决定"))
    with pytest.raises(NotFound):
        do(lambda: opinions.answer_opinion(here.reception, code, "维持原决定"))
    decided = find(code).decided_at
    do(lambda: opinions.answer_opinion(here.colleague, code, "经复核，维持原决定。"))
    assert (find(code).state, find(code).decided_at) == (S.REFUSED, decided)
    told = db.session.query(Message).filter_by(kind="opinion.answer").one()
    assert told.organization_id == here.applicant.organization_id
    with pytest.raises(ActionNotPossible):
        do(lambda: opinions.answer_opinion(here.colleague, code, "再答"))


def test_the_whole_way_in_the_browser(scene: Scene) -> None:
    here, code = scene.stage, scene.codes[S.REFUSED]
    page = f"/applications/{code}/opinion"
    hospital = Browser(scene.app, here.applicant)
    assert page in hospital.get(f"/applications/{code}").text
    form = hospital.get(page)
    assert "2026年3月12日" in form.text
    sent = {"text": "请复核我院材料", "key": value_of(form, "key")}
    assert {hospital.post(f"{page}/send", **sent).status_code for _again in range(2)} == {302}
    decider, colleague = Browser(scene.app, here.commission), Browser(scene.app, here.colleague)
    waits = "答复对不予批准的意见"
    assert waits in colleague.get("/").text
    assert waits not in decider.get("/").text
    assert f"{page}/answer" not in decider.get(page).text
    assert colleague.post(f"{page}/answer", answer="").status_code == 422
    assert colleague.post(f"{page}/answer", answer="经复核，维持原决定").status_code == 302
    for reader in (hospital, colleague):
        shown = reader.get(f"/applications/{code}").text
        assert "请复核我院材料" in shown
        assert "经复核，维持原决定" in shown
    assert waits not in colleague.get("/").text
    assert Browser(scene.app, here.rival).get(page).status_code == 404
