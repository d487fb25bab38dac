"""The commission decides whether a hosting is revoked; then a new host is sought (M.20, M.28)."""

from dataclasses import dataclass
from datetime import date

from qcc.applications.services.calls import CallPlan, publish_call
from qcc.centers.models import Hosting
from qcc.centers.queries import current_hosting, lock_center
from qcc.centers.services import end_hosting
from qcc.evaluations.models import Revocation
from qcc.evaluations.queries import lock_revocation
from qcc.evaluations.services.ordering import lapse_fallen
from qcc.evaluations.services.papers import issue_revocation
from qcc.evaluations.services.proposing import propose_revocations
from qcc.evaluations.services.telling import tell_center, tell_host
from qcc.evaluations.services.violation_lapses import lapse_cases
from qcc.evaluations.workflow import REVOCATION
from qcc.infra import clock
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.transitions import take
from qcc.kernel.permissions import Actor


@dataclass(frozen=True, slots=True)
class Succession:
    """How it goes on: on which day the hosting ends, and the call for the same center."""

    ends_on: date
    call_title: str
    opens_on: date
    closes_on: date
    conditions: str = ""


def approve_revocation(
    actor: Actor, code: str, version: int, reason: str, succession: Succession
) -> Revocation:
    """The hosting and its officers end on the day, and the center is called for anew, in one
    transaction. The panel stays; its host share is checked again for the new host."""
    revocation = _lock_own(actor, code)
    hosting = current_hosting(revocation.center_id)
    if hosting is None or hosting.id != revocation.hosting_id:
        raise Refused(_l("This hosting has ended already."))
    revocation.ends_on, revocation.decided_at = succession.ends_on, clock.now()
    revocation.reason = reason.strip()
    take(REVOCATION, revocation, "approve", actor, reason=reason, version=version)
    values: dict[str, object] = {"center": hosting.center.name, "reason": reason.strip()}
    tell_center(hosting, "revocation.approved", f"/centers/{hosting.center_id}", values)
    succeed(actor, hosting, reason, succession)
    tell_host(revocation, "revocation.approved", reason=reason.strip())
    issue_revocation(revocation)
    return revocation


def succeed(actor: Actor, hosting: Hosting, reason: str, succession: Succession) -> None:
    """The hosting and its officers end, what was open about it lapses, and the center is called for
    anew; in the transaction of the decision."""
    center = lock_center(hosting.center_id)
    end_hosting(actor, center, reason, succession.ends_on)
    lapse_fallen([hosting.id])
    lapse_cases([hosting.id])
    propose_revocations([hosting.id])
    plan = CallPlan(
        title=succession.call_title,
        center_ids=(center.id,),
        opens_on=succession.opens_on,
        closes_on=succession.closes_on,
        conditions=succession.conditions,
    )
    publish_call(actor, plan)


def decline_revocation(actor: Actor, code: str, version: int, reason: str) -> Revocation:
    """The host stays, with the commission's reason; a third failed year is asked about again."""
    revocation = _lock_own(actor, code)
    revocation.decided_at, revocation.reason = clock.now(), reason.strip()
    take(REVOCATION, revocation, "decline", actor, reason=reason, version=version)
    values: dict[str, object] = {"center": revocation.center.name, "reason": reason.strip()}
    link = f"/centers/{revocation.center_id}"
    tell_center(revocation.hosting, "revocation.declined", link, values)
    tell_host(revocation, "revocation.declined", reason=reason.strip())
    return revocation


def _lock_own(actor: Actor, code: str) -> Revocation:
    """A revocation of a center of the commission's own level; raises NotFound."""
    revocation = lock_revocation(actor, code)
    if revocation.center.place != actor.place:
        raise NotFound
    return revocation
