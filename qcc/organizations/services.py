"""Writes about organizations, people and incidents."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from qcc.infra import audit, clock
from qcc.infra.db import db, require_version
from qcc.infra.errors import Refused
from qcc.infra.i18n import _l
from qcc.infra.pinyin import search_text
from qcc.kernel.permissions import Actor
from qcc.kernel.places import is_within
from qcc.organizations.models import (
    FormerName,
    Jurisdiction,
    MajorIncident,
    Organization,
    OrganizationKind,
    Person,
)
from qcc.organizations.queries import (
    find_organization_by_name,
    full_name_of,
    get_organization,
    get_person,
    list_namesakes,
)
from qcc.regulations.catalogs import divisions

ORGANIZATION_FIELDS = (
    "name",
    "short_name",
    "place",
    "credit_code",
    "grade",
    "category",
    "legal_representative",
    "phone",
    "parent_id",
)
PERSON_FIELDS = ("name", "sex", "birth_date", "employer_id", "post", "title", "phone", "email")


def checked_credit_code(code: str) -> str | None:
    """A unified social credit code with a right check digit, or None if empty."""
    if not code.strip():
        return None
    try:
        return str(uscc.validate(code))
    except ValidationError:
        raise Refused(
            _l("This is not a valid unified social credit code: 18 characters, the last a check."),
            "credit_code",
        ) from None


def _require_free(name: str, credit_code: str | None, own_id: int | None) -> None:
    other = find_organization_by_name(name)
    if other is not None and other.id != own_id:
        raise Refused(_l("An organization of this present or former name exists."), "name")
    if credit_code is None:
        return
    holder = db.session.query(Organization.id).filter_by(credit_code=credit_code).scalar()
    if holder is not None and holder != own_id:
        raise Refused(_l("Another organization has this credit code."), "credit_code")


def add_organization(
    actor: Actor | None, kind: OrganizationKind, values: Mapping[str, Any]
) -> Organization:
    """Register an organization seated in the actor's jurisdiction."""
    organization = Organization(kind=kind, former_names=[])
    _write(actor, organization, values)
    db.session.add(organization)
    db.session.flush()
    audit.record(
        actor,
        "organization.added",
        "organization",
        organization.id,
        {"after": snapshot(organization)},
    )
    return organization


def edit_organization(
    actor: Actor, organization_id: int, version: int, values: Mapping[str, Any]
) -> Organization:
    """Change an organization; a changed name is kept as a former one."""
    organization = get_organization(actor, organization_id)
    require_version(organization, version)
    before = snapshot(organization)
    _write(actor, organization, values)
    db.session.flush()
    audit.record(
        actor,
        "organization.edited",
        "organization",
        organization.id,
        {"before": before, "after": snapshot(organization)},
    )
    return organization


def _write(actor: Actor | None, organization: Organization, values: Mapping[str, Any]) -> None:
    place = values.get("place", organization.place)
    if actor and not is_within(place, actor.place):
        raise Refused(_l("The seat lies outside your jurisdiction."), "place")
    wanted = {field: values[field] for field in ORGANIZATION_FIELDS if field in values}
    if "credit_code" in wanted:
        wanted["credit_code"] = checked_credit_code(wanted["credit_code"] or "")
    name = wanted.get("name", organization.name)
    with db.session.no_autoflush:
        _require_free(name, wanted.get("credit_code"), organization.id)
    former = [former.name for former in organization.former_names]
    if organization.name and organization.name != name and organization.name not in former:
        former.append(organization.name)
    former = [*former, *(n for n in values.get("former_names", ()) if n and n not in former)]
    for field, value in wanted.items():
        setattr(organization, field, value)
    known = {f.name for f in organization.former_names}
    organization.former_names += [FormerName(name=n) for n in former if n not in known]
    organization.search_text = search_text(name, organization.short_name or "", *former)


def snapshot(row: Organization | Person) -> dict[str, Any]:
    """The plain values of a row, for the audit."""
    fields = ORGANIZATION_FIELDS if isinstance(row, Organization) else PERSON_FIELDS
    return {field: getattr(row, field) for field in fields}


