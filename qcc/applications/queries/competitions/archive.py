"""What goes into the file of a competition; the caller has the scope."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from qcc.applications.models import (
    Application,
    ApplicationFile,
    Competition,
    Decision,
    Submission,
)
from qcc.applications.queries.competitions.entries import list_entries
from qcc.infra.db import db
from qcc.infra.papers import Paper, PaperState


def list_whole_submissions(application_id: int) -> Sequence[Submission]:
    """What was submitted, oldest first, with the contents."""
    return db.session.scalars(
        sa.select(Submission)
        .filter_by(application_id=application_id)
        .order_by(Submission.round)
        .options(undefer(Submission.content))
    ).all()


def list_submitted_files(application_id: int) -> Sequence[ApplicationFile]:
    """The files that are attached to an application now."""
    return db.session.scalars(
        sa.select(ApplicationFile)
        .filter_by(application_id=application_id, removed_at=None)
        .options(joinedload(ApplicationFile.file))
        .order_by(ApplicationFile.id)
    ).all()


def list_decisions(entries: Sequence[Application]) -> Sequence[Decision]:
    """What the commission decided about the applications."""
    ids = [entry.id for entry in entries]
    return db.session.scalars(
        sa.select(Decision).where(Decision.application_id.in_(ids)).order_by(Decision.id)
    ).all()


def list_competition_papers(competition: Competition) -> Sequence[Paper]:
    """The papers of the competition, its applications and its call that are issued."""
    entries = [entry.id for entry in list_entries(competition)]
    about = sa.or_(
        sa.and_(Paper.subject_type == "competition", Paper.subject_id == competition.id),
        sa.and_(Paper.subject_type == "application", Paper.subject_id.in_(entries)),
        sa.and_(Paper.subject_type == "call", Paper.subject_id == competition.call_id),
    )
    return db.session.scalars(
        sa.select(Paper)
        .where(about, Paper.state == PaperState.ISSUED)
        .options(joinedload(Paper.file))
        .order_by(Paper.id)
    ).all()
