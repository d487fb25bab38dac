"""Sessions stand on the server: they rotate, run out, and really end."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from qcc.accounts.models import RoleAssignment, User, UserSession
from qcc.accounts.services import disable_user, end_role, end_sessions
from qcc.accounts.sessions import hash_token
from qcc.infra.db import db, transaction
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Role
from tests.conftest import Clock
from tests.factories.organizations import (
    CITY,
    PASSWORD,
    PROVINCE,
    World,
    csrf_of,
    give_role,
    make_actor,
    make_organization,
    make_user,
    post,
    sign_in,
)

pytestmark = pytest.mark.usefixtures("clock")
NAME = "qcc"


@pytest.fixture
def user(world: World) -> User:
    made, _password = make_user(Role.COMMISSION_OFFICER, world[PROVINCE], "zhangsan")
    return made


def is_in(client: FlaskClient) -> bool:
    return client.get("/desk").status_code == 200


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie(NAME)
    assert found is not None
    return str(found.value)


def rows() -> list[UserSession]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(UserSession).order_by(UserSession.started_at)))


def test_the_token_is_new_at_each_sign_in_and_stored_only_as_a_hash(
    client: FlaskClient, user: User
) -> None:
    sign_in(client, "zhangsan")
    with client.session_transaction() as browser:
        first = browser["_user_id"]
    sign_in(client, "zhangsan")
    with client.session_transaction() as browser:
        second = browser["_user_id"]
    assert first != second
    assert {row.token_hash for row in rows()} == {hash_token(first), hash_token(second)}
    assert first not in str([vars(row) for row in rows()])


def test_what_stood_in_the_browser_before_does_not_survive_sign_in(
    client: FlaskClient, user: User
) -> None:
    client.get("/sign-in")
    with client.session_transaction() as browser:
        browser["_user_id"] = "planted"
        browser["planted"] = "yes"
    sign_in(client, "zhangsan")
    with client.session_transaction() as browser:
        assert browser["_user_id"] != "planted"
        assert "planted" not in browser


def test_signing_in_anew_ends_the_session_before(
    app: Flask, client: FlaskClient, user: User
) -> None:
    sign_in(client, "zhangsan")
    kept = cookie(client)
    sign_in(client, "zhangsan")
    thief = app.test_client()
    thief.set_cookie(NAME, kept)
    assert not is_in(thief)
    assert is_in(client)


def test_signing_out_really_ends_it(app: Flask, client: FlaskClient, user: User) -> None:
    sign_in(client, "zhangsan")
    kept = cookie(client)
    assert post(client, "/sign-out", "/desk").location == "/sign-in"
    assert not is_in(client)
    thief = app.test_client()
    thief.set_cookie(NAME, kept)
    assert not is_in(thief)
    assert all(row.ended_at for row in rows())


def test_signing_out_needs_the_token_of_a_form(client: FlaskClient, user: User) -> None:
    sign_in(client, "zhangsan")
    assert client.post("/sign-out").status_code == 400
    assert client.get("/sign-out").status_code == 405
    assert is_in(client)


def test_cookie_and_token_are_worked_out_once(client: FlaskClient, user: User) -> None:
    sign_in(client, "zhangsan")
    for _ in range(3):
        assert is_in(client)
    for name in ("qcc.cookies", "qcc.tokens"):
        known = client.application.extensions[name].cache_info()
        assert known.hits >= 2, (name, known)


def test_idle_for_thirty_minutes(client: FlaskClient, user: User, clock: Clock) -> None:
    sign_in(client, "zhangsan")
    clock.forward(timedelta(minutes=29, seconds=59))
    assert is_in(client)
    clock.forward(timedelta(minutes=29, seconds=59))
    assert is_in(client)
    clock.forward(timedelta(minutes=30))
    assert not is_in(client)


def test_twelve_hours_at_most(client: FlaskClient, user: User, clock: Clock) -> None:
    sign_in(client, "zhangsan")
    for _ in range(28):  # 11:40, never idle for long
        clock.forward(timedelta(minutes=25))
        assert is_in(client)
    clock.forward(timedelta(minutes=19, seconds=59))
    assert is_in(client)
    clock.forward(timedelta(seconds=1))
    assert not is_in(client)


def test_a_forged_cookie_opens_nothing(client: FlaskClient, user: User) -> None:
    sign_in(client, "zhangsan")
    token_hash = rows()[0].token_hash
    for value in ("x", cookie(client)[:-3] + "abc", token_hash):
        stranger = client.application.test_client()
        stranger.set_cookie(NAME, value)
        assert not is_in(stranger)
    reader = client.application.test_client()  # who read the database holds only the hash
    with reader.session_transaction() as browser:
        browser["_user_id"] = token_hash
    assert not is_in(reader)


def test_an_administrator_ends_all_sessions_of_a_user(
    app: Flask, client: FlaskClient, user: User, world: World
) -> None:
    sign_in(client, "zhangsan")
    other = app.test_client()
    sign_in(other, "zhangsan")
    actor = make_actor(Role.SECURITY_ADMIN, world[PROVINCE])
    with transaction():
        assert end_sessions(actor, user.id) == 2
    assert not is_in(client)
    assert not is_in(other)
    assert sign_in(client, "zhangsan").status_code == 302


def test_an_administrator_ends_sessions_by_the_button(
    app: Flask, client: FlaskClient, user: User, world: World
) -> None:
    sign_in(client, "zhangsan")
    make_user(Role.SECURITY_ADMIN, world[PROVINCE], "secadmin")
    admin = app.test_client()
    sign_in(admin, "secadmin")
    page = admin.get(f"/users/{user.id}")
    answer = admin.post(f"/users/{user.id}/sessions/end", data={"csrf_token": csrf_of(page)})
    assert answer.status_code == 302
    assert not is_in(client)


def test_disabling_ends_sessions(client: FlaskClient, user: User, world: World) -> None:
    sign_in(client, "zhangsan")
    actor = make_actor(Role.SYSTEM_ADMIN, world[PROVINCE])
    with transaction():
        disable_user(actor, user.id, db.session.get_one(User, user.id).version)
    assert not is_in(client)
    assert sign_in(client, "zhangsan").status_code == 422


def test_ending_the_role_at_which_one_sits_ends_the_session(
    client: FlaskClient, user: User, world: World
) -> None:
    second = give_role(user, Role.EXPERT, world[CITY])
    sign_in(client, "zhangsan")
    assert client.post(
        "/desk/switch", data={"csrf_token": csrf_of(client.get("/desk")), "desk": second}
    ).status_code == 302  # fmt: skip
    actor = make_actor(Role.SECURITY_ADMIN, world[PROVINCE])
    with transaction() as session:
        end_role(actor, session.get_one(RoleAssignment, second))
    assert not is_in(client)
    assert sign_in(client, "zhangsan").status_code == 302  # at the other desk
    assert is_in(client)


# --- desks ---


def test_switching_leads_only_to_own_desks(client: FlaskClient, user: User, world: World) -> None:
    own = give_role(user, Role.EXPERT, world[CITY])
    other, _password = make_user(Role.COMMISSION_OFFICER, world[CITY])
    foreign = give_role(other, Role.EXPERT, world[CITY])
    sign_in(client, "zhangsan")
    token = csrf_of(client.get("/desk"))
    for wanted in (foreign, 0, -1, "x", "", 10**12, 10**30):
        answer = client.post("/desk/switch", data={"csrf_token": token, "desk": wanted})
        assert answer.status_code == 404, wanted
    assert rows()[0].assignment_id != foreign
    answer = client.post("/desk/switch", data={"csrf_token": token, "desk": own})
    assert answer.status_code == 302
    assert rows()[0].assignment_id == own


def test_an_ended_role_is_no_desk(client: FlaskClient, user: User, world: World) -> None:
    second = give_role(user, Role.EXPERT, world[CITY])
    with transaction() as session:
        end_role(None, session.get_one(RoleAssignment, second))
    sign_in(client, "zhangsan")
    token = csrf_of(client.get("/desk"))
    answer = client.post("/desk/switch", data={"csrf_token": token, "desk": second})
    assert answer.status_code == 404


def test_one_comes_back_to_the_desk_at_which_one_sat_last(
    client: FlaskClient, user: User, world: World, clock: Clock
) -> None:
    second = give_role(user, Role.EXPERT, world[CITY])
    sign_in(client, "zhangsan")
    token = csrf_of(client.get("/desk"))
    client.post("/desk/switch", data={"csrf_token": token, "desk": second})
    post(client, "/sign-out", "/desk")
    clock.forward(timedelta(hours=1))
    sign_in(client, "zhangsan")
    assert rows()[-1].assignment_id == second


# --- one's own password ---


def change(client: FlaskClient, old: str, new: str, again: str = "") -> int:
    page = client.get("/desk")
    return client.post(
        "/desk/password",
        data={
            "csrf_token": csrf_of(page),
            "old": old,
            "password": new,
            "again": again or new,
        },
    ).status_code


def test_changing_the_password_ends_the_other_sessions(
    app: Flask, client: FlaskClient, user: User
) -> None:
    other = app.test_client()
    sign_in(client, "zhangsan")
    sign_in(other, "zhangsan")
    assert change(client, PASSWORD, "eight quiet boats upstream") == 302
    assert is_in(client)
    assert not is_in(other)
    assert sign_in(app.test_client(), "zhangsan").status_code == 422
    assert sign_in(app.test_client(), "zhangsan", "eight quiet boats upstream").status_code == 302


NOT_ACCEPTED = (
    ("wrong", "eight quiet boats upstream", ""),
    (PASSWORD, "too short", ""),
    (PASSWORD, "123456123456", ""),
    (PASSWORD, "330000 weishengjiankang", ""),
    (PASSWORD, "eight quiet boats upstream", "another"),
    ("", "eight quiet boats upstream", ""),
)


def test_a_password_that_is_not_accepted_changes_nothing(
    app: Flask, client: FlaskClient, user: User
) -> None:
    sign_in(client, "zhangsan")
    for old, new, again in NOT_ACCEPTED:
        assert change(client, old, new, again) == 422
    assert sign_in(app.test_client(), "zhangsan").status_code == 302


def test_the_desk_shows_who_and_where(client: FlaskClient, user: User, world: World) -> None:
    give_role(user, Role.EXPERT, world[CITY])
    client.set_cookie("qcc_language", "en")
    sign_in(client, "zhangsan")
    text = client.get("/desk").get_data(as_text=True)
    assert "Commission officer" in text
    assert "Expert" in text
    assert "Switch to this role" in text
    assert "This browser" in text
    assert "127.0.0.1" in text


def test_administrators_reach_only_their_jurisdiction(world: World) -> None:
    hospital = make_organization(place="330203")
    outside, _password = make_user(Role.INSTITUTION_OFFICER, hospital)
    above, _password = make_user(Role.COMMISSION_OFFICER, world[PROVINCE])
    actor = make_actor(Role.SECURITY_ADMIN, world[CITY])
    for user_id in (outside.id, above.id):
        with pytest.raises(NotFound), transaction():
            end_sessions(actor, user_id)
