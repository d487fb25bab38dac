"""Reads of the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from qcc.infra.audit import AuditEvent, Break, head, verify
from qcc.infra.db import db
from qcc.infra.places import begins
from qcc.kernel.dates import end_of_day, start_of_day
from qcc.kernel.permissions import Actor
from qcc.kernel.places import Level, subtree_prefix
from qcc.organizations.models import Organization


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """What a walk along the whole audit chain found: its breaks, and the end it has now."""

    breaks: Sequence[Break]
    count: int
    head: str


def check_chain() -> ChainCheck:
    """Walk the audit chain of the installation. Everything is read as it was at one moment: an
    event that is written meanwhile is no break."""
    session = db.session()
    session.rollback()
    if db.engine.dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    found = ChainCheck(list(verify(session)), *head(session))
    session.rollback()
    return found


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which events are wanted: what begins so, who is called so, from and until which days, about
    what."""

    event: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None
    subject: str = ""


def _visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Events of organizations in the auditor's jurisdiction; what belongs to no organization
    (failed sign-ins, the system's own acts) is for the province's auditors."""
    here = AuditEvent.organization_id.in_(
        sa.select(Organization.id).where(begins(Organization.place, subtree_prefix(actor.place)))
    )
    if actor.level in (Level.NATION, Level.PROVINCE):
        return sa.or_(here, AuditEvent.organization_id.is_(None))
    return here


def _conditions(actor: Actor, wanted: AuditFilter) -> list[sa.ColumnElement[bool]]:
    found = [_visible(actor)]
    if wanted.event:
        found.append(AuditEvent.event.startswith(wanted.event, autoescape=True))
    if wanted.person:
        found.append(AuditEvent.actor.contains(wanted.person, autoescape=True))
    if wanted.since:
        found.append(AuditEvent.at >= start_of_day(wanted.since))
    if wanted.until:
        found.append(AuditEvent.at < end_of_day(wanted.until))
    if wanted.subject:
        kind, _, key = wanted.subject.partition(":")
        found.append(AuditEvent.subject_type == kind)
        if key:
            found.append(AuditEvent.subject_id == key)
    return found


def list_audit_events(
    actor: Actor, wanted: AuditFilter, *, after: int = 0, limit: int = 50
) -> Sequence[AuditEvent]:
    """A page of events, newest first; those before the event *after*."""
    found = sa.select(AuditEvent).where(*_conditions(actor, wanted))
    if after:
        found = found.where(AuditEvent.seq < after)
    return db.session.scalars(found.order_by(AuditEvent.seq.desc()).limit(limit)).all()


def count_audit_events(actor: Actor, wanted: AuditFilter) -> int:
    """How many events there are of that description."""
    return (
        db.session.scalar(
            sa.select(sa.func.count()).select_from(AuditEvent).where(*_conditions(actor, wanted))
        )
        or 0
    )
