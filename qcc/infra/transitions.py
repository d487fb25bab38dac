"""Applying a workflow's transition: the one function through which states change."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from qcc.infra import audit, clock
from qcc.infra.db import Key, Model, db, require_version
from qcc.infra.errors import Refused, RulesBroken
from qcc.infra.i18n import _l
from qcc.kernel.permissions import Actor, NotPermitted, Permission
from qcc.kernel.rules import Finding, may_pass
from qcc.kernel.workflow import Reason, Transition, Workflow


class TransitionRecord(Model):
    """One step in the life of a subject, for its timeline: who, in what role, when, why."""

    __tablename__ = "transition_records"
    __table_args__ = (sa.Index("ix_transition_records_subject", "workflow", "subject_id", "id"),)

    id: Mapped[Key]
    workflow: Mapped[str] = mapped_column(sa.String(32))
    subject_id: Mapped[int]
    action: Mapped[str] = mapped_column(sa.String(32))
    source: Mapped[str] = mapped_column(sa.String(32))
    target: Mapped[str] = mapped_column(sa.String(32))
    at: Mapped[datetime]
    user_id: Mapped[int | None]
    person_id: Mapped[int | None]
    person_name: Mapped[str] = mapped_column(sa.String(100))
    role: Mapped[str] = mapped_column(sa.String(32))
    organization_id: Mapped[int | None]
    organization_name: Mapped[str] = mapped_column(sa.String(200))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    detail: Mapped[dict[str, Any]]


def take(
    workflow: Workflow,
    subject: Any,
    action: str,
    actor: Actor,
    *,
    facts: Any = None,
    findings: Sequence[Finding] = (),
    reason: str = "",
    version: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Transition:
    """Move *subject* (found within the actor's scope, locked) by *action*.

    Checks the row version, state, permission, conditions, rules and reason, then sets the new
    state, writes the timeline and the audit event. Raises StaleEdit, ActionNotPossible,
    NotPermitted, GuardFailed, RulesBroken or Refused; nothing is changed then.
    """
    if version is not None:
        require_version(subject, version)
    transition = workflow.find(action, subject.state)
    if not actor.may(transition.may):
        raise NotPermitted(action)
    workflow.require(action, subject.state, facts)
    if not may_pass(findings, reason if transition.reason is Reason.ON_OVERRIDE else ""):
        raise RulesBroken(findings)
    if transition.reason is Reason.REQUIRED and not reason.strip():
        raise Refused(_l("Give the reason."), field="reason")
    _write(workflow, subject, transition, actor, reason.strip(), findings, detail)
    return transition


def begin(
    workflow: Workflow,
    subject: Any,
    action: str,
    actor: Actor,
    *,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """The first step in the life of a flushed *subject*, which stands in the initial state."""
    _record(workflow, subject, action, "", actor, reason.strip(), detail or {})


def take_by_clock(
    workflow: Workflow, subject: Any, action: str, *, detail: Mapping[str, Any] | None = None
) -> Transition:
    """Move *subject* by an action that belongs to the clock, not to any person."""
    transition = workflow.find(action, subject.state)
    if transition.may is not Permission.CLOCK:
        raise NotPermitted(action)
    _write(workflow, subject, transition, None, "", (), detail)
    return transition


def _write(
    workflow: Workflow,
    subject: Any,
    transition: Transition,
    actor: Actor | None,
    reason: str,
    findings: Sequence[Finding],
    detail: Mapping[str, Any] | None,
) -> None:
    before, subject.state = subject.state, transition.target
    facts = {**(detail or {}), "findings": [finding.as_dict() for finding in findings]}
    _record(workflow, subject, transition.action, before.value, actor, reason, facts)


def _record(
    workflow: Workflow,
    subject: Any,
    action: str,
    before: str,
    actor: Actor | None,
    reason: str,
    facts: Mapping[str, Any],
) -> None:
    after = subject.state.value
    db.session.add(
        TransitionRecord(
            workflow=workflow.name,
            subject_id=subject.id,
            action=action,
            source=before,
            target=after,
            at=clock.now(),
            user_id=actor.user_id if actor else None,
            person_id=actor.person_id if actor else None,
            person_name=actor.name if actor else "",
            role=actor.role.value if actor else "system",
            organization_id=actor.organization_id if actor else None,
            organization_name=actor.organization_name if actor else "系统",
            reason=reason,
            detail=dict(facts),
        )
    )
    db.session.flush()
    audit.record(
        actor,
        f"{workflow.name}.{action}",
        workflow.name,
        subject.id,
        {"before": before, "after": after, "reason": reason, **facts},
    )


def history(workflow: Workflow, subject_id: int) -> Sequence[TransitionRecord]:
    """The steps of a subject, newest first."""
    return db.session.scalars(
        sa.select(TransitionRecord)
        .filter_by(workflow=workflow.name, subject_id=subject_id)
        .order_by(TransitionRecord.id.desc())
    ).all()


def history_of_all(workflow: Workflow, subject_ids: Sequence[int]) -> Sequence[TransitionRecord]:
    """The steps of several subjects, newest first."""
    return db.session.scalars(
        sa.select(TransitionRecord)
        .where(
            TransitionRecord.workflow == workflow.name,
            TransitionRecord.subject_id.in_(subject_ids),
        )
        .order_by(TransitionRecord.id.desc())
    ).all()
