"""Invitations: a link instead of an initial password, used once, good for 72 hours."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from qcc.accounts.models import ActivationLink, User, UserState
from qcc.accounts.services import (
    activate,
    assign_role,
    disable_user,
    enable_user,
    invite_user,
    make_link,
)
from qcc.infra.audit import AuditEvent
from qcc.infra.db import StaleEdit, db, transaction
from qcc.infra.errors import NotFound, Refused
from qcc.kernel.permissions import Role
from qcc.organizations.models import Person
from tests.conftest import Clock
from tests.factories.organizations import (
    CITY,
    COUNTY,
    OTHER_CITY,
    PASSWORD,
    PROVINCE,
    World,
    csrf_of,
    field_of,
    give_role,
    make_actor,
    make_organization,
    make_person,
    make_user,
    sign_in,
    signed_in,
)

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def person(world: World) -> Person:
    return make_person(world[PROVINCE], "张三丰", phone="0571-87236114")


@pytest.fixture
def link(person: Person, world: World) -> str:
    """The token of a fresh link for an officer."""
    with transaction():
        _user, token = invite_user(None, person, "zhangsan")
        assign_role(None, person, Role.COMMISSION_OFFICER, world[PROVINCE])
    return token


def set_password(
    client: FlaskClient, token: str, password: str = PASSWORD, again: str | None = None
) -> TestResponse:
    page = client.get(f"/activate/{token}")
    return client.post(
        f"/activate/{token}",
        data={
            "csrf_token": csrf_of(page),
            "password": password,
            "again": password if again is None else again,
        },
    )


def test_the_whole_way(client: FlaskClient, link: str) -> None:
    assert sign_in(client, "zhangsan", "").status_code == 422
    answer = set_password(client, link)
    assert (answer.status_code, answer.location) == (302, "/sign-in")
    assert sign_in(client, "zhangsan").status_code == 302


def test_looking_does_not_use_it_up(client: FlaskClient, link: str) -> None:
    for _ in range(3):
        assert client.get(f"/activate/{link}").status_code == 200
    assert client.head(f"/activate/{link}").status_code == 200
    assert set_password(client, link).status_code == 302


def test_it_works_once(client: FlaskClient, link: str) -> None:
    page = client.get(f"/activate/{link}")
    form = {"csrf_token": csrf_of(page), "password": PASSWORD, "again": PASSWORD}
    assert client.post(f"/activate/{link}", data=form).status_code == 302
    assert client.post(f"/activate/{link}", data=form).status_code in (400, 410)
    assert client.get(f"/activate/{link}").status_code == 410
    with pytest.raises(Refused), transaction():
        activate(link, "eight quiet boats upstream")


def test_of_two_at_once_one_wins(app: Flask, link: str) -> None:
    def use(password: str) -> bool:
        with app.app_context():
            try:
                with transaction():
                    activate(link, password)
            except Refused:
                return False
            finally:
                db.session.remove()
            return True

    db.session.remove()
    words = [f"eight quiet boats upstream {n}" for n in "abcd"]
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, words)) == [False, False, False, True]


def test_seventy_two_hours_to_the_second(client: FlaskClient, link: str, clock: Clock) -> None:
    clock.forward(timedelta(hours=71, minutes=59, seconds=59))
    page = client.get(f"/activate/{link}")
    assert page.status_code == 200
    clock.forward(timedelta(seconds=1))
    assert client.get(f"/activate/{link}").status_code == 410
    form = {"csrf_token": csrf_of(page), "password": PASSWORD, "again": PASSWORD}
    assert client.post(f"/activate/{link}", data=form).status_code == 410
    with pytest.raises(Refused), transaction():
        activate(link, PASSWORD)


def test_within_the_last_second_it_works(client: FlaskClient, link: str, clock: Clock) -> None:
    clock.forward(timedelta(hours=71, minutes=59, seconds=59))
    assert set_password(client, link).status_code == 302


def test_a_newer_link_ends_the_older(client: FlaskClient, link: str, person: Person) -> None:
    with transaction() as session:
        newer = make_link(None, session.scalars(sa.select(User)).one())
    assert client.get(f"/activate/{link}").status_code == 410
    assert set_password(client, newer).status_code == 302


def test_what_is_no_link_looks_like_a_dead_one(client: FlaskClient, link: str) -> None:
    for token in ("x", "a" * 43, "' OR 1=1 --", "..", "张三"):
        assert client.get(f"/activate/{token}").status_code in (404, 410)


def test_the_link_is_stored_only_as_a_hash_and_told_to_nobody(
    client: FlaskClient, link: str
) -> None:
    row = db.session.scalars(sa.select(ActivationLink)).one()
    assert link not in str(vars(row))
    events = db.session.scalars(sa.select(AuditEvent)).all()
    assert not any(link in event.detail + event.subject_id for event in events)
    page = client.get(f"/activate/{link}")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "http://" not in re.sub(r"http://127", "", page.get_data(as_text=True))


REFUSED = (
    ("short", None),
    ("123456123456", None),
    ("zhangsanfeng and a boat", None),
    ("330000weishengjiankang!", None),
    ("call 87236114 or else", None),
    (PASSWORD, "something else typed"),
    ("", None),
)


def test_a_password_that_is_refused_leaves_the_link(client: FlaskClient, link: str) -> None:
    for password, again in REFUSED:
        answer = set_password(client, link, password, again)
        assert answer.status_code == 422
        assert not password or password not in answer.get_data(as_text=True)
    assert set_password(client, link).status_code == 302


def test_a_link_for_a_forgotten_password_ends_sessions_when_used(
    app: Flask, client: FlaskClient, link: str
) -> None:
    set_password(client, link)
    sign_in(client, "zhangsan")
    with transaction() as session:
        again = make_link(None, session.scalars(sa.select(User)).one())
    assert client.get("/desk").status_code == 200  # made is not used
    assert set_password(app.test_client(), again, "eight quiet boats upstream").status_code == 302
    assert client.get("/desk").status_code == 302
    assert sign_in(client, "zhangsan").status_code == 422
    assert sign_in(client, "zhangsan", "eight quiet boats upstream").status_code == 302


def test_whoever_is_signed_in_at_this_browser_is_signed_out(
    client: FlaskClient, link: str, world: World
) -> None:
    signed_in(client, Role.COMMISSION_OFFICER, world[CITY])
    set_password(client, link)
    assert client.get("/desk").status_code == 302


# --- disabling and enabling ---


def version(user_id: int) -> int:
    db.session.rollback()
    return db.session.get_one(User, user_id).version


def test_a_disabled_user_has_no_link(client: FlaskClient, link: str, world: World) -> None:
    user = db.session.scalars(sa.select(User)).one()
    actor = make_actor(Role.SYSTEM_ADMIN, world[PROVINCE])
    with transaction():
        disable_user(actor, user.id, version(user.id))
    assert client.get(f"/activate/{link}").status_code == 410
    with pytest.raises(Refused), transaction() as session:
        make_link(actor, session.get_one(User, user.id))


def test_an_enabled_user_comes_back_by_a_new_link_only(
    client: FlaskClient, link: str, world: World
) -> None:
    set_password(client, link)
    user_id = db.session.scalars(sa.select(User.id)).one()
    actor = make_actor(Role.SYSTEM_ADMIN, world[PROVINCE])
    with transaction():
        disable_user(actor, user_id, version(user_id))
    with transaction():
        _user, token = enable_user(actor, user_id, version(user_id))
    assert sign_in(client, "zhangsan").status_code == 422
    assert set_password(client, token, "eight quiet boats upstream").status_code == 302
    assert sign_in(client, "zhangsan", "eight quiet boats upstream").status_code == 302


def test_nobody_disables_themselves_or_an_older_version(world: World) -> None:
    actor = make_actor(Role.SYSTEM_ADMIN, world[PROVINCE])
    with pytest.raises(Refused), transaction():
        disable_user(actor, actor.user_id, version(actor.user_id))
    other, _password = make_user(Role.COMMISSION_OFFICER, world[CITY])
    with pytest.raises(StaleEdit), transaction():
        disable_user(actor, other.id, 99)
    with pytest.raises(Refused), transaction():
        enable_user(actor, other.id, version(other.id))


# --- inviting, by the pages ---


@pytest.fixture
def admin(client: FlaskClient, world: World) -> User:
    return signed_in(client, Role.SYSTEM_ADMIN, world[PROVINCE])


def invite(client: FlaskClient, person_id: int, username: str, key: str = "") -> TestResponse:
    url = f"/users/invite?person={person_id}"
    page = client.get(url)
    data = {"csrf_token": csrf_of(page), "key": key or field_of(page, "key"), "username": username}
    return client.post(url, data=data)


def link_in(answer: TestResponse) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000/activate/([\w-]+)", answer.get_data(as_text=True))
    assert found
    return found[1]


def test_inviting_shows_the_link_once(
    app: Flask, client: FlaskClient, admin: User, person: Person
) -> None:
    page = client.get(f"/users/invite?person={person.id}")
    answer = invite(client, person.id, "Zhang.San", key=field_of(page, "key"))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    token = link_in(answer)
    made = db.session.scalars(sa.select(User).filter_by(username="zhang.san")).one()
    assert made.state is UserState.INVITED
    again = client.get(f"/users/{made.id}").get_data(as_text=True)
    assert token not in again
    assert set_password(app.test_client(), token).status_code == 302


def test_a_double_click_makes_one_account(client: FlaskClient, admin: User, person: Person) -> None:
    page = client.get(f"/users/invite?person={person.id}")
    data = {
        "csrf_token": csrf_of(page),
        "key": field_of(page, "key"),
        "username": "zhangsan",
    }
    url = f"/users/invite?person={person.id}"
    assert client.post(url, data=data).status_code == 200
    assert client.post(url, data=data).status_code == 302
    count = db.session.scalar(
        sa.select(sa.func.count()).select_from(User).filter_by(username="zhangsan")
    )
    assert count == 1


def test_user_names_are_simple(client: FlaskClient, admin: User, person: Person) -> None:
    for name in ("", "ab", "1abc", "a b c", "张三丰", "a" * 31, "<script>", "a@b.c"):
        assert invite(client, person.id, name).status_code == 422


def test_taken_names_and_people_are_refused(
    client: FlaskClient, admin: User, person: Person, world: World
) -> None:
    make_user(Role.COMMISSION_OFFICER, world[CITY], "lisi")
    assert invite(client, person.id, "LiSi").status_code == 422
    assert invite(client, person.id, "zhangsan").status_code == 200
    assert client.get(f"/users/invite?person={person.id}").status_code == 302


def test_two_invitations_of_one_person_at_once_make_one_account(app: Flask, person: Person) -> None:
    def work(name: str) -> bool:
        with app.app_context():
            try:
                with transaction() as session:
                    invite_user(None, session.get_one(Person, person_id), name)
            except Refused:
                return False
            finally:
                db.session.remove()
            return True

    person_id = person.id
    db.session.remove()
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(work, ["zhangsan", "zhangsan", "zhangsan2", "zhangsan3"]))
    assert sorted(made) == [False, False, False, True]


def test_only_people_of_the_jurisdiction_are_invited(
    client: FlaskClient, world: World, person: Person
) -> None:
    signed_in(client, Role.SYSTEM_ADMIN, world[CITY])
    inside = make_person(make_organization(place=COUNTY), "李四光")
    outside = make_person(make_organization(place=OTHER_CITY), "王五")
    text = client.get("/users/invite").get_data(as_text=True)
    assert "李四光" in text
    assert "王五" not in text
    assert "张三丰" not in text
    assert client.get(f"/users/invite?person={inside.id}").status_code == 200
    for person_id in (outside.id, person.id):
        assert client.get(f"/users/invite?person={person_id}").status_code == 404


def act(client: FlaskClient, user_id: int, what: str) -> TestResponse:
    page = client.get(f"/users/{user_id}")
    assert page.status_code == 200
    data = {"csrf_token": csrf_of(page), "version": version(user_id)}
    return client.post(f"/users/{user_id}/{what}", data=data)


def test_links_by_the_button(app: Flask, client: FlaskClient, admin: User, world: World) -> None:
    user, _password = make_user(Role.COMMISSION_OFFICER, world[CITY], "lisi")
    first, second = (link_in(act(client, user.id, "link")) for _ in range(2))
    assert client.get(f"/activate/{first}").status_code == 410
    assert set_password(app.test_client(), second, "eight quiet boats upstream").status_code == 302


def test_disabling_and_enabling_by_the_buttons(
    app: Flask, client: FlaskClient, admin: User, world: World
) -> None:
    user, _password = make_user(Role.COMMISSION_OFFICER, world[CITY], "lisi")
    stale = version(user.id) + 5
    page = client.get(f"/users/{user.id}")
    data = {"csrf_token": csrf_of(page), "version": stale}
    assert client.post(f"/users/{user.id}/disable", data=data).status_code == 409
    assert act(client, user.id, "disable").status_code == 302
    assert sign_in(app.test_client(), "lisi").status_code == 422
    token = link_in(act(client, user.id, "enable"))
    assert set_password(app.test_client(), token).status_code == 302
    assert sign_in(app.test_client(), "lisi").status_code == 302
    assert act(client, admin.id, "disable").status_code == 422


def test_no_administrator_becomes_somebody_at_a_higher_desk(
    client: FlaskClient, world: World
) -> None:
    """A county's expert may be the province's officer: the county makes no link for them."""
    officer, _password = make_user(Role.COMMISSION_OFFICER, world[PROVINCE])
    give_role(officer, Role.EXPERT, world[COUNTY])
    signed_in(client, Role.SYSTEM_ADMIN, world[COUNTY])
    page = client.get(f"/users/{officer.id}")
    assert page.status_code == 200  # their expert is seen
    token = csrf_of(client.get("/desk"))
    data = {"csrf_token": token, "version": version(officer.id)}
    for what in ("link", "disable", "enable"):
        assert client.post(f"/users/{officer.id}/{what}", data=data).status_code == 404
    employed_here, _password = make_user(Role.EXPERT, world[COUNTY])
    give_role(employed_here, Role.COMMISSION_OFFICER, world[PROVINCE])
    assert client.post(f"/users/{employed_here.id}/link", data=data).status_code == 404


def test_users_outside_are_not_there(client: FlaskClient, world: World) -> None:
    signed_in(client, Role.SYSTEM_ADMIN, world[CITY])
    for place in (PROVINCE, OTHER_CITY):
        user, _password = make_user(Role.COMMISSION_OFFICER, world[place])
        assert client.get(f"/users/{user.id}").status_code == 404
    below, _password = make_user(Role.COMMISSION_OFFICER, world[COUNTY])
    assert client.get(f"/users/{below.id}").status_code == 200
    actor = make_actor(Role.SYSTEM_ADMIN, world[CITY])
    outside, _password = make_user(Role.COMMISSION_OFFICER, world[OTHER_CITY])
    with pytest.raises(NotFound), transaction():
        disable_user(actor, outside.id, 1)
