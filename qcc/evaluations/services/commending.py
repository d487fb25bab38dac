"""The commission commends centers of a round: final results of the highest grade, with reasons."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from qcc.evaluations.models import Assessment, Commendation, CommendedCenter, Round
from qcc.evaluations.permissions import is_of_commission
from qcc.evaluations.queries import list_assessments_of_round, lock_round
from qcc.evaluations.services.papers import issue_commendation
from qcc.evaluations.services.telling import tell_assessed
from qcc.evaluations.workflow import AssessmentState
from qcc.infra import audit, clock
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.outbox import texts
from qcc.kernel.permissions import Actor

texts({"assessment.commended": _l("The center is commended: %(title)s")})


def commendable(
    round_: Round, assessments: Sequence[Assessment], commended: Sequence[CommendedCenter]
) -> list[Assessment]:
    """Final results of the round's highest grade that were not commended yet, the best first."""
    if not round_.grades:
        return []
    done, best = {entry.assessment_id for entry in commended}, str(round_.grades[0][0])
    found = [
        each
        for each in assessments
        if each.state is AssessmentState.FINAL and each.has_passed and each.grade == best
    ]
    return sorted((e for e in found if e.id not in done), key=lambda e: (-(e.total or 0), e.id))


def list_commended(round_: Round) -> Sequence[CommendedCenter]:
    """The centers of a round that were commended."""
    return db.session.scalars(
        sa.select(CommendedCenter)
        .join(Commendation, Commendation.id == CommendedCenter.commendation_id)
        .where(Commendation.round_id == round_.id)
        .options(joinedload(CommendedCenter.assessment).joinedload(Assessment.center))
        .order_by(CommendedCenter.id)
    ).all()


def commend(actor: Actor, code: str, reasons: Mapping[int, str]) -> Commendation:
    """Commend the assessments of these ids, each for its reason; the circular is asked for."""
    round_ = lock_round(actor, code)
    if not is_of_commission(actor, round_):
        raise NotFound
    assessments = list_assessments_of_round(round_.id)
    possible = {each.id: each for each in commendable(round_, assessments, list_commended(round_))}
    chosen = {key: text.strip() for key, text in reasons.items() if text.strip()}
    if not chosen:
        raise Refused(_l("Choose at least one center."))
    if not chosen.keys() <= possible.keys():
        raise Refused(_l("Only final results of the highest grade are commended, each once."))
    commendation = Commendation(
        round_id=round_.id, round=round_, decided_at=clock.now(), decided_by=actor.person_id
    )
    db.session.add(commendation)
    for key in possible:
        if key in chosen:
            entry = CommendedCenter(assessment=possible[key], reason=chosen[key])
            commendation.entries.append(entry)
            tell_assessed(possible[key], "assessment.commended")
    db.session.flush()
    detail = {"assessments": sorted(chosen)}
    audit.record(actor, "round.commended", "round", round_.id, detail)
    issue_commendation(commendation)
    return commendation
