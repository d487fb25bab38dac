"""Letting one transaction at a time through a place that no row guards."""

import sqlalchemy as sa

from qcc.infra.db import db


def one_at_a_time(name: str) -> None:
    """Wait until no other transaction is past this call with the same *name*.

    On PostgreSQL an advisory lock until the transaction ends; on SQLite a writer is alone anyway.
    """
    if db.session.connection().dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(name))))
