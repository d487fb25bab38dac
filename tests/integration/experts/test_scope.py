"""Who sees which panel, consent, filing and file; how many queries pages ask; the public page."""

import re
from datetime import timedelta
from typing import Any

import html5lib
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from qcc.experts.models import Expert, MemberConsent, Panel
from qcc.experts.services import people, rosters
from qcc.experts.workflow import PANEL, PanelState
from qcc.infra import clock as product_clock
from qcc.infra.db import db, transaction
from qcc.kernel.permissions import ADMINISTRATORS, Role
from tests.conftest import Clock
from tests.counting import statements
from tests.factories.centers import OTHER_CITY, PROVINCE, sit_down
from tests.integration.experts import scenes
from tests.integration.experts.conftest import Stage
from tests.integration.experts.scenes import Scene
from tests.integration.experts.test_pages import send

ACTIONS = {
    "nominate": ("director", "nominate"),
    "recall": ("director", "recall"),
    "present": ("secretary", "present"),
    "return": ("commission", "return"),
    "approve": ("commission", "approve"),
    "dissolve": ("commission", "dissolve"),
}


@pytest.mark.parametrize("name", ["draft", "collecting", "under_review", "approved", "filed"])
def test_every_action_in_every_state(stage: Stage, name: str, client: FlaskClient) -> None:
    """What the table does not allow is refused and changes nothing."""
    here = stage(name)
    state, page = here.panel.state, f"/panels/{here.panel_id}"
    for action, (who, path) in ACTIONS.items():
        if any(action == t.action and state in t.sources for t in PANEL.transitions):
            continue
        sit_down(client, getattr(here, who))
        status, _text = send(client, f"{page}/{path}", page, version=here.version, reason="理由")
        assert status == 409, action
        assert here.panel.state is state


def test_strangers_find_nothing(stage: Stage, client: FlaskClient) -> None:
    here = stage("filed")
    other = scenes.scene(name="护理", here=here.province)
    member = here.panel.present_members[0]
    consent, filing = member.consents[0].id, here.panel.filings[0].id
    root = f"/panels/{here.panel_id}"
    paths = (
        root, f"{root}/papers", f"{root}/papers/panel_roster", f"{root}/members/{member.id}/letter",
        f"{root}/consents/{consent}/file", f"{root}/filings/{filing}/file",
        f"{root}/members/{member.id}/change", f"{root}/candidates?q=a",
        f"{root}/without/{member.id}", f"{root}/roster", f"/consents/{consent}",
        f"/consents/{consent}/file", "/member-changes/1",
    )  # fmt: skip
    strangers = [other.secretary, other.director, here.province.actor(OTHER_CITY),
                 here.province.rival, here.province.actor("host", Role.EXPERT),
                 *(here.province.actor(PROVINCE, role) for role in ADMINISTRATORS)]  # fmt: skip
    for actor in strangers:
        sit_down(client, actor)
        for path in paths:
            answer = client.get(path)
            assert answer.status_code in {403, 404}, (actor.role, path)
            assert member.expert.person.name not in answer.get_data(as_text=True)
    sit_down(client, other.secretary)
    assert str(here.panel_id) not in re.findall(r"/panels/(\d+)", client.get("/panels").text)


def test_an_employer_sees_the_consents_asked_of_it(stage: Stage, client: FlaskClient) -> None:
    here = stage("collecting")
    mine = {key for key, _v, actor in scenes.awaited(here) if actor.organization_name.endswith("4")}
    actor = next(a for _k, _v, a in scenes.awaited(here) if a.organization_name.endswith("4"))
    sit_down(client, actor)
    assert set(map(int, re.findall(r"/consents/(\d+)", client.get("/consents").text))) == mine
    for key in db.session.scalars(sa.select(MemberConsent.id)).all():
        assert client.get(f"/consents/{key}").status_code == (200 if key in mine else 404)


def test_an_export_is_recorded(stage: Stage, client: FlaskClient) -> None:
    here = stage("draft")
    sit_down(client, here.secretary)
    status, _text = send(client, "/experts/export", "/experts")
    assert status == 403


def test_the_public_page_tells_names_employers_and_roles_only(
    stage: Stage, client: FlaskClient, clock: Clock
) -> None:
    here = stage("filed")
    clock.forward(timedelta(days=60))
    text = client.get(f"/public/centers/{here.center_id}").get_data(as_text=True)
    main = html5lib.parse(text, namespaceHTMLElements=False).find(".//main")
    said = " ".join(" ".join(main.itertext()).split())
    for member in here.panel.present_members:
        person = member.expert.person
        assert person.name in said
        said = said.replace(person.name, "").replace(person.employer.name, "")
        assert person.birth_date.isoformat() not in text
        assert member.expert.code not in text
        assert person.title not in text
    assert not re.search(r"\d{4}-\d\d-\d\d|\d{11}|麻醉科|临床质量组", said)
    assert f"/panels/{here.panel_id}" not in text


def queries(client: FlaskClient, path: str) -> int:
    """How many statements a page sends, once it is warm."""
    assert client.get(path).status_code == 200
    with statements() as sent:
        assert client.get(path).status_code == 200
    return len(sent)


def test_pages_ask_as_much_for_many_as_for_few(stage: Stage, client: FlaskClient) -> None:
    here = stage("collecting")
    sit_down(client, here.commission)
    page = f"/panels/{here.panel_id}"
    few = {path: queries(client, path) for path in (page, "/panels", "/experts", "/consents")}
    _fill(here, 2_000)
    for path, number in few.items():
        assert queries(client, path) == number, path


def _fill(here: Scene, number: int) -> None:
    """More members on the panel, and many panels and experts straight in the tables."""
    with transaction() as session:
        panel = session.get_one(Panel, here.panel_id)
        for n in range(22):
            said = scenes.particulars(here.employer(f"h{1 + n % 4}"))
            expert = people.register_expert(here.secretary, said)
            panel.members.append(rosters.PanelMember(expert=expert, role=panel.members[1].role))
        session.flush()
        person_ids = _people(here, number)
        session.execute(sa.insert(Expert), [_expert(n, key) for n, key in enumerate(person_ids)])
        session.execute(sa.insert(Panel), [_panel(here, n) for n in range(number)])


def _people(here: Scene, number: int) -> list[int]:
    organization = here.organization_ids["h1"]
    table = people.Person
    last = db.session.scalar(sa.select(sa.func.max(table.id))) or 0
    rows: list[dict[str, Any]] = [
        {"id": last + n, "name": f"众{n}", "employer_id": organization, "post": "", "title": "",
         "search_text": f"众{n}", "version": 1, "phone": "", "email": ""}
        for n in range(1, number + 1)
    ]  # fmt: skip
    db.session.execute(sa.insert(table), rows)
    return [row["id"] for row in rows]


def _expert(number: int, person_id: int) -> dict[str, Any]:
    return {"code": f"X{number:06d}", "person_id": person_id, "specialty": "麻醉", "rank": "正高",
            "standing": [], "standing_text": "", "is_healthy": True, "health_text": "", "tags": [],
            "version": 1}  # fmt: skip


def _panel(here: Scene, number: int) -> dict[str, Any]:
    today = product_clock.today()
    return {"center_id": here.center_id, "term_number": number + 10, "state": PanelState.EXPIRED,
            "term_start": today, "term_end": today, "rulebook_version": "", "justification": "",
            "approved_at": product_clock.now(), "edits": 0, "findings": [],
            "created_at": product_clock.now(), "version": 1}  # fmt: skip
