"""The directory: a center is planned, called for, called off, closed (M.4 to M.6)."""

from datetime import date

from sqlalchemy.exc import IntegrityError

from qcc.centers.models import Center, Specialty
from qcc.centers.permissions import is_own_level, require_own_level
from qcc.centers.queries import find_active_center, get_specialty, has_been_hosted
from qcc.centers.rules import UniquenessFacts
from qcc.centers.workflow import CENTER, CenterState
from qcc.infra import clock
from qcc.infra.db import db, violates
from qcc.infra.errors import NotFound, Refused, RulesBroken
from qcc.infra.i18n import _l
from qcc.infra.pinyin import search_text
from qcc.infra.transitions import begin, take, take_by_clock
from qcc.kernel.permissions import Actor, NotPermitted, Permission
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


def book_in_force(place: str, on: date) -> Rulebook:
    """The rulebook that holds in a place on a date; raises Refused where there is none."""
    try:
        return rulebook_for(place, on)
    except NoRulebookInForce:
        raise Refused(_l("No regulation that the system knows is in force here.")) from None


def center_name(place: Jurisdiction, specialty: Specialty) -> str:
    """The official name. A district carries its city's name; every other place stands by itself."""
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
    rivals = find_active_center(kind, specialty_id, place) is not None
    if findings := check(["center.unique"], UniquenessFacts(int(rivals)), book):
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
    flush_unique("uq_centers_active", book)
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


def flush_unique(constraint: str, book: Rulebook) -> None:
    """Write, and tell a lost race by the rule that the constraint stands for."""
    try:
        db.session.flush()
    except IntegrityError as error:
        if not violates(error, constraint):
            raise
        limit = book["center.unique"]
        taken = Finding(limit, {"active": 1}, {"most": limit.number})
        raise RulesBroken([taken]) from None


def open_call(actor: Actor, center: Center) -> None:
    """A call opens the center for applications (M.6); *center* is locked by the caller."""
    require_own_level(actor, center)
    take(CENTER, center, "open_call", actor)


def call_off(actor: Actor, center: Center, reason: str) -> None:
    """A call came to nothing: the center is planned again, or vacant if it once had a host."""
    require_own_level(actor, center)
    action = "call_off_to_vacant" if has_been_hosted(center.id) else "call_off"
    take(CENTER, center, action, actor, reason=reason)


def lapse_call(center: Center) -> None:
    """A call closed and nobody can come from it any more: the clock gives the center back."""
    action = "lapse_to_vacant" if has_been_hosted(center.id) else "lapse"
    take_by_clock(CENTER, center, action)


def begin_designation(actor: Actor, center: Center) -> None:
    """The center is taken for a direct designation (M.8); *center* is locked by the caller."""
    require_own_level(actor, center)
    take(CENTER, center, "begin_designation", actor)


def end_designation(actor: Actor, center: Center, reason: str) -> None:
    """A designation came to nothing: the center is planned again, or vacant if it had a host."""
    require_own_level(actor, center)
    hosted = has_been_hosted(center.id)
    action = "end_designation_to_vacant" if hosted else "end_designation"
    take(CENTER, center, action, actor, reason=reason)


def close_center(actor: Actor, center: Center, reason: str, version: int | None = None) -> None:
    """Take a planned or vacant center out of the directory for good."""
    require_own_level(actor, center)
    take(CENTER, center, "close", actor, reason=reason, version=version)
