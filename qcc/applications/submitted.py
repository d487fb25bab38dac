"""A stored submission as pages show it: plain names and values out of its content."""

import json
from collections.abc import Mapping
from typing import Any

from qcc.applications.sections import FORM_FIELDS, SECTION_BY_KEY, EligibilityItem
from qcc.centers.rules import OfficerPost

_YES_NO = {True: "是", False: "否"}


def submitted_content(stored: str) -> dict[str, Any]:
    """The form's cells, the officers, the conditions, the report and the files by part."""
    content: dict[str, Any] = json.loads(stored)
    files: dict[str, list[Mapping[str, str]]] = {}
    for file in content["files"]:
        files.setdefault(file["part"], []).append(file)
    form = content["form"]
    return {
        "form": [
            (field.full_label, _YES_NO.get(form[field.key], form[field.key]))
            for field in FORM_FIELDS
            if not field.by_hand and field.key != "reason"
        ],
        "reason": form["reason"],
        "officers": sorted(
            ({**o, "post": OfficerPost(o["post"])} for o in content["officers"]),
            key=lambda officer: officer["post"].rank,
        ),
        "conditions": [
            {
                "heading": EligibilityItem(answer["item"]).heading,
                "declared": answer["declared"],
                "statement": answer["statement"],
                "files": files.get(answer["item"], []),
            }
            for answer in content["eligibility"]
        ],
        "report": [
            {
                "title": SECTION_BY_KEY[section["section"]].title,
                "text": section["text"],
                "files": files.get(section["section"], []),
            }
            for section in content["report"]
        ],
    }
