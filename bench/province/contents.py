"""What an application carries: the form, officers, conditions, report and files."""

import random
from typing import Any

from bench.province import words
from bench.province.bodies import PROVINCE
from bench.province.history import file
from bench.province.lives import DAY, Life
from bench.province.writer import Writer
from qcc.applications.models import (
    ApplicationFile,
    EligibilityAnswerRow,
    ProposedOfficer,
    ReportSection,
)
from qcc.applications.sections import STAMPED, EligibilityItem
from qcc.centers.rules import HostPosition, OfficerPost

EVIDENCE = ("specialty_strength", "quality_system")
ANNEXES = ("quality_control", "support_funding")
"""Where files are attached: conditions are asked for the province's centers only."""

_NONE = {
    "title": "主任医师",
    "area_in_charge": "",
    "ability": "",
    "host_position": HostPosition.OTHER,
    "is_discipline_leader": False,
    "in_host_discipline": False,
    "is_specialist": False,
}
_DIRECTOR = {
    "area_in_charge": "分管医疗质量与安全",
    "host_position": HostPosition.VICE_PRESIDENT_IN_CHARGE,
}
_LEADER = {"is_discipline_leader": True, "in_host_discipline": True, "is_specialist": True}
_DEPUTY = {
    "post": OfficerPost.DEPUTY,
    "job": "科副主任",
    "title": "主任医师",
    "is_specialist": True,
}
_SECRETARY = {"job": "科主治医师", "title": "主治医师", "in_host_discipline": True}

POSTS: tuple[dict[str, Any], ...] = (
    {**_NONE, "post": OfficerPost.DIRECTOR, "job": "副院长", **_DIRECTOR},
    {
        **_NONE,
        "post": OfficerPost.EXECUTIVE_DEPUTY,
        "job": "科主任",
        "title": "主任医师",
        **_LEADER,
    },
    {**_NONE, **_DEPUTY},
    {**_NONE, **_DEPUTY},
    {**_NONE, "post": OfficerPost.SECRETARY, **_SECRETARY},
)
"""The officers of every host."""


def form_of(rng: random.Random, life: Life) -> dict[str, Any]:
    """The cells of the form that the institution types."""
    return {
        "legal_representative": words.name(rng),
        "is_national_center_host": False,
        "is_national_center_lead": False,
        "reason": words.reason_text(rng, life.center.specialty),
    }


def write_content(
    rng: random.Random, writer: Writer, key: int, life: Life, form: dict[str, Any]
) -> dict[str, Any]:
    """Write everything that belongs to the application; returns it as it is submitted."""
    officers = _officers(rng, writer, key, life)
    return {
        "center": life.center.name,
        "institution": life.institution.name,
        "form": _cells(life, form, officers),
        "officers": officers,
        "eligibility": _answers(writer, key, life),
        "report": _report(rng, writer, key, life),
        "files": _files(rng, writer, key, life),
    }


def _cells(life: Life, form: dict[str, Any], officers: list[dict[str, Any]]) -> dict[str, Any]:
    director, executive = officers[0], officers[1]
    return {
        "institution_name": life.institution.name,
        "legal_representative": form["legal_representative"],
        "national_qc_host": form["is_national_center_host"],
        "national_center_lead": form["is_national_center_lead"],
        "center_name": life.center.name,
        "director_name": director["name"],
        "director_post": director["job"],
        "director_title": director["title"],
        "director_area": director["area_in_charge"],
        "executive_name": executive["name"],
        "executive_post": executive["job"],
        "executive_title": executive["title"],
        "executive_specialty": executive["specialty"],
        "executive_ability": executive["ability"],
        "reason": form["reason"],
    }


def _officers(rng: random.Random, writer: Writer, key: int, life: Life) -> list[dict[str, Any]]:
    proposed = []
    for post in POSTS:
        leads = post["post"] is OfficerPost.EXECUTIVE_DEPUTY
        row = {
            **post,
            "name": words.name(rng),
            "birth_date": None,
            "specialty": life.center.specialty if leads else "",
            "ability": words.ability(rng) if leads else "",
        }
        employer = life.institution
        code = words.code(rng)
        writer.add(ProposedOfficer, application_id=key, code=code, employer_id=employer.id, **row)
        proposed.append({**row, "employer": employer.name})
    return proposed


def _answers(writer: Writer, key: int, life: Life) -> list[dict[str, Any]]:
    for item in EligibilityItem:
        writer.add(
            EligibilityAnswerRow,
            application_id=key,
            item=item,
            declared=True,
            statement=words.STATEMENTS[item.value],
            confirmed=True if life.was_checked else None,
            remark="",
        )
    return [
        {"item": item.value, "declared": True, "statement": words.STATEMENTS[item.value]}
        for item in EligibilityItem
    ]


def _report(rng: random.Random, writer: Writer, key: int, life: Life) -> list[dict[str, str]]:
    texts = words.section_texts(rng, life.center.specialty, life.institution.name)
    saved = life.begun + DAY
    for section, text in texts.items():
        writer.add(ReportSection, application_id=key, key=section, text=text, saved_at=saved)
    return [{"section": section, "text": text} for section, text in texts.items()]


def _files(rng: random.Random, writer: Writer, key: int, life: Life) -> list[dict[str, str]]:
    attached = EVIDENCE if life.center.place == PROVINCE else ANNEXES
    parts = (*attached, STAMPED) if life.was_submitted else attached
    owner, at = life.institution, life.begun + DAY
    files = []
    for part in parts:
        name, code = f"证明材料-{part}.pdf", words.code(rng)
        stored, digest = file(writer, name, owner.id, owner.desk.user_id, at)
        writer.add(
            ApplicationFile,
            code=code,
            application_id=key,
            part=part,
            file_id=stored,
            removed_at=None,
        )
        files.append({"part": part, "code": code, "name": name, "sha256": digest})
    return [file for file in files if file["part"] != STAMPED]
