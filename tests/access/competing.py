"""The competitions of the small world: at each place one in every state whose pages differ."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from qcc.applications import services
from qcc.applications.models import Application, Competition
from qcc.applications.queries import list_own_reviews
from qcc.applications.rules.plan import Plan, PlannedCriterion, Seats
from qcc.applications.services import CallPlan, publish_call
from qcc.demo import acts
from qcc.demo.acts import at, do
from qcc.demo.people import Cast
from qcc.experts.services.people import register_expert
from qcc.infra import clock
from qcc.infra.db import db
from qcc.kernel.permissions import Actor, Role
from qcc.organizations.models import Organization
from tests.factories.centers import new_actor

if TYPE_CHECKING:
    from tests.access.world import Things

PLAN = Plan((PlannedCriterion("综合实力", 100, 10),), (Seats("产科", 1),), slot_minutes=20)
COMING, UNPLANNED = "眼科", "骨科"
STATES = {"over": "烧伤", "opened": "临床营养", "asked": "门诊管理", "declared": "脑卒中"}
"""How far a competition has come, and the specialty of its center."""


def compete(cast: Cast, things: "Things") -> None:
    """Calls with plans: one to come, one that is over; the second's centers each further on."""
    today, commission = clock.today(), things.commission
    reception = things.evaluation or things.colleague
    with at(today - timedelta(days=20)):
        coming = {name: acts.plan(commission, name) for name in (COMING, UNPLANNED)}
        things.coming_call = _publish(commission, "将来的申报", [*coming.values()], 30)
        things.unplanned_center = coming[UNPLANNED]
        centers = {state: acts.plan(commission, name) for state, name in STATES.items()}
        call = _publish(commission, "竞争申报", [*centers.values()], 1)
        _plan(things, reception, things.coming_call, {"planned": coming[COMING]})
        _plan(things, reception, call, centers)
    with at(today - timedelta(days=15)):
        for state, center in centers.items():
            _apply(cast, things, state, call, center)
    things.reviewer, things.candidate = do(lambda: _expert(things, "子某"))
    for state in ("opened", "asked", "declared"):
        _open(things, reception, state)
    for state in ("asked", "declared"):
        _seat(things, reception, state)
    _score(things)
    for state, code in things.competitions.items():
        things.competition_versions[state] = _one(code).version


def _publish(commission: Actor, title: str, centers: list[int], starts_in: int) -> int:
    """A call of 15 days that opens in so many days."""
    opens = clock.today() + timedelta(days=starts_in)
    plan = CallPlan(title, tuple(centers), opens, opens + timedelta(days=15))
    return do(lambda: publish_call(commission, plan).id)


def _plan(things: "Things", reception: Actor, call: int, centers: dict[str, int]) -> None:
    for state, center in centers.items():
        code = do(lambda c=center: services.make_plan(reception, call, c, PLAN).code)  # type: ignore[misc]
        things.competitions[state] = code


def _apply(cast: Cast, things: "Things", state: str, call: int, center: int) -> None:
    hospital = things.hospital
    assert hospital
    code = acts.begin(hospital, call, center)
    acts.fill(cast, hospital, code)
    acts.submit(hospital, code)
    row = db.session.scalars(sa.select(Application).filter_by(code=code)).one()
    things.entries[state], things.entry_files[state] = code, row.files[0].code


def _expert(things: "Things", name: str) -> tuple[Actor, str]:
    """An expert of the specialty whom no applicant employs, with an account."""
    commission = db.session.get_one(Organization, things.commission_id)
    values = {
        "name": f"{things.commission_name[:2]}{name}",
        "birth_date": None,
        "employer": commission,
        "title": "主任医师",
        "specialty": "产科",
        "practised_since": None,
        "standing_text": "",
        "health_text": "",
        "tags": [],
    }
    expert = register_expert(things.commission, values)
    return new_actor(commission, Role.EXPERT, expert.person), expert.code


def _open(things: "Things", reception: Actor, state: str) -> None:
    """Opened by two, and checked."""
    code = things.competitions[state]
    do(services.sign_opening, reception, code)
    do(services.sign_opening, things.commission, code)
    acts.accept(reception, things.entries[state])


def _seat(things: "Things", reception: Actor, state: str) -> None:
    code, reviewer = things.competitions[state], things.reviewer
    assert reviewer
    do(services.choose_reviewer, reception, code, things.candidate, "产科", "理由")
    do(services.start_review, reception, code)
    competition = _one(code)
    (review,) = [r for r in list_own_reviews(reviewer) if r.competition_id == competition.id]
    things.reviews[state] = things.reviewers[state] = review.code
    things.criteria[state] = competition.criteria[0].id


def _score(things: "Things") -> None:
    """Declared and scored, not lodged."""
    review, reviewer = things.reviews["declared"], things.reviewer
    assert reviewer
    do(services.declare, reviewer, review)
    entry, criterion = things.entries["declared"], things.criteria["declared"]
    do(services.save_score, reviewer, review, entry, criterion, None, "说明")


def _one(code: str) -> Any:
    return db.session.scalars(sa.select(Competition).filter_by(code=code)).one()
