"""Personnel changes of members, within the panels of the actor."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from qcc.centers.models import Center
from qcc.experts.models import (
    Expert,
    MemberChange,
    Panel,
    PanelMember,
)
from qcc.experts.permissions import (
    CENTER_ROLES,
    panel_is_visible_to,
)
from qcc.experts.queries.panels import lock_any_panel
from qcc.experts.workflow import SERVING, MemberChangeState
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor
from qcc.organizations.models import Person


def member_changes_visible_to(actor: Actor) -> sa.Select[MemberChange]:
    """Changes on the panels that the actor may see: those of the center and its commission; who
    only received a filing sees the panel, not its affairs."""
    found = (
        sa.select(MemberChange)
        .join(Panel, Panel.id == MemberChange.panel_id)
        .join(Center, Center.id == Panel.center_id)
    )
    if actor.role in CENTER_ROLES:
        return found.where(Panel.center_id == actor.center_id)
    return found.where(panel_is_visible_to(actor))


def list_member_changes(actor: Actor, panel_id: int) -> Sequence[MemberChange]:
    """The personnel changes on a panel, newest first."""
    return db.session.scalars(
        member_changes_visible_to(actor)
        .where(MemberChange.panel_id == panel_id)
        .options(
            joinedload(MemberChange.member).joinedload(PanelMember.expert).joinedload(Expert.person)
        )
        .order_by(MemberChange.id.desc())
    ).all()


def list_waiting_member_changes(
    actor: Actor, state: MemberChangeState, limit: int = 20
) -> Sequence[Any]:
    """Changes in that state on the panels of the actor's own center, or of the centers for which
    the actor's commission decides; the oldest first."""
    at_home = Center.place == actor.place
    if actor.role in CENTER_ROLES:
        at_home = Panel.center_id == actor.center_id
    return db.session.execute(
        sa.select(
            MemberChange.id,
            MemberChange.reported_at,
            Center.name.label("center"),
            Person.name.label("expert"),
        )
        .join(Panel, Panel.id == MemberChange.panel_id)
        .join(Center, Center.id == Panel.center_id)
        .join(PanelMember, PanelMember.id == MemberChange.member_id)
        .join(Expert, Expert.id == PanelMember.expert_id)
        .join(Person, Person.id == Expert.person_id)
        .where(at_home, MemberChange.state == state, Panel.state.in_(SERVING))
        .order_by(MemberChange.id)
        .limit(limit)
    ).all()


def get_member_change(actor: Actor, change_id: int) -> MemberChange:
    """One change within the actor's scope; raises NotFound."""
    found = db.session.scalars(
        member_changes_visible_to(actor).where(MemberChange.id == change_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_member_change(actor: Actor, change_id: int) -> MemberChange:
    """The same with its panel, locked until the transaction ends."""
    change = get_member_change(actor, change_id)
    lock_any_panel(change.panel_id)
    db.session.refresh(change)
    return change
