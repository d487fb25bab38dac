"""Experts: registering them, correcting them, proving a birth date, changing the employer."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from qcc.experts.declarations import read_health, read_standing
from qcc.experts.identity import InvalidIdentity, read_identity
from qcc.experts.models import Employment, Expert
from qcc.experts.queries import find_expert_by_identity, find_expert_of, get_expert
from qcc.experts.services.review import recheck_panels_with
from qcc.experts.titles import read_titles
from qcc.infra import audit, clock, files
from qcc.infra.codes import new_code
from qcc.infra.db import db, require_version
from qcc.infra.errors import Refused
from qcc.infra.i18n import _l
from qcc.infra.sealing import keyed_hash, seal
from qcc.kernel.permissions import Actor
from qcc.organizations.models import Organization, Person, Sex
from qcc.organizations.services import find_or_add_person

FIELDS = ("specialty", "practised_since", "standing_text", "health_text", "tags")


def register_expert(actor: Actor | None, values: Mapping[str, Any]) -> Expert:
    """The expert of these particulars: known by identity number, or by name, birth date and
    employer, and brought up to date; else registered now.

    *values*: name, sex, birth_date, identity ("" if not given), employer (Organization), post,
    title, specialty, practised_since, standing_text, health_text, tags.
    """
    identity, employer = values.get("identity") or "", values["employer"]
    values = {**values, **_told_by(identity)}
    known = find_expert_by_identity(identity) if identity else None
    person = known.person if known else _person(actor, values, employer)
    expert = known or find_expert_of(person.id)
    if expert is None:
        expert = Expert(code=new_code(), person=person, standing=[], tags=[])
        db.session.add(expert)
    _bring_up_to_date(actor, expert, values, employer, identity)
    db.session.flush()
    audit.record(actor, "expert.registered", "expert", expert.id, {"name": person.name})
    return expert


def _told_by(identity: str) -> dict[str, Any]:
    """Birth date and sex that an identity number tells."""
    if not identity:
        return {}
    try:
        told = read_identity(identity)
    except InvalidIdentity:
        raise Refused(
            _l("The identity number is not valid: check its 18 characters."), "identity"
        ) from None
    return {"birth_date": told.birth_date, "sex": Sex[told.sex.name]}


def _person(actor: Actor | None, values: Mapping[str, Any], employer: Organization) -> Person:
    return find_or_add_person(
        actor,
        {
            "name": values["name"],
            "sex": values.get("sex"),
            "birth_date": values.get("birth_date"),
            "employer_id": employer.id,
            "post": values.get("post", ""),
            "title": values.get("title", ""),
        },
    )


def _bring_up_to_date(
    actor: Actor | None,
    expert: Expert,
    values: Mapping[str, Any],
    employer: Organization,
    identity: str,
) -> None:
    person = expert.person
    for field in ("post", "title", "sex"):
        if values.get(field):
            setattr(person, field, values[field])
    for field in FIELDS:
        if field in values:
            setattr(expert, field, values[field])
    titles = read_titles(person.title)
    expert.rank = titles.rank.value if titles.rank else ""
    expert.standing = sorted(word.value for word in read_standing(expert.standing_text or ""))
    expert.is_healthy = bool(read_health(expert.health_text or ""))
    if identity:
        expert.identity_sealed, expert.identity_hash = seal(identity), keyed_hash(identity)
    _set_birth_date(actor, expert, values.get("birth_date"), proven=bool(identity))
    move_to(actor, expert, employer, clock.today())


def _set_birth_date(
    actor: Actor | None, expert: Expert, birth_date: date | None, proven: bool
) -> None:
    """A date that no number proves waits for a second person; a changed one waits again."""
    person = expert.person
    if birth_date is None or (not proven and expert.identity_hash):
        return
    if person.birth_date != birth_date:
        person.birth_date = birth_date
        expert.birth_confirmed_by = expert.birth_confirmed_at = None
    if not proven and expert.birth_entered_by is None and actor is not None:
        expert.birth_entered_by = actor.person_id


def confirm_birth_date(actor: Actor, code: str, version: int, data: bytes, filename: str) -> Expert:
    """A second person confirms the entered birth date, with evidence."""
    expert = get_expert(actor, code)
    require_version(expert, version)
    if expert.person.birth_date is None:
        raise Refused(_l("No birth date was entered yet."))
    if expert.birth_entered_by == actor.person_id:
        raise Refused(_l("Who entered the birth date cannot confirm it: another person has to."))
    expert.birth_evidence = files.accept_upload(
        data, filename, actor.organization_id, actor.user_id
    )
    expert.birth_confirmed_by, expert.birth_confirmed_at = actor.person_id, clock.now()
    db.session.flush()
    audit.record(
        actor,
        "expert.birth_confirmed",
        "expert",
        expert.id,
        {"birth_date": expert.person.birth_date, "evidence": expert.birth_evidence.sha256},
    )
    return expert


def edit_expert(actor: Actor, code: str, version: int, values: Mapping[str, Any]) -> Expert:
    """Correct what is known of an expert. A changed birth date has to be confirmed anew."""
    expert = get_expert(actor, code)
    require_version(expert, version)
    before = {field: getattr(expert, field) for field in FIELDS}
    if (values.get("birth_date") or expert.person.birth_date) != expert.person.birth_date:
        expert.birth_entered_by = actor.person_id
    told = _told_by(values.get("identity") or "")
    _bring_up_to_date(
        actor, expert, {**values, **told}, values["employer"], values.get("identity") or ""
    )
    db.session.flush()
    recheck_panels_with(expert.id)
    after = {field: getattr(expert, field) for field in FIELDS}
    audit.record(actor, "expert.edited", "expert", expert.id, {"before": before, "after": after})
    return expert


def move_to(actor: Actor | None, expert: Expert, employer: Organization, on: date) -> None:
    """Note the employer from a day on; the history keeps the earlier ones."""
    person = expert.person
    present = db.session.scalars(
        sa.select(Employment).filter_by(person_id=person.id, ended_on=None)
    ).first()
    if present is not None and present.organization_id == employer.id:
        return
    if present is not None:
        present.ended_on = max(present.started_on, on - timedelta(days=1))
    db.session.add(Employment(person_id=person.id, organization_id=employer.id, started_on=on))
    if person.employer_id != employer.id:
        person.employer = employer
        audit.record(
            actor, "expert.moved", "expert", expert.id, {"employer": employer.name, "on": on}
        )
