"""Mail of the outbox, through a real (small) mail server on the loopback."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from qcc.accounts.jobs import deliver, forget_old_sign_ins
from qcc.accounts.models import Delivery, DeliveryState, FailedSignIn, User, UserState
from qcc.accounts.services import begin_attempt, claim_delivery, post
from qcc.infra import outbox
from qcc.infra.db import db, transaction
from qcc.infra.outbox import Message, notify
from qcc.kernel.permissions import Role
from tests.conftest import Clock
from tests.databases import free_port
from tests.factories.organizations import (
    CITY,
    PROVINCE,
    World,
    make_user,
    province,
)
from tests.nightly import tonight

KIND = "test.notice"


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mail as RFC 5321 asks; refuses recipients that begin with "bad"."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken: list[tuple[list[str], EmailMessage]] = []

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Conversation(socketserver.StreamRequestHandler):
    """One client's."""

    server: MailServer

    def handle(self) -> None:
        self.say("220 test")
        to: list[str] = []
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "QUIT":
                return self.say("221 bye")
            if verb == "RCPT" and "<bad" in line:
                self.say("550 no such mailbox")
                continue
            if verb == "RCPT":
                to.append(line.partition("<")[2].partition(">")[0])
            if verb == "RSET":
                to = []
            if verb == "DATA":
                self.take(to)
                continue
            self.say("250 ok")
        return None

    def take(self, to: list[str]) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.server.taken.append((to, message))
        self.say("250 taken")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def serving() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def server() -> Iterator[MailServer]:
    with serving() as running:
        yield running


