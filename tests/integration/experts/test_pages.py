"""The pages of panels: every state, who sees what, what comes back."""

import re

import pytest
from flask.testing import FlaskClient

from qcc.kernel.permissions import Role
from tests.factories.centers import OTHER_CITY, sit_down
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
