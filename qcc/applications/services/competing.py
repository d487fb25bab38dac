"""The course of a competition: the opening by two persons, the review and its close, and the
commission's choice among equals (M.11)."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from qcc.applications.models import Application, Competition, Slot
from qcc.applications.permissions import is_decider, is_reception
from qcc.applications.queries import (
    count_entered,
    count_unchecked,
    list_reviewed,
    list_slots,
    lock_competition,
    lock_entries,
)
from qcc.applications.queries.calls import wait_for_extensions
from qcc.applications.rules.reviewing import draw
from qcc.applications.services.papers import issue_review_result
from qcc.applications.services.results import is_first_tied, leaders_of, store_result
from qcc.applications.services.telling import tell_bodies, tell_reviewers
from qcc.applications.workflow import (
    COMPETITION,
    SEATED,
    CompetitionMoment,
    CompetitionState,
    ReviewerState,
)
from qcc.infra import audit, clock
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, texts
from qcc.infra.transitions import take
from qcc.kernel.dates import SHANGHAI, end_of_day
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.workflow import ActionNotPossible

texts({"competition.slot": _l("Your presentation for %(center)s: %(when)s, %(where)s")})


def moment_of(competition: Competition, actor: Actor) -> CompetitionMoment:
    """What the conditions of the workflow look at."""
    seated = [r for r in competition.reviewers if r.state in SEATED]
    lodged = sum(r.state is ReviewerState.LODGED for r in seated)
    opened = competition.state not in (CompetitionState.PLANNED, CompetitionState.HALF_OPENED)
    return CompetitionMoment(
        now=clock.now(),
        closes_at=competition.call.closes_at,
        person=actor.person_id,
        opened_by=competition.first_by,
        entered=len(list_reviewed(competition)) if opened else count_entered(competition),
        unchecked=count_unchecked(competition) if opened else 0,
        missing=max(sum(count for _, count in competition.seats) - len(seated), 0),
        outstanding=len(seated) - lodged,
        lodged=lodged,
        is_first_tied=is_first_tied(competition),
        is_decided=any(a.decided_at for a in leaders_of(competition)),
    )


def sign_opening(actor: Actor, code: str) -> Competition:
    """Sign the opening of the applications; with the second person's they are open.

    Raises Refused where the second is the first, in whatever role.
    """
    wait_for_extensions(competition=code)
    competition = _handled(actor, code)
    if competition.state is CompetitionState.PLANNED:
        _take(competition, "open_first", actor)
        competition.first_by = actor.person_id
    else:
        competition.opened_at = clock.now()
        _take(competition, "open_second", actor)
        competition.second_by = actor.person_id
        for application in lock_entries(competition):
            application.sealed = False
    db.session.flush()
    return competition


def start_review(actor: Actor, code: str) -> Competition:
    """The formal check is done and every seat is taken: reviewers may declare and score. The days
    that the plan gives them begin to run; they are reminded, and nothing is taken from who is late.
    """
    competition = _received(actor, code)
    if competition.review_days:
        days = timedelta(days=competition.review_days)
        competition.score_by = end_of_day(clock.today() + days)
    _take(competition, "start_review", actor)
    tell_reviewers(competition, "reviewer.start_review")
    return competition


def close_review(actor: Actor, code: str, reason: str = "") -> Competition:
    """The scores are unsealed and the result is made: when every seat is taken and all are lodged,
    or early with a reason. Its paper is issued; where the first are equal, when the commission has
    chosen."""
    competition = _received(actor, code)
    lock_entries(competition)  # who withdraws now, waits
    moment = moment_of(competition, actor)
    is_early = moment.outstanding or moment.missing
    action = "close_early" if is_early else "close_review"
    competition.closed_at = clock.now()
    competition.close_reason = reason.strip()
    _take(competition, action, actor, reason=reason)
    tell_reviewers(competition, "reviewer.closed")
    store_result(competition)
    db.session.flush()
    if not is_first_tied(competition):
        issue_review_result(competition)
    return competition


def decide_tie(actor: Actor, code: str, application_code: str, reason: str) -> Competition:
    """The commission chooses among those who lead with the same total, with a reason."""
    competition = _handled(actor, code)
    if not is_decider(actor, competition.call):
        raise NotFound
    leaders = {application.code: application for application in leaders_of(competition)}
    if competition.state is CompetitionState.CLOSED and application_code not in leaders:
        raise Refused(_l("Choose one of those who lead with the same total."), "application")
    chosen = leaders.get(application_code)
    detail = {"chosen": chosen.number if chosen else None}
    _take(competition, "decide_tie", actor, reason=reason, detail=detail)
    if chosen is None:
        raise ActionNotPossible("decide_tie", competition.state)
    competition.chosen, competition.choice_reason = chosen, reason.strip()
    db.session.flush()
    issue_review_result(competition)
    return competition


def schedule(actor: Actor, code: str, starts_at: datetime, place: str) -> Sequence[Slot]:
    """Give each applicant a time to present (答辩), in an order drawn by chance and recorded; a new
    schedule takes the place of the last. The applicants are told their own time, reviewers the
    beginning."""
    competition = _received(actor, code)
    running = (CompetitionState.OPENED, CompetitionState.REVIEWING)
    if competition.state not in running:
        raise ActionNotPossible("schedule", competition.state)
    if not competition.slot_minutes:
        raise Refused(_l("The plan has no presentations."))
    if starts_at < clock.now():
        raise Refused(_l("Choose a time to come."), "starts_at")
    for slot in list_slots(competition.id):
        db.session.delete(slot)
    db.session.flush()
    seed = secrets.token_hex(16)
    entries = {application.code: application for application in list_reviewed(competition)}
    for number, entry in enumerate(draw(list(entries), len(entries), seed)):
        at = starts_at + timedelta(minutes=number * competition.slot_minutes)
        _give(competition, entries[entry], at, place.strip())
    when = _in_words(starts_at)
    tell_reviewers(competition, "reviewer.scheduled", when=when, where=place.strip())
    detail = {"seed": seed, "starts_at": starts_at, "place": place.strip()}
    audit.record(actor, "competition.scheduled", "competition", competition.id, detail)
    db.session.flush()
    return list_slots(competition.id)


def _give(competition: Competition, application: Application, at: datetime, place: str) -> None:
    db.session.add(
        Slot(
            competition_id=competition.id,
            application_id=application.id,
            starts_at=at,
            minutes=competition.slot_minutes,
            place=place,
        )
    )
    notify(
        application.institution_id,
        Role.INSTITUTION_OFFICER,
        "competition.slot",
        {
            "center": competition.center.name,
            "when": _in_words(at),
            "where": place,
        },
        f"/applications/{application.code}",
    )


def _in_words(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _handled(actor: Actor, code: str) -> Competition:
    """A competition that the actor receives or decides."""
    competition = lock_competition(actor, code)
    if not (is_reception(actor, competition.call) or is_decider(actor, competition.call)):
        raise NotFound
    return competition


def _received(actor: Actor, code: str) -> Competition:
    competition = lock_competition(actor, code)
    if not is_reception(actor, competition.call):
        raise NotFound
    return competition


def _take(competition: Competition, action: str, actor: Actor, **more: object) -> None:
    facts = moment_of(competition, actor)
    transition = take(COMPETITION, competition, action, actor, facts=facts, **more)  # type: ignore[arg-type]
    tell_bodies(competition, transition.notifies, f"competition.{action}")
