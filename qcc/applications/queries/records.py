"""What lies in the file of an application: remarks, submissions, the decision, papers."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from qcc.applications.models import Remark, Submission
from qcc.applications.queries.single import get_application
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.papers import Paper
from qcc.kernel.permissions import Actor


def list_remarks(application_id: int) -> Sequence[Remark]:
    """What was asked to be corrected, newest round first."""
    return db.session.scalars(
        sa.select(Remark)
        .filter_by(application_id=application_id)
        .order_by(Remark.round.desc(), Remark.id)
    ).all()


def list_submissions(application_id: int) -> Sequence[Submission]:
    """What was submitted, newest first, without the contents."""
    return db.session.scalars(
        sa.select(Submission)
        .filter_by(application_id=application_id)
        .order_by(Submission.round.desc())
    ).all()


def get_submission(actor: Actor, code: str, round_: int) -> Submission:
    """What was submitted in one round, with its content; raises NotFound."""
    application = get_application(actor, code)
    submission = db.session.scalars(
        sa.select(Submission)
        .filter_by(application_id=application.id, round=round_)
        .options(undefer(Submission.content))
    ).one_or_none()
    if submission is None:
        raise NotFound
    return submission


def list_two_submissions(application_id: int, until: int | None = None) -> Sequence[Submission]:
    """The last submission, or that of the round *until*, and the one before, with their contents;
    the caller has the scope."""
    found = sa.select(Submission).filter_by(application_id=application_id)
    if until is not None:
        found = found.where(Submission.round <= until)
    return db.session.scalars(
        found.order_by(Submission.round.desc()).limit(2).options(undefer(Submission.content))
    ).all()


def list_submitters(application_id: int) -> frozenset[int]:
    """The persons who submitted the application, at any round."""
    found = sa.select(Submission.by).where(
        Submission.application_id == application_id, Submission.by.is_not(None)
    )
    return frozenset(person for person in db.session.scalars(found) if person)


def list_papers(application_id: int) -> Sequence[Paper]:
    """The papers of an application, newest first."""
    return db.session.scalars(
        sa.select(Paper)
        .filter_by(subject_type="application", subject_id=application_id)
        .options(joinedload(Paper.file))
        .order_by(Paper.id.desc())
    ).all()


def get_paper(actor: Actor, code: str, kind: str, round_: int) -> Paper:
    """A paper of an application that the actor may see; raises NotFound."""
    application = get_application(actor, code)
    for paper in list_papers(application.id):
        if (paper.kind, paper.round) == (kind, round_):
            return paper
    raise NotFound
