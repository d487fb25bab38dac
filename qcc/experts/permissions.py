"""Which panels, experts, consents and filings concern an actor."""

import sqlalchemy as sa

from qcc.centers.models import Center
from qcc.experts.models import Filing, MemberConsent, Panel
from qcc.infra.places import begins
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.places import subtree_prefix

CENTER_ROLES = frozenset({Role.CENTER_DIRECTOR, Role.CENTER_SECRETARY})


def panel_is_visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition over a panel joined with its center: the center's own people; the commission
    and evaluation center of its place and above; who receives its filing. An employer or local
    authority sees consents that it is asked for, not panels."""
    if actor.role in CENTER_ROLES:
        own = Panel.center_id == actor.center_id
        filed_here = Panel.id.in_(
            sa.select(Filing.panel_id).where(Filing.center_id == actor.center_id)
        )
        return sa.or_(own, filed_here)
    if actor.role in (Role.COMMISSION_OFFICER, Role.EVALUATION_OFFICER):
        return begins(Center.place, subtree_prefix(actor.place))
    return sa.false()


def consent_is_asked_of(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition over a consent: it is the actor's organization that is asked."""
    if actor.role in (Role.INSTITUTION_OFFICER, Role.COMMISSION_OFFICER):
        return MemberConsent.organization_id == actor.organization_id
    return sa.false()


def filing_is_sent_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition over a filing: it is sent to the actor's center or evaluation center."""
    if actor.role in CENTER_ROLES:
        return Filing.center_id == actor.center_id
    if actor.role is Role.EVALUATION_OFFICER:
        return Filing.organization_id == actor.organization_id
    return sa.false()


def is_of_center(actor: Actor, panel: Panel) -> bool:
    """Whether the actor is the director or a secretary of the panel's center."""
    return actor.role in CENTER_ROLES and actor.center_id == panel.center_id


def is_deciding(actor: Actor, panel: Panel) -> bool:
    """Whether the actor's commission is that of the center's own level."""
    return actor.role is Role.COMMISSION_OFFICER and actor.place == panel.center.place


def may_read_consents(actor: Actor, panel: Panel) -> bool:
    """Whether the actor reads who consented and the scans: the center itself, and those who
    govern it; a center that only received the filing does not."""
    return is_of_center(actor, panel) or actor.role not in CENTER_ROLES


def may_search_identity(actor: Actor) -> bool:
    """Identity numbers are shown whole to nobody; this is who may search by one."""
    return actor.role in CENTER_ROLES or actor.role is Role.COMMISSION_OFFICER
