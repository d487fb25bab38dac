"""Pages of centers: what they show to whom, and forms from the first click to the answer."""

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from qcc.centers.models import Center
from qcc.centers.queries import get_center, lock_center
from qcc.centers.services import end_hosting, open_call, order_rectification
from qcc.centers.workflow import CenterState
from qcc.infra import clock as product_clock
from qcc.infra.db import db, transaction
from qcc.kernel.permissions import Actor, Role
from tests.factories.centers import (
    CITY,
    COUNTY,
    PROVINCE,
    Province,
    director_at,
    established,
    in_call,
    planned,
    reported,
    sit_down,
    specialty,
)

pytestmark = pytest.mark.usefixtures("app", "clock")
_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')


def hidden(page: TestResponse) -> dict[str, str]:
    """The hidden fields of a page's forms."""
    fields = {}
    for found in _HIDDEN.findall(page.text):
        name, value = (re.search(rf'{part}="([^"]*)"', found) for part in ("name", "value"))
        if name and name[1] != "next":
            fields[name[1]] = unescape(value[1]) if value else ""
    return fields


def send(client: FlaskClient, url: str, **typed: Any) -> TestResponse:
    """Open a form, fill it in and send it."""
    return client.post(url, data={**hidden(client.get(url)), **typed})


def page(client: FlaskClient, actor: Actor, url: str) -> str:
    """What the actor sees there."""
    answer = sit_down(client, actor).get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.text


# --- directory ---


def test_the_directory_answers_whatever_the_address_says(
    here: Province, client: FlaskClient
) -> None:
    established(here)
    sit_down(client, here.host)
    for query in (
        "q=%25&level=x&place=zz&kind=&state=9&after=-1", "after=abc", "after=99999999999999999999",
        "q=" + "麻" * 500, "whole=1", "specialty=%27%20OR%201=1", "place=3301%25",
    ):  # fmt: skip
        assert client.get(f"/centers?{query}").status_code == 200, query


def test_filters_stay_in_the_form_and_in_the_next_page(here: Province, client: FlaskClient) -> None:
    planned(here.commission)
    text = page(client, here.host, f"/centers?q=mz&place={PROVINCE}&state=planned&specialty=麻醉")
    assert 'value="mz"' in text
    assert "<option selected>麻醉</option>" in text
    assert '<option value="planned" selected>' in text
    assert "浙江省麻醉医疗质量控制中心" in text


@pytest.mark.parametrize(("query", "shown"), [("", "/centers/new"), ("?q=zzz", 'href="/centers"')])
def test_an_empty_directory_says_what_to_do(
    here: Province, client: FlaskClient, query: str, shown: str
) -> None:
    assert shown in page(client, here.commission, f"/centers{query}")


# --- planning ---


def test_planning_from_the_matrix_to_the_center(here: Province, client: FlaskClient) -> None:
    sit_down(client, here.actor(COUNTY))
    wanted = specialty("急诊").id
    url = f"/centers/new?specialty={wanted}&place={COUNTY}"
    assert f'<option selected value="{wanted}">急诊</option>' in client.get(url).text
    answer = send(client, url, specialty_id=wanted)
    assert answer.status_code == 302
    shown = client.get(answer.location).text
    assert "杭州市上城区急诊医疗质量控制中心" in shown
    assert "/calls/new?center=" in shown


