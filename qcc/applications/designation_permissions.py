"""Who sees and holds a direct designation: the authorities; its institution once it is approved."""

import sqlalchemy as sa

from qcc.applications.models import Designation
from qcc.applications.workflow.designation import DesignationState
from qcc.centers.models import Center
from qcc.infra.places import begins
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.places import subtree_prefix

S = DesignationState


def designation_is_visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition over a designation joined with its center: the commission its own; who checks
    it or governs above, what was proposed; the institution, what was approved; others none."""
    was_proposed = Designation.proposed_at.is_not(None)
    match actor.role:
        case Role.INSTITUTION_OFFICER:
            return sa.and_(
                Designation.institution_id == actor.organization_id,
                Designation.state == S.APPROVED,
            )
        case Role.EVALUATION_OFFICER:
            return sa.and_(was_proposed, Designation.reception_id == actor.organization_id)
        case Role.COMMISSION_OFFICER:
            below = begins(Center.place, subtree_prefix(actor.place))
            return sa.or_(
                Designation.issuer_id == actor.organization_id, sa.and_(was_proposed, below)
            )
    return sa.false()


def is_issuer(actor: Actor, designation: Designation) -> bool:
    """Whether the actor's commission designates, and so proposes and decides."""
    return actor.role is Role.COMMISSION_OFFICER and designation.issuer_id == actor.organization_id


def is_checker(actor: Actor, designation: Designation) -> bool:
    """Whether the actor's organization makes the formal check."""
    return designation.reception_id == actor.organization_id and actor.role in (
        Role.EVALUATION_OFFICER,
        Role.COMMISSION_OFFICER,
    )
