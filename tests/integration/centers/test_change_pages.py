"""Personnel changes through the pages: report, propose, decide, and the file."""

from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from qcc.centers.models import Center, OfficerChange
from qcc.centers.queries import get_change
from qcc.centers.rules import HostPosition, OfficerPost
from qcc.centers.services import return_proposal
from qcc.centers.workflow import ChangeState
from qcc.infra.db import db, transaction
from qcc.kernel.permissions import Role
from tests.factories.centers import (
    CITY,
    PDF,
    PROVINCE,
    Province,
    director_at,
    officer_in,
    reported,
    sit_down,
    with_exception,
    with_replacement,
)
from tests.integration.centers.conftest import Begin, staffed
from tests.integration.centers.test_pages import hidden, page, send

pytestmark = pytest.mark.usefixtures("app", "clock")
SUCCESSOR = {
    "name": "继任者",
    "employer": "测试第一医院",
    "job": "院长",
    "title": "主任医师",
    "host_position": "president",
}


@pytest.fixture
def here(begin: Begin) -> Province:
    return begin("staffed", staffed)


@pytest.fixture
def center(here: Province) -> Center:
    return db.session.scalars(sa.select(Center)).one()


def state_of(here: Province, change_id: int) -> ChangeState:
    db.session.rollback()
    return get_change(here.commission, change_id).state


def test_from_the_report_to_the_successor(
    here: Province, client: FlaskClient, center: Center
) -> None:
    director = officer_in(center, OfficerPost.DIRECTOR)
    sit_down(client, here.host)
    answer = send(
        client,
        f"/centers/{center.id}/changes/new?officer={director.id}",
        officer_id=director.id,
        what="不再担任院长",
        happened_on="2026-03-01",
    )
    assert answer.status_code == 302
    change = answer.location
    assert f"{change}/propose/replacement" in client.get(change).text
    assert 'value="测试第一医院"' in client.get(f"{change}/propose/replacement").text
    assert send(client, f"{change}/propose/replacement", **SUCCESSOR).status_code == 302
    shown = page(client, here.commission, change)
    assert "继任者" in shown
    assert f"{change}/replace" in shown
    assert f"{change}/except" not in shown
    assert send(client, f"{change}/replace").status_code == 302
    assert officer_in(center, OfficerPost.DIRECTOR).person.name == "继任者"
    former = client.get(f"/centers/{center.id}").text
    assert "不再担任院长" in former


def test_a_double_click_reports_once(here: Province, client: FlaskClient, center: Center) -> None:
    sit_down(client, here.host)
    url = f"/centers/{center.id}/changes/new"
    form = {
        **hidden(client.get(url)),
        "officer_id": officer_in(center, OfficerPost.DIRECTOR).id,
        "what": "退休",
        "happened_on": "2026-03-01",
    }
    first, second = (client.post(url, data=form) for _ in range(2))
    assert first.location == second.location
    assert db.session.query(OfficerChange).count() == 1
    again = client.post(url, data={**form, **hidden(client.get(url))})
    assert again.status_code == 422
    assert "退休" in again.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [({"what": ""}, ""), ({"happened_on": "2026-03-03"}, "退休"), ({"officer_id": "0"}, "退休")],
)
def test_a_report_is_checked(
    here: Province, client: FlaskClient, center: Center, typed: dict[str, str], kept: str
) -> None:
    sit_down(client, here.host)
    filled = {
        "officer_id": officer_in(center, OfficerPost.DIRECTOR).id,
        "what": "退休",
        "happened_on": "2026-03-01",
    }
    answer = send(client, f"/centers/{center.id}/changes/new", **{**filled, **typed})
    assert answer.status_code == 422
    assert kept in answer.text
    assert db.session.query(OfficerChange).count() == 0


@pytest.mark.parametrize(
    "typed", [{"name": ""}, {"employer": "没有这家医院"}, {"host_position": "x"}, {"job": ""}]
)
def test_a_proposal_is_checked(
    here: Province, client: FlaskClient, center: Center, typed: dict[str, str]
) -> None:
    change = reported(here.host, center).id
    sit_down(client, here.host)
    answer = send(client, f"/changes/{change}/propose/replacement", **{**SUCCESSOR, **typed})
    assert answer.status_code == 422
    assert "主任医师" in answer.text
    assert state_of(here, change) is ChangeState.OPEN


def exception(**more: Any) -> dict[str, Any]:
    return {
        "reason": "学科贡献突出",
        "is_not_retired": "y",
        "file": (BytesIO(PDF), "同意书.pdf"),
        **more,
    }


