"""Lists of applications: a row has just the columns that are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from qcc.applications.models import Application, Call
from qcc.applications.permissions import (
    Scope,
    application_is_held_by,
    application_is_visible_to,
    scope_of,
)
from qcc.applications.workflow import ApplicationState
from qcc.centers.models import Center
from qcc.infra.db import MOST, db, read
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


_COUNTED = sa.select(sa.func.count()).select_from(Application).join(Application.call)


def _conditions(actor: Actor | Scope, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found = [application_is_visible_to(actor)]
    if wanted.state:
        found.append(Application.state == wanted.state)
    if wanted.center_id:
        found.append(Application.center_id == wanted.center_id)
    if wanted.call_id:
        found.append(Application.call_id == wanted.call_id)
    if wanted.search:
        text = wanted.search.lower()
        found.append(
            sa.or_(
                Center.search_text.contains(text, autoescape=True),
                _institution.search_text.contains(text, autoescape=True),
                sa.func.lower(Application.number).contains(text, autoescape=True),
            )
        )
    return found


def _count(actor: Actor | Scope, wanted: Wanted) -> sa.Select[int]:
    """Names of centers and institutions are looked at only where they are searched."""
    counted = _COUNTED
    if wanted.search:
        counted = counted.join(Application.center).join(
            _institution, _institution.id == Application.institution_id
        )
    return counted.where(*_conditions(actor, wanted))


@lru_cache(maxsize=256)
def _page(scope: Scope, wanted: Wanted, goes_on: bool) -> sa.Select[*tuple[Any, ...]]:
    """The statement for a page, kept since building it takes longer than asking it."""
    total = _count(scope, wanted).correlate(None).scalar_subquery().label("total")
    page = _LISTED.add_columns(total).where(*_conditions(scope, wanted))
    if goes_on:
        page = page.where(Application.id < _last_seen(scope))
    return page.order_by(Application.id.desc()).limit(MOST)


def _last_seen(actor: Scope) -> sa.ScalarSelect[int]:
    return (
        sa.select(Application.id)
        .join(Application.call)
        .where(Application.code == sa.bindparam("after"), application_is_visible_to(actor))
        .scalar_subquery()
    )


def list_applications(
    actor: Actor, wanted: Wanted | None = None, *, after: str = "", limit: int = 50
) -> tuple[Sequence[Any], int]:
    """A page of applications, newest first, those that come after the one with code *after*; and
    how many all pages have, in one query."""
    wanted = wanted or Wanted()
    begins = {"after": after} if after else {}
    rows = read(_page(scope_of(actor), wanted, bool(after)), most=limit, **begins).all()
    if rows or not after:
        return rows, rows[0].total if rows else 0
    return rows, count_applications(actor, wanted)


def count_applications(actor: Actor, wanted: Wanted | None = None) -> int:
    """How many applications the actor may see, narrowed."""
    return db.session.scalar(_count(actor, wanted or Wanted())) or 0


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
