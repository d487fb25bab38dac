"""Putting off the closing of a call, for all whom it addresses alike."""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from qcc.applications.models import Audience, Call, CallExtension
from qcc.applications.permissions import is_decider
from qcc.applications.queries.calls import lock_call
from qcc.applications.services.calls import FURTHEST
from qcc.applications.services.notices import SECOND, issue_extension_notice
from qcc.infra import audit, clock
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, texts
from qcc.infra.places import begins
from qcc.kernel.dates import end_of_day, legal_date
from qcc.kernel.permissions import Actor, NotPermitted, Permission, Role
from qcc.kernel.places import subtree_prefix
from qcc.organizations.models import Organization, OrganizationKind

texts({"call.extended": _l("The closing of the call “%(title)s” was put off to %(day)s.")})


def extend_call(actor: Actor, call_id: int, closes_on: date, reason: str) -> CallExtension:
    """The commission that issued the call puts its closing off to a later day, before it closes.

    The new day holds for everybody whom the call addresses, and everybody is told, by a message
    and by a numbered paper. Raises Refused for a call that has closed, a day that is not later, or
    no reason.
    """
    if not actor.may(Permission.CALL_EDIT):
        raise NotPermitted("extend")
    call = lock_call(actor, call_id)
    if not is_decider(actor, call):
        raise NotFound
    _check(call, closes_on, reason)
    extension = CallExtension(
        call_id=call.id,
        closed_at=call.closes_at,
        closes_at=end_of_day(closes_on),
        reason=reason.strip(),
        by=actor.person_id,
        at=clock.now(),
    )
    call.closes_at = extension.closes_at
    db.session.add(extension)
    db.session.flush()
    audit.record(
        actor,
        "call.extended",
        "call",
        call.id,
        {
            "before": extension.closed_at,
            "after": extension.closes_at,
            "reason": extension.reason,
        },
    )
    tell_addressed(call, "call.extended", {"title": call.title, "day": closes_on.isoformat()})
    issue_extension_notice(call, extension)
    return extension


def _check(call: Call, closes_on: date, reason: str) -> None:
    if clock.now() >= call.closes_at:
        raise Refused(_l("The call has closed: only a call that is not yet closed is extended."))
    if closes_on <= legal_date(call.closes_at - SECOND):
        raise Refused(_l("A deadline is only put off: choose a later day."), "closes_on")
    if closes_on > clock.today() + FURTHEST:
        raise Refused(_l("A call closes within two years."), "closes_on")
    if not reason.strip():
        raise Refused(_l("Give the reason."), "reason")


def tell_addressed(call: Call, kind: str, params: Mapping[str, str]) -> None:
    """Tell every institution whom the call addresses: the named ones, or all of its area."""
    for institution_id in _addressed(call):
        notify(institution_id, Role.INSTITUTION_OFFICER, kind, params, f"/calls/{call.id}")


def _addressed(call: Call) -> Sequence[int]:
    """The institutions whom the call addresses: the named ones, or all of its jurisdiction."""
    if call.audience is Audience.NAMED:
        return sorted(institution.id for institution in call.addressees)
    return db.session.scalars(
        sa.select(Organization.id)
        .where(
            Organization.kind == OrganizationKind.INSTITUTION,
            begins(Organization.place, subtree_prefix(call.place)),
        )
        .order_by(Organization.id)
    ).all()
