"""Rounds of assessment for tests, made by the services that make them in the product."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import sqlalchemy as sa

from qcc.centers.rules import OfficerPost
from qcc.evaluations.models import Assessment, Round
from qcc.evaluations.rules.scoring import Grade
from qcc.evaluations.services import accounts, appealing, planning, running, scoring
from qcc.evaluations.services.planning import RoundPlan
from qcc.infra import clock
from qcc.infra.db import db
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.rubrics import Rubric
from qcc.regulations.rubrics import get_rubric
from tests.factories.applications import do
from tests.factories.centers import (
    PDF,
    PROVINCE,
    director_at,
    established,
    new_actor,
    officer_in,
    province,
)

GRADES = (Grade("优秀", Decimal(90)), Grade("良好", Decimal(75)), Grade("合格", Decimal(60)))
PASS = Decimal(60)
NAMES = ("麻醉", "病理", "护理", "放射", "产科")


@dataclass
class Scene:
    """Centers of a province, with director and secretary, and who assesses them. Plain values."""

    commission: Actor
    colleague: Actor
    evaluation: Actor
    host: Actor
    rival: Actor
    centers: list[int]
    directors: list[Actor]
    secretaries: list[Actor]
    assessors: list[Actor]
    expert: Actor
    code: str = ""
    codes: list[str] = field(default_factory=list)

    @property
    def round(self) -> Round:
        """The round as it stands now."""
        db.session.rollback()
        return db.session.scalars(sa.select(Round).filter_by(code=self.code)).one()

    def assessment(self, number: int = 0) -> Assessment:
        """The assessment of a center as it stands now."""
        db.session.rollback()
        found = sa.select(Assessment).filter_by(code=self.codes[number])
        return db.session.scalars(found).one()

    @property
    def rubric(self) -> Rubric:
        return get_rubric("zhejiang-annual")


def scene(centers: int = 2, assessors: int = 2) -> Scene:
    """Centers at work in the first hospital, assessors of the evaluation center and an expert."""
    made = province()
    found = [established(made, name=name) for name in NAMES[:centers]]
    keys = [center.id for center in found]
    directors = [director_at(center) for center in found]
    host = made.organizations["host"]
    secretaries = []
    for center in found:
        person = officer_in(center, OfficerPost.SECRETARY).person
        secretaries.append(
            do(lambda p=person, c=center.id: new_actor(host, Role.CENTER_SECRETARY, p, c))
        )
    office = made.organizations["evaluation"]
    seated = [do(lambda: new_actor(office, Role.EVALUATION_OFFICER)) for _ in range(assessors)]
    colleague = do(lambda: new_actor(made.organizations[PROVINCE], Role.COMMISSION_OFFICER))
    return Scene(
        made.commission,
        colleague,
        made.actor("evaluation", Role.EVALUATION_OFFICER),
        made.host,
        made.rival,
        keys,
        directors,
        secretaries,
        seated,
        made.actors["host", Role.EXPERT],
    )


def plan_of(year: int, repeats: str = "") -> RoundPlan:
    """A plan whose calendar begins today."""
    today = clock.today()
    return RoundPlan(
        year=year,
        title=f"{year}年度省级质控中心考核",
        center_kind=None,
        self_from=today,
        self_until=today + timedelta(days=10),
        score_until=today + timedelta(days=20),
        repeats=repeats,
    )


def planned(here: Scene, year: int, repeats: str = "") -> Scene:
    """The round is planned, with assessors and the commission's scale."""
    here.code = do(lambda: planning.plan_round(here.evaluation, plan_of(year, repeats)).code)
    for assessor in here.assessors:
        do(lambda a=assessor: planning.seat_assessor(here.evaluation, here.code, a.person_id))
    version = here.round.version
    do(lambda: planning.set_scale(here.commission, here.code, version, PASS, GRADES))
    return here


def opened(here: Scene, year: int, repeats: str = "") -> Scene:
    """The centers are asked."""
    planned(here, year, repeats)
    version = here.round.version
    do(lambda: running.open_round(here.evaluation, here.code, version))
    rows = sa.select(Assessment).filter_by(round_id=here.round.id).order_by(Assessment.center_id)
    here.codes = [row.code for row in db.session.scalars(rows)]
    return here


def fill(here: Scene, number: int) -> None:
    """Evidence in every slot that must be filled."""
    writer, code = here.secretaries[number], here.codes[number]
    for group in here.rubric.groups:
        for item in group.items if not group.is_bonus else ():
            for slot in item.evidence:
                name = f"{item.code}.pdf"
                do(lambda i=item, s=slot, n=name: accounts.attach(writer, code, i.code, s, PDF, n))


def submitted(here: Scene, year: int, repeats: str = "") -> Scene:
    """The first center has submitted."""
    opened(here, year, repeats)
    fill(here, 0)
    version = here.assessment().version
    do(lambda: accounts.submit_account(here.directors[0], here.codes[0], version))
    return here


def being_scored(here: Scene, year: int, repeats: str = "") -> Scene:
    """The assessors score."""
    submitted(here, year, repeats)
    version = here.round.version
    do(lambda: running.start_scoring(here.evaluation, here.code, version))
    return here


def give(here: Scene, assessor: Actor, number: int, share: str) -> None:
    """The assessor gives a center that share of the points of every item of the hundred, and no
    bonus."""
    cells = {}
    for group in here.rubric.groups:
        for item in group.items:
            points = Decimal(0) if group.is_bonus else item.points * Decimal(share)
            cells[here.codes[number], item.code] = (points, "据实评分")
    do(lambda: scoring.save_scores(assessor, here.code, cells))


def lodged(here: Scene, year: int, shares: tuple[str, ...], repeats: str = "") -> Scene:
    """Everybody has scored every center by its share, and lodged."""
    being_scored(here, year, repeats)
    for assessor in here.assessors:
        for number, share in enumerate(shares):
            give(here, assessor, number, share)
        do(lambda a=assessor: scoring.lodge(a, here.code))
    return here


def published(here: Scene, year: int, shares: tuple[str, ...], repeats: str = "") -> Scene:
    """The results are out."""
    lodged(here, year, shares, repeats)
    version = here.round.version
    do(lambda: running.publish(here.evaluation, here.code, version))
    return here


def final(here: Scene, year: int, shares: tuple[str, ...], repeats: str = "") -> Scene:
    """The results are out, and the days of appeal have passed at the end of the year's scoring."""
    published(here, year, shares, repeats)
    do(lambda: appealing.finalize_all(clock.today() + timedelta(days=11)))
    return here
