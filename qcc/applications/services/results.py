"""What came of a review: made once when it closes, from the lodged scores, and kept."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from qcc.applications.models import Application, Competition
from qcc.applications.queries import find_competition, list_lodged, list_reviewed
from qcc.applications.rules import Standing
from qcc.applications.rules.scoring import Criterion, Result, Scheme, evaluate
from qcc.applications.workflow import ApplicationState, CompetitionState, ReviewerState
from qcc.infra.db import db
from qcc.kernel.scores import rounded

OUT = frozenset({ApplicationState.WITHDRAWN, ApplicationState.REFUSED})
"""Who is no longer in the competition when the commission decides."""


def scheme_of(competition: Competition) -> Scheme:
    """The plan as the calculation reads it."""
    return Scheme(
        tuple(Criterion(str(row.id), row.weight, row.most) for row in competition.criteria),
        competition.drops_extremes,
        competition.minimum,
        competition.bound,
    )


def store_result(competition: Competition) -> None:
    """Calculate the result of the lodged scores and keep it with the competition."""
    reviewers = {
        reviewer.id: reviewer
        for reviewer in competition.reviewers
        if reviewer.state is ReviewerState.LODGED
    }
    entries = {application.id: application for application in list_reviewed(competition)}
    sheets: dict[str, dict[str, dict[str, Decimal | None]]] = {
        reviewer.code: {application.code: {} for application in entries.values()}
        for reviewer in reviewers.values()
    }
    for row in list_lodged(list(reviewers)):
        if row.application_id in entries:
            code = entries[row.application_id].code
            sheets[reviewers[row.reviewer_id].code][code][str(row.criterion_id)] = row.points
    names = {application.code: application for application in entries.values()}
    found = evaluate(scheme_of(competition), list(sheets), list(names), sheets)
    competition.result = [_kept(result, names[result.application]) for result in found]


def _kept(result: Result, application: Application) -> dict[str, Any]:
    """The result as plain values; every number as it is printed."""
    return {
        "application": application.code,
        "number": application.number,
        "institution": application.institution.name,
        "total": str(result.total),
        "rank": result.rank,
        "tied": list(result.tied),
        "below_minimum": result.is_below_minimum,
        "totals": {reviewer: str(total) for reviewer, total in result.totals.items()},
        "far": sorted(result.far),
        "rows": [
            {
                "criterion": int(row.criterion),
                "scores": {
                    reviewer: None if score is None else str(score)
                    for reviewer, score in row.scores.items()
                },
                "dropped": sorted(row.dropped),
                "mean": None if row.mean is None else str(rounded(row.mean)),
                "spread": None if row.spread is None else str(row.spread),
            }
            for row in result.rows
        ],
    }


def _still_in(competition: Competition) -> list[tuple[Application, Decimal, bool]]:
    """Who was reviewed and is not out: application, total, whether below the minimum."""
    results = {row["application"]: row for row in competition.result}
    found: Sequence[Application] = (
        db.session.query(Application).filter(Application.code.in_(list(results))).all()
    )
    return [
        (application, Decimal(row["total"]), row["below_minimum"])
        for application in found
        if application.state not in OUT
        for row in (results[application.code],)
    ]


def leaders_of(competition: Competition) -> list[Application]:
    """Who leads among those still in that reach the minimum; several where they are equal."""
    if competition.state is not CompetitionState.CLOSED:
        return []
    fit = [(a, total) for a, total, is_below in _still_in(competition) if not is_below]
    best = max((total for _, total in fit), default=None)
    return sorted((a for a, total in fit if total == best), key=lambda a: a.number or "")


def first_of(competition: Competition) -> list[Application]:
    """Who is first: the one whom the commission chose, while still leading; else all who lead."""
    leaders = leaders_of(competition)
    return [competition.chosen] if competition.chosen in leaders else leaders


def is_first_tied(competition: Competition) -> bool:
    """Whether several lead with the same total, and none of them is chosen."""
    return len(first_of(competition)) > 1


def standing_of(application: Application) -> Standing | None:
    """How an application stands in its competition; None where there is none."""
    competition = find_competition(application.call_id, application.center_id)
    if competition is None:
        return None
    if competition.state is not CompetitionState.CLOSED:
        return Standing(is_closed=False)
    still_in = {a.code: (total, is_below) for a, total, is_below in _still_in(competition)}
    if application.code not in still_in:
        return Standing(is_closed=True)
    total, is_below = still_in[application.code]
    leaders = leaders_of(competition)
    first, leads = first_of(competition), application in leaders
    return Standing(
        is_closed=True,
        rank=1 + sum(other > total for other, _ in still_in.values()),
        total=str(total),
        is_first=first == [application],
        is_tied=leads and len(first) > 1,
        is_below_minimum=is_below,
        minimum="" if competition.minimum is None else str(competition.minimum),
    )


def awaits_review(application: Application) -> bool:
    """Whether it takes part in a competition that is not closed; what the formal check refused a
    condition of does not take part."""
    competition = find_competition(application.call_id, application.center_id)
    if competition is None or competition.state is CompetitionState.CLOSED:
        return False
    return not any(answer.confirmed is False for answer in application.answers)