def add_person(actor: Actor | None, values: Mapping[str, Any]) -> Person:
    """Register a person."""
    person = Person()
    _write_person(person, values)
    db.session.add(person)
    db.session.flush()
    audit.record(actor, "person.added", "person", person.id, {"after": snapshot(person)})
    return person


def find_or_add_person(actor: Actor | None, values: Mapping[str, Any]) -> Person:
    """The person of that name at that employer, registered now if not known.

    Two of one name are told apart by the birth date, where both have one.
    """
    birth = values.get("birth_date")
    known = [
        person
        for person in list_namesakes(values["name"], values.get("employer_id"))
        if birth is None or person.birth_date in (None, birth)
    ]
    return known[0] if len(known) == 1 else add_person(actor, values)


def edit_person(actor: Actor, person_id: int, version: int, values: Mapping[str, Any]) -> Person:
    """Change a person's particulars."""
    person = get_person(actor, person_id)
    require_version(person, version)
    before = snapshot(person)
    _write_person(person, values)
    db.session.flush()
    audit.record(
        actor, "person.edited", "person", person.id, {"before": before, "after": snapshot(person)}
    )
    return person


def _write_person(person: Person, values: Mapping[str, Any]) -> None:
    for field in PERSON_FIELDS:
        if field in values:
            setattr(person, field, values[field])
    birth = person.birth_date
    if birth is not None and not date(1900, 1, 1) <= birth < clock.today():
        raise Refused(_l("The birth date must lie between 1900 and yesterday."), "birth_date")
    person.search_text = search_text(person.name)


def register_incident(
    actor: Actor, organization_id: int, happened_on: date, specialty: str, summary: str
) -> MajorIncident:
    """Register a major incident of an institution in the actor's jurisdiction (M.7(3))."""
    organization = get_organization(actor, organization_id)
    if organization.kind is not OrganizationKind.INSTITUTION:
        raise Refused(_l("Incidents are registered for medical institutions."), "organization")
    if happened_on > clock.today():
        raise Refused(_l("The date lies in the future."), "happened_on")
    incident = MajorIncident(
        organization_id=organization.id,
        happened_on=happened_on,
        specialty=specialty,
        summary=summary,
        registered_at=clock.now(),
        registered_by=actor.user_id,
    )
    db.session.add(incident)
    db.session.flush()
    audit.record(
        actor,
        "incident.registered",
        "incident",
        incident.id,
        {"organization": organization.id, "on": happened_on, "specialty": specialty},
    )
    return incident


def withdraw_incident(actor: Actor, incident_id: int, version: int, reason: str) -> MajorIncident:
    """Take back an incident that was registered wrongly; the record stays."""
    incident = db.session.get(MajorIncident, incident_id)
    organization = get_organization(actor, incident.organization_id if incident else 0)
    assert incident is not None
    require_version(incident, version)
    if not reason.strip():
        raise Refused(_l("Give the reason."), "reason")
    incident.withdrawn = True
    db.session.flush()
    audit.record(
        actor,
        "incident.withdrawn",
        "incident",
        incident.id,
        {"organization": organization.id, "reason": reason},
    )
    return incident


def load_places(actor: Actor | None) -> int:
    """Enter the catalog's places, or correct their names; returns how many were new or changed."""
    names = {division.code: division.name for division in divisions()}
    changed = 0
    for division in divisions():
        place = db.session.get(Jurisdiction, division.code)
        wanted = (division.name, full_name_of(division.code, names))
        if place is not None and (place.name, place.full_name) == wanted:
            continue
        if place is None:
            place = Jurisdiction(
                code=division.code, level=division.level, parent_code=division.parent
            )
            db.session.add(place)
        place.name, place.full_name = wanted
        changed += 1
    db.session.flush()
    if changed:
        audit.record(actor, "places.loaded", "catalog", "places", {"changed": changed})
    return changed
