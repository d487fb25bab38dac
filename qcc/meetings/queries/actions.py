"""Action items: those an actor sees, one of them, and those that come back at a meeting."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor
from qcc.meetings.models import ActionItem, Meeting, MinutesSection
from qcc.meetings.permissions import action_is_visible_to
from qcc.meetings.rules.agenda import OpenItem
from qcc.meetings.workflow import UNCLOSED, ActionState, MeetingState


def _visible(actor: Actor) -> sa.Select[ActionItem]:
    """An item is given once the minutes it stands in are signed; before that only its center
    knows."""
    return (
        sa.select(ActionItem)
        .join(ActionItem.center)
        .join(ActionItem.section)
        .join(MinutesSection.meeting)
        .where(
            action_is_visible_to(actor),
            sa.or_(
                Meeting.state == MeetingState.FINAL, ActionItem.center_id == (actor.center_id or 0)
            ),
        )
    )


def list_actions(
    actor: Actor, *, state: ActionState | None = None, after: int = 0, limit: int = 50
) -> Sequence[ActionItem]:
    """A page of items, newest first."""
    found = _visible(actor).options(contains_eager(ActionItem.center))
    if state:
        found = found.where(ActionItem.state == state)
    if after:
        found = found.where(ActionItem.id < after)
    return db.session.scalars(found.order_by(ActionItem.id.desc()).limit(limit)).all()


def get_action(actor: Actor, action_id: int) -> ActionItem:
    """One item with its center and its meeting; raises NotFound."""
    item = db.session.scalars(
        _visible(actor)
        .where(ActionItem.id == action_id)
        .options(
            contains_eager(ActionItem.center),
            contains_eager(ActionItem.section).contains_eager(MinutesSection.meeting),
            joinedload(ActionItem.file),
        )
    ).one_or_none()
    if item is None:
        raise NotFound
    return item


def lock_action(actor: Actor, action_id: int) -> ActionItem:
    """The same, locked until the transaction ends."""
    item = db.session.scalars(
        _visible(actor)
        .where(ActionItem.id == action_id)
        .options(contains_eager(ActionItem.center))
        .with_for_update(of=ActionItem, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if item is None:
        raise NotFound
    return item


def list_open_items(center_id: int) -> list[OpenItem]:
    """What is not closed of what the center gave out, for the agenda of its next meeting."""
    found = sa.select(
        ActionItem.id, ActionItem.what, ActionItem.owner, ActionItem.given_on, ActionItem.due_on
    ).where(ActionItem.center_id == center_id, ActionItem.state.in_(sorted(UNCLOSED)))
    return [OpenItem(*row) for row in db.session.execute(found.order_by(ActionItem.id))]
