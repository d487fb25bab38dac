"""Consents and filings, within what is asked of or sent to the actor."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

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
    consent_is_asked_of,
    filing_is_sent_to,
)
from qcc.experts.rules import Consent
from qcc.experts.workflow import SERVING, PanelState
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.files import StoredFile
from qcc.infra.listing import waiting_first
from qcc.kernel.permissions import Actor
from qcc.kernel.places import parent_code
from qcc.organizations.models import Organization, Person

IS_AWAITED = sa.and_(
    MemberConsent.state == Consent.MISSING,
    MemberConsent.employer_id == Person.employer_id,
    PanelMember.removed_at.is_(None),
    sa.or_(
        sa.and_(PanelMember.is_candidate.is_(False), Panel.state == PanelState.COLLECTING),
        sa.and_(PanelMember.is_candidate.is_(True), Panel.state.in_(SERVING)),
    ),
)
"""An answer is awaited: consents of the panel are collected, or those for a successor."""


def list_consents(
    actor: Actor, *, only_open: bool = False, after: int = 0, limit: int
) -> Sequence[Any]:
    """Consents that the actor's organization is asked for: those that are awaited, the longest
    waiting first; then the others, the newest first."""
    turn = waiting_first(IS_AWAITED, MemberConsent.id)
    found = (
        sa.select(
            turn.label("turn"),
            MemberConsent.id,
            MemberConsent.version,
            MemberConsent.kind,
            MemberConsent.state,
            MemberConsent.asked_at,
            MemberConsent.answered_at,
            IS_AWAITED.label("is_open"),
            Person.name.label("expert"),
            Organization.name.label("employer"),
            Center.name.label("center"),
        )
        .join(PanelMember, PanelMember.id == MemberConsent.member_id)
        .join(Panel, Panel.id == PanelMember.panel_id)
        .join(Center, Center.id == Panel.center_id)
        .join(Expert, Expert.id == PanelMember.expert_id)
        .join(Person, Person.id == Expert.person_id)
        .outerjoin(Organization, Organization.id == Person.employer_id)
        .where(consent_is_asked_of(actor), turn > after)
    )
    if only_open:
        found = found.where(IS_AWAITED)
    return db.session.execute(found.order_by(turn).limit(limit)).all()


def get_consent(actor: Actor, consent_id: int) -> MemberConsent:
    """One consent that the actor's organization is asked for; raises NotFound."""
    consent = db.session.scalars(
        sa.select(MemberConsent)
        .where(MemberConsent.id == consent_id, consent_is_asked_of(actor))
        .options(
            joinedload(MemberConsent.organization),
            joinedload(MemberConsent.member).options(
                joinedload(PanelMember.expert)
                .joinedload(Expert.person)
                .joinedload(Person.employer),
                joinedload(PanelMember.panel),
            ),
        )
    ).one_or_none()
    if consent is None:
        raise NotFound
    return consent


def find_authority(place: str) -> Organization | None:
    """The health authority of a place: the commission of the county, else of the city above."""
    at: str | None = place
    while at:
        found = db.session.scalars(
            sa.select(Organization).filter_by(kind="commission", place=at).limit(1)
        ).first()
        if found:
            return found
        at = parent_code(at)
    return None


_MAY_BE_RECEIVED = sa.and_(Filing.received_at.is_(None), Panel.state.in_(SERVING))
"""A receipt is awaited: nothing is filed of a panel that has ended."""


def list_filings(
    actor: Actor, *, only_open: bool = False, after: int = 0, limit: int
) -> Sequence[Any]:
    """Filings sent to the actor's desk: those to be received, the longest waiting first; then the
    others, the newest first. With each who leaves and who follows, if it is of a replacement."""
    turn = waiting_first(_MAY_BE_RECEIVED, Filing.id)
    member, successor = aliased(PanelMember), aliased(PanelMember)
    found = (
        sa.select(
            turn.label("turn"),
            Filing.id,
            Filing.version,
            Filing.panel_id,
            Filing.sent_at,
            Filing.received_at,
            Filing.number,
            _MAY_BE_RECEIVED.label("is_open"),
            Panel.term_start,
            Panel.term_end,
            Center.name.label("center"),
            _name_of(member).label("leaves"),
            _name_of(successor).label("follows"),
        )
        .join(Panel, Panel.id == Filing.panel_id)
        .join(Center, Center.id == Panel.center_id)
        .outerjoin(MemberChange, MemberChange.id == Filing.change_id)
        .outerjoin(member, member.id == MemberChange.member_id)
        .outerjoin(successor, successor.id == MemberChange.candidate_id)
        .where(filing_is_sent_to(actor), turn > after)
    )
    if only_open:
        found = found.where(_MAY_BE_RECEIVED)
    return db.session.execute(found.order_by(turn).limit(limit)).all()


def _name_of(member: type[PanelMember]) -> sa.ScalarSelect[str]:
    found = sa.select(Person.name).join(Expert, Expert.person_id == Person.id)
    return found.where(Expert.id == member.expert_id).scalar_subquery()


def list_receipts_on_paper(center_id: int, limit: int = 20) -> Sequence[Any]:
    """Filings of a center's panels whose receipt comes on paper and is not on record yet."""
    return db.session.execute(
        sa.select(Filing.id, Filing.panel_id, Filing.sent_at, Center.name.label("center"))
        .join(Panel, Panel.id == Filing.panel_id)
        .join(Center, Center.id == Panel.center_id)
        .where(
            Panel.center_id == center_id,
            Filing.organization_id.is_(None),
            Filing.center_id.is_(None),
            _MAY_BE_RECEIVED,
        )
        .order_by(Filing.id)
        .limit(limit)
    ).all()


def get_filing(actor: Actor, filing_id: int) -> Filing:
    """A filing sent to the actor's desk; raises NotFound."""
    filing = db.session.scalars(
        sa.select(Filing).where(Filing.id == filing_id, filing_is_sent_to(actor))
    ).one_or_none()
    if filing is None:
        raise NotFound
    return filing


def find_upper_center(center: Center) -> Center | None:
    """The nearest center of the same kind and specialty at a higher level: that of the city, else
    of the province; None if there is none yet."""
    above = parent_code(center.place)
    while above:
        found = db.session.scalars(
            sa.select(Center).where(
                Center.kind == center.kind,
                Center.specialty_id == center.specialty_id,
                Center.place == above,
                Center.state.in_(("established", "rectifying")),
            )
        ).first()
        if found:
            return found
        above = parent_code(above)
    return None


def get_own_upload(actor: Actor, file_id: int) -> StoredFile:
    """A file that the actor themselves uploaded; raises NotFound."""
    stored = db.session.scalars(
        sa.select(StoredFile).filter_by(
            id=file_id, uploaded_by=actor.user_id, organization_id=actor.organization_id
        )
    ).one_or_none()
    if stored is None:
        raise NotFound
    return stored
