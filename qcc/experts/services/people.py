"""Experts: registering them, correcting them, proving a birth date, changing the employer."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from qcc.experts.declarations import read_health, read_standing
from qcc.experts.identity import InvalidIdentity, read_identity
from qcc.experts.models import Employment, Expert
from qcc.experts.queries import (
    find_expert_by_identity,
    find_expert_of,
    is_expert_editable_by,
    is_in_province_of,
    lock_expert,
)
from qcc.experts.rules.facts import person_key
from qcc.experts.services.facts import rank_of
from qcc.experts.services.rechecks import recheck_panels_with
from qcc.infra import audit, clock, files
from qcc.infra.codes import new_code
from qcc.infra.db import SQLITE_COLUMNS, db, require_version, violates
from qcc.infra.errors import Refused
from qcc.infra.i18n import _l
from qcc.infra.pinyin import search_text
from qcc.infra.sealing import keyed_hash, seal
from qcc.kernel.permissions import Actor, NotPermitted
from qcc.organizations.models import Organization, Person, Sex
from qcc.organizations.services import (
    add_person_anywhere,
    find_or_add_person,
    require_possible_birth,
)

FIELDS = ("specialty", "practised_since", "standing_text", "health_text", "tags")
PERSON_FIELDS = ("name", "post", "title", "sex", "birth_date", "employer_id")
SQLITE_COLUMNS["uq_experts_identity_hash"] = "experts.identity_hash"
_ANOTHERS = _l("This identity number belongs to another person in the register. Check it.")


def register_expert(actor: Actor | None, values: Mapping[str, Any]) -> Expert:
    """The expert of these particulars: known by identity number, or by name, birth date and
    employer, and brought up to date; else registered now. Who serves on another center's panel
    only is found, not changed.

    *values*: name, sex, birth_date, identity ("" if not given), employer (Organization), post,
    title, specialty, practised_since, standing_text, health_text, tags. Raises Refused.
    """
    values = {**values, **_told_by(values.get("identity") or "")}
    require_possible_birth(values.get("birth_date"))
    person, expert = _meant(actor, values)
    is_new = expert is None
    if expert is None:
        expert = Expert(code=new_code(), person=person, standing=[], tags=[])
        db.session.add(expert)
    elif actor is not None and not is_expert_editable_by(actor, expert):
        return expert
    before = {} if is_new else snapshot(expert)
    _bring_up_to_date(actor, expert, values)
    _flush(expert)
    after = snapshot(expert)
    if after != before:
        name = "expert.registered" if is_new else "expert.edited"
        detail = {"before": before, "after": after}
        audit.record(actor, name, "expert", expert.id, detail)
        if not is_new:
            recheck_panels_with(expert.id)
    return expert


def _told_by(identity: str) -> dict[str, Any]:
    """The number as it is kept, and the birth date and sex that it tells."""
    if not identity:
        return {"identity": ""}
    try:
        told = read_identity(identity)
    except InvalidIdentity:
        raise Refused(
            _l("The identity number is not valid: check its 18 characters."), "identity"
        ) from None
    return {"identity": told.number, "birth_date": told.birth_date, "sex": Sex[told.sex.name]}


def _meant(actor: Actor | None, values: Mapping[str, Any]) -> tuple[Person, Expert | None]:
    """Whom the particulars mean. A number decides, and one that belongs to somebody of another
    name is a mistake; of one name, birth date and employer but another number is another."""
    identity = values["identity"]
    known = find_expert_by_identity(identity) if identity else None
    if known is not None:
        if person_key(known.person.name) != person_key(values["name"]):
            raise Refused(_ANOTHERS, "identity")
        return known.person, known
    wanted = {
        "name": values["name"],
        "sex": values.get("sex"),
        "birth_date": values.get("birth_date"),
        "employer_id": values["employer"].id,
        "post": values.get("post", ""),
        "title": values.get("title", ""),
    }
    person = find_or_add_person(actor, wanted)
    expert = find_expert_of(person.id)
    if expert is not None and identity and expert.identity_hash:
        return add_person_anywhere(actor, wanted), None
    return person, expert


def _flush(expert: Expert) -> None:
    """Write; two who register one number at the same time are told."""
    try:
        db.session.flush()
    except IntegrityError as error:
        if not violates(error, "uq_experts_identity_hash"):
            raise
        raise Refused(_ANOTHERS, "identity") from None


def _bring_up_to_date(actor: Actor | None, expert: Expert, values: Mapping[str, Any]) -> None:
    person, identity = expert.person, values.get("identity") or ""
    for field in ("post", "title", "sex"):
        if values.get(field) is not None:
            setattr(person, field, values[field])
    for field in FIELDS:
        if field in values:
            setattr(expert, field, values[field])
    expert.rank = rank_of(person.title)
    expert.standing = sorted(word.value for word in read_standing(expert.standing_text or ""))
    expert.is_healthy = bool(read_health(expert.health_text or ""))
    if identity:
        _keep_identity(expert, identity)
    _set_birth_date(actor, expert, values.get("birth_date"), proven=bool(identity))
    move_to(actor, expert, values["employer"], clock.today())


def _keep_identity(expert: Expert, identity: str) -> None:
    """Seal the number, unless it is the one that is kept already."""
    if expert.identity_hash != keyed_hash(identity):
        expert.identity_sealed, expert.identity_hash = seal(identity), keyed_hash(identity)


def _set_birth_date(
    actor: Actor | None, expert: Expert, birth_date: date | None, proven: bool
) -> None:
    """A date that no number proves waits for a second person; a changed one waits again."""
    person = expert.person
    if birth_date is None or (not proven and expert.identity_hash):
        return
    if proven:
        person.birth_date = expert.proven_birth_date = birth_date
        return
    if person.birth_date != birth_date or expert.birth_entered_by is None:
        person.birth_date = birth_date
        expert.birth_entered_by = actor.person_id if actor else None


def confirm_birth_date(actor: Actor, code: str, version: int, data: bytes, filename: str) -> Expert:
    """A second person confirms the entered birth date, with evidence."""
    expert = lock_expert(actor, code)
    require_version(expert, version)
    if expert.person.birth_date is None:
        raise Refused(_l("No birth date was entered yet."))
    if expert.birth_is_proven:
        raise Refused(_l("The birth date is proven already."))
    if expert.birth_entered_by == actor.person_id:
        raise Refused(_l("Who entered the birth date cannot confirm it: another person has to."))
    expert.birth_evidence = files.accept_upload(
        data, filename, actor.organization_id, actor.user_id
    )
    expert.proven_birth_date = expert.person.birth_date
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
    """Correct what is known of an expert. A changed birth date has to be confirmed anew; every
    panel that the expert is on is held against the rules again."""
    expert = lock_expert(actor, code)
    if not is_expert_editable_by(actor, expert):
        raise NotPermitted("edit")
    require_version(expert, version)
    values = {**values, **_told_by(values.get("identity") or "")}
    require_possible_birth(values.get("birth_date"))
    known = find_expert_by_identity(values["identity"]) if values["identity"] else None
    if known is not None and known.id != expert.id:
        raise Refused(_ANOTHERS, "identity")
    before = snapshot(expert)
    expert.person.name = values.get("name") or expert.person.name
    expert.person.search_text = search_text(expert.person.name)
    _bring_up_to_date(actor, expert, values)
    _flush(expert)
    recheck_panels_with(expert.id)
    detail = {"before": before, "after": snapshot(expert)}
    audit.record(actor, "expert.edited", "expert", expert.id, detail)
    return expert


def snapshot(expert: Expert) -> dict[str, Any]:
    """The plain values of an expert for the audit: of an identity number only whether it changed,
    by its keyed hash."""
    said = {field: getattr(expert, field) for field in FIELDS}
    said |= {field: getattr(expert.person, field) for field in PERSON_FIELDS}
    return {**said, "identity": (expert.identity_hash or "")[:12]}


def move_to(actor: Actor | None, expert: Expert, employer: Organization, on: date) -> None:
    """Note the employer from a day on; the history keeps the earlier ones."""
    person = expert.person
    note_employment(person.id, employer.id, on)
    if person.employer_id != employer.id:
        person.employer = employer
        db.session.flush()
        audit.record(
            actor, "expert.moved", "expert", expert.id, {"employer": employer.name, "on": on}
        )


def note_employment(person_id: int, employer_id: int, on: date) -> None:
    """Write the history of employment on, if it does not end with this employer."""
    present = db.session.scalars(
        sa.select(Employment).filter_by(person_id=person_id, ended_on=None)
    ).first()
    if present is not None and present.organization_id == employer_id:
        return
    if present is not None:
        present.ended_on = max(present.started_on, on - timedelta(days=1))
    db.session.add(Employment(person_id=person_id, organization_id=employer_id, started_on=on))
    db.session.flush()


def find_by_identity(actor: Actor, number: str) -> str:
    """The code of the expert of an identity number, "" if there is none in the actor's province,
    for those who may search by one. The search is recorded, the number is not. Raises Refused."""
    told = _told_by(number.strip().upper())["identity"]
    found = find_expert_by_identity(told) if told else None
    if found is not None and not is_in_province_of(actor, found):
        found = None
    detail = {"found": found is not None}
    subject = found.id if found else "-"
    audit.record(actor, "experts.searched_by_number", "expert", subject, detail)
    return found.code if found else ""
