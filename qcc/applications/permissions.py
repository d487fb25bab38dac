"""Who sees which calls and applications. Rivals see nothing of each other."""

from typing import NamedTuple, Protocol

import sqlalchemy as sa

from qcc.applications.models import Application, Audience, Call, CallAddressee
from qcc.applications.workflow import WITH_APPLICANT, WITH_RECEPTION, ApplicationState
from qcc.infra.places import begins
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.places import subtree_prefix


class Applied(Protocol):
    """An application, as far as it tells who applies."""

    @property
    def institution_id(self) -> int: ...


class Issued(Protocol):
    """A call, as far as it tells who issued it and who receives."""

    @property
    def issuer_id(self) -> int: ...

    @property
    def reception_id(self) -> int: ...


class Scope(NamedTuple):
    """What of an actor decides which applications they see: by this, statements can be kept."""

    role: Role
    organization_id: int
    place: str


def scope_of(actor: Actor) -> Scope:
    """The scope of an actor, which everybody at the desk shares."""
    return Scope(actor.role, actor.organization_id, actor.place)


def application_is_visible_to(actor: Actor | Scope) -> sa.ColumnElement[bool]:
    """The condition over an application joined with its call: an institution its own; who receives
    or governs, what was submitted to them or below them, and is not sealed; others none."""
    lies_open = sa.and_(Application.submitted_at.is_not(None), Application.sealed.is_(False))
    match actor.role:
        case Role.INSTITUTION_OFFICER:
            return Application.institution_id == actor.organization_id
        case Role.EVALUATION_OFFICER:
            return sa.and_(lies_open, Call.reception_id == actor.organization_id)
        case Role.COMMISSION_OFFICER:
            return sa.and_(lies_open, begins(Call.place, subtree_prefix(actor.place)))
    return sa.false()


def application_is_held_by(organization_id: int) -> sa.ColumnElement[bool]:
    """The condition over an application joined with its call: whose turn it is now."""
    holder = sa.case(
        (Application.state.in_(WITH_APPLICANT), Application.institution_id),
        (Application.state.in_(WITH_RECEPTION), Call.reception_id),
        (Application.state == ApplicationState.UNDER_DECISION, Call.issuer_id),
    )
    return holder == organization_id


def call_is_visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition over a call: those that address the institution, or that staff deal with."""
    match actor.role:
        case Role.INSTITUTION_OFFICER:
            return sa.and_(_covers(actor.place), _addresses(actor.organization_id))
        case Role.EVALUATION_OFFICER:
            return Call.reception_id == actor.organization_id
        case Role.COMMISSION_OFFICER:
            return begins(Call.place, subtree_prefix(actor.place))
    return sa.false()


def _covers(place: str) -> sa.ColumnElement[bool]:
    """The call's jurisdiction is the place or one above it."""
    above = {place, f"{place[:4]}00", f"{place[:2]}0000", "000000"}
    return Call.place.in_(sorted(above))


def _addresses(organization_id: int) -> sa.ColumnElement[bool]:
    named = sa.exists().where(
        CallAddressee.call_id == Call.id, CallAddressee.organization_id == organization_id
    )
    return sa.or_(Call.audience == Audience.JURISDICTION, named)


def is_applicant(actor: Actor, application: Applied) -> bool:
    """Whether the actor speaks for the institution that applies."""
    return (
        actor.role is Role.INSTITUTION_OFFICER
        and application.institution_id == actor.organization_id
    )


def is_reception(actor: Actor, call: Issued) -> bool:
    """Whether the actor's organization receives and checks (M.10)."""
    return call.reception_id == actor.organization_id and actor.role in (
        Role.EVALUATION_OFFICER,
        Role.COMMISSION_OFFICER,
    )


def is_decider(actor: Actor, call: Issued) -> bool:
    """Whether the actor's commission issued the call, and so decides."""
    return actor.role is Role.COMMISSION_OFFICER and call.issuer_id == actor.organization_id
