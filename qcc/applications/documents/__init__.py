"""The papers of calls and applications: the statutory form, and official papers."""

from collections.abc import Callable, Mapping
from typing import Any

from qcc.applications.documents.archive import archive_html
from qcc.applications.documents.form import (
    DirectorEntry,
    ExecutiveDeputyEntry,
    FormPaper,
    application_form_html,
    form_paper,
)
from qcc.applications.documents.notices import (
    call_notice_html,
    ending_notice_html,
    extension_notice_html,
)
from qcc.applications.documents.official import (
    decision_html,
    designation_html,
    review_result_html,
)

HTML_OF: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "application_form": lambda content: application_form_html(form_paper(content)),
    "decision": decision_html,
    "call_notice": call_notice_html,
    "extension_notice": extension_notice_html,
    "ending_notice": ending_notice_html,
    "review_result": review_result_html,
    "designation": designation_html,
    "competition_archive": archive_html,
}
"""Kind of paper → its HTML out of the fixed content."""

__all__ = [
    "HTML_OF",
    "DirectorEntry",
    "ExecutiveDeputyEntry",
    "FormPaper",
    "application_form_html",
    "archive_html",
    "call_notice_html",
    "decision_html",
    "designation_html",
    "ending_notice_html",
    "extension_notice_html",
    "form_paper",
    "review_result_html",
]
