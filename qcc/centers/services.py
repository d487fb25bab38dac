"""The life of a center: planned, called, established with its officers, vacated, closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError

from qcc.accounts.services import end_role
from qcc.centers.models import Center, Hosting, Officer, Specialty
from qcc.centers.permissions import is_own_level, require_own_level
from qcc.centers.queries import (
    count_active,
    current_hosting,
    get_specialty,
    has_been_hosted,
    list_center_desks,
    list_current_officers,
    list_open_changes,
)
from qcc.centers.rules import HostPosition, OfficerPost, UniquenessFacts
from qcc.centers.workflow import CENTER, CHANGE, CenterState
from qcc.infra import audit, clock
from qcc.infra.db import db, violates
from qcc.infra.errors import NotFound, Refused, RulesBroken
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, texts
from qcc.infra.pinyin import search_text
from qcc.infra.transitions import begin, take
from qcc.kernel.permissions import Actor, NotPermitted, Permission, Role
from qcc.kernel.places import Level, is_within
from qcc.kernel.rules import Finding, Rulebook, check
from qcc.organizations.models import Jurisdiction
from qcc.organizations.queries import get_place
from qcc.regulations.catalogs import CenterKind
from qcc.regulations.rulebooks import NoRulebookInForce, rulebook_for

SUFFIX = {
    CenterKind.QUALITY_CONTROL: "医疗质量控制中心",
    CenterKind.TECHNICAL_GUIDANCE: "医疗技术指导中心",
}

texts(
    {
        "center.rectification_ordered": _l(
            "%(center)s is to put its work right within the time set: %(reason)s"
        ),
        "center.rectification_accepted": _l("The rectification of %(center)s is accepted."),
        "center.hosting_ended": _l("The hosting of %(center)s by %(host)s has ended: %(reason)s"),
    }
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


def book_in_force(place: str, on: date) -> Rulebook:
    """The rulebook that holds in a place on a date; raises Refused where there is none."""
    try:
        return rulebook_for(place, on)
    except NoRulebookInForce:
        raise Refused(_l("No regulation that the system knows is in force here.")) from None


def center_name(place: Jurisdiction, specialty: Specialty) -> str:
    """The official name. A district carries its city's name; a province, city or county that has
    a name of its own stands by itself."""
    return f"{_own_name(place)}{specialty.name}{SUFFIX[specialty.kind]}"


def _own_name(place: Jurisdiction) -> str:
    if place.level is not Level.COUNTY or not place.name.endswith("区") or not place.parent_code:
        return place.name
    return f"{get_place(place.parent_code).name}{place.name}"


def plan_center(actor: Actor, kind: CenterKind, specialty_id: int, place: str) -> Center:
    """Enter a center of the actor's own level in the directory (M.4, M.5).

    Raises NotFound for a place or specialty that is none of theirs, RulesBroken if the specialty
    has such a center, whether seen before or told by the database after a race.
    """
    if not actor.may(Permission.CENTER_PLAN):
        raise NotPermitted("plan")
    jurisdiction, specialty = _plannable(actor, kind, specialty_id, place)
    book = book_in_force(place, clock.today())
    rivals = count_active(kind, specialty_id, place)
    if findings := check(["center.unique"], UniquenessFacts(rivals), book):
        raise RulesBroken(findings)
    name = center_name(jurisdiction, specialty)
    center = Center(
        kind=kind,
        specialty_id=specialty_id,
        place=place,
        name=name,
        state=CenterState.PLANNED,
        planned_on=clock.today(),
        search_text=search_text(name),
    )
    db.session.add(center)
    _flush_unique("uq_centers_active", book)
    begin(CENTER, center, "plan", actor, detail={"name": name, "place": place})
    return center


def _plannable(
    actor: Actor, kind: CenterKind, specialty_id: int, place: str
) -> tuple[Jurisdiction, Specialty]:
    if not is_within(place, actor.place):
        raise NotFound
    if not is_own_level(actor, place):
        raise Refused(_l("A commission plans the centers of its own level."), "place")
    specialty = get_specialty(specialty_id)
    if specialty.kind is not kind:
        raise Refused(_l("Centers of this kind are not set up for the specialty."), "specialty_id")
    if specialty.valid_until is not None and specialty.valid_until < clock.today():
        raise Refused(_l("The catalog no longer has this specialty."), "specialty_id")
    return get_place(place), specialty


def _flush_unique(constraint: str, book: Rulebook) -> None:
    """Write, and tell a lost race by the rule that the constraint stands for."""
    try:
        db.session.flush()
    except IntegrityError as error:
        if not violates(error, constraint):
            raise
        raise RulesBroken([_taken(book)]) from None


def _taken(book: Rulebook) -> Finding:
    """The finding of center.unique, as it is when another was faster."""
    limit = book["center.unique"]
    return Finding(limit, {"active": 1}, {"most": limit.number})


def open_call(actor: Actor, center: Center) -> None:
    """A call opens the center for applications (M.6); *center* is locked by the caller."""
    require_own_level(actor, center)
    take(CENTER, center, "open_call", actor)


def call_off(actor: Actor, center: Center, reason: str) -> None:
    """A call came to nothing: the center is planned again, or vacant if it once had a host."""
    require_own_level(actor, center)
    action = "call_off_to_vacant" if has_been_hosted(center.id) else "call_off"
    take(CENTER, center, action, actor, reason=reason)


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
    take(
        CENTER,
        center,
        "establish",
        actor,
        detail={"institution": institution_id, "rulebook": rulebook_version},
    )
    hosting = Hosting(
        center_id=center.id,
        institution_id=institution_id,
        started_on=on,
        rulebook_version=rulebook_version,
    )
    db.session.add(hosting)
    _flush_unique("uq_hostings_current", book)
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
    audit.record(
        actor,
        "officer.appointed",
        "center",
        hosting.center_id,
        {"officer": officer.id, "person": seat.person_id, "post": seat.post.value, "on": on},
    )
    return officer


def discharge(actor: Actor, center: Center, officer: Officer, reason: str, on: date) -> None:
    """End an officer's time in the post; their desk at the center ends with it."""
    officer.ended_on, officer.end_reason = max(on, officer.started_on), reason
    db.session.flush()
    for desk in list_center_desks(center.id, officer.person_id):
        end_role(actor, desk)
    audit.record(
        actor,
        "officer.discharged",
        "center",
        center.id,
        {"officer": officer.id, "person": officer.person_id, "reason": reason, "on": on},
    )


