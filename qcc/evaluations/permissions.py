"""Which rounds and assessments concern an actor, and what of them."""

import sqlalchemy as sa

from qcc.centers.models import Center
from qcc.evaluations.models import (
    Assessment,
    Rectification,
    Revocation,
    Round,
    RoundAssessor,
    Violation,
)
from qcc.evaluations.workflow import RoundState
from qcc.infra.places import begins
from qcc.kernel.permissions import Actor, Permission, Role
from qcc.kernel.places import subtree_prefix
from qcc.kernel.rubrics import AssessmentKind

CENTER_ROLES = frozenset({Role.CENTER_DIRECTOR, Role.CENTER_SECRETARY})
AUTHORITIES = frozenset({Role.COMMISSION_OFFICER, Role.EVALUATION_OFFICER})


def is_organizer(actor: Actor, round_: Round) -> bool:
    """Whether the actor runs the round: at the organizer's desk, or of a debrief at the center."""
    if round_.kind is AssessmentKind.DEBRIEF:
        return actor.role in CENTER_ROLES and actor.center_id == round_.center_id
    return actor.role in AUTHORITIES and actor.organization_id == round_.organizer_id


def is_seated(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition over a round: the person assesses in it."""
    return Round.id.in_(
        sa.select(RoundAssessor.round_id).where(RoundAssessor.person_id == actor.person_id)
    )


def round_is_visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition over a round: authorities of the place and above; the assessing center; the
    assessors, once the scoring has begun; not the centers that are assessed, which see their own
    assessment and nothing of the others."""
    if actor.role in AUTHORITIES:
        return begins(Round.place, subtree_prefix(actor.place))
    seated = sa.and_(is_seated(actor), Round.state.in_((RoundState.SCORING, RoundState.PUBLISHED)))
    if actor.role in CENTER_ROLES:
        return sa.or_(Round.center_id == actor.center_id, seated)
    return seated if actor.role is Role.EXPERT else sa.false()


def assessment_is_visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition over an assessment joined with its round: the center's own people, and who may
    see the round."""
    whole = round_is_visible_to(actor)
    if actor.role in CENTER_ROLES:
        return sa.or_(Assessment.center_id == actor.center_id, whole)
    return whole


def is_own(actor: Actor, assessment: Assessment) -> bool:
    """Whether the assessment is of the actor's center."""
    return actor.role in CENTER_ROLES and actor.center_id == assessment.center_id


def revocation_is_visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition over a revocation joined with its center: the authorities of the place; the
    center and the host see what was decided, not what is proposed."""
    if actor.role in AUTHORITIES:
        return begins(Center.place, subtree_prefix(actor.place))
    if actor.role in CENTER_ROLES:
        return sa.and_(Revocation.center_id == actor.center_id, Revocation.state == "approved")
    return sa.false()


def rectification_is_ordered_by(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition over an order joined with its center: who speaks for who issued it, and the
    commission of the center's own place."""
    if actor.role in CENTER_ROLES:
        return Rectification.orderer_center_id == actor.center_id
    if actor.role not in AUTHORITIES:
        return sa.false()
    own = sa.and_(
        Rectification.orderer_id == actor.organization_id,
        Rectification.orderer_center_id.is_(None),
    )
    if actor.role is Role.COMMISSION_OFFICER:
        return sa.or_(own, Center.place == actor.place)
    return own


def rectification_is_visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition over an order joined with its center: the authorities of the place and above,
    the center itself, and the center that ordered it."""
    if actor.role in AUTHORITIES:
        return begins(Center.place, subtree_prefix(actor.place))
    if actor.role in CENTER_ROLES:
        own = Rectification.center_id == actor.center_id
        return sa.or_(own, rectification_is_ordered_by(actor))
    return sa.false()


def round_is_ordered_by(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition over a round: the actor orders the rectification of who failed in it."""
    debrief = Round.kind == AssessmentKind.DEBRIEF
    if actor.role is Role.CENTER_DIRECTOR:
        return sa.and_(debrief, Round.center_id == actor.center_id)
    if actor.role not in AUTHORITIES:
        return sa.false()
    own = Round.organizer_id == actor.organization_id
    if actor.role is Role.COMMISSION_OFFICER:
        own = sa.or_(own, Round.place == actor.place)
    return sa.and_(~debrief, own)


def orders(actor: Actor, round_: Round) -> bool:
    """The same of one round."""
    if round_.kind is AssessmentKind.DEBRIEF:
        return actor.role is Role.CENTER_DIRECTOR and actor.center_id == round_.center_id
    own = actor.organization_id == round_.organizer_id
    is_commission = actor.role is Role.COMMISSION_OFFICER and actor.place == round_.place
    return actor.role in AUTHORITIES and (own or is_commission)


def verifies(actor: Actor, rectification: Rectification) -> bool:
    """Whether the actor speaks for who ordered it; the sentence above, of one order."""
    if actor.role in CENTER_ROLES:
        return actor.center_id == rectification.orderer_center_id
    own = actor.organization_id == rectification.orderer_id
    own = own and rectification.orderer_center_id is None
    of_place = actor.place == rectification.center.place
    return (actor.role in AUTHORITIES and own) or (
        actor.role is Role.COMMISSION_OFFICER and of_place
    )


def violation_is_visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition over a case joined with its center: the authorities of the place and above; who
    reported it; and the center itself once it is heard, under the hosting that the case is
    about."""
    own = Violation.reported_by == actor.person_id
    if actor.role in AUTHORITIES:
        return begins(Center.place, subtree_prefix(actor.place))
    if actor.role in CENTER_ROLES:
        heard = sa.and_(Violation.center_id == actor.center_id, Violation.heard_at.is_not(None))
        return sa.or_(own, heard)
    return own if actor.may(Permission.VIOLATION_REPORT) else sa.false()


def investigates(actor: Actor, violation: Violation) -> bool:
    """Whether the case is for the actor's desk: an authority of exactly the center's place."""
    return actor.role in AUTHORITIES and actor.place == violation.center.place


def is_heard(actor: Actor, violation: Violation) -> bool:
    """Whether the actor speaks for the center in the hearing."""
    own = actor.role in CENTER_ROLES and actor.center_id == violation.center_id
    return own and violation.heard_at is not None


def is_of_commission(actor: Actor, round_: Round) -> bool:
    """Whether the actor speaks for the commission of the round's place, in a yearly assessment."""
    is_annual = round_.kind is AssessmentKind.ANNUAL
    return is_annual and actor.role is Role.COMMISSION_OFFICER and actor.place == round_.place


def commendation_is_visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition over the round of a commendation: the authorities of the place and above, and
    the centers of the place, for which the circular is."""
    if actor.role in AUTHORITIES:
        return begins(Round.place, subtree_prefix(actor.place))
    if actor.role in CENTER_ROLES:
        return Round.place.in_(sa.select(Center.place).where(Center.id == actor.center_id))
    return sa.false()
