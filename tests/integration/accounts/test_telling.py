"""How people are told: what they chose, one digest a day, robots, and what was given up."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from qcc.accounts.jobs import deliver, post_digests
from qcc.accounts.models import Delivery, DeliveryState, ToldBy, User
from qcc.accounts.services import choose_channels
from qcc.infra import outbox, robots
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db, transaction
from qcc.infra.errors import Refused
from qcc.infra.outbox import notify, remind
from qcc.infra.robots import Robot, read_address
from qcc.kernel.permissions import Actor, Role
from tests.conftest import Clock
from tests.factories.centers import sit_down
from tests.factories.organizations import PROVINCE, make_actor, province
from tests.integration.accounts.test_mail import MailServer, said, serving
from tests.nightly import tonight

KIND, DECISION = "test.news", "test.decision"
TOKEN = "0123456789abcdef0123456789abcdef"
DINGTALK = f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}"
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0a1b2c3d-4e5f-6789-abcd-ef0123456789"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with serving() as running:
        yield running


@pytest.fixture
def officer(app: Flask, clock: Clock, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> Actor:
    """Somebody with an address at the commission of the province."""
    for kind in (KIND, DECISION):
        monkeypatch.setitem(outbox.TEXTS, kind, "关于%(what)s <&>")
    outbox.MANDATORY.add(DECISION)
    monkeypatch.setitem(app.config, "MAIL_URL", server.url)
    found = make_actor(Role.COMMISSION_OFFICER, province()[PROVINCE])
    with transaction() as session:
        session.get_one(User, found.user_id).person.email = "one@example.org"
    return found


def tell(officer: Actor, kind: str = KIND) -> None:
    with transaction():
        notify(officer.organization_id, officer.role, kind, {"what": "重症医学"}, "/inbox")


def reminded(officer: Actor, *links: str) -> None:
    with transaction():
        for link in links:
            remind(officer.organization_id, officer.role, KIND, {"what": link}, link)


def choose(officer: Actor, version: int = 0, **chosen: Any) -> None:
    values: dict[str, Any] = {"by_mail": True, "language": "zh_CN", "robot": None, **chosen}
    with transaction():
        choose_channels(officer, version, **values)


def test_the_reminders_of_a_day_are_one_mail(
    officer: Actor, server: MailServer, clock: Clock
) -> None:
    reminded(officer, "/a", "/b", "/a", "/c")
    assert deliver() == "0 sent, 0 failed"
    tonight(post_digests)
    tonight(post_digests)
    assert deliver() == "1 sent, 0 failed"
    [(to, mail)] = server.taken
    assert to == ["one@example.org"]
    assert mail["Subject"] == "提醒 3 条"
    assert said(mail).count("http://127.0.0.1:8000/") == 4  # with the address of the choice
    assert "关于/b &lt;&amp;&gt;" in said(mail, "html")
    clock.forward(timedelta(days=1))
    reminded(officer, "/a")
    tonight(post_digests)
    assert deliver() == "1 sent, 0 failed"


def test_who_turned_mail_off_is_still_told_of_decisions(officer: Actor, server: MailServer) -> None:
    choose(officer, by_mail=False)
    tell(officer)
    tell(officer, DECISION)
    assert deliver() == "1 sent, 0 failed"
    assert len(server.taken) == 1


def test_mail_in_english(officer: Actor, server: MailServer) -> None:
    choose(officer, language="en")
    tell(officer)
    deliver()
    assert "Please do not reply." in said(server.taken[0][1])
    assert 'lang="en"' in said(server.taken[0][1], "html")


class Chat(ThreadingHTTPServer):
    """The host of robots: keeps what it is told, and answers as it is set."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.answer = 200


