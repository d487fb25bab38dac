"""A thing is done once: one key, one record, one answer; and a failed act leaves the key free."""

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from qcc.infra import audit
from qcc.infra.audit import AuditEvent
from qcc.infra.db import db, transaction
from qcc.infra.errors import Refused
from qcc.infra.idempotency import IdempotencyKey, forget_old_keys, new_key, once
from qcc.infra.jobs import tidy
from qcc.infra.outbox import Message, notify, texts
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization, Person
from qcc.organizations.services import add_person
from tests.conftest import Clock
from tests.crowds import at_once
from tests.factories.organizations import (
    CITY,
    csrf_of,
    field_of,
    make_actor,
    make_organization,
    province,
    signed_in,
)
from tests.nightly import tonight

pytestmark = pytest.mark.usefixtures("clock")
texts({"test.happened": "it happened"})


@pytest.fixture
def actor(app: Flask) -> Actor:
    return make_actor(Role.COMMISSION_OFFICER, province()[CITY])


def _add(actor: Actor, name: str = "某人") -> int:
    return add_person(actor, {"name": name, "employer_id": actor.organization_id}).id


def _people(name: str = "某人") -> int:
    db.session.rollback()
    return db.session.query(Person).filter_by(name=name).count()


def test_the_second_time_only_tells_what_came_of_the_first(actor: Actor) -> None:
    first = once(actor, "k", lambda: _add(actor))
    second = once(actor, "k", lambda: _add(actor))
    assert first == second
    assert _people() == 1


def test_another_key_is_another_act(actor: Actor) -> None:
    once(actor, "k", lambda: _add(actor))
    once(actor, "l", lambda: _add(actor))
    assert _people() == 2


def test_keys_are_ones_own(app: Flask, actor: Actor) -> None:
    commission = db.session.get_one(Organization, actor.organization_id)
    other = make_actor(Role.COMMISSION_OFFICER, commission)
    once(actor, "k", lambda: _add(actor))
    once(other, "k", lambda: _add(other))
    assert _people() == 2


def test_twenty_at_once_make_one(app: Flask, actor: Actor) -> None:
    outcomes = at_once(app, [lambda: once(actor, "k", lambda: _add(actor))] * 20)
    assert len(set(outcomes)) == 1
    assert not isinstance(outcomes[0], Exception)
    assert _people() == 1


def test_twenty_at_once_with_keys_of_their_own_make_twenty(app: Flask, actor: Actor) -> None:
    keys = [new_key() for _ in range(20)]
    outcomes = at_once(app, [lambda k=k: once(actor, k, lambda: _add(actor)) for k in keys])  # type: ignore[misc]
    assert len(set(outcomes)) == 20
    assert _people() == 20


def test_a_failed_act_leaves_the_key_free(actor: Actor) -> None:
    def fail() -> None:
        _add(actor)
        raise Refused("no")

    with pytest.raises(Refused):
        once(actor, "k", fail)
    assert _people() == 0
    once(actor, "k", lambda: _add(actor))
    assert _people() == 1


def test_of_a_crowd_whose_first_fails_one_succeeds(app: Flask, actor: Actor) -> None:
    """Whoever waited for the key takes it when the act before it failed."""
    failed: list[int] = []

    def act() -> int:
        if not failed:
            failed.append(1)
            raise Refused("no")
        return _add(actor)

    outcomes = at_once(app, [lambda: once(actor, "k", act)] * 8)
    kinds = Counter(type(outcome).__name__ for outcome in outcomes)
    assert kinds["Refused"] == 1
    assert kinds["str"] == 7
    assert _people() == 1


def test_an_error_undoes_act_message_audit_and_key(actor: Actor) -> None:
    """One transaction: all of it or nothing."""
    before = _counts()

    def act() -> None:
        _add(actor)
        notify(actor.organization_id, Role.COMMISSION_OFFICER, "test.happened", {}, "/")
        audit.record(actor, "test.happened", "thing", 1)
        db.session.flush()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        once(actor, "k", act)
    assert _counts() == before
    with transaction():
        audit.record(actor, "test.went_on", "thing", 1)
    events = db.session.scalars(sa.select(AuditEvent.event).order_by(AuditEvent.seq)).all()
    assert events[-1] == "test.went_on"
    assert "test.happened" not in events
    assert list(audit.verify(db.session)) == []


def test_an_error_while_committing_undoes_it_too(actor: Actor) -> None:
    """Here the audit trail cannot be written: no event, no act."""
    before = _counts()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit_head")
    with pytest.raises(sa.exc.NoResultFound):
        once(actor, "k", lambda: _add(actor))
    assert _counts() == before


def _counts() -> dict[str, int]:
    db.session.rollback()
    return {
        kind.__tablename__: db.session.query(kind).count()
        for kind in (Person, Message, AuditEvent, IdempotencyKey)
    }


@pytest.mark.parametrize("key", ["", "k" * 500, "'; --", "键"])
def test_whatever_is_sent_as_key(actor: Actor, key: str) -> None:
    once(actor, key, lambda: _add(actor))
    once(actor, key, lambda: _add(actor))
    assert _people() == (1 if key else 2), "no key says nothing about another form without one"


def test_keys_are_forgotten_after_a_week(actor: Actor, clock: Clock) -> None:
    once(actor, "k", lambda: _add(actor))
    clock.forward(timedelta(days=7))
    with transaction():
        assert forget_old_keys() == 0
    clock.forward(timedelta(seconds=1))
    assert "1 个防重键" in tonight(tidy)
    assert db.session.query(IdempotencyKey).count() == 0


def test_a_double_click_makes_one_record(client: FlaskClient) -> None:
    """Through the real form, with the key that it carries."""
    signed_in(client, Role.COMMISSION_OFFICER, province()[CITY])
    organization = make_organization()
    page = client.get(f"/people/new?employer={organization.id}")
    sent = {
        "csrf_token": csrf_of(page),
        "key": field_of(page, "key"),
        "name": "双击者",
        "employer": organization.name,
    }
    answers = [client.post("/people/new", data=sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].location == answers[1].location
    assert _people("双击者") == 1
