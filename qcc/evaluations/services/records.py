"""Internal rules of centers (M.23) and supervision visits (M.18), kept as documents."""

from dataclasses import dataclass
from datetime import date

from qcc.centers.models import Center
from qcc.centers.queries import current_hosting
from qcc.evaluations.models import InternalRule, Visit
from qcc.evaluations.permissions import AUTHORITIES, CENTER_ROLES
from qcc.evaluations.queries.records import (
    get_record_file,
    get_recorded_center,
    kinds_asked,
)
from qcc.evaluations.rules.documents import InternalRuleKind
from qcc.evaluations.services.telling import OFFICES
from qcc.infra import audit, clock, files
from qcc.infra.db import db
from qcc.infra.errors import NotFound, Refused
from qcc.infra.files import StoredFile
from qcc.infra.i18n import _l
from qcc.infra.outbox import notify, texts
from qcc.kernel.permissions import Actor

texts({"visit.recorded": _l("%(organization)s has recorded a visit to %(center)s on %(day)s.")})


@dataclass(frozen=True, slots=True)
class Edition:
    """Internal rules as they were adopted, and when they are to be looked at again."""

    kind: InternalRuleKind
    title: str
    adopted_on: date
    review_on: date


def record_internal_rule(
    actor: Actor, center_id: int, edition: Edition, data: bytes, filename: str
) -> InternalRule:
    """The own center's rules in a new edition, which takes the place of the one before."""
    center = get_recorded_center(actor, center_id)
    if actor.role not in CENTER_ROLES:
        raise NotFound
    if edition.kind not in kinds_asked(center.place, clock.today()):
        raise Refused(_l("The rulebook asks for no rules about this."), "kind")
    if edition.adopted_on > clock.today():
        raise Refused(_l("The date lies in the future."), "adopted_on")
    if edition.review_on <= edition.adopted_on:
        raise Refused(_l("They are looked at again after they were adopted."), "review_on")
    stored = files.accept_upload(data, filename, actor.organization_id, actor.user_id)
    rule = InternalRule(
        center_id=center.id,
        kind=edition.kind,
        title=edition.title,
        adopted_on=edition.adopted_on,
        review_on=edition.review_on,
        file=stored,
        recorded_at=clock.now(),
    )
    db.session.add(rule)
    db.session.flush()
    detail = {"kind": edition.kind.value, "rule": rule.id, "sha256": stored.sha256}
    audit.record(actor, "internal_rule.recorded", "center", center.id, detail)
    return rule


@dataclass(frozen=True, slots=True)
class VisitReport:
    """When who visited, what was found, and by when it is looked at again."""

    visited_on: date
    participants: str
    findings: str
    review_on: date | None = None


def record_visit(
    actor: Actor, center_id: int, report: VisitReport, data: bytes = b"", filename: str = ""
) -> Visit:
    """A visit by the commission or the evaluation center of the center's place."""
    center = get_recorded_center(actor, center_id)
    if actor.role not in AUTHORITIES or center.place != actor.place:
        raise NotFound
    if report.visited_on > clock.today():
        raise Refused(_l("The date lies in the future."), "visited_on")
    if report.review_on is not None and report.review_on <= report.visited_on:
        raise Refused(_l("It is looked at again after the visit."), "review_on")
    stored = None
    if data:
        stored = files.accept_upload(data, filename, actor.organization_id, actor.user_id)
    visit = Visit(
        center_id=center.id,
        organization_id=actor.organization_id,
        visited_on=report.visited_on,
        participants=report.participants,
        findings=report.findings,
        review_on=report.review_on,
        file=stored,
        recorded_at=clock.now(),
        recorded_by=actor.person_id,
    )
    db.session.add(visit)
    db.session.flush()
    detail = {
        "visit": visit.id,
        "visited_on": visit.visited_on,
        "sha256": stored.sha256 if stored else "",
    }
    audit.record(actor, "visit.recorded", "center", center.id, detail)
    _tell_visited(actor, center, visit)
    return visit


def _tell_visited(actor: Actor, center: Center, visit: Visit) -> None:
    hosting = current_hosting(center.id)
    if hosting is None:
        return
    values = {
        "organization": actor.organization_name,
        "center": center.name,
        "day": visit.visited_on.isoformat(),
    }
    for role in OFFICES:
        link = f"/records/{center.id}"
        notify(hosting.institution_id, role, "visit.recorded", values, link, center.id)


def read_record_file(
    actor: Actor, center_id: int, kind: str, record_id: int
) -> tuple[StoredFile, bytes]:
    """The file of an edition or a visit; that it was read is on record."""
    center = get_recorded_center(actor, center_id)
    stored = get_record_file(center.id, kind, record_id)
    audit.record(actor, "file.downloaded", "center", center.id, {"sha256": stored.sha256})
    return stored, files.read(stored)
