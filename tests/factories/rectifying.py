"""Rectification orders for tests, made by the services that make them in the product."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from qcc.centers.models import Hosting
from qcc.evaluations.models import Assessment, Rectification, Round
from qcc.evaluations.services import ordering, rectifying
from qcc.evaluations.services.ordering import OrderTerms, Want
from qcc.evaluations.workflow import AssessmentState, Effect, RoundState
from qcc.infra import clock
from qcc.infra.db import db
from qcc.kernel.permissions import Actor
from qcc.kernel.rubrics import AssessmentKind
from qcc.regulations.rubrics import get_rubric
from tests.factories.applications import do
from tests.factories.centers import (
    CITY,
    PDF,
    PROVINCE,
    director_at,
    established,
    hosting_of,
    province,
)

WANTS = (Want("补齐年度计划", "A1", "计划与总结", "6"), Want("按月召开调度会", "B2", "调度会", "3"))


def order(code: str) -> Rectification:
    """The order as it stands now."""
    db.session.rollback()
    return db.session.scalars(sa.select(Rectification).filter_by(code=code)).one()


def terms(days: int = 60) -> OrderTerms:
    """Two things to be put right within so many days."""
    return OrderTerms("考核不达标", clock.today() + timedelta(days=days), WANTS)


def measured(code: str, secretary: Actor, director: Actor) -> str:
    """Each item has a measure, with the director as owner."""
    day, who = order(code).due_on, director.person_id
    for key in [item.id for item in order(code).items]:
        do(lambda k=key: rectifying.plan_item(secretary, code, k, 1, "逐月落实", who, day))
    return code


def submitted_plan(code: str, director: Actor) -> str:
    """The plan is handed in."""
    do(lambda: rectifying.submit_plan(director, code, order(code).version))
    return code


def planned(code: str, secretary: Actor, director: Actor) -> str:
    """Measured, and the plan is handed in."""
    return submitted_plan(measured(code, secretary, director), director)


def proven(code: str, secretary: Actor) -> str:
    """There is evidence of each item."""
    for key in [item.id for item in order(code).items]:
        do(lambda k=key: rectifying.add_evidence(secretary, code, k, PDF, "证明.pdf"))
    return code


def submitted_evidence(code: str, director: Actor) -> str:
    """The evidence is handed in."""
    do(lambda: rectifying.hand_in(director, code, order(code).version))
    return code


def handed_in(code: str, secretary: Actor, director: Actor) -> str:
    """Proven, and handed in."""
    return submitted_evidence(proven(code, secretary), director)


def verified(
    code: str, actor: Actor, effect: Effect = Effect.EFFECTIVE, later: date | None = None
) -> str:
    """Every item is judged so."""
    effects = {item.id: effect for item in order(code).items}
    version = order(code).version
    do(
        lambda: rectifying.verify(
            actor, code, version, effects, "已核查", closes=later is None, later=later
        )
    )
    return code


def issued_after(actor: Actor, assessment: str, days: int = 60) -> str:
    """An order after a failed result; its code."""
    return do(lambda: ordering.order_after(actor, assessment, terms(days)).code)


@dataclass
class Debriefed:
    """A provincial center and one of a city below it that failed its debrief (S.7)."""

    above: Actor
    below: Actor
    province: Actor
    city: Actor
    assessment: str


def debriefed() -> Debriefed:
    """The result is final, as the scoring would have left it."""
    made = province()
    above = established(made)
    below = established(made, made.actor(CITY))
    director, of_city = director_at(above), director_at(below)
    code = do(lambda: failed(director, above.id, hosting_of(below)))
    return Debriefed(director, of_city, made.commission, made.actor(CITY), code)


def failed(director: Actor, above: int, hosting: Hosting) -> str:
    """A debrief by the center above in which the hosting failed for good."""
    today, rubric = clock.today(), get_rubric("city-debrief")
    round_ = Round(
        kind=AssessmentKind.DEBRIEF, year=today.year, title="述职评价", place=PROVINCE,
        organizer_id=director.organization_id, center_id=above, center_kind=None,
        rubric_id=rubric.id, rubric_version=rubric.version, self_from=today, self_until=today,
        score_until=today, pass_mark=Decimal(60), grades=[], state=RoundState.PUBLISHED,
        repeats_id=None, created_at=clock.now(),
    )  # fmt: skip
    made = Assessment(
        round=round_, center_id=hosting.center_id, hosting_id=hosting.id, computed={},
        corrected={}, result={}, total=Decimal(40), has_passed=False, published_at=clock.now(),
        appeal_by=today, final_on=today, state=AssessmentState.FINAL,
    )  # fmt: skip
    db.session.add_all([round_, made])
    db.session.flush()
    return made.code
