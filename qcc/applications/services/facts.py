"""An application as the rules see it, and as it is kept when it is submitted."""

import json
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from qcc.applications.models import (
    Application,
    ApplicationFile,
    DesignatedOfficer,
    Designation,
    ProposedOfficer,
)
from qcc.applications.rules import ApplicationFacts, EligibilityAnswer
from qcc.applications.sections import STAMPED, missing_fields, missing_sections
from qcc.applications.services.results import standing_of
from qcc.centers.queries import count_rivals, current_hosting
from qcc.centers.rules import OfficerFacts, OfficerPost, OfficersFacts
from qcc.infra import clock
from qcc.kernel.rules import Rulebook
from qcc.organizations.queries import list_incident_dates
from qcc.regulations.rulebooks import get_rulebook, rulebook_for

Candidate = ProposedOfficer | DesignatedOfficer
"""Who is to take a post: proposed by an applicant, or with a direct designation."""


def rulebook_of(application: Application) -> Rulebook:
    """The edition that the application is judged by: from its first submission on the same."""
    return edition(application.rulebook_version, application.center.place)


def edition(version: str, place: str) -> Rulebook:
    """The edition of that version; without one, that which holds in the place today."""
    if version:
        return get_rulebook(version.partition("@")[0])
    return rulebook_for(place, clock.today())


def officer_in(application: Application, post: OfficerPost) -> ProposedOfficer | None:
    """The first officer proposed for a post."""
    return next((o for o in application.officers if o.post is post), None)


def form_values(application: Application) -> dict[str, object]:
    """The cells of the annex's form by their keys."""
    director = officer_in(application, OfficerPost.DIRECTOR)
    executive = officer_in(application, OfficerPost.EXECUTIVE_DEPUTY)
    return {
        "institution_name": application.institution.name,
        "legal_representative": application.legal_representative,
        "national_qc_host": application.is_national_center_host,
        "national_center_lead": application.is_national_center_lead,
        "center_name": application.center.name,
        "director_name": director.name if director else "",
        "director_post": director.job if director else "",
        "director_title": director.title if director else "",
        "director_area": director.area_in_charge if director else "",
        "executive_name": executive.name if executive else "",
        "executive_post": executive.job if executive else "",
        "executive_title": executive.title if executive else "",
        "executive_specialty": executive.specialty if executive else "",
        "executive_ability": executive.ability if executive else "",
        "reason": application.reason,
    }


def present_files(application: Application) -> list[ApplicationFile]:
    """The files that have not been removed."""
    return [file for file in application.files if file.removed_at is None]


def _may_be_one(one: Candidate, other: Candidate) -> bool:
    """Whether nothing tells the two apart: the name, the employer, and the birth dates where both
    are given."""
    births = {one.birth_date, other.birth_date} - {None}
    return one.name == other.name and one.employer_id == other.employer_id and len(births) < 2


def person_keys(officers: Sequence[Candidate]) -> dict[str, str]:
    """By the code of each officer, what tells the persons apart: the code of the first of them who
    may be the same person. The register of people will take them for one, too."""
    keys: dict[str, str] = {}
    for officer in officers:
        first = next((o for o in officers if o.code in keys and _may_be_one(o, officer)), officer)
        keys[officer.code] = keys.get(first.code, officer.code)
    return keys


def officer_facts(application: Application | Designation) -> OfficersFacts:
    """The proposed officers as the officer rules see them."""
    keys = person_keys(application.officers)
    return OfficersFacts(
        kind=application.center.kind,
        host_id=application.institution_id,
        jurisdiction=application.center.place,
        officers=tuple(
            OfficerFacts(
                person_key=keys[officer.code],
                name=officer.name,
                post=officer.post,
                employer_id=officer.employer_id,
                host_position=officer.host_position,
                is_discipline_leader=officer.is_discipline_leader,
                in_host_discipline=officer.in_host_discipline,
                is_specialist=officer.is_specialist,
                place=officer.employer.place if officer.employer else "",
            )
            for officer in application.officers
        ),
    )


def application_facts(application: Application, book: Rulebook, on: date) -> ApplicationFacts:
    """Everything the rules look at, on a date."""
    attached = {file.part for file in present_files(application)}
    center = application.center
    return ApplicationFacts(
        on=on,
        institution_id=application.institution_id,
        grade=application.institution.grade,
        officers=officer_facts(application),
        form_missing=missing_fields(form_values(application)),
        sections_missing=missing_sections(
            {section.key: section.text for section in application.sections}, book
        ),
        eligibility={
            answer.item: EligibilityAnswer(
                declared=answer.declared,
                has_evidence=answer.item.value in attached,
                confirmed=answer.confirmed,
            )
            for answer in application.answers
        },
        incidents=tuple(list_incident_dates(application.institution_id, center.specialty.name)),
        rivals=count_rivals(center) + (1 if current_hosting(center.id) else 0),
        standing=standing_of(application) if application.submitted_at else None,
    )


def content_of(application: Application) -> dict[str, Any]:
    """All that is submitted, as plain values in a fixed order."""
    return {
        "center": application.center.name,
        "institution": application.institution.name,
        "form": form_values(application),
        "officers": [_officer_content(officer) for officer in application.officers],
        "eligibility": [
            {"item": a.item.value, "declared": a.declared, "statement": a.statement}
            for a in application.answers
        ],
        "report": [{"section": s.key, "text": s.text} for s in application.sections],
        "files": [
            {"part": f.part, "code": f.code, "name": f.file.name, "sha256": f.file.sha256}
            for f in present_files(application)
            if f.part != STAMPED
        ],
    }


def _officer_content(officer: ProposedOfficer) -> dict[str, Any]:
    return {
        "post": officer.post.value,
        "name": officer.name,
        "birth_date": officer.birth_date.isoformat() if officer.birth_date else None,
        "employer": officer.employer.name if officer.employer else "",
        "job": officer.job,
        "title": officer.title,
        "area_in_charge": officer.area_in_charge,
        "specialty": officer.specialty,
        "ability": officer.ability,
        "host_position": officer.host_position.value,
        "is_discipline_leader": officer.is_discipline_leader,
        "in_host_discipline": officer.in_host_discipline,
        "is_specialist": officer.is_specialist,
    }


def canonical(content: dict[str, Any]) -> tuple[str, str]:
    """The content as one text, and its SHA-256."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text, sha256(text.encode()).hexdigest()
