"""Lists of applications: a row has just the columns that are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from qcc.applications.models import Application, Call
from qcc.applications.permissions import application_is_held_by, application_is_visible_to
from qcc.applications.workflow import ApplicationState
from qcc.centers.models import Center
from qcc.infra.db import db
from qcc.kernel.permissions import Actor
from qcc.organizations.models import Organization


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of applications is narrowed to."""

    state: ApplicationState | None = None
    center_id: int | None = None
    call_id: int | None = None
    search: str = ""


_institution = aliased(Organization)

_LISTED = (
    sa.select(
        Application.code,
        Application.number,
        Application.state,
        Application.submitted_at,
        Application.saved_at,
        Center.name.label("center"),
        _institution.name.label("institution"),
    )
    .join(Call, Call.id == Application.call_id)
    .join(Center, Center.id == Application.center_id)
    .join(_institution, _institution.id == Application.institution_id)
)


def _narrowed(statement: Any, actor: Actor, wanted: Wanted) -> Any:
    statement = statement.where(application_is_visible_to(actor))
    if wanted.state:
        statement = statement.where(Application.state == wanted.state)
    if wanted.center_id:
        statement = statement.where(Application.center_id == wanted.center_id)
    if wanted.call_id:
        statement = statement.where(Application.call_id == wanted.call_id)
    if wanted.search:
        text = wanted.search.lower()
        statement = statement.where(
            sa.or_(
                Center.search_text.contains(text, autoescape=True),
                _institution.search_text.contains(text, autoescape=True),
                sa.func.lower(Application.number).contains(text, autoescape=True),
            )
        )
    return statement


def list_applications(
    actor: Actor, wanted: Wanted | None = None, *, after: str = "", limit: int = 50
) -> Sequence[Any]:
    """A page of applications, newest first, those that come after the one with code *after*."""
    statement = _narrowed(_LISTED, actor, wanted or Wanted())
    if after:
        last = (
            sa.select(Application.id)
            .join(Application.call)
            .where(Application.code == after, application_is_visible_to(actor))
            .scalar_subquery()
        )
        statement = statement.where(Application.id < last)
    return db.session.execute(statement.order_by(Application.id.desc()).limit(limit)).all()


def count_applications(actor: Actor, wanted: Wanted | None = None) -> int:
    """How many applications the actor may see, narrowed."""
    statement = _narrowed(_LISTED.with_only_columns(sa.func.count()), actor, wanted or Wanted())
    return db.session.scalar(statement) or 0


def list_waiting(actor: Actor, states: Sequence[ApplicationState]) -> Sequence[Any]:
    """Applications in the states that the actor's own organization holds, the longest waiting
    first."""
    more = (
        Application.correct_by,
        Application.proposed_by,
        Call.closes_at,
        Call.issuer_id,
        Call.reception_id,
    )
    return db.session.execute(
        _LISTED.add_columns(*more)
        .where(
            application_is_visible_to(actor),
            application_is_held_by(actor.organization_id),
            Application.state.in_(states),
        )
        .order_by(sa.func.coalesce(Application.submitted_at, Application.saved_at), Application.id)
        .limit(20)
    ).all()
