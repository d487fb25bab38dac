"""Writes about calls and applications, by who does them."""

from qcc.applications.services.calls import CallPlan, publish_call
from qcc.applications.services.checking import accept, judge_item, propose, return_for_correction
from qcc.applications.services.deciding import approve, findings_at_decision, refuse, send_back
from qcc.applications.services.drafting import (
    NOT_EDITABLE,
    add_officer,
    attach_file,
    edit_officer,
    remove_file,
    remove_officer,
    save_answer,
    save_form,
    save_section,
    start_application,
)
from qcc.applications.services.extending import extend_call
from qcc.applications.services.lapsing import lapse_if_over
from qcc.applications.services.submitting import (
    findings_at_submission,
    obstacle_to_submission,
    submit,
    withdraw,
)

__all__ = [
    "NOT_EDITABLE",
    "CallPlan",
    "accept",
    "add_officer",
    "approve",
    "attach_file",
    "edit_officer",
    "extend_call",
    "findings_at_decision",
    "findings_at_submission",
    "judge_item",
    "lapse_if_over",
    "obstacle_to_submission",
    "propose",
    "publish_call",
    "refuse",
    "remove_file",
    "remove_officer",
    "return_for_correction",
    "save_answer",
    "save_form",
    "save_section",
    "send_back",
    "start_application",
    "submit",
    "withdraw",
]
