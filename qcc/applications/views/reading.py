"""Reading applications: the list, one application, its files and papers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from flask import render_template, request, send_file
from werkzeug.wrappers import Response

from qcc.applications.labels import HOLDERS, action_words
from qcc.applications.models import Application
from qcc.applications.permissions import is_applicant, is_decider, is_reception
from qcc.applications.queries import (
    Wanted,
    find_decision,
    get_file,
    get_paper,
    get_whole_application,
    last_submission,
    list_applications,
    list_papers,
    list_remarks,
    list_submissions,
)
from qcc.applications.sections import (
    SECTIONS,
    STAMPED,
    EligibilityItem,
    asked_items,
    remarkable_parts,
)
from qcc.applications.services.facts import present_files, rulebook_of
from qcc.applications.submitted import submitted_content
from qcc.applications.tasks import tasks_of
from qcc.applications.views import bp
from qcc.applications.views.calls import last_day
from qcc.applications.workflow import APPLICATION, INTERNAL, WITH_APPLICANT, ApplicationState
from qcc.centers.rules import OfficerPost
from qcc.infra import audit, files, listing
from qcc.infra.access import current_actor, requires
from qcc.infra.db import transaction
from qcc.infra.errors import NotFound
from qcc.infra.files import MEDIA_TYPES, StoredFile
from qcc.infra.i18n import _
from qcc.infra.idempotency import new_key
from qcc.infra.papers import PaperState
from qcc.infra.templating import PAGE, badges
from qcc.infra.transitions import history
from qcc.kernel.permissions import Actor
from qcc.kernel.permissions import Permission as P
from qcc.kernel.rules import Rulebook

Answer = str | tuple[str, int] | Response


SECOND = timedelta(seconds=1)


def part_names(book: Rulebook, jurisdiction: str) -> dict[str, str]:
    """The parts of an application that a remark can stand at, by their keys."""
    names = {
        "form": _("Institution and reason"),
        "officers": _("Proposed officers of the center"),
        **{item.value: item.heading for item in EligibilityItem},
        **{section.key: section.title for section in SECTIONS},
    }
    parts = remarkable_parts(book, jurisdiction)
    return {part: name for part, name in names.items() if part in parts}


def _wanted() -> Wanted:
    return Wanted(
        state=listing.chosen("state", ApplicationState),
        center_id=listing.key("center") or None,
        call_id=listing.key("call") or None,
        search=listing.words(),
    )


@bp.get("/applications")
@requires(P.APPLICATION_VIEW)
def index() -> Answer:
    """The applications that the reader may see."""
    actor, wanted = current_actor(), _wanted()
    after = request.args.get("after", "")[:10]
    rows, count = list_applications(actor, wanted, after=after, limit=PAGE + 1)
    return render_template(
        "applications/index.html",
        rows=rows[:PAGE],
        next_after=rows[PAGE - 1].code if len(rows) > PAGE else None,
        after=after,
        count=count,
        badges=badges(ApplicationState),
        wanted=wanted,
        states=[s for s in ApplicationState if actor.may(P.APPLICATION_EDIT) or s.value != "draft"],
    )


def whole_page(code: str) -> dict[str, Any]:
    """What every page of one application shows."""
    actor = current_actor()
    application = get_whole_application(actor, code)
    book = rulebook_of(application)
    return {
        "application": application,
        "call": application.call,
        "book": book,
        "sections": SECTIONS,
        "texts": {section.key: section.text for section in application.sections},
        "items": asked_items(book, application.center.place),
        "files": present_files(application),
        "holder": HOLDERS[application.state],
        "is_applicant": is_applicant(actor, application),
        "is_reception": is_reception(actor, application.call),
        "is_decider": is_decider(actor, application.call),
        "is_editable": application.state in WITH_APPLICANT and is_applicant(actor, application),
        "actions": {t.action for t in APPLICATION.possible(application.state, actor.permissions)},
        "stamped_part": STAMPED,
        "part_names": part_names(book, application.center.place),
        "posts": list(OfficerPost),
        "closing_day": last_day(application.call),
        "last_correction_day": application.correct_by and application.correct_by - SECOND,
        "key": new_key(),
    }


@bp.get("/applications/<code>")
@requires(P.APPLICATION_VIEW)
def show(code: str) -> Answer:
    """One application: a task list while it is being written, else what it says and its life."""
    page = whole_page(code)
    application = page["application"]
    remarks = list_remarks(application.id)
    shared = {
        **page,
        "remarks": remarks,
        "steps": steps_for(page),
        "words": action_words,
        "papers": list_papers(application.id),
        "submissions": list_submissions(application.id),
        "decision": find_decision(application.id),
    }
    if page["is_editable"]:
        tasks = tasks_of(application, page["items"], remarks, page["book"])
        return render_template("applications/tasks.html", tasks=tasks, **shared)
    submitted = None if page["is_applicant"] else _last_submitted(application)
    return render_template("applications/show.html", submitted=submitted, **shared)


def _last_submitted(application: Application) -> dict[str, Any] | None:
    """What others see of an application that is, or last was, in the applicant's hands: not what
    is being written there, but what was submitted."""
    if application.state not in (ApplicationState.RETURNED, ApplicationState.WITHDRAWN):
        return None
    submission = last_submission(application.id)
    return submitted_content(submission) if submission else None


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the timeline, as its reader may see it."""

    workflow: str
    action: str
    at: datetime
    organization_name: str
    person_name: str
    reason: str


def steps_for(page: dict[str, Any]) -> list[Step]:
    """The timeline, newest first. What the authorities say to each other before the decision is
    not for the applicant: it may speak of rivals."""
    return [
        Step(
            step.workflow,
            step.action,
            step.at,
            step.organization_name,
            step.person_name,
            "" if page["is_applicant"] and step.action in INTERNAL else step.reason,
        )
        for step in history(APPLICATION, page["application"].id)
    ]


@bp.get("/applications/<code>/papers")
@requires(P.APPLICATION_VIEW)
def papers(code: str) -> Answer:
    """The list of papers alone, for a page that waits until one is made."""
    page = whole_page(code)
    return render_template(
        "applications/_papers.html", **page, papers=list_papers(page["application"].id)
    )


def _sent(actor: Actor, stored: StoredFile, event: str, application_id: int) -> Response:
    """The bytes as an attachment with their fixed type; the download is in the audit."""
    data = files.read(stored)
    with transaction():
        audit.record(
            actor,
            event,
            "application",
            application_id,
            {"name": stored.name, "sha256": stored.sha256},
        )
    return send_file(
        BytesIO(data),
        mimetype=MEDIA_TYPES[stored.kind],
        as_attachment=True,
        download_name=stored.name,
    )


@bp.get("/applications/<code>/files/<file_code>")
@requires(P.APPLICATION_VIEW)
def file(code: str, file_code: str) -> Answer:
    """Download an attached file."""
    actor = current_actor()
    found = get_file(actor, code, file_code)
    return _sent(actor, found.file, "application.file_read", found.application_id)


@bp.get("/applications/<code>/papers/<kind>/<int:round_>")
@requires(P.APPLICATION_VIEW)
def paper(code: str, kind: str, round_: int) -> Answer:
    """Download an issued paper, exactly as it was issued."""
    actor = current_actor()
    found = get_paper(actor, code, kind, round_)
    if found.state is not PaperState.ISSUED or found.file is None:
        raise NotFound
    return _sent(actor, found.file, "paper.read", found.subject_id)
