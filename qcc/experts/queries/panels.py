"""Panels: lists, one of them, and those that concern a center, an expert or the clock."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from qcc.centers.models import Center
from qcc.experts.models import (
    Expert,
    Filing,
    MemberChange,
    MemberConsent,
    Panel,
    PanelMember,
)
from qcc.experts.permissions import (
    panel_is_visible_to,
)
from qcc.experts.workflow import ENDED, SERVING, PanelState
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.papers import Paper, PaperState
from qcc.kernel.permissions import Actor
from qcc.organizations.models import Person

IS_MEMBER = sa.and_(PanelMember.removed_at.is_(None), PanelMember.is_candidate.is_(False))
"""Not removed, and more than proposed as somebody's successor."""

_MEMBERS = (
    selectinload(Panel.members).options(
        joinedload(PanelMember.expert).joinedload(Expert.person).joinedload(Person.employer),
        selectinload(PanelMember.consents).options(
            joinedload(MemberConsent.organization), joinedload(MemberConsent.answerer)
        ),
        joinedload(PanelMember.group),
    ),
    selectinload(Panel.groups),
    selectinload(Panel.filings).options(
        joinedload(Filing.center),
        joinedload(Filing.organization),
        joinedload(Filing.receiver_person),
        joinedload(Filing.change).options(
            joinedload(MemberChange.member)
            .joinedload(PanelMember.expert)
            .joinedload(Expert.person),
            joinedload(MemberChange.candidate)
            .joinedload(PanelMember.expert)
            .joinedload(Expert.person),
        ),
    ),
)


def _visible(actor: Actor) -> sa.Select[Panel]:
    return sa.select(Panel).join(Panel.center).where(panel_is_visible_to(actor))


def list_panels(
    actor: Actor,
    *,
    state: PanelState | None = None,
    center_id: int | None = None,
    after: int = 0,
    limit: int = 50,
) -> Sequence[Any]:
    """A page of panels, newest first: the columns that the list shows."""
    present = (
        sa.select(sa.func.count())
        .where(PanelMember.panel_id == Panel.id, IS_MEMBER)
        .scalar_subquery()
    )
    found = (
        sa.select(
            Panel.id,
            Center.name.label("center"),
            Center.place,
            Panel.term_number,
            Panel.term_start,
            Panel.term_end,
            Panel.state,
            present.label("members"),
        )
        .join(Panel.center)
        .where(panel_is_visible_to(actor))
    )
    if state:
        found = found.where(Panel.state == state)
    if center_id:
        found = found.where(Panel.center_id == center_id)
    if after:
        found = found.where(Panel.id < after)
    return db.session.execute(found.order_by(Panel.id.desc()).limit(limit)).all()


def get_panel(actor: Actor, panel_id: int) -> Panel:
    """One panel with members, groups, consents and filings, in a fixed number of queries."""
    panel = db.session.scalars(
        _visible(actor)
        .where(Panel.id == panel_id)
        .options(contains_eager(Panel.center).joinedload(Center.jurisdiction), *_MEMBERS)
    ).one_or_none()
    if panel is None:
        raise NotFound
    return panel


def get_panel_center_id(actor: Actor, panel_id: int) -> int:
    """The center of a panel that the actor may see; raises NotFound."""
    found: int | None = db.session.scalar(
        _visible(actor).where(Panel.id == panel_id).with_only_columns(Panel.center_id)
    )
    if found is None:
        raise NotFound
    return found


