"""Which organizations and people an actor may see or edit: those of the own subtree."""

import sqlalchemy as sa

from qcc.infra.places import begins
from qcc.kernel.permissions import Actor
from qcc.kernel.places import is_within, subtree_prefix
from qcc.organizations.models import Organization


def in_own_subtree(actor: Actor, place: sa.SQLColumnExpression[str]) -> sa.ColumnElement[bool]:
    """The condition that a place lies in the actor's jurisdiction."""
    return begins(place, subtree_prefix(actor.place))


def may_edit_organization(actor: Actor, organization: Organization) -> bool:
    """Whether the organization lies in the actor's jurisdiction."""
    return is_within(organization.place, actor.place)
