"""Writes about calls and applications, by who does them."""

from qcc.applications.services.archiving import archivable, ask_for_archive
from qcc.applications.services.calls import CallPlan, publish_call
from qcc.applications.services.checking import accept, judge_item, propose, return_for_correction
from qcc.applications.services.competing import (
    close_review,
    decide_tie,
    schedule,
    sign_opening,
    start_review,
)
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
from qcc.applications.services.ending import end_call
from qcc.applications.services.extending import extend_call
from qcc.applications.services.lapsing import lapse_by_clock, lapse_if_over
from qcc.applications.services.planning import (
    FAULTS,
    change_plan,
    make_plan,
    plan_of,
)
from qcc.applications.services.reviewers import (
    Possible,
    choose_reviewer,
    draw_reviewers,
    lacking_seats,
    list_possible,
    release_reviewer,
)
from qcc.applications.services.reviewing import (
    declare,
    lodge,
    missing_scores,
    report_conflict,
    save_score,
)
from qcc.applications.services.submitting import (
    findings_at_submission,
    obstacle_to_submission,
    submit,
    withdraw,
)

__all__ = [
    "FAULTS",
    "NOT_EDITABLE",
    "CallPlan",
    "Possible",
    "accept",
    "add_officer",
    "approve",
    "archivable",
    "ask_for_archive",
    "attach_file",
    "change_plan",
    "choose_reviewer",
    "close_review",
    "decide_tie",
    "declare",
    "draw_reviewers",
    "edit_officer",
    "end_call",
    "extend_call",
    "findings_at_decision",
    "findings_at_submission",
    "judge_item",
    "lacking_seats",
    "lapse_by_clock",
    "lapse_if_over",
    "list_possible",
    "lodge",
    "make_plan",
    "missing_scores",
    "obstacle_to_submission",
    "plan_of",
    "propose",
    "publish_call",
    "refuse",
    "release_reviewer",
    "remove_file",
    "remove_officer",
    "report_conflict",
    "return_for_correction",
    "save_answer",
    "save_form",
    "save_score",
    "save_section",
    "schedule",
    "send_back",
    "sign_opening",
    "start_application",
    "start_review",
    "submit",
    "withdraw",
]
