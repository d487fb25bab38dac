"""Cases of rounds, assessments, appeals and revocations."""

from io import BytesIO
from typing import Any

from tests.access.case import Case, Subject, key_of, listed, plain
from tests.access.world import PDF


def _round(stage: str, rest: str = "", **form: Any) -> Case:
    """An address below the round of that stage, with the version that its page shows."""

    def path(subject: Subject) -> str:
        made = subject.things.assessed
        return f"/rounds/{made.rounds[stage]}" + rest.format(
            code=made.codes.get(stage, ""), person=made.assessor
        )

    return Case(path, lambda s: {"version": s.things.assessed.round_versions[stage], **form})


def _assessment(stage: str, rest: str = "", **form: Any) -> Case:
    """An address below the assessment of the place's center in the round of that stage."""

    def path(subject: Subject) -> str:
        made = subject.things.assessed
        rest_ = rest.format(evidence=made.evidence[stage], strength=made.strength)
        return f"/assessments/{made.codes[stage]}{rest_}"

    return Case(path, lambda s: {"version": s.things.assessed.versions[stage], **form})


def _revocation(rest: str = "", **form: Any) -> Case:
    return Case(
        lambda s: f"/revocations/{s.things.assessed.revocation}{rest}",
        lambda s: {"version": "1", **form},
    )


_PLAN = {
    "title": "另一次考核",
    "year": "2031",
    "self_from": "2031-12-01",
    "self_until": "2031-12-02",
    "score_until": "2031-12-03",
    "judges_weight": "100",
}
_CALL = {
    "reason": "连续两年不达标",
    "ends_on": "2020-01-01",
    "call_title": "重新遴选",
    "opens_on": "2031-01-01",
    "closes_on": "2031-02-01",
}

ASSESSMENTS: dict[str, Case] = {
    "evaluations.index": listed(
        lambda s: "/rounds", lambda s: [f'/rounds/{s.things.assessed.rounds["published"]}"']
    ),
    "evaluations.plan": plain("/rounds/new", lambda s: {"key": key_of(s), **_PLAN}),
    "evaluations.show[planned]": _round("planned"),
    "evaluations.show[scoring]": _round("scoring"),
    "evaluations.show": _round("published"),
    "evaluations.scale": _round("open", "/scale", pass_mark="60", grades="优秀 90"),
    "evaluations.seat": _round("planned", "/assessors", person="0", side="judges"),
    "evaluations.unseat": _round("open", "/assessors/{person}/remove"),
    "evaluations.step[open]": _round("planned", "/open"),
    "evaluations.step[start_scoring]": _round("open", "/start_scoring"),
    "evaluations.commend": _round("published", "/commend"),
    "evaluations.step[publish]": _round("scoring", "/publish"),
    "evaluations.cancel": _round("planned", "/cancel", reason="另行安排"),
    "evaluations.sheet[open]": _round("open", "/sheet"),
    "evaluations.sheet": _round("scoring", "/sheet"),
    "evaluations.center_sheet": _round("scoring", "/centers/{code}"),
    "evaluations.item_sheet": _round("scoring", "/items/A3"),
    "evaluations.lodge": _round("scoring", "/lodge"),
    "evaluations.assessment[open]": _assessment("open"),
    "evaluations.assessment[scoring]": _assessment("scoring"),
    "evaluations.assessment": _assessment("published"),
    "evaluations.account": Case(
        _assessment("open", "/items/A1").path, lambda s: {"version": "0", "text": "说明"}
    ),
    "evaluations.attach": Case(
        _assessment("open", "/items/A1/evidence").path,
        lambda s: {"key": key_of(s), "slot": "年度计划", "file": (BytesIO(PDF), "计划.pdf")},
    ),
    "evaluations.reuse": _assessment(
        "open", "/items/A1/evidence/{evidence}/reuse", slot="年度计划"
    ),
    "evaluations.take_out": _assessment("open", "/evidence/{evidence}/remove"),
    "evaluations.evidence": _assessment("published", "/evidence/{evidence}"),
    "evaluations.submit": _assessment("open", "/submit"),
    "evaluations.return_account": _assessment("scoring", "/return", reason="请补充"),
    "evaluations.note_strength": _assessment(
        "published", "/strengths", item="A3", text="每月按时开会"
    ),
    "evaluations.withdraw_strength": _assessment("published", "/strengths/{strength}/withdraw"),
    "evaluations.board": plain("/assessment-board"),
    "evaluations.appeal": _assessment("published", "/appeal", text="有异议"),
    "evaluations.decide_on_appeal": _assessment("appealed", "/appeal"),
    "evaluations.decide_appeal_now": Case(
        _assessment("appealed", "/appeal/decide").path,
        lambda s: {"version": "1", "verdict": "reject", "reason": "不成立"},
    ),
    "evaluations.revocations": listed(
        lambda s: "/revocations",
        lambda s: [f'/revocations/{s.things.assessed.revocation}"'],
    ),
    "evaluations.revocation": _revocation(),
    "evaluations.approve_revocation": _revocation("/approve", **_CALL),
    "evaluations.decline_revocation": _revocation("/decline", reason="保留"),
}