class _Conversation(BaseHTTPRequestHandler):
    server: Chat

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.heard.append((self.path, json.loads(self.rfile.read(length))))
        self.send_response(self.server.answer)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Nothing of it is printed."""


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    """Both hosts, on the loopback."""
    with Chat() as running:
        for robot in Robot:
            plugin = robots._plugin(robot)
            assert urlsplit(plugin.notify_url).hostname in {
                "oapi.dingtalk.com", "qyapi.weixin.qq.com",
            }  # fmt: skip
            here = f"http://127.0.0.1:{running.server_address[1]}"
            path = plugin.notify_url.partition(".com")[2]
            monkeypatch.setattr(plugin, "notify_url", here + path)
            monkeypatch.setattr(plugin, "request_rate_per_sec", 0)
        thread = Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.mark.parametrize(("robot", "address"), [(Robot.DINGTALK, DINGTALK), (Robot.WECOM, WECOM)])
def test_a_robot_says_it_in_the_chat(
    officer: Actor, chat: Chat, robot: Robot, address: str
) -> None:
    choose(officer, robot=robot, address=address)
    kept = db.session.get_one(ToldBy, officer.person_id)
    assert kept.robot_sealed
    assert TOKEN not in kept.robot_sealed
    tell(officer)
    assert deliver() == "2 sent, 0 failed"
    [(path, said_there)] = chat.heard
    assert path == address.partition(".com")[2]
    assert "重症医学" in said_there["text"]["content"]


def test_a_robot_that_sends_elsewhere_is_not_followed(officer: Actor, chat: Chat) -> None:
    choose(officer, by_mail=False, robot=Robot.WECOM, address=WECOM)
    chat.answer = 307
    tell(officer)
    assert deliver() == "0 sent, 1 failed"
    assert len(chat.heard) == 1


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/robot/send?access_token=" + TOKEN,
        "https://oapi.dingtalk.com.evil.example/robot/send?access_token=" + TOKEN,
        "https://oapi.dingtalk.com@evil.example/robot/send?access_token=" + TOKEN,
        "http://oapi.dingtalk.com/robot/send?access_token=" + TOKEN,
        DINGTALK + "&redirect=yes",
        DINGTALK + "\nx",
        WECOM,
        "short",
    ],
)
def test_only_the_two_hosts_are_taken(address: str) -> None:
    with pytest.raises(Refused):
        read_address(Robot.DINGTALK, address)


def test_an_address_is_never_shown_again(officer: Actor, client: FlaskClient) -> None:
    sit_down(client, officer)
    page = "/desk/notifications"
    form = {"version": "0", "language": "zh_CN", "robot": "dingtalk", "address": DINGTALK}
    token = client.get(page).get_data(as_text=True).partition('csrf_token" type="hidden" value="')
    form["csrf_token"] = token[2].partition('"')[0]
    assert client.post(page, data=form).status_code == 302
    shown = client.get(page).get_data(as_text=True)
    assert TOKEN not in shown
    assert 'value="dingtalk" selected' in shown or 'selected value="dingtalk"' in shown
    db.session.rollback()
    before = db.session.get_one(ToldBy, officer.person_id).robot_sealed
    again = client.post(page, data=form | {"version": "1", "address": "", "by_mail": "y"})
    assert again.status_code == 302
    db.session.rollback()
    kept = db.session.get_one(ToldBy, officer.person_id, populate_existing=True)
    assert (kept.robot_sealed, kept.by_mail) == (before, True)
    wrong = client.post(page, data=form | {"version": "2", "address": "https://evil.example"})
    assert wrong.status_code == 422
    assert not any(TOKEN in detail for detail in db.session.scalars(sa.select(AuditEvent.detail)))


def test_what_was_given_up_can_be_tried_again(
    officer: Actor, server: MailServer, client: FlaskClient, clock: Clock
) -> None:
    with transaction() as session:
        session.get_one(User, officer.user_id).person.email = "bad@example.org"
    tell(officer)
    for _attempt in range(5):
        deliver()
        clock.forward(timedelta(hours=7))
    row = db.session.scalars(sa.select(Delivery)).one()
    key = row.id
    assert row.state is DeliveryState.FAILED
    with transaction() as session:
        session.get_one(User, officer.user_id).person.email = "one@example.org"
        commission = session.get_one(User, officer.user_id).person.employer
    assert commission
    sit_down(client, make_actor(Role.SYSTEM_ADMIN, commission))
    page = client.get("/undelivered").get_data(as_text=True)
    assert officer.name in page
    assert "550" in page or "SMTPRecipientsRefused" in page
    token = page.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]
    assert client.post(f"/undelivered/{key}/retry", data={"csrf_token": token}).status_code == 302
    assert client.post(f"/undelivered/{key}/retry", data={"csrf_token": token}).status_code == 404
    assert deliver() == "1 sent, 0 failed"
