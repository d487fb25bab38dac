"""A center puts its work right: plan, evidence; and somebody else verifies the effect (M.20)."""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from qcc.centers.queries import list_center_desks, list_officers
from qcc.evaluations.models import Rectification, RectificationEvidence, RectificationItem
from qcc.evaluations.permissions import CENTER_ROLES
from qcc.evaluations.queries.rectifications import get_rectification_evidence, lock_rectification
from qcc.evaluations.services.ordering import lock_ordered, release, tell_rectified
from qcc.evaluations.services.telling import OFFICES
from qcc.evaluations.workflow import (
    RECTIFICATION,
    Effect,
    RectificationMoment,
    RectificationState,
)
from qcc.infra import audit, clock
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import accept_upload
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify
from qcc.infra.transitions import take
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Person
from qcc.organizations.queries import find_commission

S = RectificationState


def moment_of(
    rectification: Rectification, actor: Actor, later: date | None = None
) -> RectificationMoment:
    """What the conditions look at."""
    items = rectification.items
    employer = db.session.scalar(sa.select(Person.employer_id).filter_by(id=actor.person_id))
    return RectificationMoment(
        today=clock.today(),
        due_on=rectification.due_on,
        unplanned=sum(not item.is_planned for item in items),
        unproven=sum(not item.evidence for item in items),
        person=actor.person_id,
        involved=_involved(rectification),
        is_of_host=rectification.hosting.institution_id in (employer, actor.organization_id),
        ineffective=sum(item.effect in (None, Effect.INEFFECTIVE) for item in items),
        later=later,
    )


def _involved(rectification: Rectification) -> frozenset[int]:
    """Who owns an item, planned, laid evidence there or handed in."""
    keys = [item.id for item in rectification.items]
    named = {item.owner_id for item in rectification.items}
    named |= {rectification.planned_by, rectification.handed_in_by}
    added = sa.select(RectificationEvidence.added_by).where(RectificationEvidence.item_id.in_(keys))
    return frozenset({*(key for key in named if key), *db.session.scalars(added)})


# --- the center ---


def possible_owners(rectification: Rectification) -> list[Person]:
    """Who may answer for an item: the center's officers, and who has a desk there."""
    officers = list_officers(rectification.hosting_id)
    found = {officer.person_id: officer.person for officer in officers}
    desks = {desk.person_id for desk in list_center_desks(rectification.center_id)}
    others = sa.select(Person).where(Person.id.in_(desks - found.keys())).order_by(Person.id)
    return [*found.values(), *db.session.scalars(others)]


def _lock_own(actor: Actor, code: str, *states: RectificationState) -> Rectification:
    found = lock_rectification(actor, code)
    if actor.role not in CENTER_ROLES or actor.center_id != found.center_id:
        raise NotFound
    if states and found.state not in states:
        raise Refused(_l("This cannot be changed now."))
    return found


def _item(rectification: Rectification, key: int) -> RectificationItem:
    found = next((item for item in rectification.items if item.id == key), None)
    if found is None:
        raise NotFound
    return found


def plan_item(
    actor: Actor, code: str, key: int, version: int, measure: str, owner_id: int, due_on: date
) -> RectificationItem:
    """The measure at an item, who answers for it, and by when; of two writers the second is told
    (StaleEdit)."""
    order = _lock_own(actor, code, S.ISSUED)
    item = _item(order, key)
    require_version(item, version)
    if owner_id not in {person.id for person in possible_owners(order)}:
        raise Refused(_l("Choose an officer of the center."), "owner")
    if not clock.today() <= due_on <= order.due_on:
        raise Refused(_l("Give a day from today up to the day of the order."), "due_on")
    item.measure, item.owner_id, item.due_on = measure.strip(), owner_id, due_on
    db.session.flush()
    detail = {"item": key, "owner": owner_id, "due_on": due_on}
    audit.record(actor, "rectification.item_planned", RECTIFICATION.name, order.id, detail)
    return item


def report_item(actor: Actor, code: str, key: int, version: int, done: str) -> RectificationItem:
    """What was done about an item."""
    order = _lock_own(actor, code, S.UNDERWAY)
    item = _item(order, key)
    require_version(item, version)
    item.done = done.strip()
    db.session.flush()
    audit.record(actor, "rectification.item_reported", RECTIFICATION.name, order.id, {"item": key})
    return item


