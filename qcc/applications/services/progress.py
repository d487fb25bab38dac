"""What comes next in a competition, for who reads its page or finds it on the workbench."""

from collections.abc import Iterator
from enum import StrEnum

from qcc.applications.models import Competition
from qcc.applications.permissions import is_decider, is_reception
from qcc.applications.queries import list_running
from qcc.applications.services.competing import moment_of
from qcc.applications.workflow import CompetitionMoment, CompetitionState
from qcc.kernel.permissions import Actor


class NextStep(StrEnum):
    """What a competition waits for."""

    CALL_OPENS = "call_opens"
    CALL_CLOSES = "call_closes"
    NOBODY_APPLIED = "nobody_applied"
    OPEN = "open"
    OPEN_SECOND = "open_second"
    SECOND_PERSON = "second_person"
    NOBODY_LEFT = "nobody_left"
    FILL_SEATS = "fill_seats"
    CHECK = "check"
    START = "start"
    SCORES = "scores"
    CLOSE = "close"
    DECIDE_TIE = "decide_tie"
    PROPOSE = "propose"
    DECIDED = "decided"


N = NextStep
OF_BOTH = frozenset({N.OPEN, N.OPEN_SECOND})
OF_RECEPTION = frozenset({N.FILL_SEATS, N.START, N.CLOSE})
OF_COMMISSION = frozenset({N.DECIDE_TIE})


def next_step(competition: Competition, moment: CompetitionMoment) -> NextStep:
    """What the competition waits for now, seen by the person of the moment."""
    match competition.state:
        case CompetitionState.PLANNED:
            return _before_opening(competition, moment)
        case CompetitionState.HALF_OPENED:
            return N.SECOND_PERSON if moment.opened_by == moment.person else N.OPEN_SECOND
        case CompetitionState.OPENED:
            return _before_review(moment)
        case CompetitionState.REVIEWING:
            if not moment.entered:
                return N.NOBODY_LEFT
            if moment.missing:
                return N.FILL_SEATS
            return N.SCORES if moment.outstanding else N.CLOSE
    if moment.is_decided:
        return N.DECIDED
    return N.DECIDE_TIE if moment.is_first_tied else N.PROPOSE


def _before_opening(competition: Competition, moment: CompetitionMoment) -> NextStep:
    if moment.now < competition.call.opens_at:
        return N.CALL_OPENS
    if moment.now < moment.closes_at:
        return N.CALL_CLOSES
    return N.OPEN if moment.entered else N.NOBODY_APPLIED


def _before_review(moment: CompetitionMoment) -> NextStep:
    if not moment.entered and not moment.unchecked:
        return N.NOBODY_LEFT
    if moment.missing:
        return N.FILL_SEATS
    return N.CHECK if moment.unchecked else N.START


def list_steps_of(actor: Actor) -> Iterator[tuple[Competition, NextStep]]:
    """The competitions that wait for the actor's desk, and for what."""
    for competition in list_running(actor):
        step = next_step(competition, moment_of(competition, actor))
        receives = is_reception(actor, competition.call)
        decides = is_decider(actor, competition.call)
        if (
            (step in OF_BOTH and (receives or decides))
            or (step in OF_RECEPTION and receives)
            or (step in OF_COMMISSION and decides)
        ):
            yield competition, step
