"""A round in each state over the center of a place, with an appeal and a proposed revocation."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import sqlalchemy as sa

from qcc.demo.acts import do, evidence_pdf
from qcc.evaluations.models import Assessment, Evidence, Revocation, Round
from qcc.evaluations.rules.strikes import Strikes, Verdict
from qcc.evaluations.services import (
    accounts,
    appealing,
    planning,
    proposing,
    running,
    scoring,
    sharing,
)
from qcc.evaluations.services.planning import RoundPlan
from qcc.infra import clock
from qcc.infra.db import db
from qcc.kernel.permissions import Actor
from qcc.regulations.rubrics import get_rubric

STAGES = ("published", "appealed", "scoring", "open", "planned")
"""How far each round has come; each but the first repeats the one before."""


@dataclass
class Assessed:
    """What can be named in an address or a form."""

    rounds: dict[str, str] = field(default_factory=dict)
    round_versions: dict[str, int] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    evidence: dict[str, int] = field(default_factory=dict)
    assessor: int = 0
    revocation: str = ""
    strength: int = 0


@dataclass
class Cast:
    """Who takes part in the place."""

    commission: Actor
    director: Actor
    secretary: Actor
    assessor: Actor
    center: int


def assess(cast: Cast) -> Assessed:
    """All of them."""
    made = Assessed(assessor=cast.assessor.person_id)
    for stage in STAGES:
        _carry_on(cast, made, stage)
    do(_propose, cast, made)
    shared = made.codes["published"], "A1", "计划早、总结实"
    made.strength = do(lambda: sharing.note_strength(cast.commission, *shared).id)
    do(_note, cast, made)
    return made


def _carry_on(cast: Cast, made: Assessed, stage: str) -> None:
    organizer, steps = cast.commission, len(STAGES) - STAGES.index(stage)
    today = clock.today()
    plan = RoundPlan(
        today.year, f"考核（{stage}）", None, today, today, today + timedelta(days=9),
        repeats=next(reversed(made.rounds.values()), ""),
    )  # fmt: skip
    made.rounds[stage] = code = do(lambda: planning.plan_round(organizer, plan).code)
    do(planning.set_scale, organizer, code, _version(Round, code), Decimal(60), [])
    if steps < 2:
        return
    do(planning.seat_assessor, organizer, code, cast.assessor.person_id)
    do(running.open_round, organizer, code, _version(Round, code))
    made.codes[stage] = own = do(lambda: _own(cast, code))
    do(accounts.attach, cast.secretary, own, "A1", "年度总结", evidence_pdf(), "总结.pdf")
    if steps < 3:
        return
    _fill(cast, own)
    do(accounts.submit_account, cast.director, own, _version(Assessment, own))
    do(running.start_scoring, organizer, code, _version(Round, code))
    if steps < 4:
        return
    everybody = do(lambda: _all(code))
    items = [item.code for item in get_rubric("zhejiang-annual").items]
    given = {(of, item): (Decimal(0), "据实") for of in everybody for item in items}
    do(scoring.save_scores, cast.assessor, code, given)
    do(scoring.lodge, cast.assessor, code)
    do(running.publish, organizer, code, _version(Round, code))
    if stage == "appealed":
        do(appealing.raise_appeal, cast.director, own, _version(Assessment, own), "有异议")


def _version(model: type[Round] | type[Assessment], code: str) -> int:
    db.session.rollback()
    return db.session.scalars(sa.select(model.version).filter_by(code=code)).one()


def _round(code: str) -> int:
    return db.session.scalars(sa.select(Round.id).filter_by(code=code)).one()


def _own(cast: Cast, code: str) -> str:
    found = sa.select(Assessment.code).filter_by(round_id=_round(code), center_id=cast.center)
    return db.session.scalars(found).one()


def _all(code: str) -> list[str]:
    return list(db.session.scalars(sa.select(Assessment.code).filter_by(round_id=_round(code))))


def _fill(cast: Cast, code: str) -> None:
    """One file for every slot that must be filled."""
    piece = do(lambda: _piece(code).id)
    for group in get_rubric("zhejiang-annual").groups:
        for item in group.items if not group.is_bonus else ():
            for slot in item.evidence:
                if (item.code, slot) != ("A1", "年度总结"):
                    do(accounts.reuse, cast.secretary, code, item.code, slot, piece)


def _piece(code: str) -> Evidence:
    of = sa.select(Assessment.id).filter_by(code=code).scalar_subquery()
    return db.session.scalars(sa.select(Evidence).filter_by(assessment_id=of)).first()  # type: ignore[return-value]


def _propose(cast: Cast, made: Assessed) -> None:
    """As if both results were final: what is asked about stands on two of them."""
    first, last = (
        db.session.scalars(sa.select(Assessment).filter_by(code=made.codes[stage])).one()
        for stage in ("published", "appealed")
    )
    year = clock.today().year
    verdicts = [
        (Verdict(first.hosting_id, year - 1, has_passed=False), first.id),
        (Verdict(first.hosting_id, year, has_passed=False), last.id),
    ]
    strikes = Strikes(first.hosting_id, (year - 1, year))
    proposing.propose(first.hosting, strikes, verdicts)
    found = sa.select(Revocation.code).filter_by(hosting_id=first.hosting_id)
    made.revocation = db.session.scalars(found).one()


def _note(cast: Cast, made: Assessed) -> None:
    made.round_versions = {stage: _version(Round, code) for stage, code in made.rounds.items()}
    for stage, code in made.codes.items():
        made.versions[stage] = _version(Assessment, code)
        made.evidence[stage] = _piece(code).id
