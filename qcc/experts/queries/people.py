"""Experts: search, one of them, employment, memberships."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from qcc.centers.models import Center
from qcc.experts.models import (
    Employment,
    Expert,
    Panel,
    PanelMember,
)
from qcc.experts.permissions import (
    CENTER_ROLES,
    panel_is_visible_to,
)
from qcc.experts.workflow import ENDED
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.infra.places import begins
from qcc.infra.sealing import keyed_hash
from qcc.kernel.permissions import Actor, Role
from qcc.kernel.places import subtree_prefix
from qcc.organizations.models import Organization, Person


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


def _experts(actor: Actor, wanted: ExpertFilter, columns: Sequence[Any]) -> sa.Select[Any]:
    province = subtree_prefix(actor.place)[:2]
    found = (
        sa.select(*columns)
        .join(Person, Person.id == Expert.person_id)
        .join(Organization, Organization.id == Person.employer_id)
        .where(begins(Organization.place, province))
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
        found = found.where(begins(Organization.place, subtree_prefix(wanted.place)))
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
        .where(Expert.code == code, begins(Organization.place, province))
        .options(contains_eager(Expert.person).contains_eager(Person.employer))
    ).one_or_none()
    if expert is None:
        raise NotFound
    return expert


def lock_expert(actor: Actor, code: str) -> Expert:
    """The same, locked until the transaction ends."""
    found = get_expert(actor, code)
    return db.session.scalars(
        sa.select(Expert)
        .where(Expert.id == found.id)
        .options(joinedload(Expert.person, innerjoin=True).joinedload(Person.employer))
        .with_for_update(of=Expert, key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def is_expert_editable_by(actor: Actor, expert: Expert) -> bool:
    """Whether the actor may correct the particulars: a commission those of experts employed in its
    place; a center those of its own panels' experts, and of experts who are on nobody's."""
    if actor.role is Role.COMMISSION_OFFICER:
        employer = expert.person.employer
        return employer is not None and employer.place.startswith(subtree_prefix(actor.place))
    if actor.role not in CENTER_ROLES:
        return False
    centers = set(
        db.session.scalars(
            sa.select(Panel.center_id)
            .join(PanelMember, PanelMember.panel_id == Panel.id)
            .where(
                PanelMember.expert_id == expert.id,
                PanelMember.removed_at.is_(None),
                Panel.state.not_in(ENDED),
            )
        )
    )
    return not centers or actor.center_id in centers


def is_in_province_of(actor: Actor, expert: Expert) -> bool:
    """Whether the expert is employed in the actor's province."""
    employer = expert.person.employer
    return employer is not None and employer.place.startswith(subtree_prefix(actor.place)[:2])


def list_employments(person_id: int) -> Sequence[Employment]:
    """Where a person was employed, newest first."""
    return db.session.scalars(
        sa.select(Employment)
        .filter_by(person_id=person_id)
        .options(joinedload(Employment.organization))
        .order_by(Employment.started_on.desc(), Employment.id.desc())
    ).all()


def list_memberships(actor: Actor, expert_id: int) -> Sequence[Any]:
    """On which panels an expert is or was: those that were approved, and of those in preparation
    the ones that the actor may see."""
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
        .where(
            PanelMember.expert_id == expert_id,
            PanelMember.is_candidate.is_(False),
            sa.or_(Panel.approved_at.is_not(None), panel_is_visible_to(actor)),
        )
        .order_by(Panel.term_start.desc(), Panel.id)
    ).all()


class KnownExpert(NamedTuple):
    """An expert whom a center may call upon, and whether they are on its panel."""

    code: str
    person_id: int
    name: str
    employer: str
    is_on_panel: bool


MOST_KNOWN = 400


def list_known_experts(center: Center) -> list[KnownExpert]:
    """The experts of a center's panels that have not ended, then those registered with its
    specialty in its province; by name."""
    on_panel = (
        sa.select(PanelMember.id)
        .join(Panel)
        .where(
            PanelMember.expert_id == Expert.id,
            PanelMember.removed_at.is_(None),
            Panel.center_id == center.id,
            Panel.state.not_in(ENDED),
        )
        .exists()
    )
    of_specialty = sa.and_(
        Expert.specialty == center.specialty.name,
        begins(Organization.place, subtree_prefix(center.place)[:2]),
    )
    found = (
        sa.select(Expert.code, Person.id, Person.name, Organization.name, on_panel)
        .join(Person, Person.id == Expert.person_id)
        .join(Organization, Organization.id == Person.employer_id)
        .where(sa.or_(on_panel, of_specialty))
        .order_by(on_panel.desc(), Person.name, Expert.id)
        .limit(MOST_KNOWN)
    )
    return [KnownExpert(*row) for row in db.session.execute(found)]
