"""Giving and taking roles."""

import sqlalchemy as sa

from qcc.accounts.models import RoleAssignment, UserSession
from qcc.accounts.permissions import OF_A_CENTER, ORGANIZATION_OF, can_stand_together
from qcc.accounts.queries import list_desks
from qcc.infra import audit, clock
from qcc.infra.constraints import refusing
from qcc.infra.db import db
from qcc.infra.errors import Refused
from qcc.infra.i18n import _l
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization, Person

_HELD = _l("The person holds this role already.")
_APART = _l("An administrator holds no other role, and no two administrator roles.")
_TAKEN = {
    "uq_role_assignments_organization": (_HELD, "role"),
    "uq_role_assignments_center": (_HELD, "role"),
    "uq_role_assignments_administrator": (_APART, "role"),
}


def assign_role(
    actor: Actor | None,
    person: Person,
    role: Role,
    organization: Organization,
    center_id: int | None = None,
) -> RoleAssignment:
    """Give a person a desk. Raises Refused where the role does not fit the organization, the
    center is missing, or administrators would mix (三员分立)."""
    if organization.kind not in ORGANIZATION_OF[role]:
        raise Refused(_l("This role does not exist at an organization of this kind."), "role")
    if (role in OF_A_CENTER) != (center_id is not None):
        raise Refused(_l("Directors and secretaries belong to one center."), "role")
    _lock(person.id)
    held = list_desks(person.id)
    wanted = (role, organization.id, center_id)
    if any((desk.role, desk.organization_id, desk.center_id) == wanted for desk in held):
        raise Refused(_HELD, "role")
    if not can_stand_together([role, *(desk.role for desk in held)]):
        raise Refused(_APART, "role")
    return _give(actor, person, role, organization, center_id)


def _lock(person_id: int) -> None:
    """Two who give roles to one person come one after the other."""
    db.session.execute(
        sa.select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)
    )


def _give(
    actor: Actor | None,
    person: Person,
    role: Role,
    organization: Organization,
    center_id: int | None,
) -> RoleAssignment:
    assignment = RoleAssignment(
        person_id=person.id,
        role=role,
        organization_id=organization.id,
        center_id=center_id,
        started_on=clock.today(),
    )
    with refusing(_TAKEN):
        db.session.add(assignment)
    audit.record(
        actor,
        "role.assigned",
        "person",
        person.id,
        {"role": role.value, "organization": organization.id, "center": center_id},
    )
    return assignment


def end_role(actor: Actor | None, assignment: RoleAssignment) -> None:
    """Take a desk away from today on; sessions at it end with it.

    Raises Refused if it was taken already, or is the desk at which the actor sits.
    """
    _lock(assignment.person_id)
    db.session.refresh(assignment)
    if assignment.ended_on is not None:
        raise Refused(_l("This role has ended already."))
    if actor and actor.assignment_id == assignment.id:
        raise Refused(_l("You cannot end the role in which you act."))
    assignment.ended_on = clock.today()
    db.session.execute(
        sa.update(UserSession)
        .filter_by(assignment_id=assignment.id, ended_at=None)
        .values(ended_at=clock.now())
    )
    audit.record(
        actor,
        "role.ended",
        "person",
        assignment.person_id,
        {"role": assignment.role.value, "organization": assignment.organization_id},
    )
