"""Two submissions side by side: what was changed, clause by clause, beside what was asked for."""

import json
from typing import Any

from qcc.applications.corrections import corrections
from qcc.applications.models import Remark, Submission
from qcc.applications.sections import FORM_FIELDS

NAMES = {"form": "申请表", "officers": "人员", "grade": "等级", "support_funding": "经费支持"}
OFFICER = {
    "post": "director", "name": "程远山", "birth_date": None, "employer": "第一医院", "job": "院长",
    "title": "主任医师", "area_in_charge": "分管医疗质量", "specialty": "", "ability": "",
    "host_position": "other", "is_discipline_leader": False, "in_host_discipline": False,
    "is_specialist": False,
}  # fmt: skip


def submitted(round_: int, text: str = "", **more: Any) -> Submission:
    content = {
        "form": {field.key: "甲" for field in FORM_FIELDS},
        "officers": [OFFICER],
        "eligibility": [{"item": "grade", "declared": True, "statement": "三级甲等。"}],
        "report": [{"section": "support_funding", "text": text}],
        "files": [],
        **more,
    }
    return Submission(round=round_, content=json.dumps(content))


def test_the_clauses_that_differ_are_marked_on_both_sides() -> None:
    old, new = "场所两间，每年三十万元。人员四名。", "场所两间，每年五十万元，列入预算。人员四名。"
    asked = [Remark(round=1, part="support_funding", text="请补充来源")]
    (found,) = corrections(submitted(1, old), submitted(2, new), asked, NAMES)
    assert (found.name, found.remarks) == ("经费支持", ["请补充来源"])
    assert [(p.text, p.is_changed) for p in found.before] == [
        ("场所两间，", False),
        ("每年三十万元。", True),
        ("人员四名。", False),
    ]
    assert [p.text for p in found.after if p.is_changed] == ["每年五十万元，列入预算。"]
    for side, text in ((found.before, old), (found.after, new)):
        assert "".join(piece.text for piece in side) == text


def test_a_part_that_was_to_be_corrected_and_was_not_is_named() -> None:
    asked = [
        Remark(round=1, part="officers", text="请更换"),
        Remark(round=2, part="form", text="另一次"),
    ]
    (found,) = corrections(submitted(1), submitted(2), asked, NAMES)
    assert (found.name, found.before, found.after) == ("人员", [], [])


def test_persons_answers_and_files_are_compared_too() -> None:
    files = [{"part": "grade", "code": "X", "name": "批复.pdf", "sha256": "ab" * 32}]
    later = submitted(2, officers=[{**OFFICER, "is_specialist": True}], files=files)
    officers, grade = corrections(submitted(1), later, [], NAMES)
    assert officers.after[-1].is_changed
    assert "批复.pdf（SHA-256 abababababab）" in grade.after[-1].text
    assert corrections(submitted(1), submitted(2), [], NAMES) == []
