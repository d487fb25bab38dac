"""Writes about organizations."""

from collections.abc import Iterable, Mapping
from typing import Any

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from qcc.infra import audit
from qcc.infra.constraints import refusing
from qcc.infra.db import db, require_version
from qcc.infra.errors import Refused
from qcc.infra.i18n import _l
from qcc.infra.pinyin import search_text
from qcc.kernel.permissions import Actor
from qcc.kernel.places import is_within
from qcc.organizations.models import FormerName, Organization, OrganizationKind
from qcc.organizations.queries import get_organization, list_holders_of, list_parents_of
from qcc.regulations.catalogs import CATEGORIES, GRADES

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

NAME_TAKEN = _l("An organization of this present or former name exists.")
CODE_TAKEN = _l("Another organization has this credit code.")
AUTHORITY_TAKEN = _l("This place has an authority of this kind already.")

TAKEN = {
    "uq_organizations_name": (NAME_TAKEN, "name"),
    "uq_organizations_credit_code": (CODE_TAKEN, "credit_code"),
    "uq_organizations_authority": (AUTHORITY_TAKEN, "place"),
}


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


def add_organization(
    actor: Actor | None, kind: OrganizationKind, values: Mapping[str, Any]
) -> Organization:
    """Register an organization seated in the actor's jurisdiction.

    *values*: ORGANIZATION_FIELDS and "former_names". Raises Refused with the field it concerns.
    """
    organization = Organization(kind=kind, former_names=[])
    _require_sound(actor, organization, values)
    with refusing(TAKEN):
        write(organization, values)
        db.session.add(organization)
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
    """Change an organization; a changed name is kept as a former one.

    "former_names", if given, are all there are to be. Raises NotFound, StaleEdit or Refused.
    """
    organization = get_organization(actor, organization_id, lock=True)
    require_version(organization, version)
    _require_sound(actor, organization, values)
    before = snapshot(organization)
    with refusing(TAKEN):
        write(organization, values)
    after = snapshot(organization)
    if after != before:
        audit.record(
            actor,
            "organization.edited",
            "organization",
            organization.id,
            {"before": before, "after": after},
        )
    return organization


def _require_sound(
    actor: Actor | None, organization: Organization, values: Mapping[str, Any]
) -> None:
    """Everything that must be true of the values before any is written."""
    if actor and not is_within(values.get("place", organization.place), actor.place):
        raise Refused(_l("The seat lies outside your jurisdiction."), "place")
    if values.get("grade") and values["grade"] not in GRADES:
        raise Refused(_l("There is no such grade."), "grade")
    if values.get("category") and values["category"] not in CATEGORIES:
        raise Refused(_l("There is no such category."), "category")
    names = [values.get("name", organization.name), *values.get("former_names", ())]
    code = checked_credit_code(values.get("credit_code") or "")
    for holder in list_holders_of(names, [code] if code else []):
        if holder.id != organization.id:
            raise _taken(holder, names)
    _require_no_circle(organization, values.get("parent_id"))


def _taken(holder: Organization, names: list[str]) -> Refused:
    known = {holder.name, *(former.name for former in holder.former_names)}
    if names[0] in known:
        return Refused(NAME_TAKEN, "name")
    if known & set(names):
        return Refused(NAME_TAKEN, "former_names")
    return Refused(CODE_TAKEN, "credit_code")


def _require_no_circle(organization: Organization, parent_id: int | None) -> None:
    """No organization stands above itself."""
    if parent_id and organization.id and organization.id in list_parents_of(parent_id):
        raise Refused(_l("An organization cannot stand above itself."), "parent")


def write(organization: Organization, values: Mapping[str, Any]) -> None:
    """Put sound values into an organization; the name it had becomes a former one."""
    before = organization.name
    for field in ORGANIZATION_FIELDS:
        if field in values:
            setattr(organization, field, values[field])
    organization.credit_code = checked_credit_code(organization.credit_code or "")
    former = list(values.get("former_names", [old.name for old in organization.former_names]))
    if before and before != organization.name:
        former.append(before)
    set_former_names(organization, former)


def set_former_names(organization: Organization, names: Iterable[str]) -> None:
    """Give an organization these former names, and make it found by them."""
    wanted = [name for name in dict.fromkeys(names) if name and name != organization.name]
    kept = [former for former in organization.former_names if former.name in wanted]
    known = {former.name for former in kept}
    organization.former_names = [*kept, *(FormerName(name=n) for n in wanted if n not in known)]
    organization.search_text = search_text(
        organization.name, organization.short_name or "", *wanted
    )


def snapshot(organization: Organization) -> dict[str, Any]:
    """The plain values of an organization, for the audit."""
    values: dict[str, Any] = {field: getattr(organization, field) for field in ORGANIZATION_FIELDS}
    return {**values, "former_names": [former.name for former in organization.former_names]}
