"""The first accounts of an installation, made by whoever runs the machine."""

from dataclasses import dataclass

from qcc.accounts.models import User
from qcc.accounts.queries import find_user_by_name, has_active_administrator
from qcc.accounts.services.invitations import invite_user, make_link
from qcc.accounts.services.roles import assign_role
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.kernel.permissions import ADMINISTRATORS, Role
from qcc.organizations.models import OrganizationKind
from qcc.organizations.queries import find_commission, get_place
from qcc.organizations.services import add_organization, find_or_add_person, load_places


@dataclass(frozen=True, slots=True)
class Founder:
    """Who is to be administrator: of which commission (made if it is not there), in which role."""

    role: Role
    place: str
    commission: str
    name: str
    username: str


def invite_administrator(founder: Founder) -> tuple[User, str]:
    """Make an administrator's account; returns the token of its activation link.

    Only as long as no administrator of that role can sign in: afterwards the product's own pages
    are the way. Raises NotFound for an unknown place, or Refused.
    """
    if founder.role not in ADMINISTRATORS:
        raise Refused(_l("This is not the role of an administrator."), "role")
    load_places(None)
    get_place(founder.place)
    commission = find_commission(founder.place) or add_organization(
        None, OrganizationKind.COMMISSION, {"name": founder.commission, "place": founder.place}
    )
    if has_active_administrator(commission.id, founder.role):
        raise Refused(
            _l("An administrator of this role can sign in already: new users are invited there."),
            "role",
        )
    person = find_or_add_person(None, {"name": founder.name, "employer_id": commission.id})
    user, token = invite_user(None, person, founder.username)
    assign_role(None, person, founder.role, commission)
    return user, token


def renew_link(username: str) -> str:
    """The token of a new activation link for a user. Raises NotFound or Refused."""
    user = find_user_by_name(username)
    if user is None:
        raise NotFound
    return make_link(None, user)
