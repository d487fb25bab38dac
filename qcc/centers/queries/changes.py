"""Reads about personnel changes, within the centers that concern the actor."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from qcc.centers.models import Center, Hosting, Officer, OfficerChange
from qcc.centers.permissions import concerning_changes
from qcc.centers.queries.hosting import lock_center
from qcc.centers.rules import OfficerPost
from qcc.centers.workflow import ChangeState
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor
from qcc.organizations.models import Person

UNDECIDED = (ChangeState.OPEN, ChangeState.PROPOSED)


def changes_visible_to(actor: Actor) -> sa.Select[OfficerChange]:
    """Changes of officers of the host's own centers, of the own center, or of the own subtree."""
    return (
        sa.select(OfficerChange)
        .join(OfficerChange.center)
        .join(OfficerChange.officer)
        .join(Officer.hosting)
        .where(concerning_changes(actor))
    )


def get_change(actor: Actor, change_id: int) -> OfficerChange:
    """One change with its center, officer and hosting; raises NotFound."""
    change = db.session.scalars(
        changes_visible_to(actor)
        .where(OfficerChange.id == change_id)
        .options(
            contains_eager(OfficerChange.center),
            contains_eager(OfficerChange.officer).options(
                contains_eager(Officer.hosting).joinedload(Hosting.institution),
                joinedload(Officer.person).joinedload(Person.employer),
            ),
            joinedload(OfficerChange.evidence),
            joinedload(OfficerChange.successor).joinedload(Officer.person),
        )
    ).one_or_none()
    if change is None:
        raise NotFound
    return change


def lock_change(actor: Actor, change_id: int) -> OfficerChange:
    """A change the actor sees, locked with its center until the transaction ends and read anew:
    a hosting does not end while one of its changes is decided, nor the other way round."""
    change = get_change(actor, change_id)
    lock_center(change.center_id)
    return db.session.scalars(
        sa.select(OfficerChange)
        .where(OfficerChange.id == change.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def list_changes(
    actor: Actor, state: ChangeState | None = None, *, before: int = 0, limit: int = 51
) -> Sequence[sa.Row[int, str, str, OfficerPost, date, ChangeState]]:
    """A page of changes, newest first, those before *before*: the columns that the page shows."""
    found = (
        changes_visible_to(actor)
        .join(Officer.person)
        .with_only_columns(
            OfficerChange.id,
            Center.name.label("center"),
            Person.name.label("officer"),
            Officer.post,
            OfficerChange.happened_on,
            OfficerChange.state,
        )
    )
    if before:
        found = found.where(OfficerChange.id < before)
    if state:
        found = found.where(OfficerChange.state == state)
    return db.session.execute(found.order_by(OfficerChange.id.desc()).limit(limit)).all()


def list_undecided_changes(hosting_id: int) -> Sequence[OfficerChange]:
    """The changes of a hosting's officers that wait for a proposal or a decision."""
    return db.session.scalars(
        sa.select(OfficerChange)
        .join(OfficerChange.officer)
        .where(Officer.hosting_id == hosting_id, OfficerChange.state.in_(UNDECIDED))
        .order_by(OfficerChange.id)
    ).all()
