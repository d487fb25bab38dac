"""What was entered in a competition; the caller has the scope."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from qcc.applications.models import (
    Application,
    Competition,
)
from qcc.applications.workflow import (
    SEALED,
    ApplicationState,
)
from qcc.infra.db import db


def count_entered(competition: Competition) -> int:
    """How many applications lie there, opened or not: a number that staff may know."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Application)
            .where(
                Application.call_id == competition.call_id,
                Application.center_id == competition.center_id,
                Application.state.not_in((ApplicationState.DRAFT, ApplicationState.WITHDRAWN)),
            )
        )
        or 0
    )


def count_unchecked(competition: Competition) -> int:
    """How many opened applications the formal check is not done with."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Application)
            .where(
                Application.call_id == competition.call_id,
                Application.center_id == competition.center_id,
                Application.state.in_((ApplicationState.SUBMITTED, ApplicationState.RETURNED)),
            )
        )
        or 0
    )


def list_entries(competition: Competition) -> Sequence[Application]:
    """The applications that were opened, withdrawn ones too, with what conflicts are looked for
    in; none while they are sealed."""
    if competition.state in SEALED:
        return []
    return db.session.scalars(
        sa.select(Application)
        .where(
            Application.call_id == competition.call_id,
            Application.center_id == competition.center_id,
            Application.submitted_at.is_not(None),
            Application.sealed.is_(False),
        )
        .options(
            joinedload(Application.institution),
            selectinload(Application.officers),
            selectinload(Application.answers),
        )
        .order_by(Application.number)
    ).all()


def lock_entries(competition: Competition) -> Sequence[Application]:
    """Everything that was submitted, locked, sealed or not: for the opening."""
    return db.session.scalars(
        sa.select(Application)
        .where(
            Application.call_id == competition.call_id,
            Application.center_id == competition.center_id,
            Application.submitted_at.is_not(None),
        )
        .order_by(Application.id)
        .with_for_update(key_share=True)
    ).all()


def entered(competition: Competition) -> sa.Select[Application]:
    """Those that take part in the review: the formal check is done and refused no condition."""
    refused = Application.answers.any(confirmed=False)
    return sa.select(Application).where(
        Application.call_id == competition.call_id,
        Application.center_id == competition.center_id,
        Application.sealed.is_(False),
        Application.state.in_(
            (
                ApplicationState.ACCEPTED,
                ApplicationState.UNDER_DECISION,
                ApplicationState.APPROVED,
                ApplicationState.REFUSED,
            )
        ),
        ~refused,
    )


def list_reviewed(competition: Competition) -> Sequence[Application]:
    """The applications that reviewers score, in the order of their numbers."""
    return db.session.scalars(
        entered(competition)
        .options(joinedload(Application.institution))
        .order_by(Application.number)
    ).all()
