"""Reads about opinions on refusals; the caller has found the application within its scope."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from qcc.applications.models import Application, Call, Decision, Opinion, OpinionFile
from qcc.applications.permissions import application_is_visible_to
from qcc.applications.workflow.opinion import OpinionState
from qcc.centers.models import Center
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor
from qcc.organizations.models import Organization


def find_opinion(application_id: int) -> Opinion | None:
    """The opinion on the refusal of the application, with its files, if there is one."""
    return db.session.scalars(
        sa.select(Opinion)
        .filter_by(application_id=application_id)
        .options(selectinload(Opinion.files).joinedload(OpinionFile.file))
    ).one_or_none()


def lock_opinion(application_id: int) -> Opinion:
    """The opinion, locked until the transaction ends; raises NotFound."""
    found = db.session.scalars(
        sa.select(Opinion)
        .filter_by(application_id=application_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def decision_on(application_id: int) -> Decision:
    """What the commission decided; raises NotFound if it has not."""
    found = db.session.scalars(
        sa.select(Decision).filter_by(application_id=application_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def list_unanswered(actor: Actor) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """The opinions that the actor's commission has to answer, the oldest first; those on refusals
    that the actor decided are for colleagues."""
    return db.session.execute(
        sa.select(
            Application.code,
            Center.name.label("center"),
            Organization.name.label("institution"),
            Opinion.sent_at,
        )
        .join(Application, Application.id == Opinion.application_id)
        .join(Application.call)
        .join(Center, Center.id == Application.center_id)
        .join(Organization, Organization.id == Application.institution_id)
        .join(Decision, Decision.application_id == Application.id)
        .where(
            application_is_visible_to(actor),
            Call.issuer_id == actor.organization_id,
            Opinion.state == OpinionState.SENT,
            Decision.decided_by != actor.person_id,
        )
        .order_by(Opinion.id)
        .limit(20)
    ).all()