def end_hosting(actor: Actor, center: Center, reason: str, on: date) -> Hosting:
    """The host and its officers leave; the center stays and is vacant (M.20, M.27).

    Open personnel tasks end with it. Raises Refused for a day before the hosting began.
    """
    require_own_level(actor, center)
    hosting = current_hosting(center.id)
    if hosting is None:
        raise NotFound
    if on < hosting.started_on:
        raise Refused(_l("The hosting began later than this day."), "on")
    take(CENTER, center, "end_hosting", actor, reason=reason, detail={"hosting": hosting.id})
    for change in list_open_changes(hosting.id):
        change.decided_on = clock.today()
        take(CHANGE, change, "dismiss", actor, reason=reason)
    for officer in list_current_officers(hosting.id):
        discharge(actor, center, officer, reason, on)
    hosting.ended_on, hosting.end_reason = on, reason.strip()
    db.session.flush()
    _tell_host(center, hosting, "center.hosting_ended", reason)
    return hosting


def order_rectification(actor: Actor, center: Center, reason: str) -> None:
    """The center is to put its work right (M.20)."""
    require_own_level(actor, center)
    take(CENTER, center, "order_rectification", actor, reason=reason)
    _tell_current_host(center, "center.rectification_ordered", reason)


def accept_rectification(actor: Actor, center: Center, reason: str) -> None:
    """The rectification is accepted: the center works as before."""
    require_own_level(actor, center)
    take(CENTER, center, "accept_rectification", actor, reason=reason)
    _tell_current_host(center, "center.rectification_accepted", reason)


def close_center(actor: Actor, center: Center, reason: str) -> None:
    """Take a planned or vacant center out of the directory for good."""
    require_own_level(actor, center)
    take(CENTER, center, "close", actor, reason=reason)


def _tell_current_host(center: Center, kind: str, reason: str) -> None:
    hosting = current_hosting(center.id)
    if hosting is not None:
        _tell_host(center, hosting, kind, reason)


def _tell_host(center: Center, hosting: Hosting, kind: str, reason: str) -> None:
    notify(
        hosting.institution_id,
        Role.INSTITUTION_OFFICER,
        kind,
        {"center": center.name, "host": hosting.institution.name, "reason": reason.strip()},
        f"/centers/{center.id}",
    )