def add_evidence(
    actor: Actor, code: str, key: int, data: bytes, filename: str
) -> RectificationEvidence:
    """A file that proves what was done about an item."""
    order = _lock_own(actor, code, S.UNDERWAY)
    item = _item(order, key)
    stored = accept_upload(data, filename, actor.organization_id, actor.user_id)
    piece = RectificationEvidence(
        item_id=item.id, file=stored, added_at=clock.now(), added_by=actor.person_id
    )
    db.session.add(piece)
    db.session.flush()
    detail = {"item": key, "sha256": stored.sha256}
    audit.record(actor, "rectification.evidence_added", RECTIFICATION.name, order.id, detail)
    return piece


def take_out_evidence(actor: Actor, code: str, key: int) -> RectificationItem:
    """A file is no longer part of what is handed in; it is kept."""
    order = _lock_own(actor, code, S.UNDERWAY)
    piece = get_rectification_evidence(order, key)
    piece.removed_at = piece.removed_at or clock.now()
    detail = {"item": piece.item_id, "sha256": piece.file.sha256}
    audit.record(actor, "rectification.evidence_removed", RECTIFICATION.name, order.id, detail)
    return _item(order, piece.item_id)


def submit_plan(actor: Actor, code: str, version: int) -> Rectification:
    """The director hands in the plan; from now on it stands."""
    order = _lock_own(actor, code)
    facts = moment_of(order, actor)
    take(RECTIFICATION, order, "plan", actor, facts=facts, version=version)
    order.planned_by = actor.person_id
    _tell_orderer(order, "rectification.plan")
    return order


def hand_in(actor: Actor, code: str, version: int) -> Rectification:
    """The director hands in the evidence for verification."""
    order = _lock_own(actor, code)
    RECTIFICATION.find("hand_in", order.state)
    facts = moment_of(order, actor)
    require_version(order, version)
    if not facts.unproven:
        order.handed_in_at, order.handed_in_by = clock.now(), actor.person_id
    late = max(0, (clock.today() - order.due_on).days)
    take(RECTIFICATION, order, "hand_in", actor, facts=facts, detail={"days_late": late})
    _tell_orderer(order, "rectification.hand_in")
    return order


def _tell_orderer(order: Rectification, kind: str) -> None:
    values = {"center": order.center.name}
    link = f"/rectifications/{order.code}"
    if order.orderer_center_id is not None:
        for role in OFFICES:
            notify(order.orderer_id, role, kind, values, link, order.orderer_center_id)
        return
    commission = find_commission(order.center.place)
    is_commission = commission is not None and commission.id == order.orderer_id
    role = Role.COMMISSION_OFFICER if is_commission else Role.EVALUATION_OFFICER
    notify(order.orderer_id, role, kind, values, link)


# --- who verifies ---

_WORST_FIRST = (Effect.INEFFECTIVE, Effect.PARTLY, Effect.EFFECTIVE)


def verify(
    actor: Actor,
    code: str,
    version: int,
    effects: Mapping[int, Effect],
    opinion: str,
    *,
    closes: bool,
    later: date | None = None,
) -> Rectification:
    """Judge the effect at every item; the order is closed, or goes on up to a later day."""
    order = lock_ordered(actor, code)
    action = "close" if closes else "extend"
    if not closes and later is None:
        raise Refused(_l("Give the new last day."), "later")
    RECTIFICATION.find(action, order.state)
    require_version(order, version)
    for item in order.items:
        if item.id not in effects:
            raise Refused(_l("Judge the effect at every item."), f"effect-{item.id}")
        item.effect = effects[item.id]
    order.effect = worst(list(effects.values()))
    order.opinion = opinion.strip()
    detail = {
        "effects": {str(item.id): effects[item.id].value for item in order.items},
        "evidence": sorted(piece.file.sha256 for item in order.items for piece in item.evidence),
    }
    facts = moment_of(order, actor, later)
    if action == "close":
        order.closed_on = clock.today()
    else:
        detail |= {"from": order.due_on.isoformat(), "to": str(later)}
    take(RECTIFICATION, order, action, actor, facts=facts, reason=opinion, detail=detail)
    if not closes and later is not None:
        order.due_on = later
    tell_rectified(order, f"rectification.{action}", opinion)
    if action == "close":
        release(actor, order.center_id, opinion)
    return order


def worst(effects: Sequence[Effect]) -> Effect:
    """The effect of the whole: that of the item where it is least."""
    return next(effect for effect in _WORST_FIRST if effect in effects)
