"""Reads about calls: which there are for the actor, and what a call could name."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from qcc.applications.models import (
    Application,
    Call,
    CallCenter,
    CallEnding,
    CallExtension,
    Competition,
)
from qcc.applications.permissions import call_is_visible_to
from qcc.applications.workflow import ApplicationState
from qcc.centers.models import Center
from qcc.centers.workflow import CenterState
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.places import begins
from qcc.kernel.permissions import Actor
from qcc.kernel.places import subtree_prefix
from qcc.organizations.models import Organization, OrganizationKind


def list_calls(actor: Actor, *, now: datetime, only_open: bool = False) -> Sequence[Call]:
    """The calls that the actor may see, those that close last first, with their centers; if wanted
    only those in which a center still looks for a host."""
    found = sa.select(Call).where(call_is_visible_to(actor))
    if only_open:
        found = found.where(Call.opens_at <= now, Call.closes_at > now, _looks_for_a_host())
    return db.session.scalars(
        found.options(selectinload(Call.centers), joinedload(Call.issuer))
        .order_by(Call.closes_at.desc(), Call.id.desc())
        .limit(200)
    ).all()


def _looks_for_a_host() -> sa.ColumnElement[bool]:
    """The condition over a call that one of its centers is in call, by this very call."""
    ended = sa.exists().where(
        CallEnding.call_id == CallCenter.call_id, CallEnding.center_id == CallCenter.center_id
    )
    return sa.exists().where(
        CallCenter.call_id == Call.id,
        CallCenter.center_id == Center.id,
        Center.state == CenterState.IN_CALL,
        sa.not_(ended),
    )


def get_call(actor: Actor, call_id: int) -> Call:
    """One call that the actor may see; raises NotFound."""
    call = db.session.scalars(
        sa.select(Call)
        .where(Call.id == call_id, call_is_visible_to(actor))
        .options(joinedload(Call.issuer), joinedload(Call.reception), selectinload(Call.centers))
    ).one_or_none()
    if call is None:
        raise NotFound
    return call


def lock_call(actor: Actor, call_id: int) -> Call:
    """One call that the actor may see, locked until the transaction ends; raises NotFound."""
    call = db.session.scalars(
        sa.select(Call)
        .where(Call.id == call_id, call_is_visible_to(actor))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if call is None:
        raise NotFound
    return call


def wait_for_extensions(
    *, centers: Sequence[int] = (), competition: str = "", application: str = ""
) -> None:
    """Lock the calls for centers, or that of a competition or an application by its code, before
    these are: whoever is putting off the closing is waited for."""
    of = sa.select(CallCenter.call_id).where(CallCenter.center_id.in_(centers))
    if competition:
        of = sa.select(Competition.call_id).where(Competition.code == competition)
    if application:
        of = sa.select(Application.call_id).where(Application.code == application)
    db.session.execute(
        sa.select(Call.id).where(Call.id.in_(of)).order_by(Call.id).with_for_update(key_share=True)
    ).all()


def list_extensions(call_id: int) -> Sequence[CallExtension]:
    """How the closing of a call was put off, the latest first."""
    return db.session.scalars(
        sa.select(CallExtension).filter_by(call_id=call_id).order_by(CallExtension.id.desc())
    ).all()


def find_ending(call_id: int, center_id: int) -> CallEnding | None:
    """How a center was taken out of a call, if it was; the caller has the scope."""
    return db.session.scalars(
        sa.select(CallEnding).filter_by(call_id=call_id, center_id=center_id)
    ).one_or_none()


def list_endings(call_id: int) -> dict[int, CallEnding]:
    """The centers that were taken out of a call, with how; the caller has the scope."""
    found = db.session.scalars(sa.select(CallEnding).filter_by(call_id=call_id))
    return {ending.center_id: ending for ending in found}


def lock_all_applied(call_id: int, center_id: int) -> Sequence[Application]:
    """Every application for a center of a call, drafts too, locked; the caller has the scope."""
    return db.session.scalars(
        sa.select(Application)
        .filter_by(call_id=call_id, center_id=center_id)
        .order_by(Application.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def list_calls_of_same_centers(actor: Actor, call: Call) -> Sequence[Call]:
    """The other calls that the actor may see for centers of this one, newest first."""
    ids = [center.id for center in call.centers]
    return db.session.scalars(
        sa.select(Call)
        .where(
            Call.id != call.id,
            call_is_visible_to(actor),
            Call.id.in_(sa.select(CallCenter.call_id).where(CallCenter.center_id.in_(ids))),
        )
        .order_by(Call.id.desc())
        .limit(20)
    ).all()


def find_last_call(actor: Actor, center_id: int) -> Call | None:
    """The newest call that the actor's own commission published for a center."""
    return db.session.scalars(
        sa.select(Call)
        .join(CallCenter, CallCenter.call_id == Call.id)
        .where(
            CallCenter.center_id == center_id,
            Call.issuer_id == actor.organization_id,
            call_is_visible_to(actor),
        )
        .options(selectinload(Call.centers), selectinload(Call.addressees))
        .order_by(Call.id.desc())
        .limit(1)
    ).one_or_none()


OVER = (ApplicationState.APPROVED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN)


def list_lapsed_centers(now: datetime, among: Sequence[int] | None = None) -> Sequence[int]:
    """Centers in call whose last call has closed and from which nobody can come any more: every
    application was decided or withdrawn, was never submitted, or was not corrected in time."""
    last = (
        sa.select(CallCenter.center_id, sa.func.max(CallCenter.call_id).label("call_id"))
        .group_by(CallCenter.center_id)
        .subquery()
    )
    under_way = sa.exists().where(
        Application.call_id == last.c.call_id,
        Application.center_id == last.c.center_id,
        Application.state.not_in((*OVER, ApplicationState.DRAFT)),
        sa.not_(
            sa.and_(
                Application.state == ApplicationState.RETURNED,
                Application.correct_by.is_not(None),
                Application.correct_by <= now,
            )
        ),
    )
    found = (
        sa.select(Center.id)
        .join(last, last.c.center_id == Center.id)
        .join(Call, Call.id == last.c.call_id)
        .where(Center.state == CenterState.IN_CALL, Call.closes_at <= now, sa.not_(under_way))
        .order_by(Center.id)
    )
    if among is not None:
        found = found.where(Center.id.in_(among))
    return db.session.scalars(found).all()


def list_reopenable(actor: Actor, now: datetime) -> Sequence[Center]:
    """Centers of the actor's own level whose call came to nothing and that the clock has not given
    back yet."""
    return db.session.scalars(
        sa.select(Center)
        .where(Center.id.in_(list_lapsed_centers(now)), Center.place == actor.place)
        .order_by(Center.id)
    ).all()


def list_own_applications(actor: Actor, call_id: int) -> Sequence[Application]:
    """What the actor's institution has under way in a call."""
    return db.session.scalars(
        sa.select(Application)
        .where(
            Application.call_id == call_id,
            Application.institution_id == actor.organization_id,
            Application.state != ApplicationState.WITHDRAWN,
        )
        .order_by(Application.id)
    ).all()


def list_invitable(actor: Actor) -> list[tuple[int, str]]:
    """The institutions that a call of the actor's could name: id and name."""
    found = db.session.execute(
        sa.select(Organization.id, Organization.name)
        .where(
            Organization.kind == OrganizationKind.INSTITUTION,
            begins(Organization.place, subtree_prefix(actor.place)),
        )
        .order_by(Organization.place, Organization.name)
    )
    return [(row.id, row.name) for row in found]
