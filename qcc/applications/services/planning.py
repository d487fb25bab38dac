"""The plan of a competition: made before the call opens, and fixed from then on (M.11)."""

from qcc.applications.models import Call, Competition, CompetitionCriterion
from qcc.applications.permissions import is_reception
from qcc.applications.queries import find_competition, get_call, lock_competition
from qcc.applications.rules.plan import Fault, Plan, PlannedCriterion, Seats, faults_of
from qcc.applications.workflow import COMPETITION, CompetitionState
from qcc.infra import audit, clock
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.transitions import begin
from qcc.kernel.permissions import Actor

FAULTS = {
    Fault.NO_CRITERIA: _l("Name at least one criterion."),
    Fault.TOO_MANY_CRITERIA: _l("A plan has at most 30 criteria."),
    Fault.NO_TITLE: _l("Give each criterion a name."),
    Fault.SAME_TITLE: _l("Two criteria have the same name."),
    Fault.WEIGHT: _l("A weight is a whole number from 1 to 100."),
    Fault.WEIGHTS: _l("The weights add up to 100."),
    Fault.MOST: _l("The most points of a criterion are a whole number from 1 to 100."),
    Fault.NO_REVIEWERS: _l("Say how many reviewers there are to be, at least one."),
    Fault.TOO_MANY_REVIEWERS: _l("There are at most 50 reviewers."),
    Fault.TOO_FEW_TO_DROP: _l(
        "To drop the highest and the lowest score, there are at least three reviewers."
    ),
    Fault.MINIMUM: _l("The minimum is from 0 to 100 points."),
    Fault.BOUND: _l("The bound is above 0 and at most 100 points."),
    Fault.SLOT: _l("A presentation takes at most 480 minutes."),
    Fault.DAYS: _l("For the review give from 1 to 180 days."),
}


def make_plan(actor: Actor, call_id: int, center_id: int, plan: Plan) -> Competition:
    """Make the plan by which the applications for a center of a call compete.

    Only the receiving body, and only before the call opens. Raises Refused.
    """
    call = _plannable(actor, get_call(actor, call_id))
    if center_id not in {center.id for center in call.centers}:
        raise NotFound
    _require_sound(plan)
    if find_competition(call_id, center_id, lock=True):
        raise Refused(_l("There is a plan for this center already."))
    competition = Competition(
        call_id=call_id,
        center_id=center_id,
        state=CompetitionState.PLANNED,
        made_by=actor.person_id,
        made_at=clock.now(),
        seats=[],
        result=[],
    )
    _set(competition, plan)
    db.session.add(competition)
    db.session.flush()
    begin(COMPETITION, competition, "plan", actor, detail=_said(plan))
    return competition


def change_plan(actor: Actor, code: str, version: int, plan: Plan) -> Competition:
    """Change the plan, before the call opens."""
    competition = lock_competition(actor, code)
    _plannable(actor, competition.call)
    require_version(competition, version)
    _require_sound(plan)
    before = _said(plan_of(competition))
    competition.criteria.clear()
    db.session.flush()
    _set(competition, plan)
    competition.made_by, competition.made_at = actor.person_id, clock.now()
    db.session.flush()
    detail = {"before": before, "after": _said(plan)}
    audit.record(actor, "competition.plan_changed", "competition", competition.id, detail)
    return competition


def _plannable(actor: Actor, call: Call) -> Call:
    if not is_reception(actor, call):
        raise NotFound
    if clock.now() >= call.opens_at:
        raise Refused(
            _l("The call is open: a plan is made before the call opens and fixed from then on.")
        )
    return call


def _require_sound(plan: Plan) -> None:
    faults = faults_of(plan)
    if faults:
        raise Refused(FAULTS[faults[0]])


def _set(competition: Competition, plan: Plan) -> None:
    competition.seats = [[seat.specialty, seat.count] for seat in plan.seats]
    competition.drops_extremes = plan.drops_extremes
    competition.minimum, competition.bound = plan.minimum, plan.bound
    competition.slot_minutes, competition.review_days = plan.slot_minutes, plan.review_days
    competition.criteria = [
        CompetitionCriterion(
            position=position,
            title=criterion.title.strip(),
            weight=criterion.weight,
            most=criterion.most,
            levels=criterion.levels.strip(),
        )
        for position, criterion in enumerate(plan.criteria, 1)
    ]


def _said(plan: Plan) -> dict[str, object]:
    return {
        "criteria": [[c.title, c.weight, c.most, c.levels] for c in plan.criteria],
        "seats": [[seat.specialty, seat.count] for seat in plan.seats],
        "drops_extremes": plan.drops_extremes,
        "minimum": plan.minimum,
        "bound": plan.bound,
        "slot_minutes": plan.slot_minutes,
        "review_days": plan.review_days,
    }


def plan_of(competition: Competition) -> Plan:
    """The plan as it stands."""
    return Plan(
        criteria=tuple(
            PlannedCriterion(row.title, row.weight, row.most, row.levels)
            for row in competition.criteria
        ),
        seats=tuple(Seats(specialty, count) for specialty, count in competition.seats),
        drops_extremes=competition.drops_extremes,
        minimum=competition.minimum,
        bound=competition.bound,
        slot_minutes=competition.slot_minutes,
        review_days=competition.review_days,
    )
