"""The audit chain: written with the act, and every tampering is found."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from qcc.infra import audit
from qcc.infra.db import db, transaction

Tamper = Callable[[sa.Connection], None]


def _write(count: int) -> None:
    for number in range(count):
        with transaction():
            audit.record(None, "test.happened", "thing", number, {"number": number})


def _fail() -> None:
    with transaction():
        audit.record(None, "test.happened", "thing", 1)
        raise RuntimeError


def _breaks() -> list[audit.Break]:
    db.session.rollback()
    return list(audit.verify(db.session))


def _unguarded(app: Flask, act: Tamper) -> None:
    """Do what somebody with the database's own rights could do: drop the guard, then tamper."""
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER IF EXISTS audit_events_no_update")
            connection.exec_driver_sql("DROP TRIGGER IF EXISTS audit_events_no_delete")
        else:
            connection.exec_driver_sql("ALTER TABLE audit_events DISABLE TRIGGER ALL")
        act(connection)


def _sql(*statements: str) -> Tamper:
    def act(connection: sa.Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    return act


def test_a_whole_chain_verifies(app: Flask) -> None:
    assert _breaks() == []
    _write(5)
    assert _breaks() == []


def test_events_of_an_act_that_failed_are_not_written(app: Flask) -> None:
    with pytest.raises(RuntimeError):
        _fail()
    _write(1)
    assert audit.head(db.session)[0] == 1
    assert _breaks() == []


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(
            _sql("UPDATE audit_events SET detail='{\"number\":9}' WHERE seq=3"), id="flip"
        ),
        pytest.param(_sql("UPDATE audit_events SET actor='somebody' WHERE seq=1"), id="flip-first"),
        pytest.param(_sql("DELETE FROM audit_events WHERE seq=3"), id="delete-middle"),
        pytest.param(_sql("DELETE FROM audit_events WHERE seq=1"), id="delete-first"),
        pytest.param(_sql("DELETE FROM audit_events WHERE seq=5"), id="delete-last"),
        pytest.param(_sql("DELETE FROM audit_events"), id="delete-all"),
        pytest.param(
            _sql(
                "DELETE FROM audit_events WHERE seq=5",
                "UPDATE audit_head SET count=4, hash=(SELECT hash FROM audit_events WHERE seq=4)",
            ),
            id="delete-last-and-mend-the-head",
        ),
        pytest.param(
            _sql(
                "INSERT INTO audit_events SELECT 6, at, event, user_id, actor, role,"
                " organization_id, source, subject_type, subject_id, detail, prev_hash, hash"
                " FROM audit_events WHERE seq=5",
            ),
            id="insert-at-the-end",
        ),
        pytest.param(
            _sql(
                "UPDATE audit_events SET seq=100 WHERE seq=2",
                "UPDATE audit_events SET seq=2 WHERE seq=3",
                "UPDATE audit_events SET seq=3 WHERE seq=100",
            ),
            id="swap",
        ),
        pytest.param(
            _sql(
                "UPDATE audit_events SET seq=seq+101 WHERE seq>2",
                "UPDATE audit_events SET seq=seq-100 WHERE seq>100",
                "INSERT INTO audit_events SELECT 3, at, event, user_id, actor, role,"
                " organization_id, source, subject_type, subject_id, detail, prev_hash, hash"
                " FROM audit_events WHERE seq=2",
                "UPDATE audit_head SET count=6",
            ),
            id="insert-in-the-middle",
        ),
        pytest.param(_sql("UPDATE audit_head SET count=0, hash='0', seal=''"), id="empty-the-head"),
    ],
)
def test_tampering_is_found(app: Flask, act: Tamper) -> None:
    _write(5)
    _unguarded(app, act)
    assert _breaks()


def test_the_database_itself_refuses_changes(app: Flask) -> None:
    _write(2)
    for statement in (
        "UPDATE audit_events SET detail='{}' WHERE seq=1",
        "DELETE FROM audit_events WHERE seq=2",
    ):
        with pytest.raises(sa.exc.DBAPIError), db.engine.begin() as connection:
            connection.exec_driver_sql(statement)
    assert _breaks() == []


def test_a_noted_head_finds_a_chain_cut_back_by_who_holds_the_key(app: Flask) -> None:
    _write(3)
    count, last = audit.head(db.session)
    noted = f"{count}:{last}"
    _write(2)
    assert list(audit.verify(db.session, noted)) == []
    assert list(audit.verify(db.session, f"{count}:{'f' * 64}"))
