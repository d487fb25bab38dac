"""Cases of rectification orders."""

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
}
