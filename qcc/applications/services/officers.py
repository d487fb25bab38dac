"""What is typed about a person for a post, whether an institution proposes or is designated."""

from collections.abc import Mapping, Sequence
from typing import Any

from qcc.applications.models import DesignatedOfficer, ProposedOfficer
from qcc.infra.errors import Refused
from qcc.infra.i18n import _l
from qcc.organizations.models import Organization
from qcc.organizations.queries import find_organization_by_name
from qcc.organizations.services import require_possible_birth

OFFICER_FIELDS = (
    "post",
    "name",
    "birth_date",
    "job",
    "title",
    "area_in_charge",
    "specialty",
    "ability",
    "host_position",
    "is_discipline_leader",
    "in_host_discipline",
    "is_specialist",
)
MOST_OFFICERS = 12


def require_room(officers: Sequence[object]) -> None:
    """Another person may be named; raises Refused."""
    if len(officers) >= MOST_OFFICERS:
        raise Refused(_l("There are more officers than any center has. Remove one first."))


def fill_officer(
    officer: ProposedOfficer | DesignatedOfficer,
    employer: str,
    host: Organization,
    values: Mapping[str, Any],
) -> None:
    """Set what was typed; without an *employer* it is the host. Raises Refused."""
    require_possible_birth(values["birth_date"])
    found = find_organization_by_name(employer.strip()) if employer.strip() else host
    if found is None:
        raise Refused(
            _l("No organization of this name is registered. Write its full official name."),
            "employer",
        )
    for field in OFFICER_FIELDS:
        setattr(officer, field, values[field])
    officer.employer = found
