"""Rectification orders (限期整改) are issued, extended before their day, withdrawn (M.20, S.7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qcc.centers.models import Center
from qcc.centers.queries import current_hosting, lock_center
from qcc.centers.services import accept_rectification, order_rectification
from qcc.centers.workflow import CENTER, CenterState
from qcc.evaluations.models import Assessment, Basis, Rectification, RectificationItem
from qcc.evaluations.permissions import orders, verifies
from qcc.evaluations.queries import lock_assessment
from qcc.evaluations.queries.rectifications import (
    count_open,
    find_order_of,
    list_fallen,
    lock_any_rectification,
    lock_rectification,
)
from qcc.evaluations.services.rectification_papers import issue_order_paper
from qcc.evaluations.services.telling import tell_center
from qcc.evaluations.workflow import (
    RECTIFICATION,
    AssessmentState,
    RectificationMoment,
    RectificationState,
)
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.outbox import texts
from qcc.infra.transitions import begin, take, take_by_clock
from qcc.kernel.permissions import Actor, Permission
from qcc.regulations.rubrics import get_rubric

texts(
    {
        "rectification.issued": _l("%(center)s is to put its work right by %(due)s."),
        "rectification.extend": _l(
            "%(center)s has until %(due)s to put its work right: %(reason)s"
        ),
        "rectification.postpone": _l(
            "%(center)s has until %(due)s to put its work right: %(reason)s"
        ),
        "rectification.close": _l("The rectification of %(center)s is found effective: %(reason)s"),
        "rectification.withdraw": _l(
            "The rectification order to %(center)s is withdrawn: %(reason)s"
        ),
        "rectification.lapse": _l("The rectification order to %(center)s no longer stands."),
        "rectification.plan": _l("%(center)s has handed in its plan of rectification."),
        "rectification.hand_in": _l("%(center)s has handed in the evidence of its rectification."),
    },
    mandatory={"rectification.issued"},
)


@dataclass(frozen=True, slots=True)
class Want:
    """One thing to be put right: at an item of the rubric, with the points that were not reached,
    or in words alone."""

    wanted: str
    item: str = ""
    title: str = ""
    lost: str = ""


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """What an order says: why, by when, and what."""

    reason: str
    due_on: date
    wants: Sequence[Want]


def lost_items(assessment: Assessment) -> list[Want]:
    """The items at which points were lost, with the assessors' remarks as what is wanted."""
    found = []
    for group in get_rubric(assessment.round.rubric_id).groups:
        for item in group.items if not group.is_bonus else ():
            said = assessment.result["items"][item.code]
            lost = item.points - Decimal(said["score"] or 0)
            if lost > 0:
                words = "；".join(dict.fromkeys(text for text in said["remarks"] if text))
                found.append(Want(words, item.code, item.name, str(lost)))
    return found


def order_after(actor: Actor, code: str, terms: OrderTerms) -> Rectification:
    """Order the rectification of who failed for good: whoever ran the round, or the commission."""
    assessment = lock_assessment(actor, code)
    round_ = assessment.round
    if not orders(actor, round_):
        raise NotFound
    if assessment.state is not AssessmentState.FINAL or assessment.has_passed is not False:
        raise Refused(_l("Only after a final result that failed."))
    if find_order_of(assessment.id) is not None:
        raise Refused(_l("This result has led to an order already."))
    hosting = current_hosting(assessment.center_id)
    if hosting is None or hosting.id != assessment.hosting_id:
        raise Refused(_l("This hosting has ended already."))
    return _issue(actor, assessment.center, Basis.ASSESSMENT, terms, assessment)


def order_freely(actor: Actor, center_id: int, terms: OrderTerms) -> Rectification:
    """The commission orders a center of its own level to put right what a visit found (M.18)."""
    center = lock_center(center_id)
    if not actor.may(Permission.CENTER_PLAN) or center.place != actor.place:
        raise NotFound
    return _issue(actor, center, Basis.SUPERVISION, terms)


def order_for_violation(actor: Actor, center: Center, terms: OrderTerms) -> Rectification:
    """Order the rectification of a violation that is founded; the decision was the caller's."""
    return _issue(actor, center, Basis.VIOLATION, terms)


