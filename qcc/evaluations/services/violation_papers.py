"""The decision on a case of prohibited conduct as an official paper."""

from typing import Any

import sqlalchemy as sa

from qcc.centers.models import Center
from qcc.evaluations.models import Violation
from qcc.evaluations.permissions import violation_is_visible_to
from qcc.evaluations.workflow import ViolationState
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.papers import Paper
from qcc.infra.scans import scope_papers
from qcc.kernel.permissions import Actor
from qcc.organizations.models import Organization
from qcc.organizations.services import issue_numbered
from qcc.regulations.rulebooks import rulebook_for

DECISION = "violation_decision"
TITLES = {
    ViolationState.UNFOUNDED: "违规行为不成立告知书",
    ViolationState.FOUNDED: "违规行为处理决定",
    ViolationState.SERIOUS: "取消挂靠资格决定",
}


def reads_violation(actor: Actor, violation_id: int) -> bool:
    """Whether the actor sees the case, and so its paper."""
    found = sa.select(Violation.id).join(Center, Center.id == Violation.center_id)
    seen = found.where(Violation.id == violation_id, violation_is_visible_to(actor))
    return db.session.scalar(seen) is not None


scope_papers("violation", reads_violation)


def issue_decision_paper(case: Violation, actor: Actor) -> Paper:
    """Ask for the paper under the commission's next number. The last thing of an act."""
    issuer = db.session.get_one(Organization, actor.organization_id)
    content, title = _content(case, issuer), TITLES[case.state]
    return issue_numbered(
        issuer,
        kind=DECISION,
        title=title,
        name=f"{case.center.name}{title}.pdf",
        subject=("violation", case.id),
        owner_id=case.hosting.institution_id,
        content=content,
        rulebook_version=content["rulebook_version"],
    )


def _content(case: Violation, issuer: Organization) -> dict[str, Any]:
    """What the paper says, fixed at the decision. Who reported is not in it."""
    book = rulebook_for(case.center.place, clock.today())
    conduct, serious = book["violation.conduct"], book["violation.dissolves_panel"]
    order = case.rectification
    return {
        "issuer": issuer.name,
        "center": case.center.name,
        "host": case.hosting.institution.name,
        "verdict": case.state.value,
        "conduct": conduct.words.get(case.conduct, case.conduct),
        "article": conduct.article,
        "serious_article": serious.article,
        "allegation": case.allegation,
        "has_statement": case.stated_at is not None,
        "reason": case.reason,
        "due_on": order.due_on.isoformat() if order else "",
        "ends_on": case.ends_on.isoformat() if case.ends_on else "",
        "dissolves_panel": bool(serious.value),
        "decided_on": clock.today().isoformat(),
        "rulebook": book.title,
        "document_number": book.document_number,
        "rulebook_version": book.version,
    }
