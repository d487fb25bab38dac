"""A day or a choice that cannot be taken is said at its field, and what was typed stays."""

from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient

from qcc.evaluations.services import appealing
from tests.conftest import Clock
from tests.factories import evaluations as make
from tests.factories import rectifying as put
from tests.factories import violating as case_of
from tests.factories.applications import do
from tests.factories.centers import sit_down
from tests.factories.evaluations import Scene
from tests.factories.organizations import post
from tests.integration.conftest import Kept

YEAR, TODAY = 2025, "2025-12-01"


@pytest.fixture
def here(kept: Kept[Scene], clock: Clock) -> Scene:
    clock.set(datetime(2024, 3, 1, 1, tzinfo=UTC))
    made = kept("assessed", make.scene)
    clock.set(datetime(YEAR, 12, 1, 1, tzinfo=UTC))
    return made


def refused(client: FlaskClient, path: str, words: str, **typed: str) -> None:
    """The page comes back with the words of the refusal and with what was typed."""
    answer = post(client, path, **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in page
    for name in typed.keys() & {"opinion", "reason", "statement_by", "later"}:
        assert typed[name] in page


def test_a_hearing_that_does_not_lie_ahead(client: FlaskClient, here: Scene) -> None:
    code = case_of.investigated(case_of.reported(here.rival, here.centers[0]), here.evaluation)
    sit_down(client, here.evaluation)
    version = str(case_of.case(code).version)
    refused(
        client,
        f"/violations/{code}/hear",
        "陈述期限应晚于今日",
        version=version,
        statement_by=TODAY,
    )


def test_a_rectification_that_is_not_extended(client: FlaskClient, here: Scene) -> None:
    make.final(here, YEAR, ("0.5", "0.8"))
    code = put.issued_after(here.evaluation, here.codes[0])
    sit_down(client, here.evaluation)
    path, reason = f"/rectifications/{code}", "台账不全，限期补齐"
    early = "新的期限应晚于"
    sent = {"version": str(put.order(code).version), "reason": reason}
    refused(client, f"{path}/postpone", early, **sent, later=TODAY)
    put.planned(code, here.secretaries[0], here.directors[0])
    put.proven(code, here.secretaries[0])
    put.submitted_evidence(code, here.directors[0])
    order = put.order(code)
    sent = {"version": str(order.version), "opinion": reason}
    sent |= {f"effect-{item.id}": "ineffective" for item in order.items}
    refused(client, f"{path}/verify", "判定为无效", **sent, verdict="close")
    refused(client, f"{path}/verify", early, **sent, verdict="extend", later=TODAY)
    assert put.order(code).due_on > date.fromisoformat(TODAY)


def test_an_appeal_upheld_without_points(client: FlaskClient, here: Scene) -> None:
    make.published(here, YEAR, ("0.55", "0.8"))
    code, version = here.codes[0], here.assessment().version
    do(lambda: appealing.raise_appeal(here.directors[0], code, version, "少计了会议"))
    sit_down(client, here.commission)
    sent = {"version": "1", "verdict": "uphold", "reason": "情况属实"}
    refused(client, f"/assessments/{code}/appeal/decide", "请填写调整后的分数", **sent)


@pytest.mark.parametrize("number", ["99999999999999999999", "-1", "x"])
def test_a_number_that_no_center_has(client: FlaskClient, here: Scene, number: str) -> None:
    sit_down(client, here.evaluation)
    read = client.get(f"/annual-reports?center={number}").status_code
    assert read == (200 if number == "x" else 404)
    asked = post(client, "/annual-reports", "/annual-reports", center=number, year="2025")
    assert asked.status_code == 404


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar(client: FlaskClient, here: Scene, day: str) -> None:
    """It is refused at the field: no page that reckons with it would come any more."""
    sit_down(client, here.commission)
    task = {"title": "报送质控数据", "text": "按季度报送", "centers": str(here.centers[0])}
    refused(client, "/assigned-tasks/new", "1900年至2199年", **task, due_on=day)
    order = {"reason": "督导发现问题", "wants": "补齐台账"}
    path = f"/centers/{here.centers[0]}/rectification"
    refused(client, path, "1900年至2199年", **order, due_on=day)
    assert client.get("/").status_code == 200
