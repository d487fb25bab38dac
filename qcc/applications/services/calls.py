"""Opening planned centers for applications (M.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from qcc.applications.models import Audience, Call
from qcc.applications.queries.calls import list_lapsed_centers, wait_for_extensions
from qcc.applications.services.lapsing import lapse_if_over
from qcc.applications.services.notices import issue_call_notice
from qcc.centers.queries import list_callable_centers, lock_center
from qcc.centers.services import open_call
from qcc.infra import audit, clock
from qcc.infra.db import db
from qcc.infra.errors import Refused
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, texts
from qcc.infra.places import begins
from qcc.kernel.dates import end_of_day, start_of_day
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.places import subtree_prefix
from qcc.organizations.models import Organization, OrganizationKind
from qcc.organizations.queries import find_reception

FURTHEST = timedelta(days=2 * 366)

texts({"call.published": _l("A call is open for applications: %(title)s")})


@dataclass(frozen=True, slots=True)
class CallPlan:
    """What a commission wants to publish. The closing day is the last on which to submit."""

    title: str
    center_ids: tuple[int, ...]
    opens_on: date
    closes_on: date
    conditions: str = ""
    invited_ids: tuple[int, ...] = ()


def publish_call(actor: Actor, plan: CallPlan) -> Call:
    """Publish a call for planned or vacant centers of the actor's own level, and tell whom it
    addresses. The centers are in call from then on."""
    _check_dates(plan)
    over = list_lapsed_centers(clock.now(), plan.center_ids)
    wait_for_extensions(centers=over)
    for center_id in over:
        lapse_if_over(center_id)
    callable_ids = {center.id for center in list_callable_centers(actor)}
    if not plan.center_ids or not set(plan.center_ids) <= callable_ids:
        raise Refused(_l("Choose planned or vacant centers of your own level."), "center_ids")
    reception = find_reception(actor.place)
    if reception is None:
        raise Refused(_l("Nobody is registered who could receive applications here."))
    call = Call(
        title=plan.title,
        place=actor.place,
        issuer_id=actor.organization_id,
        reception_id=reception.id,
        opens_at=start_of_day(plan.opens_on),
        closes_at=end_of_day(plan.closes_on),
        conditions=plan.conditions,
        audience=Audience.NAMED if plan.invited_ids else Audience.JURISDICTION,
        published_at=clock.now(),
    )
    for center_id in sorted(plan.center_ids):
        center = lock_center(center_id)
        open_call(actor, center)
        call.centers.append(center)
    addressees = _addressees(actor, plan.invited_ids)
    if plan.invited_ids:
        call.addressees = list(addressees)
    db.session.add(call)
    db.session.flush()
    audit.record(
        actor,
        "call.published",
        "call",
        call.id,
        {
            "title": plan.title,
            "centers": sorted(plan.center_ids),
            "opens_at": call.opens_at,
            "closes_at": call.closes_at,
            "invited": sorted(plan.invited_ids),
        },
    )
    for institution in addressees:
        notify(
            institution.id,
            Role.INSTITUTION_OFFICER,
            "call.published",
            {"title": plan.title},
            f"/calls/{call.id}",
        )
    issue_call_notice(call)
    return call


def _check_dates(plan: CallPlan) -> None:
    today = clock.today()
    if plan.opens_on < today:
        raise Refused(_l("The opening day has passed: a call opens today or later."), "opens_on")
    if plan.closes_on < plan.opens_on:
        raise Refused(_l("The closing day lies before the opening day."), "closes_on")
    if plan.closes_on > today + FURTHEST:
        raise Refused(_l("A call closes within two years."), "closes_on")


def _addressees(actor: Actor, invited: Sequence[int]) -> Sequence[Organization]:
    """The institutions seated in the actor's jurisdiction, or the named ones among them."""
    found = sa.select(Organization).where(
        Organization.kind == OrganizationKind.INSTITUTION,
        begins(Organization.place, subtree_prefix(actor.place)),
    )
    if invited:
        found = found.where(Organization.id.in_(invited))
    institutions = db.session.scalars(found.order_by(Organization.id)).all()
    if invited and len(institutions) != len(set(invited)):
        raise Refused(_l("Invite institutions of your own jurisdiction."), "invited_ids")
    return institutions
