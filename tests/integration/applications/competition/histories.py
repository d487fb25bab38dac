"""What eight users may do in a competition, at random and at once; and what must hold afterwards,
whatever they did."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.exc import StaleDataError

from qcc.applications import services
from qcc.applications.models import (
    Application,
    Call,
    CallExtension,
    Competition,
    Decision,
    LodgedScore,
    Reviewer,
)
from qcc.applications.queries import list_own_reviews, list_reviewed
from qcc.applications.services.results import leaders_of
from qcc.applications.workflow import (
    APPLICATION,
    COMPETITION,
    REVIEWER,
    ApplicationState,
    CompetitionState,
    ReviewerState,
)
from qcc.centers.models import Center, Hosting
from qcc.centers.workflow import CENTER, CenterState
from qcc.infra import audit, clock
from qcc.infra.db import StaleEdit, db
from qcc.infra.errors import NotFound, Refused, RulesBroken
from qcc.infra.transitions import TransitionRecord
from qcc.kernel.permissions import Actor, NotPermitted
from qcc.kernel.workflow import Workflow, WorkflowError
from tests.factories.applications import do, filled, judge_all, submit
from tests.factories.competitions import Contest

A, C, R = ApplicationState, CompetitionState, ReviewerState
Act = Callable[[], object]

ORDERLY = (
    WorkflowError, Refused, RulesBroken, NotFound, NotPermitted, StaleEdit, StaleDataError,
)  # fmt: skip
"""What a user is told who came too late, or to what is not there. Anything else is a fault."""


@dataclass
class User:
    """Somebody with a few things to do, in an order by chance."""

    name: str
    chance: random.Random
    acts: list[Act]
    done: int = 0

    def __call__(self) -> int:
        for act in self.chance.choices(self.acts, k=6):
            try:
                act()
                self.done += 1
            except ORDERLY:
                db.session.rollback()
        return self.done


def users(contest: Contest, seed: int) -> list[User]:
    """Three hospitals, two of the evaluation center, two of the commission, and all reviewers as
    one busy user; each with a chance of its own."""
    every = [
        ("first hospital", _hospital(contest, 0)),
        ("second hospital", _hospital(contest, 1)),
        ("third hospital", _hospital(contest, 2)),
        ("reception", _reception(contest, contest.reception)),
        ("second officer", _reception(contest, contest.second)),
        ("commission", _commission(contest, contest.commission)),
        ("colleague", _commission(contest, contest.stage.colleague)),
        ("reviewers", _reviewers(contest, random.Random(seed))),
    ]
    return [User(name, random.Random(f"{seed} {name}"), acts) for name, acts in every]


def _codes(contest: Contest) -> list[str]:
    return list(
        db.session.scalars(sa.select(Application.code).filter_by(call_id=contest.stage.call_id))
    )


def _each(contest: Contest, act: Callable[[str], object]) -> Act:
    """The act on one of the applications, by chance."""
    return lambda: act(random.choice(_codes(contest)))


def _hospital(contest: Contest, number: int) -> list[Act]:
    me = contest.hospitals[number]

    def own() -> str:
        code = db.session.scalar(
            sa.select(Application.code)
            .filter_by(call_id=contest.stage.call_id, institution_id=me.organization_id)
            .order_by(Application.id.desc())
            .limit(1)
        )
        if code is None:
            raise NotFound
        return code

    return [
        lambda: submit(me, own()),
        lambda: do(lambda: services.withdraw(me, own(), "另有安排")),
        lambda: submit(me, filled(contest.stage, me)),
        _each(contest, lambda code: do(lambda: services.withdraw(me, code, "他人的"))),
    ]


def _reception(contest: Contest, me: Actor) -> list[Act]:
    def check(code: str) -> None:
        judge_all(me, code)
        do(lambda: services.accept(me, code))

    return [
        lambda: contest.act(services.sign_opening, me),
        _each(contest, check),
        _each(contest, check),
        lambda: contest.act(services.draw_reviewers, me, "麻醉"),
        lambda: contest.act(services.start_review, me),
        lambda: contest.act(services.close_review, me),
        lambda: contest.act(services.close_review, me, "不再等待"),
        _each(contest, lambda code: do(lambda: services.propose(me, code, True, "建议批准"))),
        lambda: _release_one(contest, me),
    ]


def _release_one(contest: Contest, me: Actor) -> None:
    codes = [reviewer.code for reviewer in contest.row.reviewers]
    if codes:
        contest.act(services.release_reviewer, me, random.choice(codes), "因病")


def _commission(contest: Contest, me: Actor) -> list[Act]:
    def later() -> None:
        day = clock.today() + timedelta(days=random.randint(1, 40))
        do(lambda: services.extend_call(me, contest.stage.call_id, day, "应申报单位请求"))

    def pass_time() -> None:
        contest.clock.forward(timedelta(days=random.choice([1, 11, 30])))

    return [
        later,
        pass_time,
        lambda: contest.act(services.sign_opening, me),
        _each(contest, lambda code: do(lambda: services.approve(me, code))),
        _each(contest, lambda code: do(lambda: services.approve(me, code, "确有理由"))),
        _each(contest, lambda code: do(lambda: services.refuse(me, code, "择优"))),
        _each(contest, lambda code: do(lambda: services.send_back(me, code, "再核"))),
        _each(contest, lambda code: contest.act(services.decide_tie, me, code, "基础更好")),
    ]


def _reviewers(contest: Contest, chance: random.Random) -> list[Act]:
    def mine() -> tuple[str, Actor]:
        found = contest.reviews()
        if not found:
            raise NotFound
        return chance.choice(list(found.items()))

    def each(act: Callable[[Actor, str], object]) -> None:
        for code, actor in contest.reviews().items():
            try:
                act(actor, code)
            except ORDERLY:
                db.session.rollback()

    def score_all() -> None:
        def one(actor: Actor, review: str) -> None:
            part = next(r for r in list_own_reviews(actor) if r.code == review)
            criteria = [(c.id, c.most) for c in part.competition.criteria]
            entries = [application.code for application in list_reviewed(part.competition)]
            for entry in entries:
                for criterion, most in criteria:
                    points = Decimal(chance.choice([most // 2, most]))
                    do(
                        lambda e=entry, c=criterion, p=points: services.save_score(
                            actor, review, e, c, p, ""
                        )
                    )

        each(one)

    def report() -> None:
        code, actor = mine()
        do(lambda: services.report_conflict(actor, code, "师生关系"))

    return [
        lambda: each(lambda actor, code: do(lambda: services.declare(actor, code))),
        score_all,
        score_all,
        lambda: each(lambda actor, code: do(lambda: services.lodge(actor, code))),
        lambda: each(lambda actor, code: do(lambda: services.lodge(actor, code))),
        report,
    ]


# --- what must hold ---


def faults(contest: Contest) -> list[str]:
    """Everything that is as it must never be; empty after every history."""
    db.session.rollback()
    return [
        *_of_lives(contest),
        *_of_applications(contest),
        *_of_center(contest),
        *_of_competition(contest),
        *_of_scores(contest),
        *(f"audit: {broken}" for broken in audit.verify(db.session)),
    ]


def _of_lives(contest: Contest) -> Iterator[str]:
    """Each subject went only where the tables lead, and stands where its last step led."""
    competition = contest.row
    subjects: list[tuple[Workflow, Any]] = [(COMPETITION, competition)]
    subjects += [(REVIEWER, reviewer) for reviewer in competition.reviewers]
    subjects += [(APPLICATION, a) for a in _applications(contest)]
    subjects.append((CENTER, db.session.get_one(Center, contest.stage.center_id)))
    for workflow, subject in subjects:
        steps = db.session.scalars(
            sa.select(TransitionRecord)
            .filter_by(workflow=workflow.name, subject_id=subject.id)
            .order_by(TransitionRecord.id)
        ).all()
        state = workflow.initial.value
        for step in steps:
            known = any(
                t.action == step.action
                and step.source in [s.value for s in t.sources]
                and t.target.value == step.target
                for t in workflow.transitions
            )
            if step.source and (step.source != state or not known):
                yield f"{workflow.name} {subject.id}: {step.action} {step.source}→{step.target}"
            state = step.target
        if steps and state != subject.state.value:
            yield f"{workflow.name} {subject.id} stands in {subject.state}, came to {state}"


def _applications(contest: Contest) -> list[Application]:
    return list(
        db.session.scalars(
            sa.select(Application)
            .filter_by(call_id=contest.stage.call_id)
            .execution_options(populate_existing=True)
        )
    )


def _of_applications(contest: Contest) -> Iterator[str]:
    call = db.session.get_one(Call, contest.stage.call_id, populate_existing=True)
    competition = contest.row
    is_open = competition.state not in (C.PLANNED, C.HALF_OPENED)
    live: dict[int, int] = {}
    for application in _applications(contest):
        name = f"application {application.code}"
        if application.state is not A.WITHDRAWN:
            live[application.institution_id] = live.get(application.institution_id, 0) + 1
        if application.submitted_at and application.submitted_at >= call.closes_at:
            yield f"{name} was submitted after the close"
        if application.sealed == is_open and application.submitted_at:
            yield f"{name}: sealed is {application.sealed}, competition {competition.state}"
        judged = any(answer.confirmed is not None for answer in application.answers)
        beyond = application.state not in (A.DRAFT, A.SUBMITTED, A.WITHDRAWN)
        if application.sealed and (judged or beyond):
            yield f"{name} was dealt with while it was sealed"
        decision = db.session.scalars(
            sa.select(Decision).filter_by(application_id=application.id)
        ).one_or_none()
        decided = application.state in (A.APPROVED, A.REFUSED)
        if decided != (decision is not None):
            yield f"{name} is {application.state}, decision {decision}"
        if decision and decision.decided_by == application.proposed_by:
            yield f"{name} was decided by who proposed"
    for institution, count in live.items():
        if count > 1:
            yield f"institution {institution} has {count} applications"


def _of_center(contest: Contest) -> Iterator[str]:
    center = db.session.get_one(Center, contest.stage.center_id, populate_existing=True)
    hostings = db.session.scalars(sa.select(Hosting).filter_by(center_id=center.id)).all()
    approved = [a for a in _applications(contest) if a.state is A.APPROVED]
    if len(approved) > 1 or len(hostings) != len(approved):
        yield f"{len(approved)} approved, {len(hostings)} hostings"
    if bool(approved) != (center.state is CenterState.ESTABLISHED):
        yield f"center {center.state}, {len(approved)} approved"
    if approved and hostings and hostings[0].institution_id != approved[0].institution_id:
        yield "another institution hosts than was approved"


def _of_competition(contest: Contest) -> Iterator[str]:
    competition = contest.row
    if competition.second_by and competition.second_by == competition.first_by:
        yield "opened by one person"
    extensions = db.session.scalars(sa.select(CallExtension)).all()
    if any(extension.at >= extension.closed_at for extension in extensions):
        yield "extended after the close"
    if competition.opened_at and competition.opened_at < competition.call.closes_at:
        yield "opened before the close"
    approved = [a for a in _applications(contest) if a.state is A.APPROVED]
    for application in approved:
        if competition.state is not C.CLOSED:
            yield "approved before the review was closed"
        decision = db.session.scalars(
            sa.select(Decision).filter_by(application_id=application.id)
        ).one()
        if application not in leaders_of(competition) and not decision.reason:
            yield "another than the best, without a justification"
    if competition.chosen_id and not competition.choice_reason:
        yield "chosen without a reason"


def _of_scores(contest: Contest) -> Iterator[str]:
    competition: Competition = contest.row
    for reviewer in db.session.scalars(
        sa.select(Reviewer).filter_by(competition_id=competition.id)
    ):
        lodged = db.session.scalar(
            sa.select(sa.func.count(LodgedScore.id)).filter_by(reviewer_id=reviewer.id)
        )
        if (reviewer.state is R.LODGED) != bool(lodged):
            yield f"reviewer {reviewer.state} lodged {lodged} scores"
        if lodged and lodged % len(competition.criteria):
            yield f"{lodged} scores of {len(competition.criteria)} criteria"
    if (competition.state is C.CLOSED) != bool(competition.result):
        yield f"competition {competition.state}, result {competition.result}"
