"""The door: who gets in, who does not, and that the two ways of failing look the same."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from statistics import median

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from qcc.accounts.models import FailedSignIn, User, UserSession, UserState
from qcc.accounts.passwords import hash_password
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db, transaction
from qcc.kernel.permissions import Role
from tests.conftest import Clock
from tests.factories.organizations import (
    PASSWORD,
    PROVINCE,
    World,
    csrf_of,
    make_organization,
    make_user,
    post,
    sign_in,
)

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def officer(world: World) -> User:
    user, _password = make_user(Role.COMMISSION_OFFICER, world[PROVINCE], "zhangsan")
    return user


def is_in(client: FlaskClient) -> bool:
    return client.get("/desk").status_code == 200


def plain(answer: TestResponse) -> str:
    """The page without what differs between any two pages: tokens, and what was typed."""
    text = answer.get_data(as_text=True)
    text = re.sub(r'(name="csrf_token"[^>]*value|data-csrf)="[^"]*"', "", text)
    return re.sub(r'value="(zhangsan|nobody-here)"', "", text)


def test_the_right_password_opens(client: FlaskClient, officer: User) -> None:
    answer = sign_in(client, "zhangsan")
    assert answer.status_code == 302
    assert answer.location == "/"
    assert is_in(client)


def test_the_name_is_taken_in_any_case_and_with_blanks(client: FlaskClient, officer: User) -> None:
    assert sign_in(client, "  ZhangSan ").status_code == 302


def test_wrong_password_and_unknown_user_look_the_same(client: FlaskClient, officer: User) -> None:
    wrong = sign_in(client, "zhangsan", "not the right one")
    unknown = sign_in(client, "nobody-here", "not the right one")
    assert wrong.status_code == unknown.status_code == 422
    assert plain(wrong) == plain(unknown)
    assert not is_in(client)


def test_they_take_the_same_time(
    app: Flask, client: FlaskClient, officer: User, clock: Clock
) -> None:
    with transaction():  # as the product hashes, which the factory does not
        db.session.get_one(User, officer.id).password_hash = hash_password(PASSWORD)

    def cost(username: str) -> float:
        """In seconds of the processor, which others on the machine do not lengthen."""
        times = []
        for _ in range(12):
            clock.forward(timedelta(minutes=5))
            token = csrf_of(client.get("/sign-in"))
            start = time.process_time()
            client.post(
                "/sign-in",
                data={"csrf_token": token, "username": username, "password": "not the right one"},
            )
            times.append(time.process_time() - start)
        return median(times)

    cost("zhangsan")  # everything is warm
    known, unknown = cost("zhangsan"), cost("nobody-here")
    assert 0.6 < unknown / known < 1.6


def test_who_is_not_active_looks_like_a_wrong_password(client: FlaskClient, officer: User) -> None:
    wrong = sign_in(client, "zhangsan", "not the right one")
    for state in (UserState.INVITED, UserState.DISABLED):
        with transaction():
            db.session.get_one(User, officer.id).state = state
        answer = sign_in(client, "zhangsan")
        assert answer.status_code == 422
        assert plain(answer) == plain(wrong)


def test_who_has_no_role_is_told_so(client: FlaskClient, world: World) -> None:
    make_user(None, world[PROVINCE], "lisi")
    client.set_cookie("qcc_language", "en")
    answer = sign_in(client, "lisi")
    assert answer.status_code == 422
    assert "no role yet" in answer.get_data(as_text=True)
    assert "no role yet" not in sign_in(client, "lisi", "wrong").get_data(as_text=True)
    assert not is_in(client)


def test_without_token_nothing_happens(client: FlaskClient, officer: User) -> None:
    client.get("/sign-in")
    answer = client.post("/sign-in", data={"username": "zhangsan", "password": "x"})
    assert answer.status_code == 400
    assert db.session.scalars(sa.select(FailedSignIn)).all() == []
    assert db.session.scalars(sa.select(UserSession)).all() == []


def test_what_was_typed_comes_back_but_not_the_password(client: FlaskClient, officer: User) -> None:
    text = sign_in(client, "zhangsan", "my secret typing").get_data(as_text=True)
    assert 'value="zhangsan"' in text
    assert "my secret typing" not in text


# --- throttle ---


def fail(client: FlaskClient, times: int, source: str = "127.0.0.1") -> list[int]:
    return [sign_in(client, "zhangsan", "wrong", source).status_code for _ in range(times)]


def test_after_five_failures_one_waits_a_quarter_of_an_hour(
    client: FlaskClient, officer: User, clock: Clock
) -> None:
    client.set_cookie("qcc_language", "en")
    assert fail(client, 6) == [422] * 5 + [429]
    answer = sign_in(client, "zhangsan")  # even the right one
    assert answer.status_code == 429
    assert "Try again in 15 min" in answer.get_data(as_text=True)
    clock.forward(timedelta(minutes=14, seconds=59))
    answer = sign_in(client, "zhangsan")
    assert answer.status_code == 429
    assert "Try again in 1 min" in answer.get_data(as_text=True)
    clock.forward(timedelta(seconds=1))
    assert sign_in(client, "zhangsan").status_code == 302


def test_waiting_is_not_prolonged_by_trying(
    client: FlaskClient, officer: User, clock: Clock
) -> None:
    fail(client, 5)
    for _ in range(5):
        clock.forward(timedelta(minutes=2))
        assert fail(client, 1) == [429]
    clock.forward(timedelta(minutes=5))
    assert sign_in(client, "zhangsan").status_code == 302


def test_the_window_slides(client: FlaskClient, officer: User, clock: Clock) -> None:
    for _ in range(4):
        fail(client, 1)
        clock.forward(timedelta(minutes=4))
    # 16 minutes after the first, only three count
    assert fail(client, 3) == [422, 422, 429]


def test_a_success_clears_the_count(client: FlaskClient, officer: User) -> None:
    fail(client, 4)
    assert sign_in(client, "zhangsan").status_code == 302
    post(client, "/sign-out", "/desk")
    assert fail(client, 6) == [422] * 5 + [429]


def test_nobody_is_locked_out_from_elsewhere(client: FlaskClient, officer: User) -> None:
    assert fail(client, 8, source="203.0.113.7")[-1] == 429
    assert sign_in(client, "zhangsan", source="198.51.100.20").status_code == 302


def test_other_accounts_at_the_same_source_are_not_held_back(
    client: FlaskClient, officer: User, world: World
) -> None:
    make_user(Role.COMMISSION_OFFICER, world[PROVINCE], "lisi")
    fail(client, 6)
    assert sign_in(client, "lisi").status_code == 302


def test_writing_the_name_differently_is_no_way_around(client: FlaskClient, officer: User) -> None:
    names = ["zhangsan", "ZHANGSAN", " zhangsan", "zhangsan ", "ZhangSan", "zhangsaN"]
    assert [sign_in(client, name, "wrong").status_code for name in names][-1] == 429


def test_unknown_users_are_throttled_alike(client: FlaskClient, officer: User) -> None:
    codes = [sign_in(client, "nobody-here", "wrong").status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]


def test_of_many_attempts_at_once_no_more_than_five_are_judged(app: Flask, officer: User) -> None:
    def attempt(_: int) -> int:
        with app.app_context():
            answer = sign_in(app.test_client(), "zhangsan", "wrong")
            db.session.remove()
            return answer.status_code

    db.session.remove()
    with ThreadPoolExecutor(12) as pool:
        codes = list(pool.map(attempt, range(24)))
    assert sorted(codes) == [422] * 5 + [429] * 19


# --- where one goes afterwards ---


ELSEWHERE = (
    "https://example.org/",
    "//example.org/",
    "/\\example.org",
    "\\\\example.org",
    "/%5Cexample.org",
    "http:/desk",
    "javascript:alert(1)",
    "/\t/example.org",
    "/nowhere",
    "/static/qcc.css",
    "desk",
    "",
    "/desk\nSet-Cookie: a=b",
    "https:desk",
    "/sign-out",
)


def test_next_leads_nowhere_else(app: Flask, officer: User) -> None:
    for wanted in ELSEWHERE:
        client = app.test_client()
        answer = client.post(
            "/sign-in",
            query_string={"next": wanted},
            data={
                "csrf_token": csrf_of(client.get("/sign-in", query_string={"next": wanted})),
                "username": "zhangsan",
                "password": PASSWORD,
            },
        )
        assert (answer.status_code, answer.location) == (302, "/"), wanted


def test_next_leads_back_to_the_page_one_wanted(client: FlaskClient, officer: User) -> None:
    turned_away = client.get("/organizations?q=yy")
    assert turned_away.status_code == 302
    assert turned_away.location.startswith("/sign-in?next=")
    answer = client.post(
        turned_away.location,
        data={
            "csrf_token": csrf_of(client.get(turned_away.location)),
            "username": "zhangsan",
            "password": PASSWORD,
        },
    )
    assert answer.location == "/organizations?q=yy"


def test_events_tell_who_signed_in_and_who_failed(client: FlaskClient, officer: User) -> None:
    sign_in(client, "zhangsan", "wrong")
    sign_in(client, "zhangsan")
    events = db.session.scalars(
        sa.select(AuditEvent).where(AuditEvent.event.like("user.sign%")).order_by(AuditEvent.seq)
    ).all()
    assert [(e.event, e.user_id) for e in events] == [
        ("user.sign_in_failed", None),
        ("user.signed_in", officer.id),
    ]
    assert not any("wrong" in e.detail or "orchard" in e.detail for e in events)


def test_a_long_password_is_refused_without_work(client: FlaskClient, officer: User) -> None:
    make_organization()
    assert sign_in(client, "zhangsan", "x" * 5000).status_code == 422
    assert db.session.scalars(sa.select(FailedSignIn)).all() == []
