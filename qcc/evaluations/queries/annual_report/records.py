"""Yearly documents, internal rules and visits of a center."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from qcc.centers.models import Center
from qcc.evaluations.models import (
    AnnualDocument,
    InternalRule,
    Rectification,
    RectificationItem,
    Visit,
)
from qcc.evaluations.queries.documents import rows_of
from qcc.evaluations.rules import annual_report as facts
from qcc.evaluations.workflow import DocumentState, RectificationState
from qcc.infra.db import db
from qcc.kernel.dates import end_of_day, legal_date


def documents_of(center: Center, year: int, today: date) -> tuple[facts.DocumentYear, ...]:
    """Summary and plan handed in at the end of the year, and the plan about the year itself."""
    standings = {
        row.id: row.standings
        for row in rows_of([(center.id, center.name, center.place)], year, today)
    }.get(center.id, {})
    handed = db.session.scalars(
        sa.select(AnnualDocument)
        .where(
            AnnualDocument.center_id == center.id,
            AnnualDocument.year.in_((year - 1, year)),
            AnnualDocument.state != DocumentState.DRAFT,
        )
        .order_by(AnnualDocument.year, AnnualDocument.id)
    ).all()
    found = [
        facts.DocumentYear(
            kind=each.kind,
            about=each.about,
            standing=standings.get(each.kind) if each.year == year else None,
            counted_on=each.counted_on,
            contents=each.submitted,
        )
        for each in handed
    ]
    there = {each.kind for each in handed if each.year == year}
    for kind, standing in standings.items():
        if kind not in there:
            found.append(facts.DocumentYear(kind, kind.about(year), standing, None, {}))
    return tuple(found)


def rules_of(center_id: int, on: date) -> tuple[facts.RuleEdition, ...]:
    """The edition of each kind that is in force on the day."""
    found = db.session.scalars(
        sa.select(InternalRule)
        .where(InternalRule.center_id == center_id, InternalRule.adopted_on <= on)
        .order_by(InternalRule.id)
    )
    newest = {each.kind.value: each for each in found}
    return tuple(
        facts.RuleEdition(kind, each.title, each.adopted_on, each.review_on)
        for kind, each in newest.items()
    )


def visits_of(center_id: int, year: int) -> tuple[facts.VisitRow, ...]:
    found = db.session.scalars(
        sa.select(Visit)
        .where(
            Visit.center_id == center_id,
            Visit.visited_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .options(joinedload(Visit.organization))
        .order_by(Visit.visited_on, Visit.id)
    )
    return tuple(
        facts.VisitRow(
            each.visited_on,
            each.organization.name,
            each.participants,
            each.findings,
            each.review_on,
        )
        for each in found
    )


def rectifications_of(center_id: int, first: date, on: date) -> tuple[facts.Rectification, ...]:
    """Orders that stood between the days; not those that were withdrawn."""
    found = db.session.scalars(
        sa.select(Rectification)
        .where(
            Rectification.center_id == center_id,
            Rectification.state != RectificationState.WITHDRAWN,
            Rectification.issued_at < end_of_day(on),
            sa.or_(Rectification.closed_on.is_(None), Rectification.closed_on >= first),
        )
        .options(
            joinedload(Rectification.orderer),
            joinedload(Rectification.orderer_center),
            selectinload(Rectification.items).joinedload(RectificationItem.owner),
        )
        .order_by(Rectification.id)
    )
    return tuple(map(_rectification, found))


def _rectification(order: Rectification) -> facts.Rectification:
    return facts.Rectification(
        ordered_on=legal_date(order.issued_at),
        orderer=(order.orderer_center or order.orderer).name,
        reason=order.reason,
        due_on=order.due_on,
        state=order.state.value,
        closed_on=order.closed_on,
        effect=order.effect.value if order.effect else "",
        measures=tuple(
            facts.Measure(
                wanted=f"{item.title}：{item.wanted}" if item.title else item.wanted,
                measure=item.measure,
                owner=item.owner.name if item.owner else "",
                done=item.done,
                effect=item.effect.value if item.effect else "",
            )
            for item in order.items
        ),
    )
