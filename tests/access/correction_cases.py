"""Cases of rectification orders and violations."""

from io import BytesIO
from typing import Any

from qcc.infra import clock
from tests.access.case import Case, Subject, key_of, listed
from tests.access.world import PDF


def _order(step: str, rest: str = "", **form: Any) -> Case:
    """An address below the order at that step, with the version that its page shows."""

    def path(subject: Subject) -> str:
        made = subject.things.corrected
        return f"/rectifications/{made.orders[step]}" + rest.format(
            item=made.items[step], evidence=made.evidence
        )

    return Case(path, lambda s: {"version": s.things.corrected.versions[step], **form})


def _case(step: str, rest: str = "", **form: Any) -> Case:
    """An address below the violation at that step, with the version that its page shows."""
    return Case(
        lambda s: (
            f"/violations/{s.things.corrected.cases[step]}"
            + rest.format(file=s.things.corrected.file)
        ),
        lambda s: {"version": s.things.corrected.case_versions[step], **form},
    )


_CALL = {
    "reason": "严重违规",
    "ends_on": "2020-01-01",
    "call_title": "重新遴选",
    "opens_on": "2031-01-01",
    "closes_on": "2031-02-01",
}
_TERMS = {"due_on": "2031-01-01", "reason": "检查发现问题", "wants": "规范台账"}

CORRECTIONS: dict[str, Case] = {
    "evaluations.rectifications": listed(
        lambda s: "/rectifications",
        lambda s: [f'/rectifications/{s.things.corrected.orders["issued"]}"'],
    ),
    "evaluations.order_rectification[not final]": Case(
        lambda s: f"/assessments/{s.things.assessed.codes['published']}/rectification",
        lambda s: {"key": key_of(s), "due_on": "2031-01-01", "reason": "不达标", "want-A1": "补"},
    ),
    "evaluations.order_freely": Case(
        lambda s: f"/centers/{s.things.corrected.center}/rectification",
        lambda s: {"key": key_of(s), **_TERMS},
    ),
    "evaluations.rectification": _order("handed_in"),
    "evaluations.submit_rectification[plan]": _order("planned", "/plan"),
    "evaluations.submit_rectification[hand_in]": _order("proven", "/hand_in"),
    "evaluations.verify_rectification": Case(
        _order("handed_in", "/verify").path,
        lambda s: {
            "version": s.things.corrected.versions["handed_in"],
            f"effect-{s.things.corrected.items['handed_in']}": "effective",
            f"effect-{s.things.corrected.items['handed_in'] + 1}": "effective",
            "verdict": "close",
            "opinion": "已核查",
        },
    ),
    "evaluations.postpone_rectification": _order(
        "issued", "/postpone", later="2033-01-01", reason="另行安排"
    ),
    "evaluations.withdraw_rectification": _order("issued", "/withdraw", reason="误下"),
    "evaluations.rectification_evidence": _order("proven", "/evidence/{evidence}"),
    "evaluations.rectification_item[issued]": _order("issued", "/items/{item}"),
    "evaluations.rectification_item": _order("underway", "/items/{item}"),
    "evaluations.plan_rectification_item": Case(
        _order("issued", "/items/{item}/plan").path,
        lambda s: {
            "version": "1",
            "measure": "逐月落实",
            "owner": s.things.corrected.owner,
            "due_on": clock.today().isoformat(),
        },
    ),
    "evaluations.report_rectification_item": Case(
        _order("underway", "/items/{item}/done").path, lambda s: {"version": "2", "done": "已办"}
    ),
    "evaluations.prove_rectification_item": Case(
        _order("underway", "/items/{item}/evidence").path,
        lambda s: {"key": key_of(s), "file": (BytesIO(PDF), "证明.pdf")},
    ),
    "evaluations.take_out_rectification_evidence": _order("proven", "/evidence/{evidence}/remove"),
    "evaluations.violations": listed(
        lambda s: "/violations",
        lambda s: [f'/violations/{s.things.corrected.cases["heard"]}"'],
    ),
    "evaluations.report_violation": Case(
        lambda s: f"/centers/{s.things.corrected.center}/violations/new",
        lambda s: {
            "key": key_of(s),
            "conduct": "frugality",
            "happened_on": clock.today().isoformat(),
            "account": "推介产品",
        },
    ),
    "evaluations.violation[reported]": _case("reported"),
    "evaluations.violation": _case("heard"),
    "evaluations.take_up_violation": _case("reported", "/investigate"),
    "evaluations.decline_violation": _case("reported", "/decline", reason="与质控无关"),
    "evaluations.write_violation_findings": _case(
        "inquiry", "/findings", findings="属实", allegation="推介产品"
    ),
    "evaluations.add_violation_file": Case(
        _case("inquiry", "/files").path, lambda s: {"file": (BytesIO(PDF), "记录.pdf")}
    ),
    "evaluations.hear_center": _case("inquiry", "/hear", statement_by="2031-01-01"),
    "evaluations.give_statement": _case("heard", "/statement", text="情况说明"),
    "evaluations.dismiss_violation": _case("stated", "/dismiss", reason="查无实据"),
    "evaluations.uphold_violation": _case("stated", "/uphold", reason="属实"),
    "evaluations.revoke_for_violation": _case("stated", "/revoke", **_CALL),
    "evaluations.violation_file": _case("stated", "/files/{file}"),
}
