"""The pages of panels: every state, who sees what, what comes back."""

import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from qcc.experts.queries import list_consents
from qcc.experts.services import consents
from qcc.experts.services.consents import Answer
from qcc.infra.db import db
from qcc.infra.outbox import Message
from qcc.kernel.permissions import Role
from tests.factories.centers import OTHER_CITY, sit_down
from tests.integration.experts import scenes
from tests.integration.experts.conftest import Stage


def token_of(text: str) -> str:
    found = re.search(r'data-csrf="([^"]+)"', text)
    assert found
    return found[1]


def send(client: FlaskClient, path: str, shown: str, **fields: object) -> tuple[int, str]:
    """Send a form of the page that is shown at *shown*."""
    token = token_of(client.get(shown).get_data(as_text=True))
    answer = client.post(path, data={"csrf_token": token, **fields})
    return answer.status_code, answer.get_data(as_text=True)


STATES = ("draft", "collecting", "under_review", "approved", "filed")


@pytest.mark.parametrize("state", STATES)
def test_the_page_in_every_state(stage: Stage, state: str, client: FlaskClient) -> None:
    here = stage(state)
    page = f"/panels/{here.panel_id}"
    for actor in (here.secretary, here.director, here.commission,
                  here.province.actor("evaluation", Role.EVALUATION_OFFICER)):  # fmt: skip
        sit_down(client, actor)
        assert client.get(page).status_code == 200
        assert client.get("/panels").status_code == 200
        assert client.get("/experts").status_code == 200
        assert client.get(f"/experts/{here.experts[0]}").status_code == 200
    for actor in (here.province.rival, here.province.actor(OTHER_CITY)):
        sit_down(client, actor)
        assert client.get(page).status_code == 404
        assert client.get("/consents").status_code == 200


def test_consents_go_on_by_key_the_awaited_first_and_nothing_twice(stage: Stage) -> None:
    here = stage("collecting")
    employer = next(actor for _id, _version, actor in scenes.awaited(here))
    mine = [one for one in scenes.awaited(here) if one[2] is employer]
    answered = mine[0][0]
    here.act(consents.answer_consent, employer, answered, mine[0][1], Answer(given=True))
    whole = list_consents(employer, limit=99)
    assert [row.id for row in whole if row.is_open] == [key for key, *_rest in mine[1:]]
    assert whole[-1].id == answered
    walked, after = [], 0
    while page := list_consents(employer, after=after, limit=1):
        walked.append(page[0].id)
        after = page[0].turn
    assert walked == [row.id for row in whole]


def test_the_page_of_a_center_leads_to_its_public_page(stage: Stage, client: FlaskClient) -> None:
    here = stage("filed")
    sit_down(client, here.secretary)
    public = f"/public/centers/{here.center_id}"
    assert public in client.get(f"/centers/{here.center_id}").get_data(as_text=True)
    assert client.get(public).status_code == 200


@pytest.mark.parametrize(("state", "offered"), [("collecting", False), ("filed", True)])
def test_the_next_panel_is_offered_unless_one_is_prepared(
    stage: Stage, client: FlaskClient, state: str, offered: bool
) -> None:
    here = stage(state)
    sit_down(client, here.secretary)
    page = client.get("/panels").get_data(as_text=True)
    assert ('action="/panels/start"' in page) is offered
    above = page.partition('class="filters"')[0]
    assert (f'href="/panels/{here.panel_id}"' in above) is not offered


def test_one_document_consents_to_several_and_the_authority_is_asked_once(
    stage: Stage, client: FlaskClient
) -> None:
    here = stage("collecting")
    employer = here.province.actor("h2", Role.INSTITUTION_OFFICER)
    mine = [(k, v) for k, v, who in scenes.awaited(here) if who is employer]
    assert len(mine) == 2
    sit_down(client, employer)
    chosen = [f"{key}:{version}" for key, version in mine]
    path = "/consents/together"
    for twice in (302, 302):  # a double click: the second finds them answered
        assert send(client, path, "/consents", consent=chosen, number="9号")[0] == twice
    rows = list_consents(employer, limit=9)
    assert [row.state.value for row in rows] == ["given", "given"]
    asked = db.session.scalars(sa.select(Message).filter_by(kind="consent.asked_many")).all()
    authority = here.province.actor(OTHER_CITY).organization_id
    assert [m.params["count"] for m in asked if m.organization_id == authority] == [2]
    assert send(client, path, "/consents", number="9号")[0] == 302
    assert send(client, path, "/consents", consent=["x", "999:1"])[0] == 404


def test_of_several_consents_all_are_given_or_none(stage: Stage, client: FlaskClient) -> None:
    here = stage("collecting")
    employer = here.province.actor("h2", Role.INSTITUTION_OFFICER)
    first, second = [(k, v) for k, v, who in scenes.awaited(here) if who is employer]
    here.act(consents.answer_consent, employer, *second, Answer(given=False, reason="另有任务"))
    sit_down(client, employer)
    chosen = [f"{first[0]}:{first[1]}", f"{second[0]}:{second[1]}"]
    send(client, "/consents/together", "/consents", consent=chosen)
    db.session.rollback()
    assert first[0] in [row.id for row in list_consents(employer, limit=9) if row.is_open]
