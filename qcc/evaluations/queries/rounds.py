"""Rounds: the list, one of them, whom it assesses and who could assess."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from qcc.accounts.models import RoleAssignment
from qcc.centers.models import Center, Hosting
from qcc.centers.workflow import CenterState
from qcc.evaluations.models import Round, RoundAssessor
from qcc.evaluations.permissions import round_is_visible_to
from qcc.infra.db import ROW, db
from qcc.infra.errors import NotFound
from qcc.infra.places import begins
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.places import subtree_prefix
from qcc.kernel.rubrics import AssessmentKind
from qcc.organizations.models import Organization, Person

AT_WORK = (CenterState.ESTABLISHED, CenterState.RECTIFYING)


def list_rounds(actor: Actor, *, after: int, limit: int) -> Sequence[Round]:
    """Newest first, those after the row *after*."""
    found = sa.select(Round).where(round_is_visible_to(actor))
    if after:
        found = found.where(Round.id < after)
    ordered = found.order_by(Round.id.desc()).limit(limit)
    return db.session.scalars(ordered.options(joinedload(Round.organizer))).all()


def _round(actor: Actor, code: str) -> sa.Select[Round]:
    return sa.select(Round).where(Round.code == code, round_is_visible_to(actor))


def get_round(actor: Actor, code: str) -> Round:
    """A round that the actor may see, with its assessors; raises NotFound."""
    found = db.session.scalars(
        _round(actor, code).options(
            joinedload(Round.organizer),
            joinedload(Round.center),
            selectinload(Round.assessors)
            .joinedload(RoundAssessor.person)
            .joinedload(Person.employer),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_round(actor: Actor, code: str) -> Round:
    """The round, locked for an act; raises NotFound."""
    found = db.session.scalars(
        _round(actor, code)
        .with_for_update(of=Round, **ROW)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def find_seat(round_id: int, person_id: int) -> RoundAssessor | None:
    """The seat of a person in a round."""
    return db.session.scalars(
        sa.select(RoundAssessor).filter_by(round_id=round_id, person_id=person_id)
    ).one_or_none()


def list_assessable_centers(round_: Round) -> Sequence[Any]:
    """Centers at work with their present hosting: of the round's place, or of a debrief those of
    the specialty one level below. Who was hosted only after the year is not assessed for it."""
    found = (
        sa.select(Center.id, Center.name, Hosting.id.label("hosting_id"))
        .join(Hosting, sa.and_(Hosting.center_id == Center.id, Hosting.ended_on.is_(None)))
        .where(Center.state.in_(AT_WORK), Hosting.started_on <= date(round_.year, 12, 31))
        .order_by(Center.id)
    )
    if round_.center_kind is not None:
        found = found.where(Center.kind == round_.center_kind)
    if round_.kind is AssessmentKind.ANNUAL:
        return db.session.execute(found.where(Center.place == round_.place)).all()
    above = db.session.get_one(Center, round_.center_id)
    prefix = subtree_prefix(round_.place)
    below = prefix + "__" + "0" * (4 - len(prefix))
    return db.session.execute(
        found.where(
            Center.specialty_id == above.specialty_id,
            Center.kind == above.kind,
            Center.place.like(below),
            Center.place != round_.place,
        )
    ).all()


def list_possible_assessors(round_: Round) -> Sequence[Person]:
    """Persons who could score: experts and staff of the evaluation center with a desk in the
    round's place, who are not seated yet."""
    seated = sa.select(RoundAssessor.person_id).where(RoundAssessor.round_id == round_.id)
    desks = (
        sa.select(RoleAssignment.person_id)
        .join(Organization, Organization.id == RoleAssignment.organization_id)
        .where(
            RoleAssignment.ended_on.is_(None),
            RoleAssignment.role.in_((Role.EXPERT, Role.EVALUATION_OFFICER)),
            begins(Organization.place, subtree_prefix(round_.place)),
        )
    )
    return db.session.scalars(
        sa.select(Person)
        .where(Person.id.in_(desks), Person.id.not_in(seated))
        .order_by(Person.name, Person.id)
        .options(joinedload(Person.employer))
        .limit(500)
    ).all()
