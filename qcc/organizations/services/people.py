"""Writes about people."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from qcc.infra import audit, clock
from qcc.infra.db import db, require_version
from qcc.infra.errors import NotFound, Refused
from qcc.infra.i18n import _l
from qcc.infra.pinyin import search_text
from qcc.kernel.permissions import Actor
from qcc.organizations.models import Person
from qcc.organizations.queries import find_person, get_organization, get_person

PERSON_FIELDS = ("name", "sex", "birth_date", "employer_id", "post", "title", "phone", "email")


def add_person(actor: Actor | None, values: Mapping[str, Any]) -> Person:
    """Register a person employed in the actor's jurisdiction. Raises Refused with the field."""
    _require_own_employer(actor, values)
    return _add(actor, values)


def find_or_add_person(actor: Actor | None, values: Mapping[str, Any]) -> Person:
    """The person of that name at that employer, registered now if not known.

    Two of one name are told apart by the birth date, where both have one. The employer may lie
    anywhere: a center's officers come from the whole province.
    """
    known = find_person(values["name"], values.get("employer_id"), values.get("birth_date"))
    return known or _add(actor, values)


def add_person_anywhere(actor: Actor | None, values: Mapping[str, Any]) -> Person:
    """Register a person who is known to be another than one of the same name; the employer may lie
    anywhere."""
    return _add(actor, values)


def edit_person(actor: Actor, person_id: int, version: int, values: Mapping[str, Any]) -> Person:
    """Change a person's particulars. Raises NotFound, StaleEdit or Refused."""
    person = get_person(actor, person_id, lock=True)
    require_version(person, version)
    if values.get("employer_id", person.employer_id) != person.employer_id:
        _require_own_employer(actor, values)
    before = snapshot(person)
    _write(person, values)
    db.session.flush()
    after = snapshot(person)
    if after != before:
        audit.record(
            actor, "person.edited", "person", person.id, {"before": before, "after": after}
        )
    return person


def _add(actor: Actor | None, values: Mapping[str, Any]) -> Person:
    person = Person()
    _write(person, values)
    db.session.add(person)
    db.session.flush()
    audit.record(actor, "person.added", "person", person.id, {"after": snapshot(person)})
    return person


def _require_own_employer(actor: Actor | None, values: Mapping[str, Any]) -> None:
    if actor is None:
        return
    try:
        get_organization(actor, values.get("employer_id") or 0)
    except NotFound:
        raise Refused(
            _l("No organization in your jurisdiction has this name."), "employer"
        ) from None


def require_possible_birth(birth: date | None) -> None:
    """A birth date is no typing error; raises Refused."""
    if birth is not None and not date(1900, 1, 1) <= birth < clock.today():
        raise Refused(_l("The birth date must lie between 1900 and yesterday."), "birth_date")


def _write(person: Person, values: Mapping[str, Any]) -> None:
    for field in PERSON_FIELDS:
        if field in values:
            setattr(person, field, values[field])
    require_possible_birth(person.birth_date)
    person.search_text = search_text(person.name)


def snapshot(person: Person) -> dict[str, Any]:
    """The plain values of a person, for the audit."""
    return {field: getattr(person, field) for field in PERSON_FIELDS}
