"""Two submissions of one application side by side: what was changed, and what was asked for."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from qcc.applications.models import Remark, Submission
from qcc.applications.sections import FORM_FIELDS
from qcc.centers.rules import HostPosition, OfficerPost
from qcc.infra.i18n import _
from qcc.infra.templating import label

_CLAUSE = re.compile(r"[^，、；。：\n]*[，、；。：\n]|[^，、；。：\n]+")
_DETAILS = {
    "birth_date": "出生日期",
    "employer": "工作单位",
    "job": "职务",
    "title": "职称",
    "area_in_charge": "分管工作",
    "specialty": "从事专业",
    "ability": "专业水平能力",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a text, and whether the other text has them too."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """A part that was changed, or at which a correction was asked for: the remarks, and both texts
    in pieces, none where the part stayed as it was."""

    name: str
    remarks: Sequence[str]
    before: Sequence[Piece]
    after: Sequence[Piece]


def corrections(
    earlier: Submission, later: Submission, remarks: Sequence[Remark], names: Mapping[str, str]
) -> list[Correction]:
    """What is different, part by part in the order of *names*, beside what the check asked for
    when it returned the *earlier*."""
    old, new = _said(json.loads(earlier.content)), _said(json.loads(later.content))
    found = []
    for part, name in names.items():
        asked = [r.text for r in remarks if r.part == part and r.round == earlier.round]
        before, after = old.get(part, ""), new.get(part, "")
        if asked or before != after:
            found.append(Correction(name, asked, *_beside(before, after)))
    return found


def _beside(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, clause by clause; nothing for texts that are the same."""
    if before == after:
        return [], []
    old, new = _CLAUSE.findall(before), _CLAUSE.findall(after)
    left, right = list[Piece](), list[Piece]()
    for tag, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        for side, words in ((left, old[i:j]), (right, new[k:m])):
            if words:
                side.append(Piece("".join(words), tag != "equal"))
    return left, right


def _said(content: Mapping[str, Any]) -> dict[str, str]:
    """What each part says, as one text; its files are the last lines."""
    parts = {
        "form": "\n".join(_cells(content["form"])),
        "officers": "\n\n".join(_officer(officer) for officer in content["officers"]),
    }
    for answer in content["eligibility"]:
        declared = _("Declared") if answer["declared"] else _("Not declared")
        parts[answer["item"]] = f"{declared}\n{answer['statement']}"
    for section in content["report"]:
        parts[section["section"]] = section["text"]
    for file in content["files"]:
        line = f"\n{file['name']}（SHA-256 {file['sha256'][:12]}）"
        parts[file["part"]] = parts.get(file["part"], "") + line
    return parts


def _cells(form: Mapping[str, Any]) -> Iterator[str]:
    for field in FORM_FIELDS:
        if not field.by_hand:
            value = form[field.key]
            words = {True: "是", False: "否"}.get(value, value) if value is not None else ""
            yield f"{field.full_label}：{words}"


def _officer(officer: Mapping[str, Any]) -> str:
    """Who is proposed for a post, and all that is said of them."""
    lines = [f"{label(OfficerPost(officer['post']))}：{officer['name']}"]
    lines += [f"{name}：{officer[key]}" for key, name in _DETAILS.items() if officer[key]]
    ticks = {
        "is_discipline_leader": _("Leader of the host's discipline (学科带头人)"),
        "in_host_discipline": _("Member of the host's discipline"),
        "is_specialist": _("Specialist of the discipline in the province"),
    }
    position = HostPosition(officer["host_position"])
    lines += [label(position)] if position is not HostPosition.OTHER else []
    return "\n".join([*lines, *(str(words) for key, words in ticks.items() if officer[key])])
