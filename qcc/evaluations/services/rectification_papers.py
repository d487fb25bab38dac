"""The rectification order as an official paper (限期整改通知书)."""

from typing import Any

import sqlalchemy as sa

from qcc.centers.models import Center
from qcc.evaluations.models import Basis, Rectification
from qcc.evaluations.permissions import rectification_is_visible_to
from qcc.infra import clock
from qcc.infra.db import db
from qcc.infra.papers import Paper
from qcc.infra.scans import scope_papers
from qcc.kernel.permissions import Actor
from qcc.organizations.services import issue_numbered
from qcc.regulations.rulebooks import NoRulebookInForce, rulebook_for

ORDER = "rectification_order"
TITLE = "限期整改通知书"


def reads_rectification(actor: Actor, rectification_id: int) -> bool:
    """Whether the actor sees the order, and so its paper."""
    found = sa.select(Rectification.id).join(Center, Center.id == Rectification.center_id)
    seen = found.where(Rectification.id == rectification_id, rectification_is_visible_to(actor))
    return db.session.scalar(seen) is not None


scope_papers("rectification", reads_rectification)


def issue_order_paper(order: Rectification) -> Paper:
    """Ask for the paper under the next number of who orders; a center gives out no numbers. The
    last thing of an act."""
    content = _content(order)
    name, subject = f"{order.center.name}{TITLE}.pdf", ("rectification", order.id)
    owner = order.hosting.institution_id
    if order.orderer_center_id is None:
        return issue_numbered(
            order.orderer,
            kind=ORDER,
            title=TITLE,
            name=name,
            subject=subject,
            owner_id=owner,
            content=content,
            rulebook_version=content["rulebook_version"],
        )
    paper = Paper(
        kind=ORDER,
        subject_type=subject[0],
        subject_id=subject[1],
        owner_id=owner,
        name=name,
        title=TITLE,
        issuer=content["issuer"],
        dated_on=clock.today(),
        content=content,
        rulebook_version=content["rulebook_version"],
        asked_at=clock.now(),
    )
    db.session.add(paper)
    return paper


def _content(order: Rectification) -> dict[str, Any]:
    """What the paper says, fixed when the order is issued."""
    today = clock.today()
    try:
        book = rulebook_for(order.center.place, today)
        basis = {"rulebook": book.title, "document_number": book.document_number}
        version = book.version
    except NoRulebookInForce:
        basis, version = {}, ""
    issuer = order.orderer_center or order.orderer
    assessment = order.assessment
    return {
        "issuer": issuer.name,
        "center": order.center.name,
        "host": order.hosting.institution.name,
        "basis": order.basis.value,
        "round": assessment.round.title if assessment else "",
        "year": assessment.round.year if assessment else None,
        "total": str(assessment.total) if assessment else "",
        "pass_mark": str(assessment.round.pass_mark) if assessment else "",
        "is_debrief": bool(order.basis is Basis.ASSESSMENT and order.orderer_center_id),
        "reason": order.reason,
        "items": [
            {"item": item.item, "title": item.title, "lost": item.lost, "wanted": item.wanted}
            for item in order.items
        ],
        "due_on": order.due_on.isoformat(),
        "issued_on": today.isoformat(),
        "rulebook_version": version,
        **basis,
    }