def _issue(
    actor: Actor,
    center: Center,
    basis: Basis,
    terms: OrderTerms,
    assessment: Assessment | None = None,
) -> Rectification:
    """The center is told, its state says so, and the paper is asked for, in one transaction."""
    if terms.due_on <= clock.today():
        raise Refused(_l("The day has to lie ahead."), "due_on")
    if not terms.wants or not all(want.wanted.strip() for want in terms.wants):
        raise Refused(_l("Say of at least one thing what is to be put right."), "wants")
    center = lock_center(center.id)
    hosting = current_hosting(center.id)
    if hosting is None or center.state not in (CenterState.ESTABLISHED, CenterState.RECTIFYING):
        raise Refused(_l("The center has no host."))
    made = Rectification(
        center_id=center.id,
        center=center,
        hosting_id=hosting.id,
        hosting=hosting,
        basis=basis,
        assessment_id=assessment.id if assessment else None,
        assessment=assessment,
        orderer_id=actor.organization_id,
        orderer_center_id=actor.center_id,
        reason=terms.reason.strip(),
        due_on=terms.due_on,
        state=RectificationState.ISSUED,
        issued_at=clock.now(),
        issued_by=actor.person_id,
        items=[
            RectificationItem(
                item=want.item, title=want.title, lost=want.lost, wanted=want.wanted.strip()
            )
            for want in terms.wants
        ],
    )
    db.session.add(made)
    db.session.flush()
    detail = {"due_on": terms.due_on, "items": len(terms.wants), "basis": basis.value}
    begin(RECTIFICATION, made, "issue", actor, reason=terms.reason, detail=detail)
    order_rectification(actor, center, terms.reason, f"/centers/{center.id}")
    tell_rectified(made, "rectification.issued")
    db.session.flush()
    issue_order_paper(made)
    return made


def tell_rectified(rectification: Rectification, kind: str, reason: str = "") -> None:
    """To the center that is to put its work right."""
    values: dict[str, object] = {
        "center": rectification.center.name,
        "due": rectification.due_on.isoformat(),
        "reason": reason.strip(),
    }
    tell_center(rectification.hosting, kind, f"/rectifications/{rectification.code}", values)


def lock_ordered(actor: Actor, code: str) -> Rectification:
    """An order that the actor's side issued, locked; raises NotFound."""
    found = lock_rectification(actor, code)
    if not verifies(actor, found):
        raise NotFound
    return found


def postpone(actor: Actor, code: str, version: int, later: date, reason: str) -> Rectification:
    """A later day, before the evidence was handed in."""
    found = lock_ordered(actor, code)
    facts = RectificationMoment(clock.today(), found.due_on, later=later)
    detail = {"from": found.due_on, "to": later}
    take(
        RECTIFICATION, found, "postpone", actor,
        facts=facts, version=version, reason=reason, detail=detail,
    )  # fmt: skip
    found.due_on = later
    tell_rectified(found, "rectification.postpone", reason)
    return found


def withdraw(actor: Actor, code: str, version: int, reason: str) -> Rectification:
    """The order is taken back, with the reason."""
    found = lock_ordered(actor, code)
    facts = RectificationMoment(clock.today(), found.due_on)
    take(RECTIFICATION, found, "withdraw", actor, facts=facts, version=version, reason=reason)
    tell_rectified(found, "rectification.withdraw", reason)
    release(actor, found.center_id, reason)
    return found


def release(actor: Actor | None, center_id: int, reason: str = "") -> None:
    """With nothing left to put right, the center stands as established again."""
    center = lock_center(center_id)
    db.session.flush()
    if center.state is not CenterState.RECTIFYING or count_open(center_id):
        return
    if actor is None:
        take_by_clock(CENTER, center, "rectification_lapses")
    else:
        accept_rectification(actor, center, reason)


def lapse_fallen(hosting_ids: Sequence[int] = ()) -> int:
    """Daily, and when results become final: orders that nothing stands behind any more, as the
    hosting has ended or the repeated assessment was passed; how many. Of all hostings, or of
    these."""
    fallen = list_fallen(hosting_ids)
    for key in fallen:
        found = lock_any_rectification(key)
        take_by_clock(RECTIFICATION, found, "lapse")
        tell_rectified(found, "rectification.lapse")
        release(None, found.center_id)
    return len(fallen)