def lock_panel(actor: Actor, panel_id: int) -> Panel:
    """A panel that the actor may see, locked until the transaction ends."""
    panel = db.session.scalars(
        _visible(actor)
        .where(Panel.id == panel_id)
        .options(contains_eager(Panel.center), *_MEMBERS)
        .with_for_update(of=Panel, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if panel is None:
        raise NotFound
    return panel


def lock_any_panel(panel_id: int) -> Panel:
    """A panel for services that have checked their own scope (consents, filings, the clock)."""
    return db.session.scalars(
        sa.select(Panel)
        .join(Panel.center)
        .where(Panel.id == panel_id)
        .options(contains_eager(Panel.center), *_MEMBERS)
        .with_for_update(of=Panel, key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def get_member(panel: Panel, member_id: int) -> PanelMember:
    """A present member of the panel; raises NotFound."""
    for member in panel.present_members:
        if member.id == member_id:
            return member
    raise NotFound


def last_panel(center_id: int) -> Panel | None:
    """The newest panel of a center."""
    return db.session.scalars(
        sa.select(Panel).filter_by(center_id=center_id).order_by(Panel.term_number.desc()).limit(1)
    ).first()


def list_serving_terms(center_id: int) -> Sequence[Any]:
    """Id and term of a center's panels that are approved and have not ended."""
    return db.session.execute(
        sa.select(Panel.id, Panel.term_start, Panel.term_end)
        .where(Panel.center_id == center_id, Panel.state.in_(SERVING))
        .order_by(Panel.term_start)
    ).all()


def list_live_panels(center_id: int) -> Sequence[Panel]:
    """Panels of a center that serve or are being prepared, locked."""
    return db.session.scalars(
        sa.select(Panel)
        .where(Panel.center_id == center_id, Panel.state.not_in(ENDED))
        .options(joinedload(Panel.center, innerjoin=True), *_MEMBERS)
        .with_for_update(of=Panel, key_share=True)
        .execution_options(populate_existing=True)
        .order_by(Panel.id)
    ).all()


def list_panels_with(expert_id: int) -> Sequence[Panel]:
    """Panels that an expert is on and that have not ended, locked."""
    here = sa.select(PanelMember.panel_id).where(
        PanelMember.expert_id == expert_id, PanelMember.removed_at.is_(None)
    )
    return db.session.scalars(
        sa.select(Panel)
        .where(Panel.id.in_(here), Panel.state.not_in(ENDED))
        .options(joinedload(Panel.center, innerjoin=True), *_MEMBERS)
        .with_for_update(of=Panel, key_share=True)
        .execution_options(populate_existing=True)
        .order_by(Panel.id)
    ).all()


def list_panels_ending_before(limit: date) -> Sequence[Any]:
    """Approved panels, not yet ended, whose term ends before the day: id, end of the term, state,
    and of which warning the center was told last."""
    return db.session.execute(
        sa.select(Panel.id, Panel.term_end, Panel.state, Panel.warned_days)
        .where(Panel.state.in_(SERVING), Panel.term_end < limit)
        .order_by(Panel.id)
    ).all()


def list_issued_letters(panel_id: int) -> set[int]:
    """The members of a panel whose letter of appointment has been issued."""
    return set(
        db.session.scalars(
            sa.select(Paper.subject_id)
            .join(
                PanelMember,
                sa.and_(Paper.subject_type == "panel_member", Paper.subject_id == PanelMember.id),
            )
            .where(PanelMember.panel_id == panel_id, Paper.state == PaperState.ISSUED)
        )
    )


def list_letters(panel_id: int) -> list[Paper]:
    """The newest letter of appointment of each present member, in the order of the roster."""
    found = db.session.scalars(
        sa.select(Paper)
        .join(PanelMember, PanelMember.id == Paper.subject_id)
        .where(
            Paper.subject_type == "panel_member",
            PanelMember.panel_id == panel_id,
            PanelMember.removed_at.is_(None),
        )
        .options(joinedload(Paper.file))
        .order_by(PanelMember.id, Paper.round)
    )
    return list({paper.subject_id: paper for paper in found}.values())


def get_panel_summary(panel_id: int) -> Any:
    """Center and term of a panel, for those who are asked for a consent to it."""
    return db.session.execute(
        sa.select(Center.name.label("center"), Panel.term_start, Panel.term_end, Panel.state)
        .join(Panel.center)
        .where(Panel.id == panel_id)
    ).one()
