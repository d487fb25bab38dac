"""A round is planned: year, rubric, calendar, assessors, and the commission's pass mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from qcc.centers.models import Center
from qcc.evaluations.models import Round, RoundAssessor
from qcc.evaluations.permissions import AUTHORITIES, is_organizer
from qcc.evaluations.queries import find_seat, get_round, list_possible_assessors, lock_round
from qcc.evaluations.rules.scoring import AUDIENCE, JUDGES, Grade, Scale
from qcc.evaluations.workflow import ROUND, RoundState
from qcc.infra import audit, clock
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.transitions import begin
from qcc.kernel.permissions import Actor, NotPermitted, Role
from qcc.kernel.rubrics import AssessmentKind
from qcc.regulations.catalogs import CenterKind
from qcc.regulations.rubrics import NoRubric, get_rubric, rubric_for

FAULTS = {
    "pass_mark": _l("The pass mark lies above 0 and at most at the points of the rubric."),
    "range": _l("A grade begins between 0 and the points of the rubric."),
    "order": _l("Give the grades from the highest to the lowest."),
}


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """What a planner types. *center_kind*: only quality-control or guidance centers, if given."""

    year: int
    title: str
    center_kind: CenterKind | None
    self_from: date
    self_until: date
    score_until: date
    judges_weight: int = 100
    repeats: str = ""


def plan_round(actor: Actor, plan: RoundPlan) -> Round:
    """A new round: at a center, the debrief of those below it; else the yearly assessment of the
    centers of the own level."""
    _check(plan)
    debriefs = actor.role not in AUTHORITIES
    center = db.session.get(Center, actor.center_id) if debriefs and actor.center_id else None
    kind = AssessmentKind.DEBRIEF if debriefs else AssessmentKind.ANNUAL
    if debriefs and (center is None or actor.role is not Role.CENTER_DIRECTOR):
        raise NotPermitted("plan")
    place = center.place if center else actor.place
    try:
        rubric = rubric_for(kind, place, plan.year)
    except NoRubric:
        raise Refused(_l("There is no rubric for this year."), "year") from None
    round_ = Round(
        kind=kind,
        year=plan.year,
        title=plan.title,
        place=place,
        organizer_id=actor.organization_id,
        center_id=center.id if center else None,
        center_kind=plan.center_kind,
        rubric_id=rubric.id,
        rubric_version=rubric.version,
        self_from=plan.self_from,
        self_until=plan.self_until,
        score_until=plan.score_until,
        judges_weight=plan.judges_weight,
        grades=[],
        state=RoundState.PLANNED,
        repeats_id=_repeated(actor, plan, kind),
        created_at=clock.now(),
    )
    db.session.add(round_)
    db.session.flush()
    begin(ROUND, round_, "plan", actor, detail={"year": plan.year, "rubric": rubric.version})
    return round_


def _check(plan: RoundPlan) -> None:
    if plan.self_until < plan.self_from:
        raise Refused(_l("The account ends on or after the day on which it begins."), "self_until")
    if plan.score_until < plan.self_until:
        raise Refused(_l("The scoring ends on or after the end of the account."), "score_until")
    if plan.self_from.year < plan.year:
        raise Refused(_l("A year is assessed in it or after it."), "self_from")


def _repeated(actor: Actor, plan: RoundPlan, kind: AssessmentKind) -> int | None:
    """The round in whose place the new one stands, of the same year and organizer; without one
    there must be no other that stands."""
    if plan.repeats:
        earlier = get_round(actor, plan.repeats)
        if not is_organizer(actor, earlier) or (earlier.year, earlier.kind) != (plan.year, kind):
            raise Refused(_l("Only an own round of the same year can be repeated."), "repeats")
        return earlier.id
    standing = sa.select(Round.id).where(
        Round.organizer_id == actor.organization_id,
        Round.kind == kind,
        Round.year == plan.year,
        Round.state != RoundState.CANCELLED,
        Round.center_id == actor.center_id if kind is AssessmentKind.DEBRIEF else sa.true(),
        sa.or_(Round.center_kind.is_(None), Round.center_kind == plan.center_kind)
        if plan.center_kind
        else sa.true(),
    )
    if db.session.scalar(standing.limit(1)) is not None:
        raise Refused(
            _l("There is a round of this year already. Cancel it, or plan one that repeats it."),
            "year",
        )
    return None


def lock_own_round(actor: Actor, code: str, *states: RoundState) -> Round:
    """A round that the actor runs, in one of the states; raises NotFound or Refused."""
    round_ = lock_round(actor, code)
    if not is_organizer(actor, round_):
        raise NotFound
    if states and round_.state not in states:
        raise Refused(_l("That can no longer be changed in this round."))
    return round_


def set_scale(
    actor: Actor, code: str, version: int, pass_mark: Decimal, grades: Sequence[Grade]
) -> Round:
    """The commission of the place sets from which total on a center has passed, and the bands,
    before anything is scored."""
    round_ = lock_round(actor, code)
    if actor.role is not Role.COMMISSION_OFFICER or actor.place != round_.place:
        raise NotFound
    require_version(round_, version)
    if round_.state not in (RoundState.PLANNED, RoundState.OPEN):
        raise Refused(_l("The pass mark stands once the scoring has begun."))
    fault = Scale(pass_mark, tuple(grades)).fault(get_rubric(round_.rubric_id).most)
    if fault:
        raise Refused(FAULTS[fault], "pass_mark" if fault == "pass_mark" else "grades")
    round_.pass_mark = pass_mark
    round_.grades = [[grade.name, str(grade.least)] for grade in grades]
    db.session.flush()
    detail = {"pass_mark": str(pass_mark), "grades": round_.grades}
    audit.record(actor, "round.scale_set", "round", round_.id, detail)
    return round_


def seat_assessor(actor: Actor, code: str, person_id: int, side: str = JUDGES) -> RoundAssessor:
    """A person scores in the round, on a side."""
    round_ = lock_own_round(actor, code, RoundState.PLANNED, RoundState.OPEN, RoundState.SCORING)
    if side not in (JUDGES, AUDIENCE) or (side == AUDIENCE and round_.judges_weight == 100):
        raise Refused(_l("The audience does not score in this round."), "side")
    if all(person.id != person_id for person in list_possible_assessors(round_)):
        raise Refused(_l("Choose somebody who can score and is not seated yet."), "person")
    seat = RoundAssessor(round_id=round_.id, person_id=person_id, side=side)
    db.session.add(seat)
    db.session.flush()
    detail = {"person": person_id, "side": side}
    audit.record(actor, "round.assessor_seated", "round", round_.id, detail)
    return seat


def unseat_assessor(actor: Actor, code: str, person_id: int) -> None:
    """A person who has not scored anything yet leaves the round."""
    round_ = lock_own_round(actor, code, RoundState.PLANNED, RoundState.OPEN)
    seat = find_seat(round_.id, person_id)
    if seat is None:
        raise NotFound
    db.session.delete(seat)
    db.session.flush()
    audit.record(actor, "round.assessor_unseated", "round", round_.id, {"person": person_id})
