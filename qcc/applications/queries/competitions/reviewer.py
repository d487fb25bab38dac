"""What a reviewer may read of a competition: the own part, and what is assigned to it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from qcc.applications.models import (
    Application,
    ApplicationFile,
    Competition,
    DraftScore,
    LodgedScore,
    ProposedOfficer,
    Reviewer,
)
from qcc.applications.queries.competitions.entries import entered
from qcc.applications.workflow import (
    CompetitionState,
    ReviewerState,
)
from qcc.centers.models import Center
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor, Role

_READING = (ReviewerState.DECLARED, ReviewerState.LODGED)
_RUNNING = (CompetitionState.REVIEWING, CompetitionState.CLOSED)


def _own_reviews(actor: Actor) -> sa.Select[Reviewer]:
    mine = Reviewer.person_id == actor.person_id if actor.role is Role.EXPERT else sa.false()
    return sa.select(Reviewer).join(Reviewer.competition).where(mine)


def list_own_reviews(actor: Actor) -> Sequence[Reviewer]:
    """What the actor was asked to review, newest first."""
    return db.session.scalars(
        _own_reviews(actor)
        .options(
            contains_eager(Reviewer.competition).joinedload(Competition.center),
            contains_eager(Reviewer.competition).joinedload(Competition.call),
        )
        .order_by(Reviewer.id.desc())
        .limit(100)
    ).all()


def get_own_review(actor: Actor, code: str) -> Reviewer:
    """The actor's own part in a competition, with the plan; raises NotFound."""
    reviewer = db.session.scalars(
        _own_reviews(actor)
        .where(Reviewer.code == code)
        .options(
            contains_eager(Reviewer.competition).selectinload(Competition.criteria),
            contains_eager(Reviewer.competition).joinedload(Competition.center),
            contains_eager(Reviewer.competition).joinedload(Competition.call),
        )
    ).one_or_none()
    if reviewer is None:
        raise NotFound
    return reviewer


def lock_own_review(actor: Actor, code: str) -> Reviewer:
    """The same, competition and part locked until the transaction ends, in this order."""
    found = get_own_review(actor, code)
    db.session.scalars(
        sa.select(Competition)
        .where(Competition.id == found.competition_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    return db.session.scalars(
        sa.select(Reviewer)
        .where(Reviewer.id == found.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def may_read_entries(reviewer: Reviewer) -> bool:
    """Whether files are open to the reviewer: the conflict declaration is signed, and the review
    has begun. Who reported a conflict or was released reads nothing more."""
    return reviewer.state in _READING and reviewer.competition.state in _RUNNING


def get_assigned(actor: Actor, code: str, application_code: str) -> tuple[Reviewer, Application]:
    """An application that the actor reviews, with all it carries; raises NotFound."""
    reviewer = get_own_review(actor, code)
    if not may_read_entries(reviewer):
        raise NotFound
    application = db.session.scalars(
        entered(reviewer.competition)
        .where(Application.code == application_code)
        .options(
            joinedload(Application.call),
            joinedload(Application.center).joinedload(Center.specialty),
            joinedload(Application.institution),
            selectinload(Application.sections),
            selectinload(Application.answers),
            selectinload(Application.officers).joinedload(ProposedOfficer.employer),
            selectinload(Application.files).joinedload(ApplicationFile.file),
        )
    ).one_or_none()
    if application is None:
        raise NotFound
    return reviewer, application


def get_assigned_file(
    actor: Actor, code: str, application_code: str, file_code: str
) -> ApplicationFile:
    """A file of an application that the actor reviews; raises NotFound."""
    _, application = get_assigned(actor, code, application_code)
    for file in application.files:
        if file.code == file_code and file.removed_at is None:
            return file
    raise NotFound


def list_drafts(reviewer_id: int) -> dict[tuple[int, int], DraftScore]:
    """A reviewer's scores in the making, by application and criterion."""
    found = db.session.scalars(sa.select(DraftScore).filter_by(reviewer_id=reviewer_id))
    return {(draft.application_id, draft.criterion_id): draft for draft in found}


def list_lodged(reviewer_ids: Sequence[int]) -> Sequence[Any]:
    """The lodged scores of the reviewers; the caller knows that the seal is off, or that they are
    the reader's own."""
    return db.session.execute(
        sa.select(
            LodgedScore.reviewer_id,
            LodgedScore.application_id,
            LodgedScore.criterion_id,
            LodgedScore.points,
            LodgedScore.remark,
        )
        .where(LodgedScore.reviewer_id.in_(reviewer_ids))
        .order_by(LodgedScore.id)
    ).all()
