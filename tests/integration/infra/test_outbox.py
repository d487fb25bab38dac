"""Messages are written with the act, read by the desk they are for, and never half-worded."""

import re
from dataclasses import replace
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from qcc.accounts.models import User
from qcc.accounts.sessions import load_seat, start_session
from qcc.infra.db import db, transaction
from qcc.infra.outbox import (
    TEXTS,
    MailState,
    Message,
    describe,
    notify,
    notify_person,
    remind,
    texts,
)
from qcc.kernel.dates import SHANGHAI
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization
from qcc.workbench.queries import list_messages
from qcc.workbench.services import mark_all_read
from tests.conftest import Clock
from tests.factories.organizations import CITY, make_actor, make_organization, province

pytestmark = pytest.mark.usefixtures("clock")
texts({"test.said": "%(who)s said so"})


def _messages() -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Message).order_by(Message.id)))


def _tell(
    organization: int, role: Role = Role.INSTITUTION_OFFICER, center: int | None = None
) -> None:
    with transaction():
        notify(organization, role, "test.said", {"who": "某人"}, "/calls", center)


@pytest.fixture
def hospital(app: Flask) -> int:
    province()
    return make_organization().id


def test_a_message_waits_to_be_read_and_mailed(hospital: int) -> None:
    _tell(hospital)
    (message,) = _messages()
    assert describe(message) == "某人 said so"
    assert (message.read_at, message.mail_state, message.link) == (
        None,
        MailState.PENDING,
        "/calls",
    )


def test_an_act_that_fails_tells_nobody(hospital: int) -> None:
    def fail() -> None:
        with transaction():
            notify(hospital, Role.INSTITUTION_OFFICER, "test.said", {"who": "某人"}, "/")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert _messages() == []


def test_a_kind_without_a_sentence_is_refused_at_once(hospital: int) -> None:
    with pytest.raises(KeyError, match="no sentence"), transaction():
        notify(hospital, Role.INSTITUTION_OFFICER, "test.unheard_of", {}, "/")


def test_every_sentence_can_be_filled_in(app: Flask) -> None:
    """Each %(name)s is a name; a stray percent sign would break the inbox of whoever gets it."""
    with app.test_request_context("/"):
        for kind, text in TEXTS.items():
            names = re.findall(r"%\((\w+)\)s", str(text))
            filled = str(text) % dict.fromkeys(names, "…")
            assert "%(" not in filled, kind


def test_values_stand_as_they_are(hospital: int) -> None:
    """Whatever a name contains, it is no pattern."""
    name = "%(center)s %s %d <b>&amp; {0}"
    with transaction():
        notify(hospital, Role.INSTITUTION_OFFICER, "test.said", {"who": name}, "/")
    (message,) = _messages()
    assert describe(message) == f"{name} said so"


def test_a_desk_reads_its_own(hospital: int) -> None:
    """Not another organization's, not another role's there, not another center's."""
    other = make_organization().id
    for organization, role, center in (
        (hospital, Role.INSTITUTION_OFFICER, None),
        (hospital, Role.EXPERT, None),
        (other, Role.INSTITUTION_OFFICER, None),
    ):
        _tell(organization, role, center)
    actor = make_actor(Role.INSTITUTION_OFFICER, db.session.get_one(Organization, hospital))
    seen = [(m.organization_id, m.role) for m in list_messages(actor)]
    assert seen == [(hospital, Role.INSTITUTION_OFFICER)]
    assert len(list_messages(actor, only_unread=True)) == 1
    with transaction():
        mark_all_read(actor)
    assert list_messages(actor, only_unread=True) == []
    unread = [m for m in _messages() if m.read_at is None]
    assert {(m.organization_id, m.role) for m in unread} == {
        (hospital, Role.EXPERT),
        (other, Role.INSTITUTION_OFFICER),
    }


def test_a_commissions_administrators_read_no_officers_messages(app: Flask) -> None:
    commission = province()[CITY]
    _tell(commission.id, Role.COMMISSION_OFFICER)
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        assert list_messages(make_actor(role, commission)) == []


def test_what_concerns_one_person_is_read_by_nobody_else_at_the_desk(hospital: int) -> None:
    """It finds the person in that role, wherever they act in it, and in no other role."""
    organization = db.session.get_one(Organization, hospital)
    own, colleague = (make_actor(Role.EXPERT, organization) for _each in range(2))
    with transaction():
        notify_person(own.person_id, Role.EXPERT, "test.said", {"who": "某人"}, "/reviews/X")
    assert [m.link for m in list_messages(own)] == ["/reviews/X"]
    assert list_messages(colleague) == []
    assert list_messages(replace(own, role=Role.INSTITUTION_OFFICER)) == []
    assert (_unread(own), _unread(colleague)) == (1, 0)
    with transaction():
        mark_all_read(colleague)
    assert _unread(own) == 1
    with transaction():
        mark_all_read(own)
    assert _unread(own) == 0


def _unread(actor: Actor) -> int:
    """As every page counts it."""
    with transaction() as session:
        user = session.get_one(User, actor.user_id)
        token = start_session(user, actor.assignment_id, "127.0.0.1", "")
    seat = load_seat(token, "127.0.0.1")
    assert seat
    return seat.unread


def test_nobody_is_reminded_twice_of_one_thing_on_a_day(hospital: int, clock: Clock) -> None:
    """Another day, thing or desk is another reminder."""

    def told(link: str, role: Role = Role.INSTITUTION_OFFICER) -> int:
        with transaction():
            return remind(hospital, role, "test.said", {"who": "某人"}, link)

    assert [told("/a"), told("/a"), told("/b"), told("/a", Role.EXPERT)] == [1, 0, 1, 1]
    clock.set(datetime(2026, 3, 2, 23, 59, 59, tzinfo=SHANGHAI))
    assert told("/a") == 0
    clock.set(datetime(2026, 3, 3, tzinfo=SHANGHAI))
    assert told("/a") == 1
    assert {m.merged_on for m in _messages()} == {date(2026, 3, 2), date(2026, 3, 3)}
