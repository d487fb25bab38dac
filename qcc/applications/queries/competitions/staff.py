"""Competitions as staff deals with them, within its scope: their plans, their course."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from qcc.applications.models import (
    Application,
    Call,
    CallCenter,
    CallEnding,
    Competition,
    Draw,
    Reviewer,
    Slot,
)
from qcc.applications.permissions import call_is_visible_to
from qcc.applications.workflow import (
    SEATED,
    CompetitionState,
)
from qcc.centers.models import Center
from qcc.centers.workflow import CenterState
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Person

STAFF = frozenset({Role.COMMISSION_OFFICER, Role.EVALUATION_OFFICER})
WORKLOAD = timedelta(days=365)
"""For so long a review counts as workload."""
SOON = timedelta(days=14)
"""Of calls that open within these days, staff is reminded."""


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
