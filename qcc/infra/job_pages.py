"""What the clock did, for administrators: runs, how long they took, and what failed."""

from flask import Blueprint, current_app, render_template, request

from qcc.infra.access import requires
from qcc.infra.errors import NotFound
from qcc.infra.scheduler import Work, list_failures, list_runs, summaries
from qcc.infra.templating import PAGE
from qcc.kernel.permissions import Permission as P

bp = Blueprint("jobs", __name__)
WORKS = "qcc.works"
"""Where the application keeps all its work by the clock, by name."""


def works() -> dict[str, Work]:
    """All work by the clock."""
    found: dict[str, Work] = current_app.extensions[WORKS]
    return found


@bp.get("/jobs")
@requires(P.JOB_VIEW)
def index() -> str:
    """All work by the clock: when it was last done, and what failed since."""
    return render_template("jobs/index.html", works=works().values(), summaries=summaries())


@bp.get("/jobs/<name>")
@requires(P.JOB_VIEW)
def show(name: str) -> str:
    """The runs of one job, newest first, and the attempts that failed."""
    work = works().get(name)
    if work is None:
        raise NotFound
    after = request.args.get("after", "")[:40]
    runs = list_runs(name, after, PAGE + 1)
    return render_template(
        "jobs/show.html",
        work=work,
        runs=runs[:PAGE],
        next_after=runs[PAGE - 1].period if len(runs) > PAGE else "",
        failures=list_failures(name, PAGE),
    )
