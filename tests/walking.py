"""A center's history walked by chance through the services of the product, told to the independent
model at the same time, and compared with it after each year."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from qcc.applications.models import Call
from qcc.centers.models import Center, Hosting
from qcc.centers.queries import current_hosting, lock_center
from qcc.centers.services import end_hosting, establish, open_call
from qcc.centers.workflow import CenterState
from qcc.evaluations.models import Assessment, Rectification, Revocation, Round
from qcc.evaluations.services import (
    appealing,
    ordering,
    proposing,
    revoking,
    running,
    violation_decisions,
    violation_lapses,
)
from qcc.evaluations.services.revoking import Succession
from qcc.evaluations.workflow import OPEN, AssessmentState, RevocationState, RoundState
from qcc.experts.models import Panel
from qcc.experts.workflow import PanelState
from qcc.infra import clock
from qcc.infra.db import db
from qcc.kernel.rubrics import AssessmentKind
from qcc.organizations.models import Organization
from qcc.regulations.rubrics import get_rubric
from tests.chronicle import Chronicle
from tests.conftest import Clock
from tests.factories import rectifying as put
from tests.factories import violating as case_of
from tests.factories.applications import do
from tests.factories.centers import VERSION, director_at, full_staff
from tests.factories.evaluations import Scene

FIRST = 2026
RUBRIC = "zhejiang-annual"


class Walk:
    """One center of the scene, year by year."""

    def __init__(self, here: Scene, clock_: Clock, chance: random.Random) -> None:
        self.here, self.clock, self.chance = here, clock_, chance
        self.center_id, self.director = here.centers[0], here.directors[0]
        self.model = Chronicle()
        self._name_panel()

    # --- a year ---

    def year(self, year: int) -> None:
        """A host if there is none, results, orders, a violation or another end, the decisions."""
        self.at(year, 3)
        if self.model.term.ended_by and self.chance.random() < 0.8:
            self._host()
        self.compare()
        if not self.model.term.ended_by:
            self.at(year, 10)
            self._results(year)
            self._order()
            self._event()
        self.compare()
        self._decide()
        self.compare()
        self.at(year, 12, 28)
        do(proposing.look_again)
        do(ordering.lapse_fallen)
        do(violation_lapses.lapse_cases)
        self.compare()

    def at(self, year: int, month: int, day: int = 1) -> None:
        self.clock.set(datetime(year, month, day, 1, tzinfo=UTC))

    # --- results ---

    def _results(self, year: int) -> None:
        repeats: int | None = None
        for _order in range(self.chance.choices((0, 1, 2), (1, 7, 2))[0]):
            repeats = self._round(year, repeats)

    def _round(self, year: int, repeats: int | None) -> int:
        letter = self.chance.choices("FPrux", (6, 3, 1, 1, 1))[0]
        key, code = do(lambda: self._published(year, repeats, passed=letter == "P"))
        self._finish(code, key, letter)
        self.model.result(year, {"r": "F", "u": "P"}.get(letter, letter))
        return key

    def _published(self, year: int, repeats: int | None, *, passed: bool) -> tuple[int, str]:
        """A round with one result, as the scoring would have left it."""
        today, now = clock.today(), clock.now()
        hosting = current_hosting(self.center_id)
        assert hosting is not None
        round_ = Round(
            kind=AssessmentKind.ANNUAL, year=year, title=f"{year}年度考核", place="330000",
            organizer_id=self.here.evaluation.organization_id, center_kind=None, center_id=None,
            rubric_id=RUBRIC, rubric_version=get_rubric(RUBRIC).version, self_from=today,
            self_until=today, score_until=today, pass_mark=Decimal(60), grades=[],
            state=RoundState.PUBLISHED, repeats_id=repeats, created_at=now,
        )  # fmt: skip
        db.session.add(round_)
        db.session.flush()
        made = Assessment(
            round_id=round_.id, center_id=self.center_id, hosting_id=hosting.id,
            state=AssessmentState.PUBLISHED, computed={}, corrected={}, result={},
            total=Decimal(80 if passed else 40), has_passed=passed, published_at=now,
            appeal_by=today + timedelta(days=10),
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        return round_.id, made.code

    def _finish(self, code: str, round_id: int, letter: str) -> None:
        """No appeal, one that is rejected (r) or upheld (u), or the round is cancelled (x)."""
        if letter == "x":
            found = db.session.get_one(Round, round_id)
            own, version = found.code, found.version
            do(lambda: running.cancel_round(self.here.evaluation, own, version, "有误"))
        elif letter in "ru":
            director = self.director
            do(lambda: appealing.raise_appeal(director, code, 1, "有异议"))
            points = {i.code: i.points * 8 / 10 for g in get_rubric(RUBRIC).groups
                      for i in g.items}  # fmt: skip
            do(
                lambda: appealing.decide_appeal(
                    self.here.commission, code, 1, upheld=letter == "u", reason="已核",
                    corrected=points if letter == "u" else {},
                )
            )  # fmt: skip
        else:
            do(lambda: appealing.finalize_all(clock.today() + timedelta(days=11)))

    # --- what follows ---

    def _order(self) -> None:
        """Now and then a rectification; strikes stay, whatever becomes of it."""
        if self.chance.random() < 0.4:
            terms = put.terms(60)
            make = ordering.order_freely
            code = do(lambda: make(self.here.commission, self.center_id, terms).code)
            self.model.orders += 1
            if self.chance.random() < 0.5:
                put.planned(code, self.director, self.director)
                put.handed_in(code, self.director, self.director)
                put.verified(code, self.here.commission)
                self.model.orders -= 1

    def _event(self) -> None:
        event = self.chance.choices(
            ("", "acquitted", "warned", "ordered", "violation", "left"), (6, 1, 1, 1, 2, 1)
        )[0]
        if event == "left":
            today = clock.today()
            commission, key = self.here.commission, self.center_id
            do(lambda: end_hosting(commission, lock_center(key), "另选", today))
            do(ordering.lapse_fallen)
            do(proposing.look_again)
            self.model.end(event)
        elif event:
            self._case(event)

    def _case(self, event: str) -> None:
        code = case_of.heard(self.here.rival, self.here.evaluation, self.center_id)
        case_of.stated(code, self.director)
        version, commission = case_of.case(code).version, self.here.commission
        if event == "acquitted":
            do(lambda: violation_decisions.dismiss(commission, code, version, "查无实据"))
        elif event == "violation":
            way = self._succession()
            do(lambda: violation_decisions.revoke(commission, code, version, "严重", way))
            self.model.end(event)
        else:
            terms = put.terms() if event == "ordered" else None
            do(lambda: violation_decisions.uphold(commission, code, version, "属实", terms))
            self.model.orders += event == "ordered"

    def _decide(self) -> None:
        for key in [row.id for row in self.proposals()]:
            if not self.model.term.ended_by:
                self._answer(key)

    def _answer(self, key: int) -> None:
        """The commission revokes the hosting, keeps the host, or takes its time."""
        found = db.session.get_one(Revocation, key)
        code, version, last = found.code, found.version, found.last_year
        commission, way = self.here.commission, self._succession()
        verdict = self.chance.choices(("approve", "keep", "wait"), (3, 2, 2))[0]
        if verdict == "approve":
            do(lambda: revoking.approve_revocation(commission, code, version, "两年", way))
            self.model.end("strikes")
        elif verdict == "keep":
            do(lambda: revoking.decline_revocation(commission, code, version, "保留"))
            self.model.keep_host(last)

    def _succession(self) -> Succession:
        today = clock.today()
        return Succession(today, "重新遴选", today, today + timedelta(days=30))

    def _host(self) -> None:
        """A host is chosen, the same or another, with officers and, if there is none, a panel."""
        actor = self.chance.choice((self.here.host, self.here.rival))
        host = db.session.get_one(Organization, actor.organization_id)
        commission, key = self.here.commission, self.center_id
        if db.session.get_one(Center, key).state is CenterState.VACANT:
            do(lambda: open_call(commission, lock_center(key)))
        do(
            lambda: establish(
                commission, lock_center(key), host.id, full_staff(host), VERSION, clock.today()
            )
        )
        self.director = director_at(db.session.get_one(Center, key))
        self.model.begin()
        self._name_panel()

    def _name_panel(self) -> None:
        """A panel that serves, as its approval would have left it."""

        def name() -> None:
            found = sa.select(sa.func.count()).select_from(Panel)
            serves = found.where(Panel.center_id == self.center_id, Panel.state == "filed")
            number = db.session.scalar(found.where(Panel.center_id == self.center_id)) or 0
            if not db.session.scalar(serves):
                today = clock.today()
                db.session.add(
                    Panel(
                        center_id=self.center_id, term_number=number + 1, state=PanelState.FILED,
                        term_start=today, term_end=today + timedelta(days=7300), findings=[],
                        approved_at=clock.now(), created_at=clock.now(), rulebook_version=VERSION,
                    )
                )  # fmt: skip

        do(name)

    # --- the comparison ---

    def proposals(self) -> list[Revocation]:
        """Revocations that are to be decided."""
        db.session.rollback()
        found = sa.select(Revocation).filter_by(state=RevocationState.PROPOSED)
        return list(db.session.scalars(found.order_by(Revocation.last_year)))

    def compare(self) -> None:
        """All that the model knows."""
        model, term = self.model, self.model.term
        assert {row.last_year for row in self.proposals()} == term.standing
        hostings = sa.select(Hosting).filter_by(center_id=self.center_id).order_by(Hosting.id)
        ended = [row.ended_on is not None for row in db.session.scalars(hostings)]
        assert ended == [bool(each.ended_by) for each in model.terms]
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Call)) == model.calls
        panels = sa.select(Panel.state).filter_by(center_id=self.center_id)
        last = db.session.scalars(panels.order_by(Panel.id.desc())).first()
        assert last is (PanelState.FILED if model.panel == "serves" else PanelState.DISSOLVED)
        open_orders = sa.select(sa.func.count()).where(
            Rectification.center_id == self.center_id, Rectification.state.in_(OPEN)
        )
        assert db.session.scalar(open_orders) == model.orders
        assert db.session.get_one(Center, self.center_id).state is self._state()

    def _state(self) -> CenterState:
        if self.model.term.ended_by:
            called = self.model.term.ended_by in ("strikes", "violation")
            return CenterState.IN_CALL if called else CenterState.VACANT
        return CenterState.RECTIFYING if self.model.orders else CenterState.ESTABLISHED


def walk(here: Scene, clock_: Clock, seed: int) -> Chronicle:
    """Ten years."""
    made = Walk(here, clock_, random.Random(seed))
    for year in range(FIRST, FIRST + 10):
        made.year(year)
    return made.model
