"""Hosts and officers: a center is established, put right, left by its host (M.10, M.12, M.20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qcc.accounts.services import end_role
from qcc.centers.models import Center, Hosting, Officer
from qcc.centers.permissions import require_own_level
from qcc.centers.queries import (
    current_hosting,
    list_center_desks,
    list_officers,
    list_undecided_changes,
)
from qcc.centers.rules import OFFICER_RULES, HostPosition, OfficerFacts, OfficerPost, OfficersFacts
from qcc.centers.services.planning import book_in_force, flush_unique
from qcc.centers.workflow import CENTER, CHANGE, CenterState
from qcc.infra import audit, clock
from qcc.infra.db import db
from qcc.infra.errors import Refused
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, texts
from qcc.infra.transitions import take
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.rules import Finding, Rulebook, check

texts(
    {
        "center.rectification_ordered": _l(
            "%(center)s is to put its work right within the time set: %(reason)s"
        ),
        "center.rectification_accepted": _l("The rectification of %(center)s is accepted."),
        "center.hosting_ended": _l("The hosting of %(center)s by %(host)s has ended: %(reason)s"),
    },
    mandatory={"center.rectification_ordered", "center.hosting_ended"},
)


@dataclass(frozen=True, slots=True)
class OfficerSeat:
    """A person who takes a post, with what the rules of M.12 ask about them."""

    person_id: int
    post: OfficerPost
    host_position: HostPosition = HostPosition.OTHER
    is_discipline_leader: bool = False
    in_host_discipline: bool = False
    is_specialist: bool = False


def officer_facts(officer: Officer) -> OfficerFacts:
    """What the rules look at in a serving officer."""
    employer = officer.person.employer
    return OfficerFacts(
        person_key=str(officer.person_id),
        name=officer.person.name,
        post=officer.post,
        employer_id=officer.person.employer_id,
        host_position=officer.host_position,
        is_discipline_leader=officer.is_discipline_leader,
        in_host_discipline=officer.in_host_discipline,
        is_specialist=officer.is_specialist,
        place=employer.place if employer else "",
        is_excepted=officer.excepted_on is not None,
    )


def staffing_facts(
    center: Center, hosting: Hosting, officers: Sequence[OfficerFacts]
) -> OfficersFacts:
    """The officers of a center together, as the rules of M.12 judge them."""
    return OfficersFacts(center.kind, hosting.institution_id, center.place, tuple(officers))


def check_officers(
    center: Center, hosting: Hosting, officers: Sequence[Officer], book: Rulebook
) -> list[Finding]:
    """What the rules of M.12(1) to (4) find in the serving officers."""
    facts = staffing_facts(center, hosting, [officer_facts(officer) for officer in officers])
    return check(OFFICER_RULES, facts, book)


def establish(
    actor: Actor,
    center: Center,
    institution_id: int,
    officers: Sequence[OfficerSeat],
    rulebook_version: str,
    on: date,
) -> Hosting:
    """The center stands: its host and officers begin on the day, in the caller's transaction.

    The caller has locked the center and held the officers against the rules. Raises RulesBroken
    if the center got a host in the meantime.
    """
    require_own_level(actor, center)
    book = book_in_force(center.place, on)
    detail = {"institution": institution_id, "rulebook": rulebook_version}
    take(CENTER, center, "establish", actor, detail=detail)
    hosting = Hosting(
        center_id=center.id,
        institution_id=institution_id,
        started_on=on,
        rulebook_version=rulebook_version,
    )
    db.session.add(hosting)
    flush_unique("uq_hostings_current", book)
    for seat in officers:
        appoint(actor, hosting, seat, on)
    return hosting


def appoint(actor: Actor, hosting: Hosting, seat: OfficerSeat, on: date) -> Officer:
    """Seat a person in a post from the day on."""
    officer = Officer(
        hosting_id=hosting.id,
        person_id=seat.person_id,
        post=seat.post,
        host_position=seat.host_position,
        is_discipline_leader=seat.is_discipline_leader,
        in_host_discipline=seat.in_host_discipline,
        is_specialist=seat.is_specialist,
        started_on=on,
    )
    db.session.add(officer)
    db.session.flush()
    detail = {"officer": officer.id, "person": seat.person_id, "post": seat.post.value, "on": on}
    audit.record(actor, "officer.appointed", "center", hosting.center_id, detail)
    return officer


def discharge(actor: Actor, center: Center, officer: Officer, reason: str, on: date) -> None:
    """End an officer's time in the post; their desks at the center end with it."""
    officer.ended_on, officer.end_reason = max(on, officer.started_on), reason.strip()
    db.session.flush()
    for desk in list_center_desks(center.id, officer.person_id):
        end_role(actor, desk)
    detail = {"officer": officer.id, "person": officer.person_id, "reason": reason, "on": on}
    audit.record(actor, "officer.discharged", "center", center.id, detail)


def end_hosting(
    actor: Actor, center: Center, reason: str, on: date, version: int | None = None
) -> Hosting:
    """The host and its officers leave; the center stays and is vacant (M.20, M.27).

    Undecided personnel changes end with it. Raises Refused for a day before the hosting began or
    after today.
    """
    require_own_level(actor, center)
    hosting = _require_hosting(center)
    if not hosting.started_on <= on <= clock.today():
        raise Refused(_l("Give a day from the begin of the hosting up to today."), "on")
    detail = {"hosting": hosting.id, "on": on.isoformat()}
    take(CENTER, center, "end_hosting", actor, reason=reason, version=version, detail=detail)
    for change in list_undecided_changes(hosting.id):
        change.decided_on = clock.today()
        take(CHANGE, change, "dismiss", actor, reason=reason)
    for officer in list_officers(hosting.id):
        discharge(actor, center, officer, reason, on)
    for desk in list_center_desks(center.id):
        end_role(actor, desk)
    hosting.ended_on, hosting.end_reason = on, reason.strip()
    db.session.flush()
    tell_host(center, hosting, "center.hosting_ended", reason=reason.strip())
    return hosting


def order_rectification(actor: Actor, center: Center, reason: str, link: str = "") -> None:
    """The center is to put its work right (M.20); one that is at it already goes on. The caller
    has checked that the actor may order it, and keeps what is to be done."""
    if center.state is not CenterState.RECTIFYING:
        take(CENTER, center, "order_rectification", actor, reason=reason)
    hosting = _require_hosting(center)
    tell_host(center, hosting, "center.rectification_ordered", link, reason=reason.strip())


def accept_rectification(actor: Actor, center: Center, reason: str) -> None:
    """Nothing is left to put right: the center works as before."""
    take(CENTER, center, "accept_rectification", actor, reason=reason)
    tell_host(center, _require_hosting(center), "center.rectification_accepted")


def _require_hosting(center: Center) -> Hosting:
    hosting = current_hosting(center.id)
    if hosting is None:
        raise Refused(_l("The center has no host."))
    return hosting


def tell_host(
    center: Center, hosting: Hosting, kind: str, link: str = "", **params: object
) -> None:
    """A message to the officer of the host institution."""
    values = {"center": center.name, "host": hosting.institution.name, **params}
    notify(
        hosting.institution_id,
        Role.INSTITUTION_OFFICER,
        kind,
        values,
        link or f"/centers/{center.id}",
        center.id,
    )
