"""What was submitted, exactly as it was: the content of each round, with its files; and what is
different from the round before."""

from typing import Any

from flask import render_template
from werkzeug.wrappers import Response

from qcc.applications.corrections import corrections
from qcc.applications.queries import get_submission, list_remarks, list_two_submissions
from qcc.applications.submitted import submitted_content
from qcc.applications.views import bp
from qcc.applications.views.reading import record_reading, whole_page
from qcc.infra.access import current_actor, requires
from qcc.kernel.permissions import Permission as P

Answer = str | tuple[str, int] | Response


def corrected_page(page: dict[str, Any], round_: int | None = None) -> dict[str, Any]:
    """What a page shows of a correction, the last one if none is named: both submissions side by
    side."""
    application = page["application"]
    remarks, found = list_remarks(application.id), list_two_submissions(application.id, round_)
    if len(found) < 2:
        return {}
    later, earlier = found
    return {
        "corrected": corrections(earlier, later, remarks, page["part_names"]),
        "round": later.round,
    }


@bp.get("/applications/<code>/submissions/<int:round_>")
@requires(P.APPLICATION_VIEW)
def submission(code: str, round_: int) -> Answer:
    """One submission: its content, the time, the hash over it, and what was corrected."""
    record_reading(code)
    page, found = whole_page(code), get_submission(current_actor(), code, round_)
    return render_template(
        "applications/submission.html",
        **page,
        **corrected_page(page, round_),
        submission=found,
        submitted=submitted_content(found.content),
    )
