"""What the clock looks through each morning: consents, ages of members, ends of terms."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from qcc.centers.models import Center
from qcc.experts.models import Expert, MemberConsent, Panel, PanelMember
from qcc.experts.queries.consents import IS_AWAITED
from qcc.experts.queries.panels import IS_MEMBER
from qcc.experts.rules.reminders import REELECTION_DAYS
from qcc.experts.workflow import IN_PREPARATION, SERVING
from qcc.infra.db import db, read
from qcc.kernel.reminders import DAY, LONGEST_BREAK
from qcc.organizations.models import Organization, Person


def list_awaited_consents() -> Sequence[Any]:
    """Every consent that is awaited: of whom, for which panel, since when; oldest first."""
    return db.session.execute(
        sa.select(
            MemberConsent.organization_id,
            Organization.kind,
            MemberConsent.asked_at,
            Panel.id.label("panel_id"),
            Center.id.label("center_id"),
            Center.name.label("center"),
        )
        .join(PanelMember, PanelMember.id == MemberConsent.member_id)
        .join(Panel, Panel.id == PanelMember.panel_id)
        .join(Center, Center.id == Panel.center_id)
        .join(Expert, Expert.id == PanelMember.expert_id)
        .join(Person, Person.id == Expert.person_id)
        .join(Organization, Organization.id == MemberConsent.organization_id)
        .where(IS_AWAITED)
        .order_by(MemberConsent.asked_at, MemberConsent.id)
    ).all()


def list_ages() -> Sequence[Any]:
    """Birth date and panel of every member that serves."""
    return read(
        sa.select(
            PanelMember.id,
            Person.name,
            Person.birth_date,
            Panel.id.label("panel_id"),
            Panel.rulebook_version,
            Panel.term_start,
            Center.id.label("center_id"),
            Center.name.label("center"),
            Center.place,
        )
        .join(Panel, Panel.id == PanelMember.panel_id)
        .join(Center, Center.id == Panel.center_id)
        .join(Expert, Expert.id == PanelMember.expert_id)
        .join(Person, Person.id == Expert.person_id)
        .where(IS_MEMBER, Panel.state.in_(SERVING), Person.birth_date.is_not(None))
        .order_by(Panel.id, PanelMember.id)
    ).all()


def list_terms_ending(today: date) -> Sequence[Any]:
    """Serving panels whose term ends in the next months, and whether the next is in preparation."""
    following = aliased(Panel)
    has_next = sa.exists().where(
        following.center_id == Panel.center_id,
        sa.or_(
            following.state.in_(IN_PREPARATION),
            sa.and_(following.state.in_(SERVING), following.term_start > Panel.term_end),
        ),
    )
    return db.session.execute(
        sa.select(
            Panel.id,
            Panel.term_end,
            Center.id.label("center_id"),
            Center.name.label("center"),
            Center.place,
            has_next.label("has_next"),
        )
        .join(Panel.center)
        .where(
            Panel.state.in_(SERVING),
            Panel.term_end >= today,
            Panel.term_end <= today + LONGEST_BREAK + REELECTION_DAYS[0] * DAY,
        )
        .order_by(Panel.id)
    ).all()
