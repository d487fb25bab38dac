"""What waits for a desk, for its workbench: few columns, one query each."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from qcc.centers.models import Center
from qcc.evaluations.models import Appeal, Assessment, Revocation, Round, RoundAssessor
from qcc.evaluations.workflow import AppealState, AssessmentState, RevocationState, RoundState
from qcc.infra.db import db
from qcc.kernel.permissions import Actor

MOST = 20


def list_accounts_due(actor: Actor) -> Sequence[Any]:
    """Accounts of the actor's center that are being written."""
    return db.session.execute(
        sa.select(Assessment.code, Round.title, Round.self_from, Round.self_until)
        .join(Assessment.round)
        .where(
            Assessment.center_id == actor.center_id,
            Assessment.state == AssessmentState.WRITING,
        )
        .order_by(Assessment.id)
        .limit(MOST)
    ).all()


def list_seats_open(actor: Actor) -> Sequence[Any]:
    """Rounds being scored in which the person has not lodged."""
    return db.session.execute(
        sa.select(Round.code, Round.title, Round.score_until)
        .join(RoundAssessor, RoundAssessor.round_id == Round.id)
        .where(
            RoundAssessor.person_id == actor.person_id,
            RoundAssessor.lodged_at.is_(None),
            Round.state == RoundState.SCORING,
        )
        .order_by(Round.id)
        .limit(MOST)
    ).all()


def list_unscaled(actor: Actor) -> Sequence[Any]:
    """Rounds of the actor's place for which no pass mark is set."""
    return db.session.execute(
        sa.select(Round.code, Round.title, Round.self_until)
        .where(
            Round.place == actor.place,
            Round.pass_mark.is_(None),
            Round.state.in_((RoundState.PLANNED, RoundState.OPEN)),
        )
        .order_by(Round.id)
        .limit(MOST)
    ).all()


def list_appeals_pending(actor: Actor) -> Sequence[Any]:
    """Appeals in rounds of the actor's place."""
    return db.session.execute(
        sa.select(Assessment.code, Center.name, Round.title, Appeal.raised_at)
        .join(Assessment, Assessment.id == Appeal.assessment_id)
        .join(Assessment.round)
        .join(Assessment.center)
        .where(Appeal.state == AppealState.PENDING, Round.place == actor.place)
        .order_by(Appeal.id)
        .limit(MOST)
    ).all()


def list_proposed(actor: Actor) -> Sequence[Any]:
    """Revocations of centers of the actor's own level that are to be decided."""
    return db.session.execute(
        sa.select(Revocation.code, Center.name, Revocation.proposed_at)
        .join(Revocation.center)
        .where(Revocation.state == RevocationState.PROPOSED, Center.place == actor.place)
        .order_by(Revocation.id)
        .limit(MOST)
    ).all()
