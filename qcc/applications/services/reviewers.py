"""Who reviews: candidates with what keeps them out, drawn by chance or chosen with a reason."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qcc.accounts.queries import list_desks_of
from qcc.applications.models import Application, Competition, Draw, Reviewer
from qcc.applications.permissions import is_reception
from qcc.applications.queries import count_reviews, list_entries, lock_competition
from qcc.applications.rules.reviewing import (
    Barred,
    Candidate,
    Contest,
    Employment,
    Named,
    bars_of,
    draw,
)
from qcc.applications.services.telling import tell_reviewer
from qcc.applications.workflow import (
    REVIEWER,
    SEATED,
    CompetitionState,
    ReviewerMoment,
    ReviewerState,
)
from qcc.centers.queries import list_hosts_served_by
from qcc.experts.queries import ExpertRow, list_candidates
from qcc.infra import audit, clock
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.transitions import begin, take
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.workflow import ActionNotPossible
from qcc.regulations.rulebooks import rulebook_for

LOOKBACK = "competition.lookback"
CHOOSING = (CompetitionState.OPENED, CompetitionState.REVIEWING)


@dataclass(frozen=True, slots=True)
class Possible:
    """An expert who could review: what keeps them out, how much they review already, whether they
    can sign in, whether they take part."""

    expert: ExpertRow
    bars: tuple[Barred, ...]
    workload: int
    has_account: bool
    is_seated: bool

    @property
    def is_free(self) -> bool:
        """Whether the draw could fall on them."""
        return not self.bars and self.has_account and not self.is_seated


def list_possible(actor: Actor, competition: Competition, specialty: str) -> list[Possible]:
    """The experts of the specialty ("" for any) in the actor's province, those who review least
    first; each with what keeps them out."""
    experts = list_candidates(actor, specialty)
    people = [expert.person_id for expert in experts]
    desks, hosts = list_desks_of(people), list_hosts_served_by(people)
    workload = count_reviews(people)
    part = {reviewer.person_id: reviewer for reviewer in competition.reviewers}
    contest = contest_of(competition)
    found = []
    for expert in experts:
        own = desks.get(expert.person_id, ())
        reviewer = part.get(expert.person_id)
        candidate = Candidate(
            expert.code,
            Named(expert.name, expert.birth_date, expert.employer_id),
            tuple(Employment(*employment) for employment in expert.employments),
            frozenset(desk.organization_id for desk in own if desk.role is not Role.EXPERT)
            | hosts.get(expert.person_id, frozenset()),
            reviewer is not None and reviewer.state is ReviewerState.CONFLICTED,
        )
        found.append(
            Possible(
                expert,
                bars_of(candidate, contest),
                workload.get(expert.person_id, 0),
                any(desk.role is Role.EXPERT for desk in own),
                reviewer is not None,
            )
        )
    return sorted(found, key=lambda one: (not one.is_free, one.workload, one.expert.name))


def contest_of(competition: Competition) -> Contest:
    """Who competes: every applicant of the competition, withdrawn ones too."""
    entries = list_entries(competition)
    limit = rulebook_for(competition.center.place, clock.today())[LOOKBACK]
    return Contest(
        on=clock.today(),
        lookback=limit.number,
        inclusive=limit.inclusive,
        applicants={a.institution_id: a.institution.parent_id for a in entries},
        proposed=tuple(
            (a.institution_id, Named(o.name, o.birth_date, o.employer_id))
            for a in entries
            for o in a.officers
        ),
    )


def names_of(entries: Sequence[Application]) -> Mapping[int, str]:
    """The names of the applicants, for saying to whom somebody is bound."""
    return {entry.institution_id: entry.institution.name for entry in entries}


def draw_reviewers(actor: Actor, code: str, specialty: str) -> Draw:
    """Draw the reviewers that a specialty's seats still lack, by chance, with the seed and the
    candidates on record. Raises Refused where there are too few."""
    competition = _choosing(actor, code)
    lacking = lacking_seats(competition).get(specialty, 0)
    if not lacking:
        raise Refused(_l("Every seat of this specialty is taken."))
    free = {one.expert.code: one for one in list_possible(actor, competition, specialty)}
    codes = sorted(code for code, one in free.items() if one.is_free)
    if len(codes) < lacking:
        raise Refused(
            _l(
                "Only %(free)d experts are free of conflicts, %(lacking)d are wanted: register more"
                " experts, give them accounts, or choose of another specialty with a reason.",
                free=len(codes),
                lacking=lacking,
            )
        )
    seed = secrets.token_hex(16)
    drawn = draw(codes, lacking, seed)
    made = Draw(
        competition_id=competition.id,
        at=clock.now(),
        by=actor.person_id,
        specialty=specialty,
        seed=seed,
        candidates=[[code, free[code].expert.name] for code in codes],
        drawn=list(drawn),
    )
    db.session.add(made)
    db.session.flush()
    detail = {"specialty": specialty, "seed": seed, "candidates": codes, "drawn": list(drawn)}
    audit.record(actor, "competition.drawn", "competition", competition.id, detail)
    for code_ in drawn:
        _seat(actor, competition, free[code_].expert, specialty, draw_id=made.id)
    return made


def choose_reviewer(
    actor: Actor, code: str, expert_code: str, specialty: str, reason: str
) -> Reviewer:
    """Choose a reviewer for a seat of the plan with a reason, instead of drawing."""
    competition = _choosing(actor, code)
    if not lacking_seats(competition).get(specialty, 0):
        raise Refused(_l("Every seat of this specialty is taken."))
    if not reason.strip():
        raise Refused(_l("Give the reason."), "reason")
    chosen = next(
        (p for p in list_possible(actor, competition, "") if p.expert.code == expert_code), None
    )
    if chosen is None:
        raise Refused(_l("Choose one of the experts."), "expert")
    if not chosen.is_free:
        raise Refused(
            _l("This expert cannot review here: see the reason beside the name."), "expert"
        )
    return _seat(actor, competition, chosen.expert, specialty, reason=reason.strip())


def release_reviewer(actor: Actor, code: str, reviewer_code: str, reason: str) -> Reviewer:
    """Release a reviewer who has not lodged, with a reason; the seat is free again."""
    competition = _choosing(actor, code)
    reviewer = next((r for r in competition.reviewers if r.code == reviewer_code), None)
    if reviewer is None:
        raise NotFound
    running = competition.state is CompetitionState.REVIEWING
    take(REVIEWER, reviewer, "release", actor, facts=ReviewerMoment(running), reason=reason)
    reviewer.end_reason = reason.strip()
    db.session.flush()
    tell_reviewer(reviewer, "reviewer.release")
    return reviewer


def lacking_seats(competition: Competition) -> dict[str, int]:
    """Specialty → how many reviewers its seats still lack."""
    lacking = dict[str, int]()
    for specialty, count in competition.seats:
        lacking[specialty] = lacking.get(specialty, 0) + count
    for reviewer in competition.reviewers:
        if reviewer.state in SEATED and reviewer.specialty in lacking:
            lacking[reviewer.specialty] -= 1
    return {specialty: max(count, 0) for specialty, count in lacking.items()}


def _choosing(actor: Actor, code: str) -> Competition:
    competition = lock_competition(actor, code)
    if not is_reception(actor, competition.call):
        raise NotFound
    if competition.state not in CHOOSING:
        raise ActionNotPossible("choose_reviewer", competition.state)
    return competition


def _seat(
    actor: Actor,
    competition: Competition,
    expert: ExpertRow,
    specialty: str,
    *,
    reason: str = "",
    draw_id: int | None = None,
) -> Reviewer:
    reviewer = Reviewer(
        competition_id=competition.id,
        person_id=expert.person_id,
        specialty=specialty,
        state=ReviewerState.ASKED,
        draw_id=draw_id,
        reason=reason,
        asked_at=clock.now(),
    )
    competition.reviewers.append(reviewer)
    db.session.flush()
    begin(REVIEWER, reviewer, "draw" if draw_id else "choose", actor, reason=reason)
    runs = competition.state is CompetitionState.REVIEWING
    tell_reviewer(reviewer, "reviewer.asked_while_reviewing" if runs else "reviewer.asked")
    return reviewer