@pytest.fixture
def world(app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setitem(outbox.TEXTS, KIND, "关于%(what)s的通知\n请查看")
    monkeypatch.setitem(app.config, "MAIL_FROM", "qcc@example.org")
    return province()


@pytest.fixture
def _set_up(app: Flask, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MAIL_URL", server.url)


def holder(world: World, place: str, email: str, role: Role = Role.COMMISSION_OFFICER) -> User:
    user, _password = make_user(role, world[place])
    with transaction():
        db.session.get_one(User, user.id).person.email = email
    return user


def said(mail: EmailMessage, kind: str = "plain") -> str:
    """What one of its two parts says."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def write(world: World, place: str, what: str = "重症医学", kind: str = KIND) -> int:
    with transaction():
        notify(world[place].id, Role.COMMISSION_OFFICER, kind, {"what": what}, "/inbox")
    return db.session.scalars(sa.select(sa.func.max(Message.id))).one()


def state(message_id: int) -> tuple[str, int]:
    """What became of a message's only delivery, and after how many attempts."""
    db.session.rollback()
    found = [d for d in db.session.scalars(sa.select(Delivery)) if message_id in d.message_ids]
    if not found:
        return db.session.get_one(Message, message_id).mail_state.value, 0
    (delivery,) = found
    return delivery.state.value, delivery.attempts


@pytest.mark.usefixtures("_set_up")
def test_a_message_reaches_everybody_at_the_desk(world: World, server: MailServer) -> None:
    holder(world, PROVINCE, "one@example.org")
    holder(world, PROVINCE, "two@example.org")
    holder(world, CITY, "elsewhere@example.org")
    holder(world, PROVINCE, "expert@example.org", Role.EXPERT)
    gone = holder(world, PROVINCE, "gone@example.org")
    with transaction() as session:
        session.get_one(User, gone.id).state = UserState.DISABLED
    write(world, PROVINCE)
    assert deliver() == "2 sent, 0 failed"
    assert sorted(to for to, _mail in server.taken) == [["one@example.org"], ["two@example.org"]]
    mail = server.taken[0][1]
    assert mail["From"] == "qcc@example.org"
    assert mail["Subject"] == "关于重症医学的通知 请查看"
    assert "http://127.0.0.1:8000/inbox" in said(mail)
    assert 'href="http://127.0.0.1:8000/inbox"' in said(mail, "html")
    states = db.session.scalars(sa.select(Delivery.state)).all()
    assert states == [DeliveryState.SENT] * 2
    assert deliver() == "0 sent, 0 failed"
    assert len(server.taken) == 2


@pytest.mark.usefixtures("_set_up")
def test_a_message_to_a_person_reaches_nobody_else(world: World, server: MailServer) -> None:
    """Once, however many organizations they act for in that role; none without an account."""
    chosen = holder(world, PROVINCE, "chosen@example.org", Role.EXPERT)
    holder(world, PROVINCE, "colleague@example.org", Role.EXPERT)
    with transaction():
        outbox.notify_person(chosen.person_id, Role.EXPERT, KIND, {"what": "评审"}, "/reviews/X")
    assert deliver() == "1 sent, 0 failed"
    [(to, mail)] = server.taken
    assert to == ["chosen@example.org"]
    assert "/reviews/X" in said(mail)
    with transaction() as session:
        session.get_one(User, chosen.id).state = UserState.DISABLED
        outbox.notify_person(chosen.person_id, Role.EXPERT, KIND, {"what": "评审"}, "/reviews/X")
    assert deliver() == "0 sent, 0 failed"


@pytest.mark.usefixtures("_set_up")
def test_a_text_cannot_add_headers(world: World, server: MailServer) -> None:
    holder(world, PROVINCE, "one@example.org")
    write(world, PROVINCE, "a\r\nBcc: thief@example.org\r\n\r\nx")
    deliver()
    [(to, mail)] = server.taken
    assert to == ["one@example.org"]
    assert mail["Bcc"] is None


@pytest.mark.usefixtures("_set_up")
def test_one_that_fails_does_not_keep_others_back(world: World, server: MailServer) -> None:
    holder(world, PROVINCE, "bad@example.org")
    holder(world, CITY, "good@example.org")
    bad, good = write(world, PROVINCE), write(world, CITY)
    worse = write(world, CITY)
    with transaction() as session:  # a sentence that nobody registered
        session.get_one(Message, worse).kind = "no.such"
    last = write(world, CITY)
    assert deliver() == "2 sent, 2 failed"
    assert state(bad) == ("pending", 1)
    assert state(worse) == ("pending", 1)
    assert state(good) == state(last) == ("sent", 1)


@pytest.mark.usefixtures("_set_up")
def test_nobody_to_write_to(world: World, server: MailServer) -> None:
    holder(world, PROVINCE, "")
    message = write(world, PROVINCE)
    assert deliver() == "0 sent, 0 failed"
    assert state(message) == ("none", 0)


def test_without_a_server_it_stays_in_the_inbox(app: Flask, world: World) -> None:
    holder(world, PROVINCE, "one@example.org")
    message = write(world, PROVINCE)
    assert deliver() == "0 sent, 0 failed"
    assert state(message) == ("none", 0)


def test_five_attempts_with_growing_pauses(
    app: Flask, world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{free_port()}")
    holder(world, PROVINCE, "one@example.org")
    message = write(world, PROVINCE)
    tried = []
    for minute in range(60 * 12):
        before = state(message)[1]
        deliver()
        if state(message)[1] > before:
            tried.append(minute)
        clock.forward(timedelta(minutes=1))
        if state(message)[0] != "pending":
            break
    assert tried == [0, 1, 6, 36, 156]
    assert state(message) == ("failed", 5)


def test_a_server_that_is_away_is_not_asked_for_each_message(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{free_port()}")
    holder(world, PROVINCE, "one@example.org")
    written = [write(world, PROVINCE) for _ in range(6)]
    assert deliver() == "0 sent, 3 failed"
    assert [state(message)[1] for message in written] == [1, 1, 1, 0, 0, 0]


def test_it_comes_through_when_the_server_is_back(
    app: Flask, world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{free_port()}")
    holder(world, PROVINCE, "one@example.org")
    message = write(world, PROVINCE)
    deliver()
    with serving() as server:
        monkeypatch.setitem(app.config, "MAIL_URL", server.url)
        assert deliver() == "0 sent, 0 failed"  # not yet
        clock.forward(timedelta(minutes=1))
        assert deliver() == "1 sent, 0 failed"
    assert state(message) == ("sent", 2)


def test_a_claimed_letter_is_nobody_elses(world: World, clock: Clock) -> None:
    holder(world, PROVINCE, "one@example.org")
    message = write(world, PROVINCE)
    with transaction():
        assert post(message, mail_works=True) == 1
    with transaction():
        assert post(message, mail_works=True) == 0
    delivery = db.session.scalars(sa.select(Delivery.id)).one()
    with transaction():
        assert claim_delivery(delivery) is not None
    with transaction():
        assert claim_delivery(delivery) is None
    clock.forward(timedelta(minutes=1))  # who claimed it died
    with transaction():
        assert claim_delivery(delivery) is not None


def test_old_attempts_are_forgotten(world: World, clock: Clock) -> None:
    with transaction():
        begin_attempt("zhangsan", "127.0.0.1")
    clock.forward(timedelta(hours=23))
    with transaction():
        begin_attempt("zhangsan", "127.0.0.1")
    clock.forward(timedelta(hours=2))
    assert tonight(forget_old_sign_ins) == "已清理 1 条登录失败记录"
    assert len(db.session.scalars(sa.select(FailedSignIn)).all()) == 1
