"""Reads about competitions: for staff within their scope, for reviewers what is assigned to
them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload, undefer

from qcc.applications.models import (
    Application,
    ApplicationFile,
    Call,
    CallCenter,
    CallEnding,
    Competition,
    Decision,
    DraftScore,
    Draw,
    LodgedScore,
    ProposedOfficer,
    Reviewer,
    Slot,
    Submission,
)
from qcc.applications.permissions import call_is_visible_to
from qcc.applications.workflow import (
    SEALED,
    SEATED,
    ApplicationState,
    CompetitionState,
    ReviewerState,
)
from qcc.centers.models import Center
from qcc.centers.workflow import CenterState
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.papers import Paper, PaperState
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Person

STAFF = frozenset({Role.COMMISSION_OFFICER, Role.EVALUATION_OFFICER})
WORKLOAD = timedelta(days=365)
"""For so long a review counts as workload."""
SOON = timedelta(days=14)
"""Of calls that open within these days, staff is reminded."""

_READING = (ReviewerState.DECLARED, ReviewerState.LODGED)
_RUNNING = (CompetitionState.REVIEWING, CompetitionState.CLOSED)


def _visible(actor: Actor) -> sa.Select[Competition]:
    visible = call_is_visible_to(actor) if actor.role in STAFF else sa.false()
    return sa.select(Competition).join(Competition.call).where(visible)


def list_competitions(actor: Actor) -> Sequence[Competition]:
    """The competitions that the actor's staff deals with, those that close last first."""
    return db.session.scalars(
        _visible(actor)
        .options(contains_eager(Competition.call), joinedload(Competition.center))
        .order_by(Call.closes_at.desc(), Competition.id.desc())
        .limit(200)
    ).all()


def list_running(actor: Actor) -> Sequence[Competition]:
    """The competitions in which something may still be to be done before the commission decides:
    those not closed, and those whose center has no host yet; with their reviewers."""
    return db.session.scalars(
        _visible(actor)
        .where(
            sa.or_(
                Competition.state != CompetitionState.CLOSED,
                Center.state == CenterState.IN_CALL,
            ),
            Call.closes_at <= clock.now(),
        )
        .join(Competition.center)
        .options(
            contains_eager(Competition.call),
            contains_eager(Competition.center),
            selectinload(Competition.reviewers),
        )
        .order_by(Call.closes_at, Competition.id)
        .limit(20)
    ).all()


def list_unplanned(actor: Actor) -> Sequence[tuple[Call, Center]]:
    """The centers of calls that the actor's body receives, that open soon, and for which there is
    no plan; those that open first come first."""
    now = clock.now()
    planned = sa.exists().where(
        Competition.call_id == CallCenter.call_id, Competition.center_id == CallCenter.center_id
    )
    called_off = sa.exists().where(
        CallEnding.call_id == CallCenter.call_id, CallEnding.center_id == CallCenter.center_id
    )
    found = db.session.execute(
        sa.select(Call, Center)
        .join(CallCenter, CallCenter.call_id == Call.id)
        .join(Center, Center.id == CallCenter.center_id)
        .where(
            Call.reception_id == actor.organization_id,
            Call.opens_at > now,
            Call.opens_at <= now + SOON,
            sa.not_(planned),
            sa.not_(called_off),
        )
        .order_by(Call.opens_at, Center.id)
        .limit(20)
    )
    return [(row[0], row[1]) for row in found]


def list_earlier_plans(actor: Actor) -> Sequence[Competition]:
    """Plans that a new one can be started from, newest first."""
    return db.session.scalars(
        _visible(actor)
        .options(joinedload(Competition.center), selectinload(Competition.criteria))
        .order_by(Competition.id.desc())
        .limit(50)
    ).all()


def get_competition(actor: Actor, code: str) -> Competition:
    """One competition with its plan and reviewers; raises NotFound."""
    competition = db.session.scalars(
        _visible(actor)
        .where(Competition.code == code)
        .options(
            contains_eager(Competition.call).joinedload(Call.reception),
            joinedload(Competition.center).joinedload(Center.specialty),
            selectinload(Competition.criteria),
            selectinload(Competition.reviewers)
            .joinedload(Reviewer.person)
            .joinedload(Person.employer),
        )
    ).one_or_none()
    if competition is None:
        raise NotFound
    return competition


