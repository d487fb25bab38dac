"""Hosts, officers and panel of a center on a day."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from qcc.centers.models import Center, Hosting, Officer
from qcc.evaluations.rules import annual_report as facts
from qcc.experts.models import Expert, Panel, PanelMember
from qcc.infra.db import db
from qcc.kernel.dates import end_of_day, full_years
from qcc.kernel.places import subtree_prefix
from qcc.organizations.models import Organization, Person
from qcc.organizations.queries import names_of_places


def is_on(hosting: Hosting, on: date) -> bool:
    return hosting.started_on <= on and (hosting.ended_on is None or hosting.ended_on > on)


def list_hostings(center_id: int) -> Sequence[Hosting]:
    return db.session.scalars(
        sa.select(Hosting)
        .filter_by(center_id=center_id)
        .options(joinedload(Hosting.institution))
        .order_by(Hosting.started_on, Hosting.id)
    ).all()


def profile_of(center: Center, hostings: Sequence[Hosting]) -> facts.Profile:
    return facts.Profile(
        name=center.name,
        kind=center.kind.value,
        specialty=center.specialty.name,
        place=center.jurisdiction.full_name,
        level=center.jurisdiction.level.value,
        state=center.state.value,
        planned_on=center.planned_on,
        hosts=tuple(
            facts.Host(
                each.institution.name,
                each.institution.grade,
                each.started_on,
                each.ended_on,
                each.end_reason,
            )
            for each in hostings
        ),
    )


def officers_of(center_id: int, first: date, last: date) -> tuple[facts.OfficerRow, ...]:
    found = db.session.scalars(
        sa.select(Officer)
        .join(Officer.hosting)
        .where(
            Hosting.center_id == center_id,
            Officer.started_on <= last,
            sa.or_(Officer.ended_on.is_(None), Officer.ended_on >= first),
        )
        .options(joinedload(Officer.person).joinedload(Person.employer))
        .order_by(Officer.started_on, Officer.id)
    ).all()
    return tuple(
        facts.OfficerRow(
            post=each.post.value,
            name=each.person.name,
            employer=_name(each.person.employer),
            position=each.person.post,
            title=each.person.title,
            started_on=each.started_on,
            ended_on=each.ended_on if each.ended_on and each.ended_on <= last else None,
        )
        for each in sorted(found, key=lambda officer: officer.post.rank)
    )


def _name(organization: Organization | None) -> str:
    return organization.name if organization else ""


def panel_of(center_id: int, on: date, host_id: int | None) -> facts.PanelYear | None:
    panel = db.session.scalars(
        sa.select(Panel)
        .where(
            Panel.center_id == center_id,
            Panel.approved_at < end_of_day(on),
            Panel.term_start <= on,
        )
        .order_by(Panel.term_number.desc())
        .limit(1)
    ).first()
    if panel is None:
        return None
    members = _members(panel.id, on)
    employers = [each.expert.person.employer for each in members]
    cities = names_of_places({_city(employer.place) for employer in employers if employer})
    return facts.PanelYear(
        term_number=panel.term_number,
        term_start=panel.term_start,
        term_end=panel.term_end,
        state=panel.state.value,
        members=tuple(_member(each, on, host_id, cities) for each in members),
    )


def _members(panel_id: int, on: date) -> Sequence[PanelMember]:
    """Who was on the panel on the day, leaders first."""
    found = db.session.scalars(
        sa.select(PanelMember)
        .where(
            PanelMember.panel_id == panel_id,
            PanelMember.is_candidate.is_(False),
            sa.or_(PanelMember.joins.is_(None), PanelMember.joins <= on),
            sa.or_(
                PanelMember.removed_at.is_(None),
                PanelMember.removed_at >= end_of_day(on),
            ),
        )
        .options(
            joinedload(PanelMember.expert).joinedload(Expert.person).joinedload(Person.employer),
            joinedload(PanelMember.group),
        )
        .order_by(PanelMember.id)
    ).all()
    order = ("head", "deputy_head", "member")
    return sorted(found, key=lambda member: order.index(member.role.value))


def _city(place: str) -> str:
    return subtree_prefix(place)[:4].ljust(6, "0")


def _member(
    member: PanelMember, on: date, host_id: int | None, cities: dict[str, str]
) -> facts.Member:
    person = member.expert.person
    group = member.group.name if member.group else ""
    return facts.Member(
        name=person.name,
        role=member.role.value,
        group=f"{group}（组长）" if group and member.leads_group else group,
        employer=_name(person.employer),
        city=cities.get(_city(person.employer.place), "") if person.employer else "",
        title=person.title,
        age=full_years(person.birth_date, on) if person.birth_date else None,
        is_host=host_id is not None and person.employer_id == host_id,
        invited=member.invited,
        attended=member.attended,
        reviews=member.reviews,
    )
