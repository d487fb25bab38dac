"""Reads about centers, their hosts and officers, each within the directory the actor reads."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from qcc.accounts.models import RoleAssignment
from qcc.centers.models import Center, Hosting, Officer, OfficerChange, Specialty
from qcc.centers.permissions import in_own_province
from qcc.centers.rules import OfficerPost
from qcc.centers.workflow import CenterState, ChangeState
from qcc.infra.db import db
from qcc.infra.errors import NotFound
from qcc.kernel.permissions import Actor
from qcc.kernel.places import Level, subtree_prefix
from qcc.organizations.models import Jurisdiction, Organization, Person
from qcc.regulations.catalogs import CenterKind

UNDECIDED = (ChangeState.OPEN, ChangeState.PROPOSED)
POST_ORDER = sa.case({post: at for at, post in enumerate(OfficerPost)}, value=Officer.post)


def get_center(actor: Actor, center_id: int) -> Center:
    """One center of the actor's directory, with specialty and place; raises NotFound."""
    center = db.session.scalars(
        sa.select(Center)
        .where(Center.id == center_id, in_own_province(actor, Center.place))
        .options(joinedload(Center.specialty), joinedload(Center.jurisdiction))
    ).one_or_none()
    if center is None:
        raise NotFound
    return center


def lock_center(center_id: int) -> Center:
    """A center, locked until the transaction ends and read anew; raises NotFound.

    For services, after they have checked their own scope.
    """
    center = db.session.scalars(
        sa.select(Center)
        .where(Center.id == center_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if center is None:
        raise NotFound
    return center


def count_rivals(center: Center) -> int:
    """How many other centers of the kind the specialty has in the place that are not closed."""
    return _count_active(center.kind, center.specialty_id, center.place, except_for=center.id)


def count_active(kind: CenterKind, specialty_id: int, place: str) -> int:
    """How many centers of the kind the specialty has in the place that are not closed."""
    return _count_active(kind, specialty_id, place, except_for=0)


def _count_active(kind: CenterKind, specialty_id: int, place: str, except_for: int) -> int:
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Center)
            .where(
                Center.kind == kind,
                Center.specialty_id == specialty_id,
                Center.place == place,
                Center.state != CenterState.CLOSED,
                Center.id != except_for,
            )
        )
        or 0
    )


def current_hosting(center_id: int) -> Hosting | None:
    """The hosting that has not ended, with its institution."""
    return db.session.scalars(
        sa.select(Hosting)
        .filter_by(center_id=center_id, ended_on=None)
        .options(joinedload(Hosting.institution))
    ).one_or_none()


def has_been_hosted(center_id: int) -> bool:
    """Whether the center ever had a host."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Hosting.center_id == center_id))))


def list_hostings(center_id: int) -> Sequence[Hosting]:
    """All hostings of a center, newest first."""
    return db.session.scalars(
        sa.select(Hosting)
        .filter_by(center_id=center_id)
        .options(joinedload(Hosting.institution))
        .order_by(Hosting.started_on.desc(), Hosting.id.desc())
    ).all()


def list_officers(hosting_id: int) -> Sequence[Officer]:
    """The present officers of a hosting, by post, with their persons and employers."""
    return db.session.scalars(
        sa.select(Officer)
        .filter_by(hosting_id=hosting_id, ended_on=None)
        .options(joinedload(Officer.person).joinedload(Person.employer))
        .order_by(POST_ORDER, Officer.id)
    ).all()


def list_callable_centers(actor: Actor) -> Sequence[Center]:
    """Planned or vacant centers of exactly the actor's own place: those a call may open."""
    return db.session.scalars(
        sa.select(Center)
        .where(
            Center.place == actor.place,
            Center.state.in_((CenterState.PLANNED, CenterState.VACANT)),
            in_own_province(actor, Center.place),
        )
        .options(joinedload(Center.specialty))
        .order_by(Center.id)
    ).all()


