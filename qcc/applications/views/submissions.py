"""What was submitted, exactly as it was: the content of each round, with its files."""

from flask import render_template
from werkzeug.wrappers import Response

from qcc.applications.queries import get_submission
from qcc.applications.submitted import submitted_content
from qcc.applications.views import bp
from qcc.applications.views.reading import record_reading, whole_page
from qcc.infra.access import current_actor, requires
from qcc.kernel.permissions import Permission as P

Answer = str | tuple[str, int] | Response


@bp.get("/applications/<code>/submissions/<int:round_>")
@requires(P.APPLICATION_VIEW)
def submission(code: str, round_: int) -> Answer:
    """One submission: its content, the time, and the hash over it."""
    record_reading(code)
    found = get_submission(current_actor(), code, round_)
    return render_template(
        "applications/submission.html",
        **whole_page(code),
        submission=found,
        submitted=submitted_content(found.content),
    )
