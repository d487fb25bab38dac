"""Which centers an actor may see, govern, or answer for."""

import sqlalchemy as sa

from qcc.centers.models import Center, Hosting, OfficerChange
from qcc.infra.errors import NotFound
from qcc.infra.places import begins
from qcc.kernel.permissions import Actor, Permission, Role
from qcc.kernel.places import is_within, subtree_prefix


def directory_of(actor: Actor) -> str | None:
    """With which digits the places of the directory begin that the actor reads; None for none.

    The commission publishes the directory (M.6): whoever may read it sees the whole province; a
    national body sees all of them, an administrator none.
    """
    if not actor.may(Permission.DIRECTORY_VIEW):
        return None
    return subtree_prefix(actor.place)[:2]


def in_directory(digits: str | None, place: sa.SQLColumnExpression[str]) -> sa.ColumnElement[bool]:
    """The condition that a center stands in the directory of those digits."""
    return sa.false() if digits is None else begins(place, digits)


def in_own_province(actor: Actor, place: sa.SQLColumnExpression[str]) -> sa.ColumnElement[bool]:
    """The condition that a center stands in the directory that the actor reads."""
    return in_directory(directory_of(actor), place)


def is_own_level(actor: Actor, place: str) -> bool:
    """Whether the place is exactly that of the actor's authority: each governs its own level."""
    return place == actor.place


def require_own_level(actor: Actor, center: Center) -> None:
    """A center of another level or place is not there for who would govern it."""
    if not is_own_level(actor, center.place):
        raise NotFound


def is_of_host(actor: Actor, center: Center, hosting: Hosting | None) -> bool:
    """Whether the actor speaks for the host: as its officer, or as director or secretary."""
    if hosting is None:
        return False
    if actor.role is Role.INSTITUTION_OFFICER:
        return hosting.institution_id == actor.organization_id
    return (
        actor.role in (Role.CENTER_DIRECTOR, Role.CENTER_SECRETARY) and actor.center_id == center.id
    )


def is_authority_over(actor: Actor, center: Center) -> bool:
    """Whether the center lies in the subtree of the actor's commission or evaluation center."""
    return actor.role in (Role.COMMISSION_OFFICER, Role.EVALUATION_OFFICER) and is_within(
        center.place, actor.place
    )


def is_concerned(actor: Actor, center: Center, hosting: Hosting | None) -> bool:
    """Whether the actor sees more of a center than the directory tells everybody."""
    return is_authority_over(actor, center) or is_of_host(actor, center, hosting)


def concerning_changes(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition that a change (with its center and hosting joined) concerns the actor."""
    if actor.role is Role.INSTITUTION_OFFICER:
        return Hosting.institution_id == actor.organization_id
    if actor.role in (Role.CENTER_DIRECTOR, Role.CENTER_SECRETARY):
        return OfficerChange.center_id == (actor.center_id or 0)
    if actor.role in (Role.COMMISSION_OFFICER, Role.EVALUATION_OFFICER):
        return begins(Center.place, subtree_prefix(actor.place))
    return sa.false()


def may_report_change(actor: Actor, center: Center, hosting: Hosting | None) -> bool:
    """The host's side reports what happens to its officers, and so may the commission."""
    if hosting is None or not actor.may(Permission.OFFICER_REPORT):
        return False
    return is_of_host(actor, center, hosting) or may_decide_change(actor, center)


def may_decide_change(actor: Actor, center: Center) -> bool:
    """Officers are approved by the commission of the center's own level (M.12(6))."""
    return actor.may(Permission.OFFICER_DECIDE) and is_own_level(actor, center.place)
