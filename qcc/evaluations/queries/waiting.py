"""What waits for a desk, for its workbench: few columns, all kinds of it in one query."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from qcc.centers.models import Center
from qcc.evaluations.models import (
    AnnualDocument,
    Appeal,
    Assessment,
    AssignedTask,
    CenterTask,
    Revocation,
    Round,
    RoundAssessor,
)
from qcc.evaluations.queries.due import Due, row
from qcc.evaluations.queries.waiting_corrections import CORRECTIONS
from qcc.evaluations.workflow import (
    AppealState,
    AssessmentState,
    DocumentState,
    RevocationState,
    RoundState,
    TaskState,
)
from qcc.infra.db import db
from qcc.kernel.permissions import Actor

MOST = 20
"""So many of each kind: who has more begins with these."""


def _accounts(actor: Actor) -> sa.Select[Any]:
    """Of the actor's center, being written."""
    return (
        row(Due.ACCOUNT, Assessment.code, title=Round.title, due=Round.self_until)
        .join(Assessment.round)
        .where(
            Assessment.center_id == actor.center_id,
            Assessment.state == AssessmentState.WRITING,
        )
        .order_by(Assessment.id)
    )


def _seats(actor: Actor) -> sa.Select[Any]:
    """Rounds being scored in which the person has not lodged."""
    return (
        row(Due.SEAT, Round.code, title=Round.title, due=Round.score_until)
        .join(RoundAssessor, RoundAssessor.round_id == Round.id)
        .where(
            RoundAssessor.person_id == actor.person_id,
            RoundAssessor.lodged_at.is_(None),
            Round.state == RoundState.SCORING,
        )
        .order_by(Round.id)
    )


def _scales(actor: Actor) -> sa.Select[Any]:
    """Rounds of the actor's place for which no pass mark is set."""
    return (
        row(Due.SCALE, Round.code, title=Round.title, due=Round.self_until)
        .where(
            Round.place == actor.place,
            Round.pass_mark.is_(None),
            Round.state.in_((RoundState.PLANNED, RoundState.OPEN)),
        )
        .order_by(Round.id)
    )


def _appeals(actor: Actor) -> sa.Select[Any]:
    """In rounds of the actor's place."""
    columns = {"center": Center.name, "title": Round.title, "since": Appeal.raised_at}
    return (
        row(Due.APPEAL, Assessment.code, **columns)
        .select_from(Appeal)
        .join(Assessment, Assessment.id == Appeal.assessment_id)
        .join(Assessment.round)
        .join(Assessment.center)
        .where(Appeal.state == AppealState.PENDING, Round.place == actor.place)
        .order_by(Appeal.id)
    )


def _revocations(actor: Actor) -> sa.Select[Any]:
    """Of centers of the actor's own level, to be decided."""
    return (
        row(Due.REVOCATION, Revocation.code, center=Center.name, since=Revocation.proposed_at)
        .join(Revocation.center)
        .where(Revocation.state == RevocationState.PROPOSED, Center.place == actor.place)
        .order_by(Revocation.id)
    )


def _of_document(kind: Due, **more: Any) -> sa.Select[Any]:
    document = AnnualDocument
    named = {"title": sa.type_coerce(document.kind, sa.String), "year": document.year}
    return row(kind, document.code, center=Center.name, **named, **more).join(document.center)


def _documents(actor: Actor) -> sa.Select[Any]:
    """Handed in by centers of exactly the actor's place."""
    return (
        _of_document(Due.DOCUMENT, since=AnnualDocument.submitted_at)
        .where(
            AnnualDocument.state == DocumentState.SUBMITTED,
            Center.place == actor.place,
        )
        .order_by(AnnualDocument.submitted_at, AnnualDocument.id)
    )


def _returned(actor: Actor) -> sa.Select[Any]:
    """Given back to the actor's center."""
    return (
        _of_document(Due.RETURNED, due=AnnualDocument.correct_by)
        .where(
            AnnualDocument.state == DocumentState.RETURNED,
            AnnualDocument.center_id == actor.center_id,
        )
        .order_by(AnnualDocument.id)
    )


def _tasks(actor: Actor) -> sa.Select[Any]:
    """Of the actor's center, not reported."""
    task = AssignedTask
    named = {"title": task.title, "since": task.assigned_at, "due": task.due_on}
    return (
        row(Due.TASK, CenterTask.code, **named)
        .join(CenterTask.task)
        .where(CenterTask.center_id == actor.center_id, CenterTask.state == TaskState.ASSIGNED)
        .order_by(CenterTask.id)
    )


def _reports(actor: Actor) -> sa.Select[Any]:
    """On tasks that the actor's commission assigned."""
    named = {"center": Center.name, "title": AssignedTask.title, "since": CenterTask.reported_at}
    return (
        row(Due.REPORT, CenterTask.code, **named)
        .join(CenterTask.task)
        .join(CenterTask.center)
        .where(
            AssignedTask.commission_id == actor.organization_id,
            CenterTask.state == TaskState.REPORTED,
        )
        .order_by(CenterTask.id)
    )


_FINDERS: Mapping[Due, Callable[[Actor], sa.Select[Any]]] = {
    Due.ACCOUNT: _accounts,
    Due.SEAT: _seats,
    Due.SCALE: _scales,
    Due.APPEAL: _appeals,
    Due.REVOCATION: _revocations,
    Due.DOCUMENT: _documents,
    Due.RETURNED: _returned,
    Due.TASK: _tasks,
    Due.REPORT: _reports,
    **CORRECTIONS,
}


def list_due(actor: Actor, kinds: Sequence[Due]) -> Sequence[Any]:
    """What waits for the actor of these kinds: *kind*, *code*, *center*, *title*, *year*, *since*
    and *due*; at most twenty of each. Of a yearly document, *title* is its kind."""
    parts = [sa.select(_FINDERS[kind](actor).limit(MOST).subquery()) for kind in kinds]
    return db.session.execute(sa.union_all(*parts)).all()