def lock_competition(actor: Actor, code: str) -> Competition:
    """One competition that the actor may see, locked until the transaction ends."""
    competition = db.session.scalars(
        _visible(actor)
        .where(Competition.code == code)
        .with_for_update(of=Competition, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if competition is None:
        raise NotFound
    return competition


def find_competition(call_id: int, center_id: int, *, lock: bool = False) -> Competition | None:
    """The competition for a center of a call, if there is one; the caller has the scope."""
    found = sa.select(Competition).filter_by(call_id=call_id, center_id=center_id)
    if lock:
        found = found.with_for_update(key_share=True).execution_options(populate_existing=True)
    return db.session.scalars(found).one_or_none()


def lock_competition_of(application_code: str) -> Competition | None:
    """The competition that an application takes part in, locked before the application is: whoever
    needs both takes them in this order."""
    return db.session.scalars(
        sa.select(Competition)
        .join(
            Application,
            sa.and_(
                Application.call_id == Competition.call_id,
                Application.center_id == Competition.center_id,
            ),
        )
        .where(Application.code == application_code)
        .with_for_update(of=Competition, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def list_competitions_of(call_id: int) -> dict[int, Competition]:
    """The competitions of a call by the center; the caller has the scope."""
    found = db.session.scalars(sa.select(Competition).filter_by(call_id=call_id))
    return {competition.center_id: competition for competition in found}


def count_entered(competition: Competition) -> int:
    """How many applications lie there, opened or not: a number that staff may know."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Application)
            .where(
                Application.call_id == competition.call_id,
                Application.center_id == competition.center_id,
                Application.state.not_in((ApplicationState.DRAFT, ApplicationState.WITHDRAWN)),
            )
        )
        or 0
    )


def count_unchecked(competition: Competition) -> int:
    """How many opened applications the formal check is not done with."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Application)
            .where(
                Application.call_id == competition.call_id,
                Application.center_id == competition.center_id,
                Application.state.in_((ApplicationState.SUBMITTED, ApplicationState.RETURNED)),
            )
        )
        or 0
    )


def list_entries(competition: Competition) -> Sequence[Application]:
    """The applications that were opened, withdrawn ones too, with what conflicts are looked for
    in; none while they are sealed."""
    if competition.state in SEALED:
        return []
    return db.session.scalars(
        sa.select(Application)
        .where(
            Application.call_id == competition.call_id,
            Application.center_id == competition.center_id,
            Application.submitted_at.is_not(None),
            Application.sealed.is_(False),
        )
        .options(
            joinedload(Application.institution),
            selectinload(Application.officers),
            selectinload(Application.answers),
        )
        .order_by(Application.number)
    ).all()


def lock_entries(competition: Competition) -> Sequence[Application]:
    """Everything that was submitted, locked, sealed or not: for the opening."""
    return db.session.scalars(
        sa.select(Application)
        .where(
            Application.call_id == competition.call_id,
            Application.center_id == competition.center_id,
            Application.submitted_at.is_not(None),
        )
        .order_by(Application.id)
        .with_for_update(key_share=True)
    ).all()


def list_draws(competition_id: int) -> Sequence[Draw]:
    """The draws of reviewers, in their order."""
    return db.session.scalars(
        sa.select(Draw).filter_by(competition_id=competition_id).order_by(Draw.id)
    ).all()


def list_slots(competition_id: int) -> Sequence[Slot]:
    """The presentations in their order; the caller has the scope."""
    return db.session.scalars(
        sa.select(Slot)
        .filter_by(competition_id=competition_id)
        .options(joinedload(Slot.application).joinedload(Application.institution))
        .order_by(Slot.starts_at)
    ).all()


def find_slot_of(application_id: int) -> Slot | None:
    """When an applicant presents; the caller has the scope."""
    return db.session.scalars(
        sa.select(Slot).filter_by(application_id=application_id)
    ).one_or_none()


def count_reviews(person_ids: Sequence[int]) -> dict[int, int]:
    """Person → how many reviews they took part in within the last year."""
    found = db.session.execute(
        sa.select(Reviewer.person_id, sa.func.count().label("reviews"))
        .where(
            Reviewer.person_id.in_(person_ids),
            Reviewer.state.in_(SEATED),
            Reviewer.asked_at > clock.now() - WORKLOAD,
        )
        .group_by(Reviewer.person_id)
    )
    return {row.person_id: row.reviews for row in found}


# --- the reviewer's side ---


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


def _entered(competition: Competition) -> sa.Select[Application]:
    """Those that take part in the review: the formal check is done and refused no condition."""
    refused = Application.answers.any(confirmed=False)
    return sa.select(Application).where(
        Application.call_id == competition.call_id,
        Application.center_id == competition.center_id,
        Application.sealed.is_(False),
        Application.state.in_(
            (
                ApplicationState.ACCEPTED,
                ApplicationState.UNDER_DECISION,
                ApplicationState.APPROVED,
                ApplicationState.REFUSED,
            )
        ),
        ~refused,
    )


def list_reviewed(competition: Competition) -> Sequence[Application]:
    """The applications that reviewers score, in the order of their numbers."""
    return db.session.scalars(
        _entered(competition)
        .options(joinedload(Application.institution))
        .order_by(Application.number)
    ).all()


def get_assigned(actor: Actor, code: str, application_code: str) -> tuple[Reviewer, Application]:
    """An application that the actor reviews, with all it carries; raises NotFound."""
    reviewer = get_own_review(actor, code)
    if not may_read_entries(reviewer):
        raise NotFound
    application = db.session.scalars(
        _entered(reviewer.competition)
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


# --- for the file of a competition; the caller has the scope ---


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
