"""The papers of assessments, asked for as the last thing of the act: result, revocation,
commendation."""

from typing import Any

import sqlalchemy as sa

from qcc.centers.models import Center
from qcc.evaluations.models import Appeal, Assessment, Commendation, Revocation, Round
from qcc.evaluations.permissions import (
    assessment_is_visible_to,
    commendation_is_visible_to,
    revocation_is_visible_to,
)
from qcc.evaluations.workflow import SHOWN, AppealState
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.papers import Paper
from qcc.infra.scans import scope_papers
from qcc.kernel.permissions import Actor
from qcc.kernel.rubrics import AssessmentKind
from qcc.organizations.models import Organization
from qcc.organizations.queries import find_commission
from qcc.organizations.services import issue_numbered
from qcc.regulations.rubrics import get_rubric
from qcc.regulations.rulebooks import rulebook_for

RESULT, REVOCATION, COMMENDATION = "assessment_result", "revocation_decision", "commendation"
TITLES = {RESULT: "考核结果通知", REVOCATION: "撤销挂靠决定", COMMENDATION: "通报表扬"}
KINDS = {AssessmentKind.ANNUAL: "考核", AssessmentKind.DEBRIEF: "述职评价"}


def reads_assessment(actor: Actor, assessment_id: int) -> bool:
    """Whether the actor sees the result."""
    found = sa.select(Assessment.id).join(Assessment.round)
    seen = found.where(
        Assessment.id == assessment_id,
        Assessment.state.in_(SHOWN),
        assessment_is_visible_to(actor),
    )
    return db.session.scalar(seen) is not None


def reads_revocation(actor: Actor, revocation_id: int) -> bool:
    """Whether the actor sees the decision."""
    found = sa.select(Revocation.id).join(Center, Center.id == Revocation.center_id)
    seen = found.where(Revocation.id == revocation_id, revocation_is_visible_to(actor))
    return db.session.scalar(seen) is not None


def reads_commendation(actor: Actor, commendation_id: int) -> bool:
    """Whether the actor belongs to the place: a circular is for all its centers."""
    found = sa.select(Commendation.id).join(Round, Round.id == Commendation.round_id)
    seen = found.where(Commendation.id == commendation_id, commendation_is_visible_to(actor))
    return db.session.scalar(seen) is not None


scope_papers("assessment", reads_assessment)
scope_papers("revocation", reads_revocation)
scope_papers("commendation", reads_commendation)


def issue_result(assessment: Assessment) -> Paper:
    """The result as it became final, under the number of the place's commission; that of a debrief
    is told by the center that assesses, which gives out no numbers."""
    round_ = assessment.round
    content = {
        **_basis(round_.place),
        "center": assessment.center.name,
        "host": assessment.hosting.institution.name,
        "title": round_.title,
        "kind": KINDS[round_.kind],
        "year": round_.year,
        "total": str(assessment.total),
        "pass_mark": str(round_.pass_mark),
        "grade": assessment.grade,
        "has_passed": bool(assessment.has_passed),
        "final_on": str(assessment.final_on),
        "appealed": _was_upheld(assessment),
        "groups": _groups(assessment),
    }
    name, owner = _name(assessment.center, RESULT), assessment.hosting.institution_id
    subject = ("assessment", assessment.id)
    if round_.center is not None:
        return _unnumbered(round_.center.name, RESULT, name, subject, owner, content)
    return _numbered(round_.place, RESULT, name, subject, owner, content)


def _was_upheld(assessment: Assessment) -> bool:
    found = sa.select(Appeal.id).filter_by(assessment_id=assessment.id, state=AppealState.UPHELD)
    return db.session.scalar(found) is not None


def _groups(assessment: Assessment) -> list[list[str]]:
    given = assessment.result.get("groups", {})
    return [
        [group.name, str(given.get(group.name, "0")), f"{group.points:g}"]
        for group in get_rubric(assessment.round.rubric_id).groups
    ]


def issue_revocation(revocation: Revocation) -> Paper:
    """The decision to revoke a hosting, with both results."""
    center = revocation.center
    book = rulebook_for(center.place, clock.today())
    content = {
        **_basis(center.place),
        "article": book["assessment.consecutive_failures"].article,
        "center": center.name,
        "host": revocation.hosting.institution.name,
        "first_year": revocation.first_year,
        "last_year": revocation.last_year,
        "ends_on": str(revocation.ends_on),
        "reason": revocation.reason,
        "results": [
            {
                "year": each.round.year,
                "title": each.round.title,
                "total": str(each.total),
                "pass_mark": str(each.round.pass_mark),
            }
            for each in (revocation.first, revocation.last)
        ],
    }
    owner = revocation.hosting.institution_id
    subject = ("revocation", revocation.id)
    return _numbered(center.place, REVOCATION, _name(center, REVOCATION), subject, owner, content)


def issue_commendation(commendation: Commendation) -> Paper:
    """The circular that names the commended centers of a round."""
    round_ = commendation.round
    commission = _commission(round_.place)
    entries = [(entry, entry.assessment) for entry in commendation.entries]
    content = {
        **_basis(round_.place),
        "title": round_.title,
        "kind": KINDS[round_.kind],
        "year": round_.year,
        "grade": entries[0][1].grade,
        "centers": [
            {
                "center": assessment.center.name,
                "host": assessment.hosting.institution.name,
                "total": str(assessment.total),
                "reason": entry.reason,
            }
            for entry, assessment in entries
        ],
    }
    name, subject = f"{round_.title}通报表扬.pdf", ("commendation", commendation.id)
    return _numbered(round_.place, COMMENDATION, name, subject, commission.id, content)


def _name(center: Center, kind: str) -> str:
    return f"{center.name}{TITLES[kind]}.pdf"


def _commission(place: str) -> Organization:
    found = find_commission(place)
    if found is None:
        raise LookupError(f"no commission is registered at {place}")
    return found


def _basis(place: str) -> dict[str, Any]:
    """The regulation in force there, and the day of signing."""
    book = rulebook_for(place, clock.today())
    return {
        "rulebook": book.title,
        "document_number": book.document_number,
        "rulebook_version": book.version,
        "signed_on": clock.today().isoformat(),
    }


def _numbered(
    place: str, kind: str, name: str, subject: tuple[str, int], owner: int, content: dict[str, Any]
) -> Paper:
    commission = _commission(place)
    return issue_numbered(
        commission,
        kind=kind,
        title=TITLES[kind],
        name=name,
        subject=subject,
        owner_id=owner,
        content={"issuer": commission.name, **content},
        rulebook_version=content["rulebook_version"],
    )


def _unnumbered(
    issuer: str, kind: str, name: str, subject: tuple[str, int], owner: int, content: dict[str, Any]
) -> Paper:
    paper = Paper(
        kind=kind,
        subject_type=subject[0],
        subject_id=subject[1],
        owner_id=owner,
        name=name,
        title=TITLES[kind],
        issuer=issuer,
        dated_on=clock.today(),
        content={"issuer": issuer, **content},
        rulebook_version=content["rulebook_version"],
        asked_at=clock.now(),
    )
    db.session.add(paper)
    return paper
