"""Reads about experts, panels, consents and filings, within what concerns the actor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from qcc.centers.models import Center, Hosting, Officer
from qcc.experts.models import (
    Employment,
    Expert,
    Filing,
    MemberConsent,
    Panel,
    PanelGroup,
    PanelMember,
)
from qcc.experts.permissions import consent_is_asked_of, filing_is_sent_to, panel_is_visible_to
from qcc.experts.rules import Consent
from qcc.experts.workflow import PanelState
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.files import StoredFile
from qcc.infra.sealing import keyed_hash
from qcc.kernel.permissions import Actor
from qcc.kernel.places import parent_code, subtree_prefix
from qcc.organizations.models import Organization, Person

_MEMBERS = (
    selectinload(Panel.members).options(
        joinedload(PanelMember.expert).joinedload(Expert.person).joinedload(Person.employer),
        selectinload(PanelMember.consents).joinedload(MemberConsent.organization),
        joinedload(PanelMember.group),
    ),
    selectinload(Panel.groups),
    selectinload(Panel.filings),
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
        .where(PanelMember.panel_id == Panel.id, PanelMember.removed_at.is_(None))
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


def lock_panel(actor: Actor, panel_id: int) -> Panel:
    """A panel that the actor may see, locked until the transaction ends."""
    panel = db.session.scalars(
        _visible(actor)
        .where(Panel.id == panel_id)
        .options(contains_eager(Panel.center), *_MEMBERS)
        .with_for_update(of=Panel)
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
        .with_for_update(of=Panel)
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


def list_serving_panels(center_id: int) -> Sequence[Panel]:
    """Panels of a center that are approved and have not ended."""
    states = (PanelState.APPROVED, PanelState.FILED, PanelState.EXPIRING)
    return db.session.scalars(
        sa.select(Panel)
        .where(Panel.center_id == center_id, Panel.state.in_(states))
        .options(*_MEMBERS)
        .order_by(Panel.term_start)
    ).all()


def list_prepared_panels(center_id: int) -> Sequence[Panel]:
    """Panels of a center that are being prepared."""
    states = (PanelState.DRAFT, PanelState.COLLECTING, PanelState.UNDER_REVIEW)
    return db.session.scalars(
        sa.select(Panel)
        .where(Panel.center_id == center_id, Panel.state.in_(states))
        .options(*_MEMBERS)
    ).all()


def list_panels_with(expert_id: int) -> Sequence[Panel]:
    """Panels that an expert is on and that have not ended."""
    ended = (PanelState.EXPIRED, PanelState.DISSOLVED)
    here = sa.select(PanelMember.panel_id).where(
        PanelMember.expert_id == expert_id, PanelMember.removed_at.is_(None)
    )
    return db.session.scalars(
        sa.select(Panel)
        .where(Panel.id.in_(here), Panel.state.not_in(ended))
        .options(joinedload(Panel.center), *_MEMBERS)
        .order_by(Panel.id)
    ).all()


def list_consents(actor: Actor, *, only_open: bool = False, limit: int = 200) -> Sequence[Any]:
    """Consents that the actor's organization is asked for, those that wait longest first."""
    found = (
        sa.select(
            MemberConsent.id,
            MemberConsent.kind,
            MemberConsent.state,
            MemberConsent.asked_at,
            MemberConsent.answered_at,
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
        .where(consent_is_asked_of(actor))
    )
    if only_open:
        found = found.where(
            MemberConsent.state == Consent.MISSING,
            PanelMember.removed_at.is_(None),
            Panel.state == PanelState.COLLECTING,
        )
    order = (MemberConsent.answered_at.is_not(None), MemberConsent.asked_at, MemberConsent.id)
    return db.session.execute(found.order_by(*order).limit(limit)).all()


def get_consent(actor: Actor, consent_id: int) -> MemberConsent:
    """One consent that the actor's organization is asked for; raises NotFound."""
    consent = db.session.scalars(
        sa.select(MemberConsent)
        .where(MemberConsent.id == consent_id, consent_is_asked_of(actor))
        .options(
            joinedload(MemberConsent.organization),
            joinedload(MemberConsent.member)
            .joinedload(PanelMember.expert)
            .joinedload(Expert.person)
            .joinedload(Person.employer),
        )
    ).one_or_none()
    if consent is None:
        raise NotFound
    return consent


def list_filings(actor: Actor, *, only_open: bool = False) -> Sequence[Filing]:
    """Filings sent to the actor's desk, those not received first."""
    found = sa.select(Filing).join(Filing.panel).where(filing_is_sent_to(actor))
    if only_open:
        found = found.where(Filing.received_at.is_(None))
    return db.session.scalars(
        found.options(contains_eager(Filing.panel).joinedload(Panel.center))
        .order_by(Filing.received_at.is_not(None), Filing.sent_at, Filing.id)
        .limit(200)
    ).all()


def get_filing(actor: Actor, filing_id: int) -> Filing:
    """A filing sent to the actor's desk; raises NotFound."""
    filing = db.session.scalars(
        sa.select(Filing).where(Filing.id == filing_id, filing_is_sent_to(actor))
    ).one_or_none()
    if filing is None:
        raise NotFound
    return filing


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


def find_upper_center(center: Center) -> Center | None:
    """The center of the same kind and specialty one level up, if it has been set up."""
    above = parent_code(center.place)
    return db.session.scalars(
        sa.select(Center).where(
            Center.kind == center.kind,
            Center.specialty_id == center.specialty_id,
            Center.place == above,
            Center.state.in_(("established", "rectifying")),
        )
    ).first()


def find_expert_by_identity(number: str) -> Expert | None:
    """The expert of an identity number, by its keyed hash."""
    return db.session.scalars(
        sa.select(Expert).filter_by(identity_hash=keyed_hash(number))
    ).one_or_none()


def find_expert_of(person_id: int) -> Expert | None:
    """The expert that a person is, if any."""
    return db.session.scalars(sa.select(Expert).filter_by(person_id=person_id)).one_or_none()


@dataclass(frozen=True, slots=True)
class ExpertFilter:
    """What a search of experts is narrowed to."""

    search: str = ""
    employer: str = ""
    specialty: str = ""
    rank: str = ""
    place: str = ""
    identity: str = ""


def _experts(actor: Actor, wanted: ExpertFilter, columns: Sequence[Any]) -> sa.Select[Any]:
    province = subtree_prefix(actor.place)[:2]
    found = (
        sa.select(*columns)
        .join(Person, Person.id == Expert.person_id)
        .join(Organization, Organization.id == Person.employer_id)
        .where(Organization.place.startswith(province))
    )
    if wanted.search:
        found = found.where(Person.search_text.contains(wanted.search.lower(), autoescape=True))
    if wanted.employer:
        text = wanted.employer.lower()
        found = found.where(Organization.search_text.contains(text, autoescape=True))
    if wanted.specialty:
        found = found.where(Expert.specialty == wanted.specialty)
    if wanted.rank:
        found = found.where(Expert.rank == wanted.rank)
    if wanted.place:
        found = found.where(Organization.place.startswith(subtree_prefix(wanted.place)))
    if wanted.identity:
        found = found.where(Expert.identity_hash == keyed_hash(wanted.identity))
    return found


EXPERT_COLUMNS = (
    Expert.id,
    Expert.code,
    Person.name,
    Person.sex,
    Person.birth_date,
    Person.title,
    Person.post,
    Expert.rank,
    Expert.specialty,
    Expert.practised_since,
    Organization.name.label("employer"),
    Organization.place,
)


def list_experts(
    actor: Actor, wanted: ExpertFilter | None = None, *, after: int = 0, limit: int = 50
) -> Sequence[Any]:
    """A page of the experts of the actor's province, by id."""
    found = _experts(actor, wanted or ExpertFilter(), EXPERT_COLUMNS).where(Expert.id > after)
    return db.session.execute(found.order_by(Expert.id).limit(limit)).all()


def count_experts(actor: Actor, wanted: ExpertFilter | None = None) -> int:
    """How many experts the search finds."""
    counted = _experts(actor, wanted or ExpertFilter(), [sa.func.count(Expert.id)])
    return db.session.scalar(counted) or 0


def get_expert(actor: Actor, code: str) -> Expert:
    """One expert of the actor's province; raises NotFound."""
    province = subtree_prefix(actor.place)[:2]
    expert = db.session.scalars(
        sa.select(Expert)
        .join(Expert.person)
        .join(Person.employer)
        .where(Expert.code == code, Organization.place.startswith(province))
        .options(contains_eager(Expert.person).contains_eager(Person.employer))
    ).one_or_none()
    if expert is None:
        raise NotFound
    return expert


def list_employments(person_id: int) -> Sequence[Employment]:
    """Where a person was employed, newest first."""
    return db.session.scalars(
        sa.select(Employment)
        .filter_by(person_id=person_id)
        .options(joinedload(Employment.organization))
        .order_by(Employment.started_on.desc(), Employment.id.desc())
    ).all()


def list_memberships(expert_id: int) -> Sequence[Any]:
    """On which panels an expert is or was."""
    return db.session.execute(
        sa.select(
            Center.name.label("center"),
            Panel.id,
            Panel.term_start,
            Panel.term_end,
            Panel.state,
            PanelMember.role,
            PanelMember.removed_at,
        )
        .join(Panel, Panel.id == PanelMember.panel_id)
        .join(Center, Center.id == Panel.center_id)
        .where(PanelMember.expert_id == expert_id)
        .order_by(Panel.term_start.desc())
    ).all()


def list_panels_ending_before(limit: date) -> Sequence[int]:
    """Approved panels, not yet ended, whose term ends before the day."""
    states = (PanelState.APPROVED, PanelState.FILED, PanelState.EXPIRING)
    return db.session.scalars(
        sa.select(Panel.id)
        .where(Panel.state.in_(states), Panel.term_end < limit)
        .order_by(Panel.id)
    ).all()


def get_panel_summary(panel_id: int) -> Any:
    """Center and term of a panel, for those who are asked for a consent to it."""
    return db.session.execute(
        sa.select(Center.name.label("center"), Panel.term_start, Panel.term_end, Panel.state)
        .join(Panel.center)
        .where(Panel.id == panel_id)
    ).one()


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


_PUBLIC = ("established", "rectifying")


def get_public_center(center_id: int) -> Any:
    """Name and host of an established center; raises NotFound."""
    row = db.session.execute(
        sa.select(Center.id, Center.name, Organization.name.label("host"), Hosting.started_on)
        .join(Hosting, sa.and_(Hosting.center_id == Center.id, Hosting.ended_on.is_(None)))
        .join(Organization, Organization.id == Hosting.institution_id)
        .where(Center.id == center_id, Center.state.in_(_PUBLIC))
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def list_public_officers(center_id: int) -> Sequence[Any]:
    """Present officers of a center by name, employer and post only."""
    return db.session.execute(
        sa.select(Officer.post, Person.name, Organization.name.label("employer"))
        .join(Hosting, Hosting.id == Officer.hosting_id)
        .join(Person, Person.id == Officer.person_id)
        .outerjoin(Organization, Organization.id == Person.employer_id)
        .where(
            Hosting.center_id == center_id, Hosting.ended_on.is_(None), Officer.ended_on.is_(None)
        )
        .order_by(Officer.id)
    ).all()


def list_public_members(center_id: int) -> Sequence[Any]:
    """Members of the panel that serves, by name, employer and role only."""
    states = (PanelState.APPROVED, PanelState.FILED, PanelState.EXPIRING)
    return db.session.execute(
        sa.select(
            PanelMember.role,
            PanelMember.leads_group,
            PanelGroup.name.label("group"),
            Person.name,
            Organization.name.label("employer"),
        )
        .join(Panel, Panel.id == PanelMember.panel_id)
        .join(Expert, Expert.id == PanelMember.expert_id)
        .join(Person, Person.id == Expert.person_id)
        .outerjoin(Organization, Organization.id == Person.employer_id)
        .outerjoin(PanelGroup, PanelGroup.id == PanelMember.group_id)
        .where(
            Panel.center_id == center_id,
            Panel.state.in_(states),
            PanelMember.removed_at.is_(None),
        )
        .order_by(PanelMember.id)
    ).all()
