"""Which roles can stand together, and which role fits which organization."""

from collections.abc import Iterable

from qcc.kernel.permissions import ADMINISTRATORS, Role
from qcc.organizations.models import OrganizationKind

K = OrganizationKind

ORGANIZATION_OF: dict[Role, frozenset[OrganizationKind]] = {
    Role.COMMISSION_OFFICER: frozenset({K.COMMISSION}),
    Role.EVALUATION_OFFICER: frozenset({K.EVALUATION_CENTER}),
    Role.INSTITUTION_OFFICER: frozenset({K.INSTITUTION}),
    Role.CENTER_DIRECTOR: frozenset({K.INSTITUTION}),
    Role.CENTER_SECRETARY: frozenset({K.INSTITUTION}),
    Role.EXPERT: frozenset(K),
    Role.SYSTEM_ADMIN: frozenset({K.COMMISSION}),
    Role.SECURITY_ADMIN: frozenset({K.COMMISSION}),
    Role.AUDIT_ADMIN: frozenset({K.COMMISSION}),
}

OF_A_CENTER = frozenset({Role.CENTER_DIRECTOR, Role.CENTER_SECRETARY})


def can_stand_together(roles: Iterable[Role]) -> bool:
    """An administrator holds that one role alone (三员分立); others may hold several."""
    held = set(roles)
    return not held & ADMINISTRATORS or len(held) == 1