def test_a_double_click_plans_once(here: Province, client: FlaskClient) -> None:
    sit_down(client, here.commission)
    form = {**hidden(client.get("/centers/new")), "specialty_id": specialty().id}
    first, second = (client.post("/centers/new", data=form) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    assert db.session.query(Center).count() == 1


def test_a_specialty_that_has_its_center_is_told_with_the_center(
    here: Province, client: FlaskClient
) -> None:
    center = planned(here.commission)
    sit_down(client, here.commission)
    answer = send(client, "/centers/new", specialty_id=specialty().id)
    assert answer.status_code == 422
    assert "第五条" in answer.text
    assert f'href="/centers/{center.id}"' in answer.text


@pytest.mark.parametrize("typed", ["", "0", "99999", "x"])
def test_planning_needs_a_specialty(here: Province, client: FlaskClient, typed: str) -> None:
    sit_down(client, here.commission)
    assert send(client, "/centers/new", specialty_id=typed).status_code == 422
    assert db.session.query(Center).count() == 0


def test_nobody_plans_elsewhere(here: Province, client: FlaskClient) -> None:
    sit_down(client, here.actor(CITY))
    assert client.get(f"/centers/new?place={COUNTY}").status_code == 404
    sit_down(client, here.host)
    assert client.get("/centers/new").status_code == 403


# --- one center ---


def test_who_is_concerned_sees_more(here: Province, client: FlaskClient) -> None:
    center = established(here)
    change = reported(here.host, center).id
    url, director = f"/centers/{center.id}", director_at(center)
    for actor in (here.commission, here.host, director, here.actor("evaluation",
                  Role.EVALUATION_OFFICER)):  # fmt: skip
        text = page(client, actor, url)
        assert f"/changes/{change}" in text
        assert here.commission.name in text
    for actor in (here.rival, here.actor(CITY), here.actor("host", Role.EXPERT)):
        text = page(client, actor, url)
        assert "测试第一医院" in text
        assert f"/changes/{change}" not in text
        assert here.commission.name not in text


def test_a_reason_stays_with_those_concerned(here: Province, client: FlaskClient) -> None:
    center = established(here)
    with transaction():
        end_hosting(here.commission, lock_center(center.id), "内部原因", product_clock.today())
    url = f"/centers/{center.id}"
    assert page(client, here.commission, url).count("内部原因") > 1
    text = page(client, here.rival, url)
    assert "内部原因" not in text
    assert "测试第一医院" in text


BUTTONS = {
    "planned": {"/calls/new", "close"},
    "in_call": set[str](),
    "established": {"changes/new", "/rectification", "end_hosting"},
}


@pytest.mark.parametrize("state", list(BUTTONS))
def test_buttons_are_what_the_commission_can_do(
    here: Province, client: FlaskClient, state: str
) -> None:
    made = {"planned": planned, "in_call": in_call}
    center = made[state](here.commission) if state in made else established(here)
    url = f"/centers/{center.id}"

    def offered(actor: Actor) -> set[str]:
        text = page(client, actor, url)
        known = set().union(*BUTTONS.values())
        return {b for b in known if f"{b}" in re.sub(r"<nav.*?</nav>", "", text, flags=re.S)}

    assert offered(here.commission) == BUTTONS[state]
    assert offered(here.actor(CITY)) == offered(here.rival) == set()
    assert offered(here.host) == BUTTONS[state] & {"changes/new"}


@pytest.mark.parametrize("center_id", [0, 99, 2**31, 2**63])
def test_what_is_not_there(here: Province, client: FlaskClient, center_id: int) -> None:
    sit_down(client, here.commission)
    for url in ("/centers/{}", "/centers/{}/close", "/centers/{}/changes/new", "/changes/{}"):
        assert client.get(url.format(center_id)).status_code == 404


# --- acts ---


def test_an_act_is_confirmed_with_a_reason(here: Province, client: FlaskClient) -> None:
    center = planned(here.commission)
    sit_down(client, here.commission)
    url = f"/centers/{center.id}/close"
    assert send(client, url, reason=" ").status_code == 422
    answer = send(client, url, reason="不再需要")
    assert (answer.status_code, answer.location) == (302, f"/centers/{center.id}")
    assert get_center(here.commission, center.id).state is CenterState.CLOSED
    assert client.get(url).status_code == 409


def test_the_end_of_a_hosting_asks_for_the_day(here: Province, client: FlaskClient) -> None:
    center = established(here)
    sit_down(client, here.commission)
    url = f"/centers/{center.id}/end_hosting"
    for day, status in (("", 422), ("2020-01-01", 422), ("2999-01-01", 422), ("2026-03-02", 302)):
        assert send(client, url, reason="取消挂靠", on=day).status_code == status
    assert get_center(here.commission, center.id).state is CenterState.VACANT


def test_the_second_of_two_keeps_the_words(here: Province, client: FlaskClient) -> None:
    center = established(here)
    sit_down(client, here.commission)
    url = f"/centers/{center.id}/end_hosting"
    form = {**hidden(client.get(url)), "reason": "我的理由", "on": "2026-03-02"}
    with transaction():
        order_rectification(here.commission, lock_center(center.id), "见考核")
    answer = client.post(url, data=form)
    assert answer.status_code == 409
    assert "我的理由" in answer.text
    assert client.post(url, data={**form, **hidden(answer)}).status_code == 302


def test_what_has_moved_on_is_not_done(here: Province, client: FlaskClient) -> None:
    center = planned(here.commission)
    sit_down(client, here.commission)
    url = f"/centers/{center.id}/close"
    form = {**hidden(client.get(url)), "reason": "x"}
    with transaction():
        open_call(here.commission, lock_center(center.id))
    assert client.post(url, data=form).status_code == 409


def test_others_do_not_act(here: Province, client: FlaskClient) -> None:
    center = planned(here.commission)
    for actor, status in ((here.actor(CITY), 404), (here.host, 403)):
        sit_down(client, actor)
        assert client.get(f"/centers/{center.id}/close").status_code == status


def test_a_form_from_elsewhere_is_refused(here: Province, client: FlaskClient) -> None:
    center = planned(here.commission)
    sit_down(client, here.commission)
    answer = client.post(f"/centers/{center.id}/close", data={"reason": "x", "version": 1})
    assert answer.status_code == 400
    assert get_center(here.commission, center.id).state is CenterState.PLANNED


# --- rulebooks ---


@pytest.mark.parametrize(
    ("who", "role"),
    [("host", Role.INSTITUTION_OFFICER), ("host", Role.EXPERT), (PROVINCE, Role.AUDIT_ADMIN)],
)
def test_everybody_reads_the_rulebooks(
    here: Province, client: FlaskClient, who: str, role: Role
) -> None:
    actor = here.actor(who, role)
    text = page(client, actor, "/rulebooks")
    assert "/rulebooks/zhejiang-2021" in text
    assert "/rulebooks/demo-2010" in text
    measures = page(client, actor, "/rulebooks/zhejiang-2021")
    assert "第十二条（五）" in measures
    assert "浙卫办医政医管〔2021〕3号" in measures
    assert "15 %" in measures


def test_the_invented_edition_says_so(here: Province, client: FlaskClient) -> None:
    client.set_cookie("qcc_language", "en")
    mark = "Invented, for demonstration only"
    assert mark in page(client, here.host, "/rulebooks/demo-2010")
    assert mark not in page(client, here.host, "/rulebooks/zhejiang-2021")
    assert "Repealed" in page(client, here.host, "/rulebooks/demo-2010")


@pytest.mark.parametrize("name", ["zhejiang-1999", "..%2f..%2fx", "demo-2010.toml"])
def test_an_unknown_edition_is_not_there(here: Province, client: FlaskClient, name: str) -> None:
    sit_down(client, here.host)
    assert client.get(f"/rulebooks/{name}").status_code == 404