def test_an_exception_with_its_evidence(
    here: Province, client: FlaskClient, center: Center
) -> None:
    change = reported(here.host, center).id
    url = f"/changes/{change}/propose/exception"
    sit_down(client, here.host)
    for lacking in (
        {"reason": ""},
        {"is_not_retired": ""},
        {"file": ""},
        {"file": (BytesIO(b"<html>"), "x.pdf")},
    ):
        assert send(client, url, **exception(**lacking)).status_code == 422
    assert send(client, url, **exception()).status_code == 302
    shown = page(client, here.commission, f"/changes/{change}")
    assert "同意书.pdf" in shown
    assert send(client, f"/changes/{change}/except").status_code == 302
    assert state_of(here, change) is ChangeState.EXCEPTED
    assert "2026-03-02" in page(client, here.rival, f"/centers/{center.id}")


def test_the_file_goes_to_those_concerned_as_an_attachment(
    here: Province, client: FlaskClient, center: Center
) -> None:
    change = with_exception(here, reported(here.host, center)).id
    url, director = f"/changes/{change}/evidence", director_at(center)
    for actor in (here.host, here.commission, director):
        answer = sit_down(client, actor).get(url)
        assert (answer.status_code, answer.data) == (200, PDF)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.mimetype == "application/pdf"
    for actor, status in (
        (here.rival, 404),
        (here.actor(CITY), 404),
        (here.actor("host", Role.EXPERT), 403),
        (here.actor(PROVINCE, Role.SYSTEM_ADMIN), 403),
    ):
        assert sit_down(client, actor).get(url).status_code == status


def test_the_decision_shows_what_the_rules_find(
    here: Province, client: FlaskClient, center: Center
) -> None:
    change = with_replacement(
        here, reported(here.host, center), host_position=HostPosition.OTHER
    ).id
    sit_down(client, here.commission)
    shown = client.get(f"/changes/{change}/replace").text
    assert "第十二条（二）" in shown
    assert "继任者" in shown
    assert f"/changes/{change}/return" in shown
    seen = hidden(client.get(f"/changes/{change}/dismiss"))
    assert client.post(f"/changes/{change}/replace", data=seen).status_code == 422
    assert state_of(here, change) is ChangeState.PROPOSED
    assert send(client, f"/changes/{change}/return", reason=" ").status_code == 422
    assert send(client, f"/changes/{change}/return", reason="请另荐").status_code == 302
    assert "请另荐" in page(client, here.host, f"/changes/{change}")


def test_a_report_in_error_is_dismissed(
    here: Province, client: FlaskClient, center: Center
) -> None:
    change = reported(here.host, center).id
    sit_down(client, here.commission)
    assert send(client, f"/changes/{change}/dismiss", reason="误报").status_code == 302
    assert state_of(here, change) is ChangeState.DISMISSED
    assert client.get(f"/changes/{change}/dismiss").status_code == 409


def test_the_second_of_two_decisions_keeps_the_words(
    here: Province, client: FlaskClient, center: Center
) -> None:
    change = with_replacement(here, reported(here.host, center))
    sit_down(client, here.commission)
    url = f"/changes/{change.id}/dismiss"
    form = {**hidden(client.get(url)), "reason": "我的理由"}
    with transaction():
        return_proposal(here.commission, change.id, change.version, "x")
    answer = client.post(url, data=form)
    assert answer.status_code == 409
    assert "我的理由" in answer.text
    assert client.post(url, data={**form, **hidden(answer)}).status_code == 302


@pytest.mark.parametrize("state", [None, *ChangeState, "nothing"])
def test_the_list(here: Province, client: FlaskClient, center: Center, state: str | None) -> None:
    change = reported(here.host, center).id
    text = page(client, here.commission, "/changes" + (f"?state={state}" if state else ""))
    assert (f"/changes/{change}" in text) is (state in (None, ChangeState.OPEN, "nothing"))


def test_others_see_nothing(here: Province, client: FlaskClient, center: Center) -> None:
    change = reported(here.host, center).id
    for actor in (here.rival, here.actor(CITY)):
        sit_down(client, actor)
        assert f"/changes/{change}" not in client.get("/changes").text
        for url in (
            f"/changes/{change}",
            f"/changes/{change}/propose/replacement",
            f"/centers/{center.id}/changes/new",
        ):
            assert client.get(url).status_code == 404, url
    assert sit_down(client, here.rival).get(f"/changes/{change}/dismiss").status_code == 403
    assert sit_down(client, here.actor(CITY)).get(f"/changes/{change}/dismiss").status_code == 404
    commission = sit_down(client, here.commission)
    assert commission.get(f"/changes/{change}/propose/replacement").status_code == 404
    assert commission.get(f"/changes/{change}/propose/other").status_code == 404