@dataclass(frozen=True, slots=True)
class CenterFilter:
    """What the reader of the directory looks for; nothing given means everything."""

    search: str = ""
    level: Level | None = None
    place: str = ""
    kind: CenterKind | None = None
    specialty_id: int | None = None
    state: CenterState | None = None

    @property
    def words(self) -> list[str]:
        """What must all stand in the name, in characters, pinyin or initials."""
        return self.search.lower().split()


EVERYTHING = CenterFilter()


def _conditions(actor: Actor, wanted: CenterFilter) -> list[sa.ColumnElement[bool]]:
    found = [
        in_own_province(actor, Center.place),
        *(Center.search_text.contains(word, autoescape=True) for word in wanted.words),
    ]
    if wanted.level:
        found.append(Jurisdiction.level == wanted.level)
    if wanted.place:
        found.append(Center.place.startswith(subtree_prefix(wanted.place)))
    if wanted.kind:
        found.append(Center.kind == wanted.kind)
    if wanted.specialty_id:
        found.append(Center.specialty_id == wanted.specialty_id)
    if wanted.state:
        found.append(Center.state == wanted.state)
    return found


_ROW = (
    sa.select(
        Center.id,
        Center.name,
        Center.kind,
        Center.state,
        sa.func.coalesce(sa.func.nullif(Organization.short_name, ""), Organization.name).label(
            "host"
        ),
        Jurisdiction.full_name.label("place"),
    )
    .join(Jurisdiction, Jurisdiction.code == Center.place)
    .outerjoin(Hosting, sa.and_(Hosting.center_id == Center.id, Hosting.ended_on.is_(None)))
    .outerjoin(Organization, Organization.id == Hosting.institution_id)
    .order_by(Center.id)
)


def list_centers(
    actor: Actor, wanted: CenterFilter = EVERYTHING, *, after: int = 0, limit: int = 51
) -> Sequence[sa.Row[tuple[int, str, CenterKind, CenterState, str | None, str]]]:
    """A page of the directory by id, those after *after*: only the columns that it shows."""
    return db.session.execute(
        _ROW.where(Center.id > after, *_conditions(actor, wanted)).limit(limit)
    ).all()


def count_centers(actor: Actor, wanted: CenterFilter = EVERYTHING) -> int:
    """How many centers the directory has for the filter."""
    counted = sa.select(sa.func.count()).select_from(Center)
    if wanted.level:
        counted = counted.join(Jurisdiction, Jurisdiction.code == Center.place)
    return db.session.scalar(counted.where(*_conditions(actor, wanted))) or 0


def list_specialties() -> Sequence[Specialty]:
    """The specialties of both kinds, in the order of the catalog."""
    return db.session.scalars(
        sa.select(Specialty).order_by(Specialty.kind, Specialty.position)
    ).all()


def get_specialty(specialty_id: int) -> Specialty:
    """One specialty; raises NotFound."""
    specialty = db.session.get(Specialty, specialty_id)
    if specialty is None:
        raise NotFound
    return specialty


def list_current_officers(hosting_id: int) -> Sequence[Officer]:
    """The present officers of a hosting, without more."""
    return db.session.scalars(
        sa.select(Officer).filter_by(hosting_id=hosting_id, ended_on=None).order_by(Officer.id)
    ).all()


def list_open_changes(hosting_id: int) -> Sequence[OfficerChange]:
    """The personnel changes of a hosting's officers that are not decided."""
    return db.session.scalars(
        sa.select(OfficerChange)
        .join(OfficerChange.officer)
        .where(Officer.hosting_id == hosting_id, OfficerChange.state.in_(UNDECIDED))
        .order_by(OfficerChange.id)
    ).all()


def list_center_desks(center_id: int, person_id: int) -> Sequence[RoleAssignment]:
    """The present desks that a person has at a center."""
    return db.session.scalars(
        sa.select(RoleAssignment).filter_by(center_id=center_id, person_id=person_id, ended_on=None)
    ).all()
